#include "providers/common/service_request.h"

#include <algorithm>
#include <utility>

#include "core/base/text/text.h"
#include "core/http/address_policy.h"
#include "core/http/url.h"
#include "providers/common/answer_fields.h"

namespace lookalike {
namespace {

constexpr std::string_view kWithinWords = "-'_.&";

bool is_punctuation(char c) {
  const auto byte = static_cast<unsigned char>(c);
  const bool letter_or_digit =
      (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
  return byte < 0x80 && !letter_or_digit;
}

size_t code_points(std::string_view utf8) {
  return static_cast<size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Names that only a private network's own resolver knows.
bool is_private_name(std::string_view host) {
  if (host.find('.') == std::string_view::npos) return true;
  for (const std::string_view suffix : {".local", ".lan", ".internal", ".home.arpa"}) {
    if (host.ends_with(suffix)) return true;
  }
  return false;
}

}  // namespace

AddressScope scope_of_host(std::string_view host) {
  if (is_loopback_host(host)) return AddressScope::loopback;
  if (const auto kind = classify_literal(host)) {
    return *kind == AddressKind::internet ? AddressScope::internet : AddressScope::any;
  }
  return is_private_name(ascii_lower(host)) ? AddressScope::any : AddressScope::internet;
}

Result<Endpoint> make_endpoint(std::string_view given, std::string_view own) {
  const std::string_view address = given.empty() ? own : given;
  const Result<Url> url = parse_url(address);
  if (!url) return url.error();
  if (url->scheme != "https" && url->scheme != "http") {
    return Error{ErrorCode::usage, "--endpoint " + redacted_url(address) + " is not an http or https URL"};
  }
  if (url->scheme == "http" && !is_loopback_host(url->host)) {
    return Error{ErrorCode::usage, "--endpoint " + redacted_url(address) +
                                       " would send the key unencrypted: use https (plain http is only for a loopback "
                                       "address such as http://127.0.0.1:8080/)"};
  }
  return Endpoint{url->address, scope_of_host(url->host)};
}

Result<std::string> checked_api_key(std::string_view given, const std::string& service, const std::string& variable,
                                    const std::string& where) {
  const std::string_view key = trim(given);
  if (key.empty()) {
    return Error{ErrorCode::auth, service + " needs an API key: give --api-key KEY or --api-key-file FILE, or set " +
                                      variable + "; get one at " + where};
  }
  const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (printable && key.size() <= 256) return std::string(key);
  return Error{ErrorCode::auth, "the API key for " + service +
                                    " holds blanks or other characters that no key has: check it at " + where};
}

Result<SafeLevel> parse_safe_level(std::string_view text) {
  if (text.empty() || text == "strict") return SafeLevel::strict;
  if (text == "moderate") return SafeLevel::moderate;
  if (text == "off") return SafeLevel::off;
  return Error{ErrorCode::usage, "--safe " + terminal_safe(text) + " is not known: use strict, moderate or off"};
}

std::vector<std::string> words_to_ask(std::string_view text) {
  const std::string clean = terminal_safe(text);
  std::vector<std::string> words;
  std::string word;
  for (size_t i = 0; i <= clean.size(); ++i) {
    const bool inside = i > 0 && i + 1 < clean.size() && !is_punctuation(clean[i - 1]) && !is_punctuation(clean[i + 1]);
    const bool ends = i == clean.size() ||
                      (is_punctuation(clean[i]) && (!inside || kWithinWords.find(clean[i]) == std::string_view::npos));
    if (!ends) {
      word += clean[i];
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

Result<std::string> query_text(std::string_view text, size_t max_code_points, std::string_view separator) {
  std::string joined;
  size_t used = 0;
  for (const std::string& word : words_to_ask(text)) {
    const std::string_view between = joined.empty() ? std::string_view() : separator;
    const size_t more = between.size() + code_points(word);
    if (used + more > max_code_points) break;
    joined.append(between).append(word);
    used += more;
  }
  if (!joined.empty()) return joined;
  const std::vector<std::string> words = words_to_ask(text);
  if (!words.empty()) return clip_text(words.front(), max_code_points);
  return Error{ErrorCode::usage, "nothing to search for is left of \"" + clip_text(terminal_safe(text), 60) + "\""};
}

}  // namespace lookalike
