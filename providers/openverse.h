// Searches Openverse, which knows hundreds of millions of openly licensed photos (most of them Flickr's); no key is
// needed. Source: https://api.openverse.org/v1/,
// https://docs.openverse.org/api/reference/authentication_and_throttling.html A text is looked for among tags first,
// every word of it; what no photo has as tags is looked for in titles and descriptions too (q=), where Openverse ranks
// titles first. That costs one request more, and only for such texts. With client credentials ("ID:SECRET") a token is
// got before the first search, as one of its requests, and again when it has run out. Neither secret nor token stands
// in an error, a log line or an answer. Threads: as Provider. The HttpClient is borrowed and must outlive the provider;
// destroy it not from a callback. Tested by tests/providers/openverse_test.cc, conformance_test.cc,
// service_conformance_test.cc
#pragma once

#include <memory>
#include <string>

#include "core/base/log.h"
#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/http/http_client.h"
#include "providers/common/provider_entry.h"

namespace lookalike {

struct OpenverseOptions {
  std::string credentials;  // "ID:SECRET"; empty: none
  std::string endpoint;     // what /v1/… is appended to; empty: https://api.openverse.org
  std::string licenses;     // see license_names.h; empty: any
  std::string safe;         // strict and moderate (also when empty): nothing that is marked as mature; off
  int retries = 3;
  LogSink log;               // may be empty
  CallGate* gate = nullptr;  // asked before each call; may be null
};

class OpenverseProvider final : public Provider {
 public:
  // Errors: auth (credentials that are not ID:SECRET), usage (endpoint, licence, safe).
  static Result<std::unique_ptr<OpenverseProvider>> create(OpenverseOptions options, HttpClient& http);
  ~OpenverseProvider() override;

  const std::string& name() const override;
  void search(const PhotoQuery& query, Done done) override;

 private:
  struct Core;
  explicit OpenverseProvider(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;
};

ProviderEntry openverse_entry();

}  // namespace lookalike
