#include "core/base/text/nearest_word.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr size_t kLongestCompared = 64;
constexpr size_t kShortestPart = 3;  // shorter ones begin too many words

std::string comparable(std::string_view word) {
  std::string text = ascii_lower(word.substr(0, kLongestCompared));
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

// "images" in "max-images".
bool is_part(std::string_view part, const std::string& whole) {
  const auto parts = split(whole, '-');
  return std::find(parts.begin(), parts.end(), part) != parts.end();
}

// Smaller is nearer; nothing when it is not near at all.
std::optional<size_t> farness(const std::string& typed, const std::string& known) {
  constexpr size_t kBehindMistypedOnes = 100;
  const size_t distance = edit_distance(typed, known);
  const size_t shorter = std::min(typed.size(), known.size());
  if (distance <= std::max<size_t>(1, shorter / 3) && distance < shorter) return distance;
  if (shorter < kShortestPart) return std::nullopt;
  const bool related =
      known.starts_with(typed) || typed.starts_with(known) || is_part(typed, known) || is_part(known, typed);
  return related ? std::optional(kBehindMistypedOnes + distance) : std::nullopt;
}

}  // namespace

size_t edit_distance(std::string_view a, std::string_view b) {
  // Rows of the usual table: two letters back, one back, and the current one.
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min({last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1});
      const bool swapped = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
      if (swapped) row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
    }
  }
  return row.back();
}

std::optional<std::string> nearest_word(std::string_view typed, std::span<const std::string> known) {
  const std::string wanted = comparable(typed);
  const std::string* nearest = nullptr;
  size_t least = 0;
  for (const std::string& word : known) {
    const auto far = farness(wanted, comparable(word));
    if (!far || (nearest != nullptr && *far >= least)) continue;
    nearest = &word;
    least = *far;
  }
  return nearest == nullptr ? std::nullopt : std::optional(*nearest);
}

std::string did_you_mean(std::string_view typed, std::span<const std::string> known) {
  const auto meant = nearest_word(typed, known);
  return meant ? "; did you mean " + *meant + "?" : "";
}

}  // namespace lookalike
