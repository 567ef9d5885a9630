// The mark at the end of a network that this program converted (tflite_to_onnx.py): a metadata property of the ONNX
// file, with the digest of the file it was made from and that of all bytes before the property. So a file whose digest
// no catalogue can name is still known to be whole, and to be what it says.
// Layout: field 14 of ModelProto, StringStringEntryProto {1: "lookalike_mark", 2: "SOURCE BEFORE"}, both SHA-256 in
// hex; 151 bytes in all. It proves no more than a digest beside the file would: that nothing was damaged or mixed up.
// Threads: free functions without state.
// Tested by tests/models/conversion_mark_test.cc
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace lookalike {

// The SHA-256 of the file that `path` was made from. Reads the whole file.
// Errors: not_found (cannot be read), bad_data (no mark; the bytes before it are not what it says).
Result<std::string> source_in_mark(const std::filesystem::path& path);

}  // namespace lookalike
