#include "providers/flickr_license.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace lookalike {
namespace {

struct Row {
  std::string_view key;  // what --license calls it; empty: only by its id
  std::string_view name;
  std::string_view url;
  bool commercial;
  bool modify;
};

// The index is Flickr's id.
constexpr std::array<Row, 17> kLicenses{{
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
  for (size_t row = 0; row < kLicenses.size(); ++row) {
    if (id == std::to_string(row)) return row;
  }
  return std::nullopt;
}

struct Wish {
  std::array<bool, kLicenses.size()> named{};
  bool any_named = false;
  bool commercial = false;
  bool modify = false;
};

bool add_word(Wish& wish, std::string_view word) {
  if (word == "commercial") return wish.commercial = true;
  if (word == "modify") return wish.modify = true;
  const auto id = row_of_id(word);
  bool known = id.has_value();
  if (id) wish.named[*id] = true;
  for (size_t row = 0; row < kLicenses.size(); ++row) {
    if (word.empty() || word != kLicenses[row].key) continue;
    wish.named[row] = known = true;
  }
  wish.any_named = wish.any_named || known;
  return known;
}

std::vector<int> ids_of(const Wish& wish) {
  std::vector<int> ids;
  for (size_t row = 0; row < kLicenses.size(); ++row) {
    if (wish.any_named && !wish.named[row]) continue;
    if (wish.commercial && !kLicenses[row].commercial) continue;
    if (wish.modify && !kLicenses[row].modify) continue;
    ids.push_back(static_cast<int>(row));
  }
  return ids;
}

}  // namespace

std::optional<License> flickr_license(std::string_view id) {
  const auto row = row_of_id(id);
  if (!row) return std::nullopt;
  return License{std::string(id), std::string(kLicenses[*row].name), std::string(kLicenses[*row].url)};
}

Result<std::vector<int>> flickr_license_ids(std::string_view list) {
  if (trim(list).empty()) return std::vector<int>{};
  Wish wish;
  for (const std::string& part : split(list, ',')) {
    std::string word = ascii_lower(trim(part));
    if (word.starts_with("cc-")) word.erase(0, 3);
    if (word.empty() || add_word(wish, word)) continue;
    return Error{ErrorCode::usage,
                 "--license " + terminal_safe(part) +
                     " is not known: use cc0, pdm, by, by-sa, by-nc, by-nd, by-nc-sa, by-nc-nd, no-known, "
                     "us-gov, commercial, modify, or Flickr's ids 0 to 16, separated by commas"};
  }
  std::vector<int> ids = ids_of(wish);
  if (ids.empty()) {
    return Error{ErrorCode::usage, "--license " + terminal_safe(list) +
                                       " leaves no licence: none of those named allows the use asked for"};
  }
  return ids;
}

}  // namespace lookalike
