// Searches Flickr by flickr.photos.search; no login, only an API key.
// Source: https://www.flickr.com/services/api/flickr.photos.search.html
// Failures that Flickr calls temporary come as HTTP 200, where HttpClient cannot see them: they are asked again here,
// with growing delays, within the requests that the query allows.
// The key stands in no error and no log line, whatever the service echoes.
// Threads: as Provider. The HttpClient is borrowed and must outlive the provider; destroy it not from a callback.
// Tested by tests/providers/flickr/flickr_test.cc
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/log.h"
#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/http/http_client.h"
#include "providers/common/provider_entry.h"

namespace lookalike {

struct FlickrOptions {
  std::string api_key;
  std::string endpoint;                        // empty: https://www.flickr.com/services/rest/
  std::string licenses;                        // "4,by-sa": see flickr_license.h; empty: any
  std::string safe;                            // strict (also when empty), moderate, off
  int retries = 3;                             // of one search, whatever failed
  std::chrono::milliseconds retry_delay{500};  // before the first repetition; doubles
  LogSink log;                                 // may be empty
  CallGate* gate = nullptr;                    // asked before each call; may be null
};

// What is sent as text=: no control characters, no leading '-' of a word (Flickr would exclude it), 200 characters at
// most. Errors: usage when nothing is left.
Result<std::string> clean_flickr_text(std::string_view text);

class FlickrProvider final : public Provider {
 public:
  // Errors: auth (no key), usage (endpoint, licence, safe).
  static Result<std::unique_ptr<FlickrProvider>> create(FlickrOptions options, HttpClient& http);
  ~FlickrProvider() override;

  const std::string& name() const override;
  void search(const PhotoQuery& query, Done done) override;

 private:
  struct Core;
  explicit FlickrProvider(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;
};

ProviderEntry flickr_entry();

}  // namespace lookalike
