#include "cli/options/source_choice.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cli/options/api_keys.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

Error wrong_use(const std::string& message) {
  return {ErrorCode::usage, message};
}

std::string with_commas(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : ",") + word;
  return text;
}

std::string with_home(const std::string& provider) {
  constexpr std::string_view kHomeFolder = "folder:~/";  // a shell expands '~' only at the beginning of a word
  if (!provider.starts_with(kHomeFolder)) return provider;
  return "folder:" + environment_variable("HOME") + "/" + provider.substr(kHomeFolder.size());
}

// What was asked for; else the source whose key is known, else one that needs none.
Result<std::vector<std::string>> chosen_providers(const SourceOptions& options, const std::string& key_in_file) {
  std::vector<std::string> chosen;
  for (const std::string& provider : options.providers) {
    if (std::find(chosen.begin(), chosen.end(), with_home(provider)) == chosen.end())
      chosen.push_back(with_home(provider));
  }
  if (!chosen.empty()) return chosen;
  const auto key = find_api_key(options, key_in_file, "flickr", environment_variable);
  if (!key.ok()) return key.error();
  return std::vector<std::string>{key->empty() ? "openverse" : "flickr"};
}

Error missing_key(const ProviderInfo& info) {
  return {ErrorCode::auth, "no API key for " + std::string(info.name) +
                               ": give --api-key KEY, --api-key-file FILE or $" +
                               std::string(info.key_variables.front()) + " (get one at " + std::string(info.key_url) +
                               "), or search without one: --provider openverse, commons or folder:DIR"};
}

// The source that a key without a name belongs to; nothing when it could be several.
std::optional<std::string_view> owner_of_bare_key(const std::vector<const ProviderInfo*>& infos) {
  for (const KeyNeed need : {KeyNeed::required, KeyNeed::optional}) {
    const auto takes = [need](const ProviderInfo* info) { return info->key == need; };
    const auto count = std::count_if(infos.begin(), infos.end(), takes);
    if (count > 1) return std::nullopt;
    if (count == 1) return (*std::find_if(infos.begin(), infos.end(), takes))->name;
  }
  return "";
}

bool has_bare_key(const SourceOptions& options) {
  return !options.api_key_file.empty() || std::any_of(options.api_keys.begin(), options.api_keys.end(), is_bare_key);
}

// The options as far as they are one source's.
Result<SourceOptions> keys_of(const SourceOptions& options, const ProviderInfo& info,
                              const std::vector<const ProviderInfo*>& infos) {
  if (infos.size() == 1 || !has_bare_key(options)) return options;
  const auto owner = owner_of_bare_key(infos);
  if (!owner) {
    return wrong_use("several sources take a key: name the source of yours, as in --api-key " + std::string(info.name) +
                 "=KEY");
  }
  SourceOptions own = options;
  if (*owner == info.name) return own;
  own.api_key_file.clear();
  std::erase_if(own.api_keys, is_bare_key);
  return own;
}

Status add_key(const SourceOptions& options, const std::string& key_in_file, const ProviderInfo& info,
               ProviderSettings& settings, LogWriter& log) {
  if (info.key == KeyNeed::none) return {};
  auto key = find_api_key(options, key_in_file, info.name, environment_variable);
  if (!key.ok()) return key.error();
  if (key->empty() && info.key == KeyNeed::required) return missing_key(info);
  for (const std::string& secret : secrets_of_key(*key)) {
    if (!secret.empty()) log.add_secret(secret);
  }
  settings.api_key = std::move(*key);
  return {};
}

// "NAME=URL" is that source's, "URL" the only one's.
Status add_endpoint(const std::vector<std::string>& endpoints, const std::vector<const ProviderInfo*>& infos,
                    std::vector<ProviderSettings>& sources) {
  for (const std::string& endpoint : endpoints) {
    const size_t equals = endpoint.find('=');
    const size_t slash = endpoint.find('/');
    const bool named = equals != std::string::npos && equals < slash;
    if (!named && sources.size() > 1) {
      return wrong_use("several sources are searched: name the source of the endpoint, as in --endpoint " +
                   std::string(infos[0]->name) + "=" + terminal_safe(endpoint));
    }
    const std::string name = named ? endpoint.substr(0, equals) : std::string(infos[0]->name);
    const auto info = std::find_if(infos.begin(), infos.end(), [&](const auto* other) { return other->name == name; });
    if (info == infos.end())
      return wrong_use("--endpoint " + terminal_safe(endpoint) + ": no source of that name is searched");
    sources[static_cast<size_t>(info - infos.begin())].endpoint = named ? endpoint.substr(equals + 1) : endpoint;
  }
  return {};
}

}  // namespace

Result<std::vector<ProviderSettings>> choose_sources(const SourceOptions& options, LogWriter& log,
                                                     const InputPatience& patience) {
  const auto key_in_file = read_key_file(options, patience);
  if (!key_in_file.ok()) return key_in_file.error();
  const auto chosen = chosen_providers(options, *key_in_file);
  if (!chosen.ok()) return chosen.error();
  std::vector<const ProviderInfo*> infos;
  std::vector<ProviderSettings> sources;
  for (const std::string& provider : *chosen) {
    const auto info = find_provider(provider);
    if (!info.ok()) return info.error();
    infos.push_back(*info);
    sources.push_back(
        {.provider = provider, .licenses = with_commas(options.licenses), .safe = options.safe, .log = log.sink()});
  }
  if (const Status added = add_endpoint(options.endpoints, infos, sources); !added.ok()) return added.error();
  for (size_t i = 0; i < sources.size(); ++i) {
    const auto own = keys_of(options, *infos[i], infos);
    if (!own.ok()) return own.error();
    if (const Status added = add_key(*own, *key_in_file, *infos[i], sources[i], log); !added.ok()) return added.error();
  }
  return sources;
}

}  // namespace lookalike
