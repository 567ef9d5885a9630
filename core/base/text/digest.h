// SHA-256 in lower-case hexadecimal, by OpenSSL.
// Threads: a Sha256 belongs to one thread at a time.
// Tested by tests/core/base/text/digest_test.cc
#pragma once

#include <filesystem>
#include <memory>
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

}  // namespace lookalike
