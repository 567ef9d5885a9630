#include "core/http/transfer_error.h"

#include <fmt/format.h>

#include <system_error>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr const char* kTryLater = ": try again later, or check the network";

Error network(std::string message) {
  return {ErrorCode::network, std::move(message)};
}
Error bad_data(std::string message) {
  return {ErrorCode::bad_data, std::move(message)};
}

std::string seconds_text(std::chrono::milliseconds time) {
  return fmt::format("{:.1f} s", static_cast<double>(time.count()) / 1000.0);
}

std::string host(const FailedTransfer& failed) {
  return terminal_safe(host_and_port(failed.url));
}

std::string by_proxy(const FailedTransfer& failed) {
  return failed.proxy.empty() ? std::string() : " through the proxy " + redacted_url(failed.proxy);
}

std::string check_what(const FailedTransfer& failed) {
  return failed.proxy.empty() ? ": check the network or --proxy" : ": check the proxy or --proxy";
}

// " (connection refused)"; empty when nobody knows more.
std::string reason(const FailedTransfer& failed) {
  if (failed.os_error != 0) {
    std::string text = std::generic_category().message(static_cast<int>(failed.os_error));
    return " (" + ascii_lower(text.substr(0, 1)) + text.substr(1) + ")";
  }
  const std::string detail = terminal_safe(failed.detail);
  return detail.empty() ? detail : " (" + detail + ")";
}

Error unresolved(const FailedTransfer& failed) {
  return network(
      fmt::format("could not find the host {} (no answer from DNS): check the spelling, the network or --proxy",
                  terminal_safe(failed.url.host)));
}

Error unresolved_proxy(const FailedTransfer& failed) {
  return network(
      fmt::format("could not find the proxy {} (no answer from DNS): check --proxy", redacted_url(failed.proxy)));
}

Error not_connected(const FailedTransfer& failed) {
  return network(
      fmt::format("could not connect to {}{}{}{}", host(failed), by_proxy(failed), reason(failed), check_what(failed)));
}

Error timed_out(const FailedTransfer& failed) {
  const std::string after = fmt::format("within {} (time-out)", seconds_text(failed.elapsed));
  if (!failed.resolved) {
    return network(fmt::format("could not find the host {}{}: DNS did not answer {}{}", terminal_safe(failed.url.host),
                               by_proxy(failed), after, check_what(failed)));
  }
  const std::string where = host(failed) + by_proxy(failed);
  if (!failed.connected) return network(fmt::format("could not connect to {} {}{}", where, after, check_what(failed)));
  if (!failed.answered) return network(fmt::format("no answer from {} {}{}", where, after, kTryLater));
  return network(
      fmt::format("the answer of {} was too slow: only {} bytes {}{}", where, failed.bytes, after, kTryLater));
}

Error cut(const FailedTransfer& failed) {
  if (failed.proxy_status != 0 && failed.proxy_status / 100 != 2) {
    return network(fmt::format("the proxy {} refused to connect to {} (status {}): check --proxy",
                               redacted_url(failed.proxy), host(failed), failed.proxy_status));
  }
  return network(
      fmt::format("the connection to {}{} was reset{}{}", host(failed), by_proxy(failed), reason(failed), kTryLater));
}

Error ended_early(const FailedTransfer& failed) {
  return network(fmt::format("{} ended its answer early, after {} bytes{}", host(failed), failed.bytes, kTryLater));
}

Error unverified(const FailedTransfer& failed) {
  return network(
      fmt::format("the TLS certificate of {} could not be verified{}: check this machine's clock and certificates, and "
                  "whether a proxy intercepts TLS",
                  host(failed), reason(failed)));
}

}  // namespace

bool was_sent(const FailedTransfer& failed) {
  switch (failed.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PROXY:
    case CURLE_URL_MALFORMAT: return false;
    case CURLE_OPERATION_TIMEDOUT: return failed.connected;
    default: return failed.proxy_status == 0 || failed.proxy_status / 100 == 2;
  }
}

bool is_transient_error(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SSL_CONNECT_ERROR:  // mostly a handshake cut by the network
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return true;
    default: return false;
  }
}

Error describe_failure(const FailedTransfer& failed) {
  switch (failed.code) {
    case CURLE_COULDNT_RESOLVE_HOST: return unresolved(failed);
    case CURLE_COULDNT_RESOLVE_PROXY: return unresolved_proxy(failed);
    case CURLE_COULDNT_CONNECT: return not_connected(failed);
    case CURLE_OPERATION_TIMEDOUT: return timed_out(failed);
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return cut(failed);
    case CURLE_GOT_NOTHING:
      return network(fmt::format("{} closed the connection without an answer{}", host(failed), kTryLater));
    case CURLE_PARTIAL_FILE: return ended_early(failed);
    case CURLE_PEER_FAILED_VERIFICATION: return unverified(failed);
    case CURLE_SSL_CACERT_BADFILE:
      return network(
          fmt::format("could not read the certificates to verify {}{}: install ca-certificates or name another file",
                      host(failed), reason(failed)));
    case CURLE_SSL_CONNECT_ERROR:
      return network(fmt::format("no TLS connection to {}{}{}: the host must offer TLS 1.2 or later", host(failed),
                                 by_proxy(failed), reason(failed)));
    case CURLE_PROXY:
      return network(fmt::format("the proxy {} refused to connect to {}{}: check --proxy", redacted_url(failed.proxy),
                                 host(failed), reason(failed)));
    case CURLE_BAD_CONTENT_ENCODING:
      return bad_data(fmt::format("the answer of {} is broken: its compression cannot be undone", host(failed)));
    case CURLE_UNSUPPORTED_PROTOCOL:  // the scheme was checked before: an answer without a status line
    case CURLE_WEIRD_SERVER_REPLY: return bad_data(host(failed) + " does not answer in HTTP: check host and port");
    default:
      return network(fmt::format("the transfer from {}{} failed ({}){}", host(failed), by_proxy(failed),
                                 curl_easy_strerror(failed.code), kTryLater));
  }
}

}  // namespace lookalike
