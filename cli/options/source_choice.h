// Which sources a run searches, each with its key and its address, from options and environment.
// Tested by tests/cli/options/source_choice_test.cc
#pragma once

#include <vector>

#include "cli/console/log_writer.h"
#include "cli/options/options.h"
#include "core/base/files/input.h"
#include "core/base/result.h"
#include "providers/registry.h"

namespace lookalike {

// Those that the options name; without a name flickr when its key is known, else openverse.
// With several, --endpoint and --api-key say whose they are (NAME=VALUE); a bare key is that of the only one that needs
// a key. Secrets are made known to `log`, which is borrowed.
// Errors: auth (a key is needed and none is known), usage.
Result<std::vector<ProviderSettings>> choose_sources(const SourceOptions& options, LogWriter& log,
                                                     const InputPatience& patience = {});

}  // namespace lookalike
