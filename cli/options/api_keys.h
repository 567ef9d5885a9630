// Finds the key of a source: options first, then the file of --api-key-file, then the environment.
// Tested by tests/cli/options/api_keys_test.cc
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/options.h"
#include "core/base/files/input.h"
#include "core/base/result.h"

namespace lookalike {

// How a variable of the environment is read; empty when it is not set.
using Environment = std::function<std::string(const std::string& name)>;
std::string environment_variable(const std::string& name);

// The key in the file of --api-key-file: its first line; empty without that option. To be read once: it may be a pipe.
// Errors: usage (cannot be read, holds no key).
Result<std::string> read_key_file(const SourceOptions& options, const InputPatience& patience = {});

// The key for `provider`, empty when none is known. Looked for in --api-key PROVIDER=KEY, --api-key KEY,
// `key_in_file` with --api-key-file, LOOKALIKE_<PROVIDER>_CLIENT_ID and _CLIENT_SECRET together (as "ID:SECRET"),
// LOOKALIKE_<PROVIDER>_KEY, <PROVIDER>_API_KEY.
// Errors: usage (several bare keys).
Result<std::string> find_api_key(const SourceOptions& options, const std::string& key_in_file,
                                 std::string_view provider, const Environment& environment);

// Whether it stands without a source's name: KEY, not PROVIDER=KEY.
bool is_bare_key(const std::string& text);

// What of a key must not be shown: all of it, and the secret of "ID:SECRET" also by itself.
std::vector<std::string> secrets_of_key(const std::string& key);

}  // namespace lookalike
