// The sources that the program knows, in the order in which users are told of them.
// Threads: free functions; the list is constant.
// Tested by tests/providers/registry_test.cc
#pragma once

#include <memory>
#include <span>

#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/http/http_client.h"
#include "providers/common/provider_entry.h"

namespace lookalike {

std::span<const ProviderInfo> provider_infos();

// The entry that "flickr" or "folder:DIR" names; nothing is opened or asked.
// Errors: usage (no such source, with those there are; argument missing or not wanted).
Result<const ProviderInfo*> find_provider(std::string_view provider);

// Errors: those of find_provider; auth (key missing); usage and not_found of the source itself.
Result<std::unique_ptr<Provider>> make_provider(const ProviderSettings& settings, HttpClient& http);

// How far into private networks the images may lie that the source's answers name: no farther than its endpoint.
// internet for settings that make_provider would refuse.
AddressScope image_scope(const ProviderSettings& settings);

}  // namespace lookalike
