#include "core/http/transfer_error.h"

#include <cstdio>
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
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(time.count()) / 1000.0);
  return text;
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
  return network("could not find the host " + terminal_safe(failed.url.host) +
                 " (no answer from DNS): check the spelling, the network or --proxy");
}

Error unresolved_proxy(const FailedTransfer& failed) {
  return network("could not find the proxy " + redacted_url(failed.proxy) + " (no answer from DNS): check --proxy");
}

Error not_connected(const FailedTransfer& failed) {
  return network("could not connect to " + host(failed) + by_proxy(failed) + reason(failed) + check_what(failed));
}

Error timed_out(const FailedTransfer& failed) {
  const std::string after = " within " + seconds_text(failed.elapsed);
  if (!failed.resolved) {
    return network("could not find the host " + terminal_safe(failed.url.host) + by_proxy(failed) +
                   ": DNS did not answer" + after + " (time-out)" + check_what(failed));
  }
  if (!failed.connected) {
    return network("could not connect to " + host(failed) + by_proxy(failed) + after + " (time-out)" +
                   check_what(failed));
  }
  if (!failed.answered)
    return network("no answer from " + host(failed) + by_proxy(failed) + after + " (time-out)" + kTryLater);
  return network("the answer of " + host(failed) + by_proxy(failed) + " was too slow: only " +
                 std::to_string(failed.bytes) + " bytes" + after + " (time-out)" + kTryLater);
}

Error cut(const FailedTransfer& failed) {
  if (failed.proxy_status != 0 && failed.proxy_status / 100 != 2) {
    return network("the proxy " + redacted_url(failed.proxy) + " refused the way to " + host(failed) + " (status " +
                   std::to_string(failed.proxy_status) + "): check --proxy");
  }
  return network("the connection to " + host(failed) + by_proxy(failed) + " was reset" + reason(failed) + kTryLater);
}

Error ended_early(const FailedTransfer& failed) {
  return network(host(failed) + " ended its answer early, after " + std::to_string(failed.bytes) + " bytes" +
                 kTryLater);
}

Error unverified(const FailedTransfer& failed) {
  return network("the TLS certificate of " + host(failed) + " could not be verified" + reason(failed) +
                 ": check this machine's clock and certificates, and whether a proxy intercepts TLS");
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
    case CURLE_GOT_NOTHING: return network(host(failed) + " closed the connection without an answer" + kTryLater);
    case CURLE_PARTIAL_FILE: return ended_early(failed);
    case CURLE_PEER_FAILED_VERIFICATION: return unverified(failed);
    case CURLE_SSL_CACERT_BADFILE:
      return network("could not read the certificates to verify " + host(failed) + reason(failed) +
                     ": install ca-certificates or name another file");
    case CURLE_SSL_CONNECT_ERROR:
      return network("no TLS connection to " + host(failed) + by_proxy(failed) + reason(failed) +
                     ": the host must offer TLS 1.2 or later");
    case CURLE_PROXY:
      return network("the proxy " + redacted_url(failed.proxy) + " refused the way to " + host(failed) +
                     reason(failed) + ": check --proxy");
    case CURLE_BAD_CONTENT_ENCODING:
      return bad_data("the answer of " + host(failed) + " is broken: its compression cannot be undone");
    case CURLE_UNSUPPORTED_PROTOCOL:  // the scheme was checked before: an answer without a status line
    case CURLE_WEIRD_SERVER_REPLY: return bad_data(host(failed) + " does not answer in HTTP: check host and port");
    default:
      return network("the transfer from " + host(failed) + by_proxy(failed) + " failed (" +
                     curl_easy_strerror(failed.code) + ")" + kTryLater);
  }
}

}  // namespace lookalike
