// One request on its way: what was asked, where its redirects have led, and what its attempts have cost so far.
// The loop decides when an attempt starts; this class sets libcurl up for it and says what came of it.
// Threads: one, the client's.
// Tested by tests/core/http/http_client_test.cc
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/http/connection_guard.h"
#include "core/http/http_message.h"
#include "core/http/proxy_choice.h"
#include "core/http/response_sink.h"
#include "core/http/url.h"

namespace lookalike {

struct SlistDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using SlistPtr = std::unique_ptr<curl_slist, SlistDeleter>;

SlistPtr make_slist(const std::vector<std::string>& lines);

// What all transfers of a client share.
struct TransferSettings {
  HttpOptions options;
  ProxyChoice proxies;
  CURLSH* share = nullptr;        // TLS sessions
  curl_slist* resolve = nullptr;  // fixed addresses of names
  std::string ca_bundle;          // empty: libcurl's own choice of file and folder
};

// What one exchange (a request and its answer, one hop of an attempt) came to.
struct ExchangeOutcome {
  Result<HttpResponse> response;
  bool transient = false;                                // another attempt may succeed
  bool sent = true;                                      // the request reached the service
  std::optional<std::chrono::milliseconds> retry_after;  // the service's own wish
  std::string redirect;                                  // when not empty: where the answer points instead
};

class Transfer {
 public:
  Transfer(HttpRequest request, HttpDone done, uint64_t number);

  // Back to the request's own URL, with all the time of an attempt. Errors: usage, network (refused URL).
  Status begin_attempt(const TransferSettings& settings);
  // Continues this attempt at another URL. Errors: network (refused URL, too many redirects).
  Status follow(const std::string& target, const TransferSettings& settings);

  // Prepares the handle for one exchange. `connect_limit`: to find and connect to the host, 0: no limit.
  // REQUIRES: a new or reset handle; this stays where it is until end_exchange.
  void begin_exchange(CURL* easy, const TransferSettings& settings, std::chrono::milliseconds connect_limit);
  ExchangeOutcome end_exchange(CURL* easy, CURLcode code);

  const HttpRequest& request() const { return request_; }
  const Url& url() const { return url_; }
  const std::string& limit_group() const { return limit_group_; }
  uint64_t number() const { return number_; }
  int attempt() const { return attempt_; }
  // When its first exchange began; nothing: none has.
  std::optional<std::chrono::steady_clock::time_point> begun() const { return begun_; }
  std::chrono::steady_clock::time_point exchange_begun() const { return exchange_begun_; }
  // What undoes the count of the exchange that begins next, should it never reach the service.
  void admitted(std::function<void()> take_back) { take_back_ = std::move(take_back); }
  std::function<void()> take_admission() { return std::exchange(take_back_, nullptr); }
  const TransferCost& cost() const { return cost_; }

  void deliver(Result<HttpResponse> response) { done_({std::move(response), cost_}); }

 private:
  Status move_to(const std::string& url_text, const Url* from, const TransferSettings& settings);
  void set_connection_options(CURL* easy, const TransferSettings& settings);
  void set_request_options(CURL* easy, const TransferSettings& settings);
  void set_limits(CURL* easy, const HttpOptions& options, std::chrono::milliseconds connect_limit);
  ExchangeOutcome succeeded(CURL* easy);
  ExchangeOutcome failed(CURL* easy, CURLcode code) const;
  Error with_url(Error error) const;
  Error unreachable(Error error) const;

  static size_t on_header(char* data, size_t size, size_t count, void* self);
  static size_t on_body(char* data, size_t size, size_t count, void* self);

  HttpRequest request_;
  HttpDone done_;
  uint64_t number_;
  int attempt_ = 0;
  std::optional<std::chrono::steady_clock::time_point> begun_;
  std::chrono::steady_clock::time_point exchange_begun_{};
  std::function<void()> take_back_;
  TransferCost cost_;

  // The exchange at hand.
  std::string url_text_;
  Url url_;
  std::string limit_group_;
  std::vector<std::string> headers_;
  int redirects_ = 0;
  std::chrono::milliseconds time_left_{0};  // of this attempt; 0: no limit
  CURL* easy_ = nullptr;
  std::string proxy_;
  std::optional<ConnectionGuard> guard_;
  std::optional<ResponseSink> sink_;
  SlistPtr header_list_;
  char error_text_[CURL_ERROR_SIZE] = "";
};

}  // namespace lookalike
