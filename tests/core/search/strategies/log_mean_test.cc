#include "core/search/strategies/log_mean.h"

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace lookalike {
namespace {

TEST(LogMean, AgreesWithThePlainMean) {
  Random random(1);
  LogMean mean;
  double sum = 0;
  for (int i = 1; i <= 1000; ++i) {
    const double value = 20 * random.uniform();
    mean.add(value);
    sum += std::exp(value);
    EXPECT_NEAR(mean.log_mean(), std::log(sum / i), 1e-9);
  }
  EXPECT_EQ(mean.count(), 1000);
}

TEST(LogMean, HoldsWhatOverflows) {
  LogMean mean;
  mean.add(58'000);
  mean.add(58'000);
  EXPECT_DOUBLE_EQ(mean.log_mean(), 58'000);
}

TEST(LogMean, OfNothingIsMinusInfinity) {
  EXPECT_EQ(LogMean().log_mean(), -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace lookalike
