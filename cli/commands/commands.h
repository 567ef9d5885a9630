// The commands, and which of them the first argument means.
// A command takes its arguments without its own name, as typed, and returns the exit status. Results go to standard
// output, and every error has been printed when it returns. Each is in a file of its own.
// Threads: one.
// Tested by tests/cli/commands/commands_test.cc and tests/command
#pragma once

#include <string>
#include <vector>

#include "cli/console/exit_code.h"
#include "cli/options/options.h"

namespace lookalike {

// `arguments` without the program's name. A word that names no command is an image; one that names no file either, and
// is near to a command's name, is taken for a slip.
ExitCode run_command(const std::vector<std::string>& arguments);

// What was probably meant by a first argument that is neither a command nor a file: "search" for "serach"; else empty.
std::string mistyped_command(const std::string& word);

// `lookalike [search] IMAGE...`: searches for one image or many, or for photos of a good --score; its arguments have
// been parsed.
ExitCode run_search_command(const SearchCommandOptions& options);

// `lookalike models list | pull [NAME] | info NAME | path [NAME]`: the networks that there are, and those on this
// machine.
ExitCode run_models_command(const std::vector<std::string>& arguments);

// `lookalike providers`: what each source offers, needs and allows, from the registry.
ExitCode run_providers_command(const std::vector<std::string>& arguments);

// `lookalike doctor`: tries the network, the key, the source and the terminal, and says what to do next.
ExitCode run_doctor_command(const std::vector<std::string>& arguments);

// `lookalike cache info|clear`: what searches have kept on this machine.
ExitCode run_cache_command(const std::vector<std::string>& arguments);

// `lookalike eval MANIFEST`: replays the strategies on a tagged collection and says how much of the best each finds.
ExitCode run_eval_command(const std::vector<std::string>& arguments);

}  // namespace lookalike
