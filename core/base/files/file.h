// Whole files, with limits, as bytes or as text, and writes that leave either the old file or the new one.
// Threads: free functions without state.
// Tested by tests/core/base/files/file_test.cc
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

// Nothing is waited for (but see core/base/files/input.h). Errors: not_found (also no regular file), bad_data (too
// large).
Result<std::string> read_file(const std::filesystem::path& path, int64_t max_bytes);

// Writes beside the file and renames over it (file_replacement.h); links are followed, and mode and owner stay. A file
// that has a second name or an owner whom we may not give, a device and a FIFO are written into instead.
// Errors: usage (cannot be written there, disk full).
Status write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

// Text that people write, by whatever editor on whatever system: UTF-8 with or without a byte order mark, UTF-16 and
// UTF-32 with one (what Windows calls Unicode), lines that end in \n or \r\n (or all in \r), the last one perhaps in
// nothing.

// The same text as UTF-8 without a mark. What is in no Unicode encoding is left as it is; unpaired surrogates become
// U+FFFD. Errors: bad_data (holds NUL characters, so it is no text, or UTF-16 without a mark).
Result<std::string> plain_text(std::string bytes);

// The lines without their ends, in order; a text that ends in a line's end has no empty line after it.
std::vector<std::string_view> text_lines(std::string_view text);

// The plain text of bytes that were read from `name`, which an error begins with. Errors: those of the bytes, and of
// plain_text().
Result<std::string> named_text(Result<std::string> bytes, const std::string& name);
// The plain text of a regular file. Errors: those of read_file(), and of plain_text() with the file's name.
Result<std::string> read_text_file(const std::filesystem::path& path, int64_t max_bytes);

}  // namespace lookalike
