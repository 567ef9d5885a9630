#include "cli/batch/shard.h"

#include <charconv>
#include <optional>

#include "core/base/text/digest.h"

namespace lookalike {
namespace {

constexpr uint64_t kMostParts = 1'000'000;

std::optional<uint64_t> number_in(std::string_view text) {
  uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size() || number < 1 || number > kMostParts)
    return std::nullopt;
  return number;
}

}  // namespace

bool Shard::holds(std::string_view path) const {
  if (parts == 1) return true;
  const std::string digest = sha256_hex(path);
  uint64_t number = 0;
  std::from_chars(digest.data(), digest.data() + 16, number, 16);
  return number % parts == part - 1;
}

Result<Shard> parse_shard(std::string_view text) {
  const size_t slash = text.find('/');
  const auto part = number_in(text.substr(0, slash));
  const auto parts = slash == std::string_view::npos ? std::nullopt : number_in(text.substr(slash + 1));
  if (part && parts && *part <= *parts) return Shard{*part, *parts};
  return Error{ErrorCode::usage, "--shard takes I/N with I from 1 to N, such as 2/4"};
}

}  // namespace lookalike
