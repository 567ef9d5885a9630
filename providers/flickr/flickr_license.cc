#include "providers/flickr/flickr_license.h"

#include <array>

#include "core/base/text/text.h"
#include "providers/common/license_names.h"

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

}  // namespace

std::optional<License> flickr_license(std::string_view id) {
  const auto row = row_of_id(id);
  if (!row) return std::nullopt;
  return License{std::string(id), std::string(kLicenses[*row].name), std::string(kLicenses[*row].url)};
}

Result<std::vector<int>> flickr_license_ids(std::string_view list) {
  if (trim(list).empty()) return std::vector<int>{};
  const auto wish = parse_license_wish(list, [](std::string_view word) { return row_of_id(word).has_value(); });
  if (!wish) return wish.error();
  std::vector<int> ids;
  for (size_t row = 0; row < kLicenses.size(); ++row) {
    const Row& license = kLicenses[row];
    if (wish->allows({license.key, license.commercial, license.modify}, std::to_string(row)))
      ids.push_back(static_cast<int>(row));
  }
  if (ids.empty()) return no_license_left(list);
  return ids;
}

}  // namespace lookalike
