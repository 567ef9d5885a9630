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

struct FlickrLicense {
  std::string_view key;  // what --license calls it; empty: only by its id
  std::string_view name;
  std::string_view url;
  bool commercial;
  bool modify;
};

// The index is Flickr's id.
constexpr std::array<FlickrLicense, 17> kFlickrLicenses{{
    {"", "All Rights Reserved", "", false, false},
    {"by-nc-sa", "CC BY-NC-SA 2.0", "https://creativecommons.org/licenses/by-nc-sa/2.0/", false, true},
    {"by-nc", "CC BY-NC 2.0", "https://creativecommons.org/licenses/by-nc/2.0/", false, true},
    {"by-nc-nd", "CC BY-NC-ND 2.0", "https://creativecommons.org/licenses/by-nc-nd/2.0/", false, false},
    {"by", "CC BY 2.0", "https://creativecommons.org/licenses/by/2.0/", true, true},
    {"by-sa", "CC BY-SA 2.0", "https://creativecommons.org/licenses/by-sa/2.0/", true, true},
    {"by-nd", "CC BY-ND 2.0", "https://creativecommons.org/licenses/by-nd/2.0/", true, false},
    {"no-known", "No known copyright restrictions", "https://www.flickr.com/commons/usage/", true, true},
    {"us-gov", "United States Government Work", "https://www.usa.gov/government-copyright", true, true},
    {"cc0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", true, true},
    {"pdm", "Public Domain Mark 1.0", "https://creativecommons.org/publicdomain/mark/1.0/", true, true},
    {"by", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/", true, true},
    {"by-sa", "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/", true, true},
    {"by-nd", "CC BY-ND 4.0", "https://creativecommons.org/licenses/by-nd/4.0/", true, false},
    {"by-nc", "CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/", false, true},
    {"by-nc-sa", "CC BY-NC-SA 4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/", false, true},
    {"by-nc-nd", "CC BY-NC-ND 4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/", false, false},
}};

// Only the plain spelling of a number: "04" and "+4" are not ids.
std::optional<size_t> row_of_id(std::string_view id) {
  for (size_t row = 0; row < kFlickrLicenses.size(); ++row) {
    if (id == std::to_string(row)) return row;
  }
  return std::nullopt;
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

Result<std::string> license_list(const LicenseWish& wish, const LicenseNames& names) {
  const auto keys = wished_keys(wish);
  if (!keys) return keys.error();
  std::string list;
  for (const auto& [key, name] : names) {
    if (std::find(keys->begin(), keys->end(), key) != keys->end()) list.append(list.empty() ? "" : ",").append(name);
  }
  if (list.empty() && !wish.any()) return no_license_left(wish.text);
  return list;
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

std::optional<License> flickr_license(std::string_view id) {
  const auto row = row_of_id(id);
  if (!row) return std::nullopt;
  return License{std::string(id), std::string(kFlickrLicenses[*row].name), std::string(kFlickrLicenses[*row].url)};
}

Result<std::vector<int>> flickr_license_ids(std::string_view list) {
  if (trim(list).empty()) return std::vector<int>{};
  const auto wish = parse_license_wish(list, [](std::string_view word) { return row_of_id(word).has_value(); });
  if (!wish) return wish.error();
  std::vector<int> ids;
  for (size_t row = 0; row < kFlickrLicenses.size(); ++row) {
    const FlickrLicense& license = kFlickrLicenses[row];
    if (wish->allows({license.key, license.commercial, license.modify}, std::to_string(row)))
      ids.push_back(static_cast<int>(row));
  }
  if (ids.empty()) return no_license_left(list);
  return ids;
}

}  // namespace lookalike
