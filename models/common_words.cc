#include "models/common_words.h"

#include <array>
#include <cassert>
#include <optional>

#include "models/embedded.h"

namespace lookalike {
namespace {

// The format is told at the head of common_words.txt.
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+";
constexpr int kSteps = 31;
constexpr float kStep = 0.55f / kSteps;

constexpr std::array<float, 256> kValues = [] {
  std::array<float, 256> values{};
  for (size_t i = 0; i < kLetters.size(); ++i)
    values[static_cast<unsigned char>(kLetters[i])] = kStep * static_cast<float>(static_cast<int>(i) - kSteps);
  return values;
}();

// Where the line begins that this place is in.
size_t line_start(std::string_view text, size_t at) {
  const size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

// The letters behind the word, found by halving the text: its lines are in the order of their words, those of the
// comment before all others.
std::optional<std::string_view> letters_of(std::string_view text, std::string_view word) {
  size_t begin = 0;
  size_t end = text.size();
  while (begin < end) {
    const size_t start = line_start(text, begin + (end - begin) / 2);
    const size_t stop = text.find('\n', start);
    const std::string_view line = text.substr(start, stop - start);
    const std::string_view found = line.substr(0, line.find(' '));
    if (found == word) return line.substr(found.size() + 1);
    if (found < word)
      begin = stop == std::string_view::npos ? text.size() : stop + 1;
    else
      end = start;
  }
  return std::nullopt;
}

}  // namespace

bool CommonWords::add(std::string_view word, std::span<float> sum) const {
  assert(sum.size() == kDimensions);
  if (word.empty() || word.front() == '#') return false;
  const auto letters = letters_of(embedded::kCommonWords, word);
  if (!letters || letters->size() != kDimensions) return false;
  for (size_t i = 0; i < kDimensions; ++i)
    sum[i] += kValues[static_cast<unsigned char>((*letters)[i])];
  return true;
}

}  // namespace lookalike
