#include "cli/options/user_folders.h"

namespace lookalike {
namespace {

std::filesystem::path folder(const Environment& environment, const char* variable, const char* below_home) {
  const std::filesystem::path named = environment(variable);
  if (named.is_absolute()) return named / "lookalike";  // others are to be ignored, says the specification
  const std::filesystem::path home = environment("HOME");
  return home.is_absolute() ? home / below_home / "lookalike" : std::filesystem::path();
}

}  // namespace

std::filesystem::path state_folder(const Environment& environment) {
  return folder(environment, "XDG_STATE_HOME", ".local/state");
}

std::filesystem::path cache_folder(const Environment& environment) {
  return folder(environment, "XDG_CACHE_HOME", ".cache");
}

}  // namespace lookalike
