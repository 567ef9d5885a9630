// Where results go: standard output, or a file that is either there in full or not at all.
// Tested by tests/cli/output_file_test.cc
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lookalike {

// Before a search is paid for: can the file be written later? Errors: usage.
Status check_output_file(const std::string& path, bool force);

// All of it to standard output. A closed pipe is no error, but said; a full disk is.
Status write_standard_output(std::string_view bytes, bool* closed = nullptr);

}  // namespace lookalike
