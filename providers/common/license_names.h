// The words of --license, the same for every source: what each licence is called and what it allows.
// A source asks its service for the licences that are wished for; one that cannot, filters what it answers.
// Source: https://creativecommons.org/licenses/ and /publicdomain/; "no-known" and "us-gov" are Flickr's.
// Flickr's own ids are here as well, since manifests of folders hold them: flickr.photos.licenses.getInfo; 1 to 6 are
// version 2.0, 11 to 16 version 4.0 of the Creative Commons licences.
// Threads: free functions without state.
// Tested by tests/providers/common/license_names_test.cc
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/photo.h"
#include "core/base/result.h"

namespace lookalike {

struct LicenseKind {
  std::string_view key;  // what --license calls it; empty: a licence that has no name there
  bool commercial = false;
  bool modify = false;
};

// cc0, pdm, by, by-sa, by-nc, by-nd, by-nc-sa, by-nc-nd, no-known, us-gov.
std::span<const LicenseKind> license_kinds();
// The kind of that key; one that allows nothing when there is none such.
LicenseKind license_kind(std::string_view key);

// What the user said: any of the named licences (of all, when none is named) that allow the uses asked for.
struct LicenseWish {
  std::string text;               // as given, for messages
  std::set<std::string> keys;     // of license_kinds()
  std::set<std::string> own_ids;  // the source's own
  bool commercial = false;
  bool modify = false;

  bool any() const { return keys.empty() && own_ids.empty() && !commercial && !modify; }
  bool allows(const LicenseKind& kind, std::string_view own_id = {}) const;
  // Of a photo that a source has answered with, by the licence's name, else its id; one without a known licence is
  // allowed by a wish for any only.
  bool allows(const License& license) const;
};

using IsOwnId = std::function<bool(std::string_view)>;

// A comma-separated list of names (in upper or lower case, "cc-by" as "by"), "commercial", "modify" and, where the
// source has ids that can be written, those. Empty: every licence. Errors: usage, with the names there are.
Result<LicenseWish> parse_license_wish(std::string_view list, const IsOwnId& is_own_id = {});

// The keys among license_kinds() that the wish allows, in their order; empty for a wish for any.
// Errors: usage when none is left.
Result<std::vector<std::string>> wished_keys(const LicenseWish& wish);

// What a service is asked for by the wish: of the licences that it has, by its own names for their keys, those wished
// for, between commas; empty for a wish for any. Errors: usage when none is left.
using LicenseNames = std::vector<std::pair<std::string_view, std::string_view>>;
Result<std::string> license_list(const LicenseWish& wish, const LicenseNames& names);

// What `--license LIST` that leaves nothing is answered with.
Error no_license_left(std::string_view list);

// "by" and "2.0" -> "CC BY 2.0" with its address. Unknown keys keep their name: "sampling+" -> "SAMPLING+ 1.0".
License named_license(std::string_view key, std::string_view version);

// The key that a licence's name or id as sources write it means: "CC BY-SA 4.0", "cc-by-sa-4.0", "Public domain".
// Empty for what has none: "All Rights Reserved", "GFDL".
std::string license_key_of(std::string_view name);

// "4" -> CC BY 2.0 with its URL. Nothing for an id that is not in the table.
std::optional<License> flickr_license(std::string_view id);

// The ids that a --license list means: names (each means every version) and Flickr's own ids ("4,5").
// Sorted, without doubles; empty for an empty list. Errors: usage, with the names there are.
Result<std::vector<int>> flickr_license_ids(std::string_view list);

}  // namespace lookalike
