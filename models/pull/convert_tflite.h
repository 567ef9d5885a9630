// Turns a tflite network into ONNX by running tflite_to_onnx.py, which is built into the program, with Python.
// Threads: a free function without state.
// Tested by tests/models/pull/convert_tflite_test.cc
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "core/base/result.h"
#include "core/process/run_program.h"

namespace lookalike {

// Whether that can work here. Errors: model (Python is missing).
Status can_convert_tflite(const ProgramEnvironment& environment);

// Writes `onnx`; `folder` takes the script meanwhile. `member` not empty: `tflite` is a .tgz and holds it as that file.
// Errors: model (Python is missing, or says what is wrong with the file), usage, interrupted.
Status convert_tflite(const std::filesystem::path& tflite, const std::string& member, const std::filesystem::path& onnx,
                      const std::filesystem::path& folder, const ProgramEnvironment& environment, std::stop_token stop);

}  // namespace lookalike
