#include "providers/registry.h"

#include <array>
#include <string>
#include <vector>

#include "core/base/text/nearest_word.h"
#include "core/base/text/text.h"
#include "core/http/url.h"
#include "providers/common/service_request.h"
#include "providers/flickr/flickr.h"
#include "providers/folder/folder.h"
#include "providers/program.h"
#include "providers/sources.h"

namespace lookalike {
namespace {

// An explicit list: a static library drops objects that register themselves.
const std::vector<ProviderEntry>& entries() {
  static const std::vector<ProviderEntry> kEntries{
      json_entry(flickr_service()),
      openverse_entry(),
      json_entry(commons_service()),
      json_entry(pixabay_service()),
      json_entry(inaturalist_service()),
      json_entry(nasa_service()),
      folder_entry(),
      program_entry(),
  };
  return kEntries;
}

std::string usage_of(const ProviderInfo& info) {
  return std::string(info.name) + (info.argument.empty() ? "" : ":" + std::string(info.argument));
}

std::string names() {
  std::string list;
  for (const ProviderEntry& entry : entries())
    list += (list.empty() ? "" : ", ") + usage_of(entry.info);
  return list;
}

Result<const ProviderEntry*> find_entry(std::string_view provider) {
  const size_t colon = provider.find(':');
  const std::string_view name = provider.substr(0, colon);
  const std::string shown = "--provider " + terminal_safe(provider);
  for (const ProviderEntry& entry : entries()) {
    if (entry.info.name != name) continue;
    const bool has_argument = colon != std::string_view::npos && colon + 1 < provider.size();
    if (has_argument == !entry.info.argument.empty()) return &entry;
    return Error{ErrorCode::usage, shown + (has_argument ? " takes nothing after its name" : " lacks its argument") +
                                       ": write " + usage_of(entry.info)};
  }
  std::vector<std::string> known;
  for (const ProviderEntry& entry : entries())
    known.emplace_back(entry.info.name);
  return Error{ErrorCode::usage, shown + " is not known: use one of " + names() + did_you_mean(name, known)};
}

std::string argument_of(const std::string& provider) {
  const size_t colon = provider.find(':');
  return colon == std::string::npos ? std::string() : provider.substr(colon + 1);
}

}  // namespace

std::span<const ProviderInfo> provider_infos() {
  static const std::vector<ProviderInfo> kInfos = [] {
    std::vector<ProviderInfo> infos;
    for (const ProviderEntry& entry : entries())
      infos.push_back(entry.info);
    return infos;
  }();
  return kInfos;
}

Result<const ProviderInfo*> find_provider(std::string_view provider) {
  const Result<const ProviderEntry*> entry = find_entry(provider);
  if (!entry) return entry.error();
  return &(*entry)->info;
}

Result<std::unique_ptr<Provider>> make_provider(const ProviderSettings& settings, HttpClient& http) {
  const Result<const ProviderEntry*> entry = find_entry(settings.provider);
  if (!entry) return entry.error();
  ProviderSettings own = settings;
  own.provider = argument_of(settings.provider);
  return (*entry)->make(own, http);
}

AddressScope image_scope(const ProviderSettings& settings) {
  const Result<const ProviderEntry*> entry = find_entry(settings.provider);
  if (!entry || ((*entry)->endpoint.empty() && settings.endpoint.empty())) return AddressScope::internet;
  const Result<Endpoint> endpoint = make_endpoint(settings.endpoint, (*entry)->endpoint);
  return endpoint ? endpoint->scope : AddressScope::internet;
}

}  // namespace lookalike
