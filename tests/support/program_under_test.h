// The program that command tests run: the one of this build, or the one that LOOKALIKE_TEST_BINARY names. So the tests
// of a sanitizer's build can run the program that users get, with limits that no sanitizer can work in (`./dev test
// all`).
#pragma once

#include <cstdlib>
#include <string>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LOOKALIKE_TESTS_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LOOKALIKE_TESTS_SANITIZED 1
#endif

namespace lookalike::test {

inline constexpr const char* kProgramVariable = "LOOKALIKE_TEST_BINARY";

// LOOKALIKE_BINARY is the path of this build's own, from CMake.
inline std::string program_under_test() {
  const char* other = std::getenv(kProgramVariable);
  return other != nullptr ? other : LOOKALIKE_BINARY;
}

// A sanitizer keeps freed memory, shadows all of it, and maps more than a limit allows.
inline bool program_is_sanitized() {
#ifdef LOOKALIKE_TESTS_SANITIZED
  return std::getenv(kProgramVariable) == nullptr;
#else
  return false;
#endif
}

}  // namespace lookalike::test
