#include "models/common_words.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "models/embedded.h"
#include "models/labels.h"

namespace lookalike {
namespace {

std::vector<float> vector_of(std::string_view word) {
  std::vector<float> sum(CommonWords::kDimensions, 0.0f);
  EXPECT_TRUE(CommonWords().add(word, sum)) << word;
  return sum;
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

double alike(std::string_view a, std::string_view b) {
  const auto u = vector_of(a);
  const auto v = vector_of(b);
  return dot(u, v) / std::sqrt(dot(u, u) * dot(v, v));
}

TEST(CommonWords, TellWhatGoesTogether) {
  EXPECT_GT(alike("beach", "shore"), 0.5);
  EXPECT_GT(alike("dog", "puppy"), 0.5);
  EXPECT_GT(alike("skiing", "snow"), alike("skiing", "guitar") + 0.3);
  EXPECT_LT(std::abs(alike("dog", "parliament")), 0.25);
}

TEST(CommonWords, AreAllFoundAndOfAboutTheSameLength) {
  for (const std::string_view line : lines_without_comments(embedded::kCommonWords)) {
    const auto vector = vector_of(line.substr(0, line.find(' ')));
    const double length = std::sqrt(dot(vector, vector));
    EXPECT_TRUE(length > 0.75 && length < 1.03) << line;
  }
}

TEST(CommonWords, AreInTheOrderThatTheSearchNeeds) {
  const auto lines = lines_without_comments(embedded::kCommonWords);
  EXPECT_GT(lines.size(), 30000u);
  EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end(), [](std::string_view a, std::string_view b) {
    return a.substr(0, a.find(' ')) < b.substr(0, b.find(' '));
  }));
}

TEST(CommonWords, AddToWhatIsThere) {
  auto sum = vector_of("dog");
  ASSERT_TRUE(CommonWords().add("cat", sum));
  const auto dog = vector_of("dog");
  const auto cat = vector_of("cat");
  for (size_t i = 0; i < sum.size(); ++i)
    EXPECT_FLOAT_EQ(sum[i], dog[i] + cat[i]);
}

TEST(CommonWords, LeaveTheSumForOtherWords) {
  for (const std::string& word : std::vector<std::string>{"", "#", "Dog", "dog ", "zzzzzz", "qwertyx", "a\nb", "123"}) {
    std::vector<float> sum(CommonWords::kDimensions, 0.5f);
    EXPECT_FALSE(CommonWords().add(word, sum)) << word;
    EXPECT_EQ(sum, std::vector<float>(CommonWords::kDimensions, 0.5f)) << word;
  }
}

}  // namespace
}  // namespace lookalike
