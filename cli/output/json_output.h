// The JSON documents of docs/formats.md, schema "lookalike/1".
// Numbers are finite and text is valid UTF-8, whatever the source said.
// Tested by tests/cli/output/json_output_test.cc
#pragma once

#include <string>

#include "cli/output/report.h"

namespace lookalike {

enum class JsonStyle { pretty, line };

// One document, without a newline at its end.
std::string json_document(const SearchReport& report, JsonStyle style);
std::string json_document(const FailedQuery& failure, JsonStyle style);

}  // namespace lookalike
