// Where this program's files lie below a user's own folders.
// Source: XDG Base Directory Specification 0.8.
// Threads: free functions without state.
// Tested by tests/core/base/files/user_folders_test.cc
#pragma once

#include <filesystem>
#include <string>

namespace lookalike {

struct UserFolder {
  const char* variable;    // that may name the folder
  const char* below_home;  // where it is otherwise
};
inline constexpr UserFolder kStateFolder{"XDG_STATE_HOME", ".local/state"};
inline constexpr UserFolder kCacheFolder{"XDG_CACHE_HOME", ".cache"};
inline constexpr UserFolder kDataFolder{"XDG_DATA_HOME", ".local/share"};

// `named`: the variable's value, `home`: that of HOME. The specification says to ignore a value that is no absolute
// path. Empty when no home directory is known.
inline std::filesystem::path user_folder(const UserFolder& folder, const std::filesystem::path& named,
                                         const std::filesystem::path& home) {
  if (named.is_absolute()) return named / "lookalike";
  return home.is_absolute() ? home / folder.below_home / "lookalike" : std::filesystem::path();
}

}  // namespace lookalike
