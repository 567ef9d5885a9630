// What the registry holds of one source: what users are told about it, and how it is made.
// Threads: constant after start.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/log.h"
#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/http/call_gate.h"
#include "core/http/host_policy.h"
#include "core/http/http_client.h"

namespace lookalike {

enum class KeyNeed { none, optional, required };

// What a search for one image spends unless its user says otherwise. Chosen from the curves of docs/evaluation.md,
// within what the source allows.
struct SearchBudget {
  int calls = 40;
  int images = 500;
  int most_calls = 0;  // more than that is not asked for without being told to: what a minute allows; 0: any number
};

// What one query of a source can list, and how fast its photos come: for `lookalike eval --source`.
struct SourceReach {
  int photos_per_call = 500;
  int photos_per_query = 0;  // over all pages; 0: any number
  HostPolicy images = {};    // of the host that has its photos; no name: no limit
};

struct ProviderInfo {
  std::string_view name;      // "flickr"
  std::string_view argument;  // what follows the name and a colon, "DIR"; empty: nothing may follow
  KeyNeed key = KeyNeed::none;
  std::string_view key_form = "KEY";                // how it is written, "ID:SECRET"
  std::span<const std::string_view> key_variables;  // of the environment, the first that is set counts
  std::string_view description;
  std::string_view tags;  // whose words they are
  std::string_view limits;
  std::string_view licences;
  std::string_view terms_url;  // empty: none
  std::string_view key_url;    // where to get a key
  std::string_view notice;     // must be shown beside results; empty: none
  int photos_on_page = 0;      // so many at most, its terms say, on one page; 0: any number
  bool on_this_disk = false;   // its photos are files here, and no request is sent
  SearchBudget budget = {};
  // Of a user who gives the key or the contact that the source asks for but does not need, where it allows such more.
  std::optional<SearchBudget> budget_of_known = {};
  SourceReach reach = {};
  int calls_per_hour = 0;                 // what the service allows for one key; 0: no limit known
  std::vector<HostPolicy> host_policies;  // how gently its hosts are treated, those of its API and of its images
  bool plain_http_images = false;         // its answers name images by http, to be fetched so (loopback always may)
  bool wants_contact = false;             // asks that requests say how their sender can be reached
  bool local_files = false;               // its photos are files on this disk, or may be
  bool must_cache = false;                // its terms ask that answers be kept for 24 hours
};

struct ProviderSettings {
  std::string provider;  // "flickr", "folder:DIR"
  std::string api_key;
  std::string endpoint;                       // empty: the source's own
  std::string licenses;                       // of --license
  std::string safe;                           // of --safe
  int retries = 3;                            // of --retries
  std::chrono::milliseconds timeout{30'000};  // of --timeout: for sources that do not ask by the client
  bool has_contact = false;                   // requests say how their sender can be reached
  LogSink log;                                // may be empty
  // Asked before each call of the API, never for images; borrowed, outlives the client; may be null.
  CallGate* gate = nullptr;
};

// What ProviderEntry::Make returns, of a provider's own create().
template <typename Made>
Result<std::unique_ptr<Provider>> as_provider(Result<std::unique_ptr<Made>> made) {
  if (!made) return made.error();
  return std::unique_ptr<Provider>(*std::move(made));
}

struct ProviderEntry {
  // `settings.provider` holds only what follows the colon.
  using Make = std::function<Result<std::unique_ptr<Provider>>(const ProviderSettings& settings, HttpClient& http)>;

  ProviderInfo info;
  std::string_view endpoint;  // the service's own; empty for a source on this disk
  Make make;
};

}  // namespace lookalike
