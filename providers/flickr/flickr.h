// Flickr, searched by flickr.photos.search; no login, only an API key. Its image server has other sources' photos, too.
// Source: https://www.flickr.com/services/api/flickr.photos.search.html, and misc.urls.html there
// Answers as the service really sends them: numbers as numbers or as strings, fields missing, failures as HTTP 200 with
// "stat": "fail", and now and then a trailing comma. Failures that Flickr calls temporary are asked again, with growing
// delays, within the requests that the query allows (JsonService::ask_again_after).
// Untrusted input: every string is valid UTF-8, and the numbers of tags and of photos are bounded.
// Threads: free functions without state; the description is constant.
// Tested by tests/providers/flickr/flickr_test.cc, flickr_answer_test.cc, flickr_image_test.cc; fuzzed.
#pragma once

#include <rapidjson/document.h>

#include <string>
#include <string_view>

#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/http/host_policy.h"
#include "providers/common/json_service.h"

namespace lookalike {

// Flickr gives no more of one search; later pages repeat earlier photos.
inline constexpr int kFlickrMaxResults = 4000;
inline constexpr int kFlickrMaxPerPage = 500;

const JsonService& flickr_service();

// What is sent as text=: no control characters, no leading '-' of a word (Flickr would exclude it), 200 characters at
// most. Errors: usage when nothing is left.
Result<std::string> clean_flickr_text(std::string_view text);

// Errors by Flickr's own codes: auth (100), network (0, 10, 105, 201: worth asking again), usage (this query is at
// fault), bad_data (a request that Flickr does not understand, or no answer of its kind at all).
// Code 20, a page beyond the last one, is an empty page.
Result<PhotoPage> read_flickr_answer(const rapidjson::Value& document);

// How gently its image server is treated (…/{server}/{id}_{secret}_{size}.jpg; an original's secret is another one).
HostPolicy flickr_image_policy();
// The address of the same photo at 320 pixels on its longest side; empty when the address is not that of a photo there,
// or is that of an original.
std::string small_flickr_image(std::string_view url);

}  // namespace lookalike
