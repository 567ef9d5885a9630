// The key of a record: a digest over the parts of a request, each with its length, so that no two requests share one.
// Threads: free functions without state.
// Tested by tests/core/cache/cache_key_test.cc
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace lookalike {

// "4:page12:cats and..."; for parts of a key that are put together before.
std::string joined_parts(std::initializer_list<std::string_view> parts);

// 64 hexadecimal digits.
std::string cache_key(std::initializer_list<std::string_view> parts);

}  // namespace lookalike
