// Text that people write, by whatever editor on whatever system: UTF-8 with or without a byte order mark, UTF-16 and
// UTF-32 with one (what Windows calls Unicode), lines that end in \n or \r\n (or all in \r), the last one perhaps in
// nothing. Threads: free functions without state. Tested by tests/core/base/files/text_file_test.cc
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/files/input.h"
#include "core/base/result.h"

namespace lookalike {

// The same text as UTF-8 without a mark. What is in no Unicode encoding is left as it is; unpaired surrogates become
// U+FFFD. Errors: bad_data (holds NUL characters, so it is no text, or UTF-16 without a mark).
Result<std::string> plain_text(std::string bytes);

// The lines without their ends, in order; a text that ends in a line's end has no empty line after it.
std::vector<std::string_view> text_lines(std::string_view text);

// The plain text of what a person names. Errors: those of read_input(), and of plain_text() with the input's name.
Result<std::string> read_text(const std::string& name, int64_t max_bytes, const InputPatience& patience = {});
// The plain text of a regular file. Errors: those of read_file(), and of plain_text() with the file's name.
Result<std::string> read_text_file(const std::filesystem::path& path, int64_t max_bytes);

}  // namespace lookalike
