// A photo's bytes from its image server, within the limits that hold for all images.
// Threads: a free function; `done` comes on the HTTP client's thread, exactly once unless the client is destroyed
// first.
// Tested by tests/core/pipeline/photo_feature_source_test.cc
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/photo.h"
#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/http/http_client.h"
#include "core/pipeline/gone_picture.h"

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

// What goes with a download besides the photo.
struct ImageFetch {
  int max_requests = 1;
  std::shared_ptr<Patience> patience =
      {};  // how long a host that rests is waited for; null: as the client's options say
  std::shared_ptr<GonePictures> gone = {};  // of all photos of a run; may be null
};

// Errors: network, not_found (also when a service shows its picture for what is gone), bad_data (too large).
void download_photo(HttpClient& http, const ImageFetchOptions& options, const Photo& photo, ImageFetch fetch,
                    std::function<void(PhotoBytes)> done);

}  // namespace lookalike
