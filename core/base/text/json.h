// JSON from outside: parsed without recursion, bounded in depth, and read without trusting any type.
// Library: RapidJSON (header only). Trailing commas are let pass: Flickr has been seen to send them.
// Threads: free functions without state.
// Tested by tests/core/base/text/json_test.cc
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lookalike {

inline constexpr int kMaxJsonDepth = 64;

// Errors: bad_data with the position and the start of what was there instead ("<html>…").
Result<rapidjson::Document> parse_json(std::string_view text, int max_depth = kMaxJsonDepth);

// A member of an object; null when `value` is no object or has no such member.
const rapidjson::Value* json_member(const rapidjson::Value& value, std::string_view name);

// The member as text: strings as they are, numbers printed; nothing for other types. Always valid UTF-8.
std::optional<std::string> json_text(const rapidjson::Value& value, std::string_view name);

// The member as an integer: numbers, and strings that hold one ("320"); nothing for anything else.
std::optional<int64_t> json_integer(const rapidjson::Value& value, std::string_view name);

}  // namespace lookalike
