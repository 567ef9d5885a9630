#include "cli/options/batch_options.h"

#include <charconv>

#include "core/base/text/digest.h"
#include "core/base/text/numbers.h"

namespace lookalike {
namespace {

constexpr uint64_t kMostShards = 1'000'000;

std::optional<uint64_t> number_in(std::string_view text) {
  const auto number = parse_number<uint64_t>(text);
  return number && *number >= 1 && *number <= kMostShards ? number : std::nullopt;
}

}  // namespace

bool Shard::holds(std::string_view path) const {
  if (of == 1) return true;
  const std::string digest = sha256_hex(path);
  uint64_t leading = 0;
  std::from_chars(digest.data(), digest.data() + 16, leading, 16);
  return leading % of == number - 1;
}

Result<Shard> parse_shard(std::string_view text) {
  const size_t slash = text.find('/');
  const auto number = number_in(text.substr(0, slash));
  const auto of = slash == std::string_view::npos ? std::nullopt : number_in(text.substr(slash + 1));
  if (number && of && *number <= *of) return Shard{*number, *of};
  return Error{ErrorCode::usage, "--shard takes I/N with I from 1 to N, such as 2/4"};
}

Status check_batch_options(const BatchOptions& batch, bool is_jsonl, bool has_output) {
  if (batch.resume && (!is_jsonl || !has_output)) {
    return Error{ErrorCode::usage, "--resume continues a file of JSON Lines: give --format jsonl --output FILE"};
  }
  if (batch.retry_failed && !batch.resume) {
    return Error{ErrorCode::usage, "--retry-failed works only with --resume: give both"};
  }
  if (batch.nul_separated && batch.inputs.empty()) {
    return Error{ErrorCode::usage, "-0 works only with --input: give --input FILE or --input -"};
  }
  return {};
}

}  // namespace lookalike
