#include "providers/common/service_link.h"

#include <algorithm>
#include <utility>

#include "core/http/url.h"

namespace lookalike {
namespace {

constexpr int64_t kMaxBody = 8 << 20;
constexpr const char* kMask = "***";

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

ServiceCallPtr ServiceLink::begin(const PhotoQuery& query, Provider::Done done) {
  if (query.max_requests >= 1) return std::make_shared<ServiceCall>(ServiceCall{query, std::move(done), {}});
  done({Error{ErrorCode::quota, "no request is left for this query"}, {}});
  return nullptr;
}

void ServiceLink::send_any(ServiceCallPtr call, HttpRequest request,
                           std::function<void(const ServiceCallPtr&, const Result<HttpResponse>&)> then,
                           int kept_back) {
  // None at all would mean the default number of attempts.
  const int attempts = std::min(std::max(settings_.retries, 0) + 1, call->requests_left() - kept_back);
  if (attempts < 1) {
    return finish(
        call, Error{ErrorCode::usage, "no request is left for this query: allow more with --max-calls or --retries"});
  }
  request.headers.emplace_back("Accept: application/json");
  request.patience = call->query.patience;
  request.max_bytes = kMaxBody;
  request.scope = settings_.endpoint.scope;
  request.max_attempts = attempts;
  http_.submit(std::move(request),
               [self = shared_from_this(), call = std::move(call), then = std::move(then)](const HttpAnswer& answer) {
                 const CallbackGate::Pass pass(self->gate_);
                 if (!pass) return;
                 call->cost.requests += answer.cost.requests;
                 call->cost.bytes += answer.cost.bytes;
                 then(call, answer.response);
               });
}

void ServiceLink::send(ServiceCallPtr call, HttpRequest request,
                       std::function<void(const ServiceCallPtr&, const HttpResponse&)> then) {
  send_any(std::move(call), std::move(request),
           [this, then = std::move(then)](const ServiceCallPtr& same, const Result<HttpResponse>& response) {
             if (!response) return finish(same, response.error());
             then(same, *response);
           });
}

void ServiceLink::finish(const ServiceCallPtr& call, Result<PhotoPage> page) const {
  if (!page) page = Error{page.error().code, without_secrets(page.error().message), page.error().cause};
  call->done({std::move(page), call->cost});
}

Error ServiceLink::status_error(const HttpResponse& response, const std::string& refused) const {
  const std::string& name = settings_.service;
  const std::string status = "HTTP " + std::to_string(response.status);
  switch (response.status) {
    case 401:
    case 403: return {ErrorCode::auth, name + " refused the request (" + status + "): " + refused};
    case 414: return {ErrorCode::usage, "this query is too long for " + name + " (" + status + ")"};
    case 429: return {ErrorCode::quota, name + "'s limit of calls is used up (" + status + "): " + settings_.after_429};
    default: break;
  }
  if (response.status >= 500) {
    return {ErrorCode::network, name + " is not available just now (" + status + "): try again later"};
  }
  return {ErrorCode::bad_data, name + " answered " + status + ": check --endpoint and the proxy"};
}

void ServiceLink::add_secret(std::string secret) {
  const std::lock_guard lock(mutex_);
  settings_.secrets.push_back(std::move(secret));
}

std::string ServiceLink::without_secrets(std::string text) const {
  const std::lock_guard lock(mutex_);
  for (const std::string& secret : settings_.secrets) {
    if (secret.empty()) continue;
    replace_all(text, secret, kMask);
    replace_all(text, percent_encode(secret), kMask);
  }
  return text;
}

}  // namespace lookalike
