#include "core/base/feature_source.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/random.h"

namespace lookalike {
namespace {

TEST(NumberEmbedding, KeepsEveryDigit) {
  for (const double value : {0.0, 0.1, -0.1, 1.0 / 3, 12345678.987654321, -1e30, 1e30, 16777217.0, 1e-20})
    EXPECT_EQ(embedded_number(number_embedding(value)), value);
}

TEST(NumberEmbedding, KeepsEveryDigitOfRandomNumbers) {
  Random random(1);
  for (int i = 0; i < 100'000; ++i) {
    const double value = (2 * random.uniform() - 1) * std::pow(10, 40 * random.uniform() - 12);
    ASSERT_EQ(embedded_number(number_embedding(value)), value);
  }
}

}  // namespace
}  // namespace lookalike
