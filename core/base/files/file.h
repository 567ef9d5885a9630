// Whole files, with limits, and writes that leave either the old file or the new one.
// Threads: free functions without state.
// Tested by tests/core/base/files/file_test.cc
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lookalike {

// Nothing is waited for (but see core/base/files/input.h). Errors: not_found (also no regular file), bad_data (too
// large).
Result<std::string> read_file(const std::filesystem::path& path, int64_t max_bytes);

// Writes beside the file and renames over it (file_replacement.h); links are followed, and mode and owner stay. A file
// that has a second name or an owner whom we may not give, a device and a FIFO are written into instead.
// Errors: usage (cannot be written there, disk full).
Status write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace lookalike
