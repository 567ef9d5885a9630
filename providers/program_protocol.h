// What a source program is asked and what it answers: a JSON object a line each way, schema "lookalike-source/1".
//   in   {"schema": "lookalike-source/1", "id": 7, "query": "tabby cat", "page": 1, "per_page": 30, "max_requests": 4,
//         "safe": "strict", "license": ["cc0", "by"], "uploaded_before": 1700000000, "endpoint": "https://…"}
//        (the last three only when they are set)
//   out  {"id": 7, "photos": [{"id": "a1", "image_url": "https://…", "page_url": "https://…", "title": "…",
//         "tags": ["…"], "owner": "…", "owner_url": "https://…", "license": "CC BY 2.0" or {"id", "name", "url"},
//         "attribution": "…"}], "has_more": true, "requests": 1, "at_once": 1}
//   or   {"id": 7, "error": {"code": "quota", "message": "come back tomorrow"}}
// docs/providers.md describes every field. What is answered is not trusted: sizes, types and addresses are checked,
// text is made valid UTF-8, unknown fields are passed over.
// Threads: free functions without state.
// Tested by tests/providers/program_protocol_test.cc; fuzzed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/provider.h"
#include "core/base/result.h"

namespace lookalike {

inline constexpr std::string_view kSourceSchema = "lookalike-source/1";
inline constexpr size_t kMaxSourceAnswerBytes = 4 << 20;
inline constexpr int kMaxSourcePhotos = 500;  // of an answer; the rest is passed over
inline constexpr int kMaxProgramsAtOnce = 8;

struct SourceQuestion {
  int64_t id = 0;
  PhotoQuery query;                   // valid UTF-8
  std::vector<std::string> licenses;  // keys of license_names.h; empty: any
  std::string safe;                   // strict, moderate or off
  std::string endpoint;               // of --endpoint; empty: none
};

// One line with its end.
std::string source_question(const SourceQuestion& question);

struct SourceAnswer {
  Result<PhotoPage> page;     // the error that the program itself answered with, in its words
  int requests = 1;           // that it says it sent to its service; at least 1
  int at_once = 1;            // how many of it may run at once, by its own word; at most kMaxProgramsAtOnce
  int dropped = 0;            // photos that cannot be used
  std::string first_problem;  // the first of them and why: "photos[3]: …"
};

// `line` without its end. Errors: bad_data (not JSON, no object, another question's id, a field of the wrong type, not
// one of its photos usable), saying which, in words that go on after "the program ".
Result<SourceAnswer> parse_source_answer(std::string_view line, int64_t id);

}  // namespace lookalike
