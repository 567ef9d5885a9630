// A photo's bytes from its image server, within the limits that hold for all images.
// Threads: a free function; `done` comes on the HTTP client's thread, exactly once unless the client is destroyed
// first. Tested by tests/core/pipeline/photo_feature_source_test.cc
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/base/photo.h"
#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/net/http_client.h"

namespace lookalike {

struct ImageFetchOptions {
  int64_t max_bytes = 32 << 20;
  AddressScope scope = AddressScope::internet;  // wider only when the source's own endpoint is there
  bool allow_plain_http = false;                // to other hosts than loopback
};

// Sources may differ in it.
struct ImageFetchRules {
  ImageFetchRules(ImageFetchOptions same_for_all = {}) : usual(same_for_all) {}
  const ImageFetchOptions& of(const Photo& photo) const {
    const auto own = by_provider.find(photo.provider);
    return own == by_provider.end() ? usual : own->second;
  }

  ImageFetchOptions usual;
  std::map<std::string, ImageFetchOptions> by_provider;  // by registry name
};

struct PhotoBytes {
  Result<std::string> bytes;
  TransferCost cost;
};

// Errors: network, not_found, bad_data (too large).
void download_photo(HttpClient& http, const ImageFetchOptions& options, const Photo& photo, int max_requests,
                    std::function<void(PhotoBytes)> done);

}  // namespace lookalike
