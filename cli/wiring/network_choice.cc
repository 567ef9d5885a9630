#include "cli/wiring/network_choice.h"

#include <filesystem>
#include <system_error>

#include "cli/options/user_folders.h"

namespace lookalike {

ModelStore open_model_store() {
  std::error_code error;
  return ModelStore(model_folders({.lookalike_models = environment_variable("LOOKALIKE_MODELS"),
                                   .xdg_data_home = environment_variable("XDG_DATA_HOME"),
                                   .home = environment_variable("HOME"),
                                   .executable = std::filesystem::read_symlink("/proc/self/exe", error)}));
}

Result<NetworkSpec> choose_network(const ModelOptions& options) {
  SpecOverrides overrides;
  if (!options.layer.empty()) overrides.feature_layer = options.layer;
  auto network = open_model_store().resolve(options.model, overrides);
  if (network.ok() || network.error().code == ErrorCode::usage) return network;
  return Error{ErrorCode::model, network.error().message};
}

}  // namespace lookalike
