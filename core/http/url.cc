#include "core/http/url.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <idn2.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/base/text/text.h"
#include "core/http/address_policy.h"

namespace lookalike {
namespace {

constexpr size_t kLongestShown = 1000;

struct CurlUrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using CurlUrl = std::unique_ptr<CURLU, CurlUrlDeleter>;

// Empty when the URL has no such part.
std::string url_part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

Error not_a_url(std::string_view text, std::string_view reason) {
  return {ErrorCode::usage,
          fmt::format("'{}' is not a URL ({}): write it like https://host/path", redacted_url(text), reason)};
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_unreserved(unsigned char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    decoded += escape ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return decoded;
}

// Each word of the name counts ("X-Amz-Signature"), and some words also at the end of a longer one ("accessToken").
bool is_secret_word(std::string_view word) {
  constexpr std::array<std::string_view, 11> kWords{"key", "auth",    "authorization", "sig", "sign", "pwd",
                                                    "jwt", "session", "sessionid",     "sid", "pass"};
  constexpr std::array<std::string_view, 9> kEndings{"apikey", "accesskey",  "token",     "secret",    "password",
                                                     "passwd", "passphrase", "signature", "credential"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end() ||
         std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) { return word.ends_with(ending); });
}

bool is_secret_name(std::string_view encoded_name) {
  std::string name = ascii_lower(percent_decode(encoded_name));
  for (char& c : name) {
    if (!is_unreserved(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '~') c = '_';
  }
  const std::vector<std::string> words = split(name, '_');
  return std::any_of(words.begin(), words.end(), is_secret_word);
}

std::string masked_parameters(std::string_view text) {
  std::string masked;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of("&;#?"), text.size());
    const std::string_view pair = text.substr(0, end);
    const size_t equals = pair.find('=');
    const bool secret = equals != std::string_view::npos && is_secret_name(pair.substr(0, equals));
    masked += secret ? std::string(pair.substr(0, equals + 1)) + "***" : std::string(pair);
    if (end < text.size()) masked += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return masked;
}

// "user:pass" of a malformed "user:pass/word@host": what follows the colon is no port.
bool is_cut_password(std::string_view authority) {
  const size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.starts_with('[')) return false;
  const std::string_view port = authority.substr(colon + 1);
  return !std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The part before path and query, its user:password masked. Text without a scheme may still be a proxy's
// "user:password@host".
std::string masked_authority(std::string_view text) {
  const size_t scheme_end = text.find("://");
  const size_t start = scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
  const size_t end = std::min(text.find_first_of("/\\?#", start), text.size());
  const std::string_view authority = text.substr(start, end - start);
  const size_t at = authority.rfind('@');
  const std::string before(text.substr(0, start));
  if (at != std::string_view::npos) return before + "***" + std::string(text.substr(start + at));
  return is_cut_password(authority) ? before + "***" : std::string(text);
}

// The name as DNS knows it (UTS 46); empty when it is none. libcurl could do this, too, but only in a UTF-8 locale, and
// version 7.88 loses memory over each name that is none.
std::string ascii_host(const std::string& host) {
  char* name = nullptr;
  if (idn2_to_ascii_8z(host.c_str(), &name, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK) return {};
  const std::string ascii = ascii_lower(name);
  idn2_free(name);
  return is_ascii(ascii) ? ascii : std::string();
}

// The same with the host's name as DNS knows it and all else percent-encoded. `handle` holds the parsed text.
Result<Url> in_ascii(Url url, std::string_view text, CURLU* handle) {
  url.host = is_ascii(url.host) ? url.host : ascii_host(url.host);
  if (url.host.empty()) return not_a_url(text, "its host is not a valid name");
  const std::string copy(text);
  if (curl_url_set(handle, CURLUPART_URL, copy.c_str(), CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE) != CURLUE_OK)
    return not_a_url(text, "it cannot be written in ASCII");
  if (const bool is_ipv6 = url.host.find(':') != std::string::npos;
      !is_ipv6 && curl_url_set(handle, CURLUPART_HOST, url.host.c_str(), 0) != CURLUE_OK)
    return not_a_url(text, "its host is not a valid name");
  url.address = url_part(handle, CURLUPART_URL);
  url.path = url_part(handle, CURLUPART_PATH);
  url.query = url_part(handle, CURLUPART_QUERY);
  return url;
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  // A NUL would end the text early for libcurl, so that what is checked were not what is fetched.
  if (has_control_character(text)) return not_a_url(text, "it holds a control character");
  const CurlUrl handle(curl_url());
  const std::string copy(text);
  const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, copy.c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) return not_a_url(text, curl_url_strerror(code));
  Url url;
  url.scheme = ascii_lower(url_part(handle.get(), CURLUPART_SCHEME));
  url.host = ascii_lower(url_part(handle.get(), CURLUPART_HOST));
  if (url.host.starts_with('[') && url.host.ends_with(']')) url.host = url.host.substr(1, url.host.size() - 2);
  const std::string port = url_part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  url.port = port.empty() ? 0 : std::stoi(port);  // libcurl lets only 1 to 65535 pass
  url.path = url_part(handle.get(), CURLUPART_PATH);
  url.query = url_part(handle.get(), CURLUPART_QUERY);
  url.address = copy;
  if (is_ascii(url.host) && is_ascii(copy)) return url;
  return in_ascii(std::move(url), text, handle.get());
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size() + text.size() / 2);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(byte)) {
      encoded += c;
    } else {
      encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return encoded;
}

std::string with_query(std::string_view url, const std::vector<std::pair<std::string, std::string>>& parameters) {
  const size_t fragment = std::min(url.find('#'), url.size());
  std::string text(url.substr(0, fragment));
  for (const auto& [name, value] : parameters) {
    if (text.find('?') == std::string::npos) {
      text += '?';
    } else if (!text.ends_with('?') && !text.ends_with('&')) {
      text += '&';
    }
    text += percent_encode(name) + '=' + percent_encode(value);
  }
  return text.append(url.substr(fragment));
}

std::string host_and_port(const Url& url) {
  const bool v6 = url.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", url.host, url.port) : fmt::format("{}:{}", url.host, url.port);
}

std::string origin(const Url& url) {
  return url.scheme + "://" + host_and_port(url);
}

bool is_loopback_host(std::string_view host) {
  const std::optional<AddressKind> literal = classify_literal(host);
  if (literal) return *literal == AddressKind::loopback;
  std::string name = ascii_lower(host);
  if (name.ends_with('.')) name.pop_back();
  return name == "localhost" || name.ends_with(".localhost");
}

std::string redacted_url(std::string_view url) {
  std::string shown = masked_authority(url);
  const size_t tail = shown.find_first_of("?#");
  if (tail != std::string::npos)
    shown = shown.substr(0, tail + 1) + masked_parameters(std::string_view(shown).substr(tail + 1));
  if (shown.size() > kLongestShown) shown = shown.substr(0, kLongestShown) + "...";
  return terminal_safe(shown);
}

}  // namespace lookalike
