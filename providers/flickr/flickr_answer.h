// Reads an answer of flickr.photos.search as the service really sends it: numbers as numbers or as strings, fields
// missing, failures as HTTP 200 with "stat": "fail", and now and then a trailing comma.
// Source: https://www.flickr.com/services/api/flickr.photos.search.html
// Untrusted input: every photo that cannot be shown and downloaded is dropped, every string is valid UTF-8, and the
// numbers of tags and of photos are bounded.
// Threads: free functions without state.
// Tested by tests/providers/flickr/flickr_answer_test.cc; fuzzed.
#pragma once

#include <rapidjson/document.h>

#include "core/base/provider.h"
#include "core/base/result.h"

namespace lookalike {

// Flickr gives no more of one search; later pages repeat earlier photos.
inline constexpr int kFlickrMaxResults = 4000;
inline constexpr int kFlickrMaxPerPage = 500;

// Errors by Flickr's own codes: auth (100), network (0, 10, 105, 201: worth asking again), usage (this query is at
// fault), bad_data (a request that Flickr does not understand, or no JSON of its kind at all).
// Code 20, a page beyond the last one, is an empty page.
Result<PhotoPage> read_flickr_answer(const rapidjson::Value& document);

}  // namespace lookalike
