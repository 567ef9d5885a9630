#include "core/search/bandits/lin_ucb.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/random.h"

namespace lookalike {
namespace {

// A x = y by Gauss's elimination with pivots, from scratch each time.
std::vector<double> solved(std::vector<std::vector<double>> a, std::vector<double> y) {
  const size_t n = y.size();
  for (size_t column = 0; column < n; ++column) {
    size_t pivot = column;
    for (size_t row = column; row < n; ++row)
      pivot = std::abs(a[row][column]) > std::abs(a[pivot][column]) ? row : pivot;
    std::swap(a[column], a[pivot]);
    std::swap(y[column], y[pivot]);
    for (size_t row = 0; row < n; ++row) {
      if (row == column) continue;
      const double factor = a[row][column] / a[column][column];
      for (size_t k = column; k < n; ++k)
        a[row][k] -= factor * a[column][k];
      y[row] -= factor * y[column];
    }
  }
  for (size_t i = 0; i < n; ++i)
    y[i] /= a[i][i];
  return y;
}

std::vector<float> random_vector(size_t dimensions, Random& random) {
  std::vector<float> x(dimensions);
  for (float& value : x)
    value = static_cast<float>(random.normal());
  return x;
}

double dot(const std::vector<double>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += a[i] * static_cast<double>(b[i]);
  return sum;
}

TEST(LinUcb, AgreesWithSolvingFromScratch) {
  for (const size_t d : {1u, 7u, 20u}) {
    Random random(d);
    LinUcb model(d, 2.0);
    std::vector<std::vector<double>> a(d, std::vector<double>(d, 0.0));
    for (size_t i = 0; i < d; ++i)
      a[i][i] = 2.0;
    std::vector<double> b(d, 0.0);
    for (int step = 0; step < 60; ++step) {
      const auto x = random_vector(d, random);
      const double reward = 5 * random.normal();
      model.add(x, reward);
      for (size_t row = 0; row < d; ++row) {
        for (size_t column = 0; column < d; ++column)
          a[row][column] += static_cast<double>(x[row]) * static_cast<double>(x[column]);
        b[row] += reward * static_cast<double>(x[row]);
      }
      const auto probe = random_vector(d, random);
      ASSERT_NEAR(model.value(probe), dot(solved(a, b), probe), 1e-4) << d << " dimensions, step " << step;
      std::vector<double> y(probe.begin(), probe.end());
      ASSERT_NEAR(model.squared_width(probe), dot(solved(a, y), probe), 1e-9);
    }
  }
}

TEST(LinUcb, BeginsWithTheRidgeAlone) {
  LinUcb model(3, 4.0);
  const std::vector<float> x = {1, 2, 2};
  EXPECT_EQ(model.value(x), 0);
  EXPECT_DOUBLE_EQ(model.squared_width(x), 9.0 / 4);
}

TEST(LinUcb, WidthOnlyShrinksAndStaysPositive) {
  Random random(1);
  LinUcb model(10, 1.0);
  const auto probe = random_vector(10, random);
  double width = model.squared_width(probe);
  for (int step = 0; step < 3000; ++step) {
    model.add(random_vector(10, random), 1.0);
    const double now = model.squared_width(probe);
    ASSERT_LE(now, width * (1 + 1e-12));
    ASSERT_GT(now, 0);
    width = now;
  }
}

TEST(LinUcb, ZeroVectorTeachesNothing) {
  LinUcb model(2, 1.0);
  const std::vector<float> zero = {0, 0};
  const std::vector<float> x = {1, 1};
  model.add(zero, 100.0);
  EXPECT_EQ(model.value(x), 0);
  EXPECT_EQ(model.value(zero), 0);
  EXPECT_DOUBLE_EQ(model.squared_width(x), 2);
}

}  // namespace
}  // namespace lookalike
