// How good a search's result is against the exhaustive best of the collection.
// Source: the measures of Sato, WSDM 2022 and CIKM 2022, and Järvelin and Kekäläinen, TOIS 2002 (nDCG).
// Threads: free functions without state.
// Tested by tests/core/eval/retrieval_metrics_test.cc
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lookalike {

// A query's true ranking of the whole collection.
class TrueRanking {
 public:
  // `orders[i]` is what photo i is ranked by; `hidden` is left out (orders.size() for none).
  TrueRanking(std::span<const double> orders, size_t hidden);

  double order_at(size_t rank) const { return sorted_[rank]; }  // 0 is the best
  size_t rank_of(uint32_t photo) const { return ranks_[photo]; }
  size_t size() const { return sorted_.size(); }

 private:
  std::vector<double> sorted_;
  std::vector<uint32_t> ranks_;
};

struct RetrievalQuality {
  double best_found = 0;       // 1 when the very best photo was found
  double recall_at_10 = 0;     // share of the ten best that was found
  double log_score_ratio = 0;  // sum of the ten best log scores found, over the sum of the ten best there are
  double ndcg_at_20 = 0;       // gain: the log score, where it is positive
  double median_rank = 0;      // of the ten best found, 1 is the best; the collection's size when nothing was found
};

// `found`: photos that were scored, in any order, without repeats.
RetrievalQuality measure(const TrueRanking& truth, std::span<const uint32_t> found);

// Mean and half the width of its 95% interval (normal approximation).
struct Estimate {
  double mean = 0;
  double half_width = 0;
};
Estimate estimate(std::span<const double> values);

// How many of a search's results share a label with the query, for collections whose photos have labels.
// Source: Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 2008, section 8.4.
inline constexpr size_t kLabelTop = 10;

struct LabelQuality {
  double precision = 0;          // share of the first k results that share a label
  double average_precision = 0;  // mean of the precisions at each such result; over the most there could be of them
  double average_recall = 0;     // mean over i <= k of the share, among the first i, of the most there could be
};

// `relevant[i]`: whether the i-th result, best first, shares a label; `in_collection`: how many photos do.
LabelQuality measure_labels(const std::vector<bool>& relevant, size_t in_collection);

bool share_a_label(std::span<const std::string> a, std::span<const std::string> b);

}  // namespace lookalike
