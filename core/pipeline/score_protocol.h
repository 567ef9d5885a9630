// What a scoring program is told and what it answers: a JSON object a line each way, schema "lookalike-score/1".
//   in   {"schema": "lookalike-score/1", "id": "2718", "file": "/tmp/…/1.jpg", "title": "…", "tags": ["…"],
//         "page_url": "…", "image_url": "…", "provider": "flickr", "owner": "…", "license": "CC BY 2.0"}
//   out  {"id": "2718", "score": 0.7}   or   {"id": "2718", "error": "why there is none"}
// Every text came from outside: it is JSON, so no line break and no quote in it can end the line or the text.
// Threads: free functions without state.
// Tested by tests/core/pipeline/score_protocol_test.cc
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "core/base/photo.h"
#include "core/base/result.h"

namespace lookalike {

inline constexpr size_t kMaxAnswerBytes = 64 << 10;

// One line with its end. `file`: valid UTF-8.
std::string score_request(const Photo& photo, std::string_view file);

// A program may honestly have no score for a photo.
struct ScoreRefusal {
  std::string why;
};
using ScoreAnswer = std::variant<double, ScoreRefusal>;

// `line` without its end. The score is finite and at most 1e30 either way. Errors: bad_data (not JSON, no object,
// another photo's id, no number), saying which.
Result<ScoreAnswer> parse_score_answer(std::string_view line, const Photo& photo);

}  // namespace lookalike
