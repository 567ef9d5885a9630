#include "core/base/random.h"

#include <gtest/gtest.h>

#include <array>

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

}  // namespace
}  // namespace lookalike
