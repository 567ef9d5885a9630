#include "providers/common/license_names.h"

#include <algorithm>
#include <array>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr std::array<LicenseKind, 10> kKinds{{
    {"cc0", true, true},
    {"pdm", true, true},
    {"by", true, true},
    {"by-sa", true, true},
    {"by-nc", false, true},
    {"by-nd", true, false},
    {"by-nc-sa", false, true},
    {"by-nc-nd", false, false},
    {"no-known", true, true},
    {"us-gov", true, true},
}};

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

bool is_kind(std::string_view key) {
  return !license_kind(key).key.empty();
}

bool add_word(LicenseWish& wish, const std::string& word, const IsOwnId& is_own_id) {
  if (word == "commercial") return wish.commercial = true;
  if (word == "modify") return wish.modify = true;
  if (is_own_id && is_own_id(word)) return wish.own_ids.insert(word), true;
  if (is_kind(word)) return wish.keys.insert(word), true;
  return false;
}

Error unknown_name(std::string_view part, bool has_own_ids) {
  std::string names;
  for (const LicenseKind& kind : kKinds)
    names += std::string(kind.key) + ", ";
  return {ErrorCode::usage, "--license " + terminal_safe(part) + " is not known: use " + names + "commercial, modify" +
                                (has_own_ids ? ", or the service's own ids" : "") + ", separated by commas"};
}

// "2.0": digits and dots, short.
bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= 8 && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_creative_commons(std::string_view key) {
  return key.starts_with("by");
}

}  // namespace

std::span<const LicenseKind> license_kinds() {
  return kKinds;
}

LicenseKind license_kind(std::string_view key) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(), [key](const LicenseKind& k) { return k.key == key; });
  return found == kKinds.end() ? LicenseKind{} : *found;
}

bool LicenseWish::allows(const LicenseKind& kind, std::string_view own_id) const {
  const bool named = keys.contains(std::string(kind.key)) || own_ids.contains(std::string(own_id));
  const bool any_named = !keys.empty() || !own_ids.empty();
  return (named || !any_named) && (kind.commercial || !commercial) && (kind.modify || !modify);
}

bool LicenseWish::allows(const License& license) const {
  if (any()) return true;
  std::string key = license_key_of(license.name);
  if (key.empty()) key = license_key_of(license.id);
  return allows(license_kind(key), license.id);
}

Result<LicenseWish> parse_license_wish(std::string_view list, const IsOwnId& is_own_id) {
  LicenseWish wish;
  wish.text = list;
  for (const std::string& part : split(list, ',')) {
    std::string word = ascii_lower(trim(part));
    if (word.starts_with("cc-")) word.erase(0, 3);
    if (!word.empty() && !add_word(wish, word, is_own_id)) return unknown_name(part, is_own_id != nullptr);
  }
  return wish;
}

Error no_license_left(std::string_view list) {
  return {ErrorCode::usage, "--license " + terminal_safe(list) +
                                " leaves no licence: none of those named is there and allows the use asked for"};
}

Result<std::vector<std::string>> wished_keys(const LicenseWish& wish) {
  std::vector<std::string> keys;
  if (wish.any()) return keys;
  for (const LicenseKind& kind : kKinds) {
    if (wish.allows(kind)) keys.emplace_back(kind.key);
  }
  if (keys.empty()) return no_license_left(wish.text);
  return keys;
}

License named_license(std::string_view key, std::string_view version) {
  const std::string end = is_version(version) ? " " + std::string(version) : "";
  const std::string folder = is_version(version) ? std::string(version) + "/" : "";
  License license{std::string(key), upper(key) + end, ""};
  if (key == "cc0") return {"cc0", "CC0" + end, "https://creativecommons.org/publicdomain/zero/1.0/"};
  if (key == "pdm") return {"pdm", "Public Domain Mark" + end, "https://creativecommons.org/publicdomain/mark/1.0/"};
  if (!is_creative_commons(key) || !is_kind(key)) return license;
  license.name = "CC " + license.name;
  if (!folder.empty()) license.url = "https://creativecommons.org/licenses/" + license.id + "/" + folder;
  return license;
}

std::string license_key_of(std::string_view name) {
  // "CC BY-SA 4.0" and "cc-by-sa-4.0" come to "by-sa-4.0".
  std::string text = ascii_lower(trim(name));
  std::replace(text.begin(), text.end(), ' ', '-');
  if (text.starts_with("cc0") || text.starts_with("cc-zero")) return "cc0";
  if (text == "pd" || text.starts_with("pd-") || text.starts_with("pdm") || text.starts_with("public-domain")) {
    return "pdm";
  }
  if (text.starts_with("no-known")) return "no-known";
  if (text.starts_with("united-states-government") || text == "us-gov") return "us-gov";
  if (text.starts_with("cc-")) text.erase(0, 3);
  // The longest key that is followed by nothing or a version: "by-sa" of "by-sa-4.0", not "by".
  std::string_view best;
  for (const LicenseKind& kind : kKinds) {
    const bool starts = text.starts_with(kind.key) && is_creative_commons(kind.key);
    const bool ends =
        text.size() == kind.key.size() || (text.size() > kind.key.size() + 1 && text[kind.key.size()] == '-' &&
                                           text[kind.key.size() + 1] >= '0' && text[kind.key.size() + 1] <= '9');
    if (starts && ends && kind.key.size() > best.size()) best = kind.key;
  }
  return std::string(best);
}

}  // namespace lookalike
