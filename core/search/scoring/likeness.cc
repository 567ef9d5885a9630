#include "core/search/scoring/likeness.h"

#include <algorithm>
#include <cmath>

namespace lookalike {
namespace {

constexpr double kOfNothing = 2;  // a share of 0
constexpr double kOfSelf = 99;    // a share of 1
constexpr double kPower = 0.6;
constexpr double kFallBelowNothing = 10;  // how fast it goes towards 0 for shares below 0

double of_share(double share) {
  if (share <= 0) return kOfNothing / (1 - kFallBelowNothing * share);
  if (share >= 1) return 100 - (100 - kOfSelf) / share;
  return kOfNothing + (kOfSelf - kOfNothing) * std::pow(share, kPower);
}

bool is_likeness(const Score& score) {
  return !std::isnan(score.likeness);
}

double rounded(double value, double parts) {
  return std::round(value * parts) / parts;
}

}  // namespace

double Likeness::of_order(double order) const {
  const double share = 1 + (order - anchors_.self) / anchors_.span;
  return of_share((share - anchors_.unlike) / (1 - anchors_.unlike));
}

double Likeness::of_log_score(double log_score) const {
  return of_order(anchors_.order_is_score ? std::exp(log_score) : log_score);
}

double shown_score(const Score& score) {
  return is_likeness(score) ? rounded(score.likeness, 10) : rounded(score.order, 1000);
}

bool reaches(const Score& score, double least) {
  return std::max(is_likeness(score) ? score.likeness : score.order, shown_score(score)) >= least;
}

}  // namespace lookalike
