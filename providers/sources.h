// The services that have a file each, providers/NAME.cc.
// Threads: the descriptions are constant.
#pragma once

#include "providers/common/json_service.h"
#include "providers/common/provider_entry.h"

namespace lookalike {

const JsonService& commons_service();
const JsonService& inaturalist_service();
const JsonService& nasa_service();
const JsonService& pixabay_service();

ProviderEntry openverse_entry();

}  // namespace lookalike
