// Which network file the options mean: by a name of the catalogue or by a path.
// Threads: free functions without state.
// Tested by tests/command/command_network_test.cc and command_models_test.cc
#pragma once

#include "cli/options/options.h"
#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "models/store.h"

namespace lookalike {

// The folders that networks are looked for in, from the environment and where this program stands.
ModelStore open_model_store();

// The network that the options name, with its layer. Errors: model, usage.
Result<NetworkSpec> choose_network(const ModelOptions& options);

}  // namespace lookalike
