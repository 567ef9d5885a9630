// How many of a search's results share a label with the query, for collections whose photos have labels.
// Source: Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 2008, section 8.4.
// Threads: free functions without state.
// Tested by tests/core/eval/label_metrics_test.cc
#pragma once

#include <span>
#include <string>
#include <vector>

namespace lookalike {

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
