#include "core/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

namespace lookalike {
namespace {

TEST(Random, IsTheSameForTheSameSeed) {
  Random a(7);
  Random b(7);
  Random c(8);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const uint64_t value = a.next();
    EXPECT_EQ(value, b.next());
    differs = differs || value != c.next();
  }
  EXPECT_TRUE(differs);
}

// The standard fixes the engine's 10000th value for its default seed.
TEST(Random, IsTheStandardsEngine) {
  Random random(5489);
  for (int i = 0; i < 9999; ++i)
    (void)random.next();
  EXPECT_EQ(random.next(), 9981545732273789042u);
}

TEST(Random, CoversItsRangeEvenly) {
  Random random(1);
  std::array<int, 6> seen{};
  for (int i = 0; i < 60'000; ++i)
    ++seen[random.below(6)];
  for (const int count : seen)
    EXPECT_NEAR(count, 10'000, 500);
  for (int i = 0; i < 1000; ++i) {
    const double u = random.uniform();
    EXPECT_GE(u, 0.0);
    EXPECT_LT(u, 1.0);
  }
}

TEST(Random, NormalHasTheMomentsItShould) {
  Random random(3);
  double sum = 0;
  double squares = 0;
  int beyond_two = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double value = random.normal();
    ASSERT_TRUE(std::isfinite(value));
    sum += value;
    squares += value * value;
    beyond_two += std::abs(value) > 2 ? 1 : 0;
  }
  EXPECT_NEAR(sum / 100'000, 0, 0.02);
  EXPECT_NEAR(squares / 100'000, 1, 0.02);
  EXPECT_NEAR(beyond_two / 100'000.0, 0.0455, 0.003);
}

// The first two outputs of SplitMix64 seeded with 0, from its authors' reference program.
TEST(Mixed, IsSplitMix64) {
  EXPECT_EQ(mixed(0), 0xE220A8397B1DCDAFu);
  EXPECT_EQ(mixed(0x9E3779B97F4A7C15u), 0x6E789E6AA1B965F4u);
  std::set<uint64_t> distinct;
  for (uint64_t i = 0; i < 1000; ++i)
    distinct.insert(mixed(i));
  EXPECT_EQ(distinct.size(), 1000u);
}

}  // namespace
}  // namespace lookalike
