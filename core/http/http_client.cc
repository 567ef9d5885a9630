#include "core/http/http_client.h"

#include <future>
#include <utility>

#include "core/http/http_loop.h"

namespace lookalike {

HttpClient::HttpClient(HttpOptions options) : loop_(std::make_unique<HttpLoop>(std::move(options))) {}

HttpClient::~HttpClient() = default;

void HttpClient::submit(HttpRequest request, Done done) {
  loop_->submit(std::move(request), std::move(done));
}

HttpAnswer HttpClient::fetch(HttpRequest request) {
  // Shared, because std::function asks for something that can be copied.
  auto promise = std::make_shared<std::promise<HttpAnswer>>();
  std::future<HttpAnswer> answer = promise->get_future();
  submit(std::move(request), [promise = std::move(promise)](HttpAnswer done) { promise->set_value(std::move(done)); });
  try {
    return answer.get();
  } catch (const std::future_error&) {  // the client was destroyed meanwhile: its callbacks are dropped
    return {Error{ErrorCode::interrupted, "the transfer was cancelled"}, {}};
  }
}

}  // namespace lookalike
