#include "core/http/transfer.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "core/base/text/text.h"
#include "core/http/retry_policy.h"
#include "core/http/transfer_error.h"

namespace lookalike {
namespace {

using std::chrono::milliseconds;

constexpr int kMaxRedirects = 5;
constexpr long kSlowBytesPerSecond = 256;

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

long info_long(CURL* easy, CURLINFO info) {
  long value = 0;
  curl_easy_getinfo(easy, info, &value);
  return value;
}

int64_t info_size(CURL* easy, CURLINFO info) {
  curl_off_t value = 0;
  curl_easy_getinfo(easy, info, &value);
  return value;
}

std::string info_text(CURL* easy, CURLINFO info) {
  char* value = nullptr;
  curl_easy_getinfo(easy, info, &value);
  return value == nullptr ? std::string() : std::string(value);
}

milliseconds elapsed(CURL* easy) {
  return std::chrono::duration_cast<milliseconds>(std::chrono::microseconds(info_size(easy, CURLINFO_TOTAL_TIME_T)));
}

std::optional<milliseconds> retry_after(const HttpResponse& response) {
  const auto header = response.headers.find("retry-after");
  if (header == response.headers.end()) return std::nullopt;
  return parse_retry_after(header->second, std::chrono::system_clock::now());
}

}  // namespace

SlistPtr make_slist(const std::vector<std::string>& lines) {
  SlistPtr list;
  for (const std::string& line : lines) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    (void)list.release();
    list.reset(longer);
  }
  return list;
}

Transfer::Transfer(HttpRequest request, HttpDone done, uint64_t number)
    : request_(std::move(request)), done_(std::move(done)), number_(number) {}

Status Transfer::begin_attempt(const TransferSettings& settings) {
  ++attempt_;
  redirects_ = 0;
  headers_ = request_.headers;
  time_left_ = request_.timeout.count() > 0 ? request_.timeout : settings.options.timeout;
  if (Status fine = check_headers(headers_); !fine) return fine;
  return move_to(request_.url, nullptr, settings);
}

Status Transfer::follow(const std::string& target, const TransferSettings& settings) {
  if (request_.form) {
    return Error{
        ErrorCode::network,
        fmt::format("{} redirects a POST request to {}, and such redirects are not followed: check the address",
                    redacted_url(request_.url), redacted_url(target))};
  }
  if (++redirects_ > kMaxRedirects) {
    return Error{ErrorCode::network,
                 fmt::format("too many redirects (more than {}) from {}: open it in a browser to see where it leads",
                             kMaxRedirects, redacted_url(request_.url))};
  }
  const Url from = url_;
  if (Status moved = move_to(target, &from, settings); !moved) return moved;
  headers_ = headers_for_redirect(headers_, from, url_);
  return {};
}

Status Transfer::move_to(const std::string& url_text, const Url* from, const TransferSettings& settings) {
  Result<Url> url = parse_url(url_text);
  if (!url)
    return from == nullptr ? url.error()
                           : Error{ErrorCode::network, "redirected to a place that " + url.error().message};
  Status allowed = from == nullptr ? may_request(*url, request_) : may_follow(*from, *url, request_);
  if (!allowed) return allowed;
  url_ = *std::move(url);
  url_text_ = url_.address;
  limit_group_ = lookalike::limit_group(url_, settings.options.host_policies);
  return {};
}

void Transfer::begin_exchange(CURL* easy, const TransferSettings& settings, milliseconds connect_limit) {
  exchange_begun_ = std::chrono::steady_clock::now();
  if (!begun_) begun_ = exchange_begun_;
  easy_ = easy;
  proxy_ = settings.proxies.proxy_for(url_);
  error_text_[0] = '\0';
  sink_.emplace(request_.max_bytes, request_.on_data ? &request_.on_data : nullptr);
  const bool only_loopback = url_.scheme == "http" && !request_.allow_plain_http;
  guard_.emplace(ConnectionGuard::Rules{request_.scope, only_loopback, !proxy_.empty()});
  guard_->attach(easy);
  set_connection_options(easy, settings);
  set_request_options(easy, settings);
  set_limits(easy, settings.options, connect_limit);
}

void Transfer::set_connection_options(CURL* easy, const TransferSettings& settings) {
  curl_easy_setopt(easy, CURLOPT_SHARE, settings.share);
  curl_easy_setopt(easy, CURLOPT_RESOLVE, settings.resolve);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // Else a time-out or a cancellation during a slow DNS look-up would wait until that has ended.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  // Transfers to one host wait until its first TLS handshake has shown whether they can share that connection (HTTP/2)
  // or each needs its own. Plain http is never HTTP/2 here, so there is nothing to wait for.
  curl_easy_setopt(easy, CURLOPT_PIPEWAIT, url_.scheme == "https" ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  // Set even when empty: then libcurl looks at no environment variable of its own.
  curl_easy_setopt(easy, CURLOPT_PROXY, proxy_.c_str());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (settings.ca_bundle.empty()) return;
  curl_easy_setopt(easy, CURLOPT_CAINFO, settings.ca_bundle.c_str());
  curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, settings.ca_bundle.c_str());
  // libcurl keeps the parsed bundle for later connections only when no folder of certificates is set.
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, nullptr);
}

void Transfer::set_request_options(CURL* easy, const TransferSettings& settings) {
  header_list_ = make_slist(headers_);
  curl_easy_setopt(easy, CURLOPT_URL, url_text_.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, header_list_.get());
  // Who asks for an encoding gets the body as it was sent, whatever the answer calls it (content_coding.h).
  const bool chosen = std::ranges::any_of(
      headers_, [](const std::string& header) { return ascii_lower(header).starts_with("accept-encoding:"); });
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, chosen ? nullptr : "");
  curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, chosen ? 0L : 1L);
  if (request_.form) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.form->size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.form->c_str());  // stays where it is until end_exchange
  }
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text_);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  if (!settings.options.user_agent.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERAGENT, settings.options.user_agent.c_str());
  }
}

void Transfer::set_limits(CURL* easy, const HttpOptions& options, milliseconds connect_limit) {
  const milliseconds connect = time_left_.count() > 0 && connect_limit.count() > 0
                                   ? std::min(time_left_, connect_limit)
                                   : std::max(time_left_, connect_limit);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(time_left_.count()));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, kSlowBytesPerSecond);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_time.count()));
}

ExchangeOutcome Transfer::end_exchange(CURL* easy, CURLcode code) {
  cost_.bytes += info_size(easy, CURLINFO_SIZE_DOWNLOAD_T);
  // Never zero, which would mean no limit: a redirect at the last moment gets one millisecond.
  if (time_left_.count() > 0) time_left_ = std::max(milliseconds(1), time_left_ - elapsed(easy));
  ExchangeOutcome outcome = code == CURLE_OK ? succeeded(easy) : failed(easy, code);
  if (outcome.sent && redirects_ == 0) ++cost_.requests;
  if (sink_->handed_over()) outcome.transient = false;
  return outcome;
}

ExchangeOutcome Transfer::succeeded(CURL* easy) {
  if (!sink_->finish(info_size(easy, CURLINFO_SIZE_DOWNLOAD_T))) return {.response = with_url(*sink_->failure())};
  HttpResponse& response = sink_->response();
  ExchangeOutcome outcome{.response = HttpResponse{},
                          .transient = is_transient_status(response.status),
                          .retry_after = retry_after(response)};
  if (is_redirect(response.status)) outcome.redirect = info_text(easy, CURLINFO_REDIRECT_URL);
  response.effective_url = url_text_;
  outcome.response = std::move(response);
  return outcome;
}

ExchangeOutcome Transfer::failed(CURL* easy, CURLcode code) const {
  if (sink_->failure()) return {.response = with_url(*sink_->failure())};
  if (const auto refusal = guard_->refusal()) {
    return {.response = unreachable({ErrorCode::network, *refusal + " (asked for " + redacted_url(request_.url) + ")"}),
            .sent = false};
  }
  FailedTransfer facts;
  facts.code = code;
  facts.url = url_;
  facts.proxy = proxy_;
  facts.detail = error_text_;
  facts.os_error = info_long(easy, CURLINFO_OS_ERRNO);
  facts.proxy_status = info_long(easy, CURLINFO_HTTP_CONNECTCODE);
  facts.resolved = info_size(easy, CURLINFO_NAMELOOKUP_TIME_T) > 0;
  facts.connected = info_size(easy, CURLINFO_PRETRANSFER_TIME_T) > 0;
  facts.bytes = info_size(easy, CURLINFO_SIZE_DOWNLOAD_T);
  facts.answered = info_long(easy, CURLINFO_HEADER_SIZE) > 0 || facts.bytes > 0;
  facts.elapsed = elapsed(easy);
  const bool refused_by_proxy = facts.proxy_status / 100 == 4;
  const bool sent = was_sent(facts);
  const Error error = describe_failure(facts);
  return {.response = sent ? error : unreachable(error),
          .transient = is_transient_error(code) && !refused_by_proxy,
          .sent = sent};
}

// After a redirect it is not the service that there is no way to.
Error Transfer::unreachable(Error error) const {
  if (redirects_ == 0) error.cause = ErrorCause::unreachable;
  return error;
}

Error Transfer::with_url(Error error) const {
  error.message += " (" + redacted_url(url_text_) + ")";
  return error;
}

size_t Transfer::on_header(char* data, size_t size, size_t count, void* self) {
  const std::string_view line(data, size * count);
  return static_cast<Transfer*>(self)->sink_->header_line(line) ? line.size() : 0;
}

size_t Transfer::on_body(char* data, size_t size, size_t count, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  const std::string_view piece(data, size * count);
  const int64_t transferred = info_size(transfer->easy_, CURLINFO_SIZE_DOWNLOAD_T);
  // An empty piece is accepted by saying 0, which is its size.
  return transfer->sink_->body_piece(piece, transferred) || piece.empty() ? piece.size() : 0;
}

}  // namespace lookalike
