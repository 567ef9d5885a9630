#include "cli/options/api_keys.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "core/base/files/file.h"
#include "core/base/files/input.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr int64_t kMaxKeyFileBytes = 64 << 10;

bool is_provider_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::islower(c) != 0; });
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

Result<std::string> key_from_options(const std::vector<std::string>& keys, std::string_view provider) {
  std::string bare;
  for (const std::string& entry : keys) {
    const size_t equals = entry.find('=');
    if (!is_bare_key(entry)) {
      if (std::string_view(entry).substr(0, equals) == provider) return entry.substr(equals + 1);
      continue;
    }
    if (!bare.empty() && bare != entry) {
      return Error{ErrorCode::usage, "several keys were given: name the source of each, as in --api-key flickr=KEY"};
    }
    bare = entry;
  }
  return bare;
}

}  // namespace

Result<std::string> read_key_file(const SourceOptions& options, const InputPatience& patience) {
  const std::string& file = options.api_key_file;
  if (file.empty()) return std::string();
  const auto text = read_text(file, kMaxKeyFileBytes, patience);
  if (!text.ok()) return Error{ErrorCode::usage, "--api-key-file: " + text.error().message};
  const auto lines = text_lines(*text);
  const std::string_view key = lines.empty() ? std::string_view() : trim(lines.front());
  if (!key.empty()) return std::string(key);
  return Error{ErrorCode::usage, "--api-key-file: the first line of " + input_name(file) + " is empty"};
}

std::vector<std::string> secrets_of_key(const std::string& key) {
  std::vector<std::string> secrets{key};
  const size_t colon = key.find(':');
  if (colon != std::string::npos && colon + 1 < key.size()) secrets.push_back(key.substr(colon + 1));
  return secrets;
}

bool is_bare_key(const std::string& text) {
  const size_t equals = text.find('=');
  return equals == std::string::npos || !is_provider_name(std::string_view(text).substr(0, equals));
}

std::string environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

Result<std::string> find_api_key(const SourceOptions& options, const std::string& key_in_file,
                                 std::string_view provider, const Environment& environment) {
  auto key = key_from_options(options.api_keys, provider);
  if (!key.ok() || !key->empty()) return key;
  if (!options.api_key_file.empty()) return key_in_file;
  const std::string prefix = "LOOKALIKE_" + upper(provider);
  const std::string client = environment(prefix + "_CLIENT_ID");
  const std::string secret = environment(prefix + "_CLIENT_SECRET");
  if (!client.empty() && !secret.empty()) return std::string(trim(client)) + ":" + std::string(trim(secret));
  const std::string own = environment(prefix + "_KEY");
  return std::string(trim(own.empty() ? environment(upper(provider) + "_API_KEY") : own));
}

}  // namespace lookalike
