// What is left when the machine has no more memory, threads or descriptors where nothing can be done without: a message
// that says so, and an exit status of its own. Never an abort.
// Threads: any may fail; install() belongs to main().
// Tested by tests/cli/commands/last_resort_test.cc and command_resources_test.cc
#pragma once

#include <exception>
#include <string>

namespace lookalike {

// From now on an exception that no thread catches ends the program so.
void install_last_resort();

// "the system allows no more threads or processes …": what happened, and what to do next.
std::string last_resort_message(const std::exception& error);

}  // namespace lookalike
