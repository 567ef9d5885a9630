// Searches Pixabay's photos; an API key is needed, which every account has.
// Source: https://pixabay.com/api/docs/
// Its terms ask that answers be kept for 24 hours: ProviderInfo::must_cache. The key stands in no error and no log
// line. Threads: as Provider. The HttpClient is borrowed and must outlive the provider; destroy it not from a callback.
// Tested by tests/providers/pixabay_test.cc, conformance_test.cc, service_conformance_test.cc
#pragma once

#include <memory>
#include <string>

#include "core/base/log.h"
#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/http/http_client.h"
#include "providers/common/provider_entry.h"

namespace lookalike {

struct PixabayOptions {
  std::string api_key;
  std::string endpoint;  // empty: https://pixabay.com/api/
  std::string
      licenses;      // see license_names.h: all its pictures have one licence, which allows commercial use and changes
  std::string safe;  // strict and moderate (also when empty): safesearch; off
  int retries = 3;
  LogSink log;               // may be empty
  CallGate* gate = nullptr;  // asked before each call; may be null
};

class PixabayProvider final : public Provider {
 public:
  // Errors: auth (no key), usage (endpoint, safe, licences that its own is not among).
  static Result<std::unique_ptr<PixabayProvider>> create(PixabayOptions options, HttpClient& http);
  ~PixabayProvider() override;

  const std::string& name() const override;
  void search(const PhotoQuery& query, Done done) override;

 private:
  struct Core;
  explicit PixabayProvider(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;
};

ProviderEntry pixabay_entry();

}  // namespace lookalike
