// The query image: from a file or a pipe, from standard input ('-'), or from a web address that the user typed.
// Tested by tests/cli/query/query_image_test.cc
#pragma once

#include <string>
#include <vector>

#include "core/base/files/input.h"
#include "core/base/result.h"
#include "core/http/http_client.h"
#include "core/vision/decode/image.h"

namespace lookalike {

inline constexpr int64_t kMaxQueryBytes = 256 << 20;  // a person's own file may be larger than a thumbnail
inline constexpr int64_t kMaxQueryPixels = 200'000'000;

bool is_web_address(const std::string& source);

// Errors: not_found, network, bad_data, interrupted; every message names the source.
Result<std::string> load_query_bytes(const std::string& source, HttpClient& http, const InputPatience& patience);

struct QueryImage {
  std::string source;
  std::string sha256;
  int64_t bytes = 0;  // of the file
  Image image;
};

// `crop`: x, y, width, height in the image's own pixels, empty for all of it.
// JPEGs are decoded no larger than needed for a network of that input size. Errors: bad_data, usage (crop outside).
Result<QueryImage> decode_query(const std::string& source, const std::string& bytes, const std::vector<int>& crop,
                                int input_size);

}  // namespace lookalike
