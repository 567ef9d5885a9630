// Whether a search started at the right place. The photos that its first queries brought should score better than
// probes: photos that words of another kind brought. A start that is no better than elsewhere (a cat taken for a snow
// leopard) is in doubt, and the search goes on as if it had none.
// Source: the difference of two means in units of their common standard deviation (Cohen, "Statistical Power Analysis
// for the Behavioral Sciences", 1988).
// Threads: one.
// Tested by tests/core/search/strategies/first_query_check_test.cc
#pragma once

#include <vector>

namespace lookalike {

class FirstQueryCheck {
 public:
  static constexpr int kProbes = 6;       // that a verdict takes, and as many others
  static constexpr int kMostProbes = 24;  // while in doubt
  static constexpr double kEnough = 0.7;  // how much better is better

  void add_probe(double log_score) { add(probes_, log_score); }
  void add_other(double log_score) { add(others_, log_score); }

  // Whether another probe is of use, when so many have been sent.
  bool wants_probe(int sent) const { return !right_ && sent < (in_doubt_ ? kMostProbes : kProbes); }
  bool in_doubt() const { return in_doubt_; }

 private:
  void add(std::vector<double>& scores, double log_score);
  void judge();

  std::vector<double> probes_;
  std::vector<double> others_;
  bool right_ = false;  // once right, always right
  bool in_doubt_ = false;
};

}  // namespace lookalike
