// The groups of options that several commands share.
#pragma once

#include "cli/options/options.h"

namespace CLI {
class App;
}

namespace lookalike {

void add_source_options(CLI::App& app, SourceOptions& source);
void add_model_options(CLI::App& app, ModelOptions& model);
void add_network_options(CLI::App& app, NetworkOptions& network);
void add_cache_options(CLI::App& app, CacheOptions& cache);
// Also --config, --help and --version.
void add_general_options(CLI::App& app, GeneralOptions& general);

}  // namespace lookalike
