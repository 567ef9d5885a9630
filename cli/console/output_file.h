// Where results go: standard output, or a file that is either there in full or not at all. What is no regular file (a
// device, a FIFO, a name of one of our own descriptors) is written through.
// Threads: one at a time.
// Tested by tests/cli/console/output_file_test.cc and command_output_test.cc
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "cli/console/exit_code.h"
#include "core/base/result.h"

namespace lookalike {

// Descriptors 0, 1 and 2 that came closed are opened so that every use of them fails. Else the next file to be opened
// gets such a number, and the text of a stream goes into it. False: that cannot be had.
// REQUIRES: called first of all
bool guard_standard_streams();

// Before a search is paid for: can the results be written later? Errors: usage.
Status check_output_file(const std::string& path, bool force);
Status check_standard_output();

// Whether a name leads to a regular file, or to none yet.
bool is_plain_file(const std::string& path);

// Whether a name, such as /dev/stdout, is another one for standard output.
bool names_standard_output(const std::string& path);

// All of it to standard output. A closed pipe is no error, but said; a full disk is.
Status write_standard_output(std::string_view bytes, bool* closed = nullptr);

// What a command answers, to standard output. When that cannot be written: an error line, and wrong_use.
ExitCode print_answer(std::string_view text);

// "lookalike: error: ..." on standard error.
void print_error(const std::string& message);

// A FIFO for writing, once somebody reads it; without waiting in write(). Errors: usage, also when `stop` comes first.
Result<int> open_fifo(const std::string& path, std::stop_token stop);

// Waits for a FIFO's reader as open_fifo() does. Errors: usage.
Status write_output_file(const std::string& path, std::string_view bytes, std::stop_token stop = {});

}  // namespace lookalike
