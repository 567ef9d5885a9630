// Searches Wikimedia Commons; no key is needed. Bitmap pictures only, by the full text of their pages.
// Source: https://commons.wikimedia.org/w/api.php, https://foundation.wikimedia.org/wiki/Policy:User-Agent_policy,
// https://www.mediawiki.org/wiki/API:Etiquette
// A file's categories are its tags, without those of upkeep; when they come in several answers, the rest is asked for
// within the requests that the query allows.
// Threads: as Provider. The HttpClient is borrowed and must outlive the provider; destroy it not from a callback.
// Tested by tests/providers/commons_test.cc, conformance_test.cc, service_conformance_test.cc
#pragma once

#include <memory>
#include <string>

#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/http/http_client.h"
#include "providers/common/provider_entry.h"

namespace lookalike {

struct CommonsOptions {
  std::string endpoint;  // empty: https://commons.wikimedia.org/w/api.php
  std::string licenses;  // see license_names.h; empty: any. Commons cannot filter, so the answers are filtered.
  int retries = 3;
  bool has_contact = false;  // requests say how their sender can be reached, which allows many more of them
  CallGate* gate = nullptr;  // asked before each call; may be null
};

class CommonsProvider final : public Provider {
 public:
  // Errors: usage (endpoint, licence).
  static Result<std::unique_ptr<CommonsProvider>> create(CommonsOptions options, HttpClient& http);
  ~CommonsProvider() override;

  const std::string& name() const override;
  void search(const PhotoQuery& query, Done done) override;

 private:
  struct Core;
  explicit CommonsProvider(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;
};

ProviderEntry commons_entry();

}  // namespace lookalike
