// SHA-256 in lower-case hexadecimal, and base64, by OpenSSL.
// Threads: a Sha256 belongs to one thread at a time; the functions keep no state.
// Tested by tests/core/base/text/digest_test.cc
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lookalike {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void update(std::string_view bytes);
  // 64 hexadecimal digits. REQUIRES: called once, last.
  std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string sha256_hex(std::string_view bytes);
// Errors: not_found when the file cannot be read.
Result<std::string> sha256_of_file(const std::filesystem::path& path);

// Base64 (RFC 4648, with padding): how bytes that are no text are written into JSON.
std::string base64_encode(std::string_view bytes);
// Nothing when the text is no base64.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace lookalike
