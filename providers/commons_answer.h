// Reads an answer of Wikimedia Commons' search (action=query, generator=search, formatversion=2 or 1) with the files'
// metadata, and puts together what comes in several answers.
// Source: https://www.mediawiki.org/wiki/API:Query, API:Imageinfo, API:Continue; Extension:CommonsMetadata
// Untrusted input: every file that cannot be shown and downloaded is dropped, every string is valid UTF-8, and the
// numbers of tags and of photos are bounded.
// Threads: free functions without state.
// Tested by tests/providers/commons_answer_test.cc; fuzzed.
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/provider.h"
#include "core/base/result.h"

namespace lookalike {

struct CommonsFile {
  Photo photo;        // without page_url while its image information has not come
  int64_t index = 0;  // its rank in the search
  bool is_bitmap = false;
};

// What has come of one page of a search so far.
struct CommonsBatch {
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  std::map<int64_t, CommonsFile> files;  // by page id
  Parameters more;                       // what to ask for next to get the rest of these files; empty: complete
  bool has_more = false;                 // other files follow
};

// Adds a part of the answer. Errors: bad_data, network (the service is overloaded: ask again later), usage (this
// query).
Status add_commons_answer(CommonsBatch& batch, const rapidjson::Value& part);

// The photos of the batch in the order of their ranks.
PhotoPage commons_page(CommonsBatch batch);

// Whether a category tells of the picture, and not of its licence, its origin or its upkeep.
bool is_subject_category(std::string_view category);

}  // namespace lookalike
