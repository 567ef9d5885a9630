#include "cli/options/user_folders.h"

#include "core/base/files/user_folders.h"

namespace lookalike {
namespace {

std::filesystem::path folder_of(const UserFolder& folder, const Environment& environment) {
  return user_folder(folder, environment(folder.variable), environment("HOME"));
}

}  // namespace

std::filesystem::path state_folder(const Environment& environment) {
  return folder_of(kStateFolder, environment);
}

std::filesystem::path cache_folder(const Environment& environment) {
  return folder_of(kCacheFolder, environment);
}

}  // namespace lookalike
