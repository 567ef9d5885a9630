// What providers that ask a service by HTTP have in common: one search may take several requests; what they cost adds
// up and stays within what the query allows; no answer reaches a provider that is gone; no secret stands in an error.
// Threads: any; continuations run on the HTTP client's thread and must not block.
// Tested by tests/providers/common/service_link_test.cc and, for every provider, service_conformance_test.cc
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/http/http_client.h"
#include "providers/common/service_request.h"

namespace lookalike {

// Lets a provider go away safely while its answers are still on their way from a borrowed HttpClient.
class CallbackGate {
 public:
  // One callback inside the gate; false when the gate was closed before it came.
  class Pass {
   public:
    explicit Pass(CallbackGate& gate) : gate_(gate.enter() ? &gate : nullptr) {}
    ~Pass() {
      if (gate_ != nullptr) gate_->leave();
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    explicit operator bool() const { return gate_ != nullptr; }

   private:
    CallbackGate* gate_;
  };

  // Lets nobody in any more and returns when the last one inside has left. REQUIRES: not called from inside.
  void close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    emptied_.wait(lock, [this] { return inside_ == 0; });
  }

 private:
  bool enter() {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    ++inside_;
    return true;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    if (--inside_ == 0) emptied_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable emptied_;
  int inside_ = 0;
  bool closed_ = false;
};

// One search under way.
struct ServiceCall {
  PhotoQuery query;
  Provider::Done done;
  TransferCost cost;

  int requests_left() const { return query.max_requests - cost.requests; }
};

using ServiceCallPtr = std::shared_ptr<ServiceCall>;

// Keep it in a shared_ptr: requests under way hold it.
class ServiceLink : public std::enable_shared_from_this<ServiceLink> {
 public:
  struct Settings {
    std::string service;  // "Openverse", for messages
    Endpoint endpoint;
    int retries = 3;
    std::vector<std::string> secrets;  // masked in errors, also percent-encoded
    std::string after_429 = "try again later";
  };

  ServiceLink(Settings settings, HttpClient& http) : settings_(std::move(settings)), http_(http) {}

  // The call for a search; null when `done` has been told already that it allows no request.
  static ServiceCallPtr begin(const PhotoQuery& query, Provider::Done done);

  // Sends the request with the retries that the call still allows, and adds what it cost. Without an answer, or when
  // the call allows no request any more, the call is finished with an error.
  void send(ServiceCallPtr call, HttpRequest request,
            std::function<void(const ServiceCallPtr& call, const HttpResponse& response)> then);
  // Likewise, but an error is handed over when a request was sent; `kept_back` of those that the call allows are left
  // for what follows.
  void send_any(ServiceCallPtr call, HttpRequest request,
                std::function<void(const ServiceCallPtr& call, const Result<HttpResponse>& response)> then,
                int kept_back = 0);
  void finish(const ServiceCallPtr& call, Result<PhotoPage> page) const;

  // What a status other than 200 means, in words about the service. `refused` is what to do after 401 and 403.
  Error status_error(const HttpResponse& response, const std::string& refused) const;
  void add_secret(std::string secret);
  std::string without_secrets(std::string text) const;

  // Returns when no continuation is running; none runs later. REQUIRES: not called from one.
  void close() { gate_.close(); }

  const Endpoint& endpoint() const { return settings_.endpoint; }

 private:
  Settings settings_;
  HttpClient& http_;
  CallbackGate gate_;
  mutable std::mutex mutex_;  // guards settings_.secrets
};

}  // namespace lookalike
