// Flickr, searched by flickr.photos.search; no login, only an API key.
// Source: https://www.flickr.com/services/api/flickr.photos.search.html
// Failures that Flickr calls temporary come as HTTP 200, where HttpClient cannot see them: they are asked again, with
// growing delays, within the requests that the query allows (JsonService::ask_again_after).
// Threads: as JsonService.
// Tested by tests/providers/flickr/flickr_test.cc
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "providers/common/json_service.h"

namespace lookalike {

const JsonService& flickr_service();

// What is sent as text=: no control characters, no leading '-' of a word (Flickr would exclude it), 200 characters at
// most. Errors: usage when nothing is left.
Result<std::string> clean_flickr_text(std::string_view text);

}  // namespace lookalike
