#include "core/eval/retrieval_metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lookalike {
namespace {

constexpr size_t kTopResults = 10;
constexpr size_t kNdcgTop = 20;

double discount(size_t rank) {
  return 1 / std::log2(static_cast<double>(rank) + 2);
}

double gain(double order) {
  return std::max(order, 0.0);
}

}  // namespace

TrueRanking::TrueRanking(std::span<const double> orders, size_t hidden) : ranks_(orders.size(), 0) {
  std::vector<uint32_t> photos(orders.size());
  std::iota(photos.begin(), photos.end(), 0u);
  std::erase_if(photos, [hidden](uint32_t photo) { return photo == hidden; });
  std::stable_sort(photos.begin(), photos.end(), [&](uint32_t a, uint32_t b) { return orders[a] > orders[b]; });
  for (uint32_t rank = 0; rank < photos.size(); ++rank) {
    ranks_[photos[rank]] = rank;
    sorted_.push_back(orders[photos[rank]]);
  }
}

RetrievalQuality measure(const TrueRanking& truth, std::span<const uint32_t> found) {
  RetrievalQuality quality{.median_rank = static_cast<double>(truth.size())};
  std::vector<size_t> ranks;
  for (const uint32_t photo : found)
    ranks.push_back(truth.rank_of(photo));
  std::sort(ranks.begin(), ranks.end());
  const size_t top = std::min(kTopResults, truth.size());
  double sum = 0, best_sum = 0, dcg = 0, best_dcg = 0;
  for (size_t i = 0; i < top; ++i)
    best_sum += truth.order_at(i);
  for (size_t i = 0; i < std::min(kNdcgTop, truth.size()); ++i)
    best_dcg += gain(truth.order_at(i)) * discount(i);
  for (size_t i = 0; i < ranks.size(); ++i) {
    if (i < top) sum += truth.order_at(ranks[i]);
    if (i < top && ranks[i] < top) quality.recall_at_10 += 1.0 / static_cast<double>(top);
    if (i < kNdcgTop) dcg += gain(truth.order_at(ranks[i])) * discount(i);
  }
  if (!ranks.empty()) {
    quality.best_found = ranks.front() == 0 ? 1 : 0;
    quality.median_rank = static_cast<double>(ranks[(std::min(kTopResults, ranks.size()) - 1) / 2]) + 1;
  }
  if (best_sum > 0) quality.log_score_ratio = sum / best_sum;
  if (best_dcg > 0) quality.ndcg_at_20 = dcg / best_dcg;
  return quality;
}

Estimate estimate(std::span<const double> values) {
  if (values.empty()) return {};
  const double n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values)
    squares += (value - mean) * (value - mean);
  const double deviation = values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0;
  return {mean, 1.96 * deviation / std::sqrt(n)};
}

LabelQuality measure_labels(const std::vector<bool>& relevant, size_t in_collection) {
  LabelQuality quality;
  const size_t most = std::min(kLabelTop, in_collection);
  if (most == 0) return quality;
  size_t hits = 0;
  for (size_t i = 0; i < kLabelTop; ++i) {
    const bool hit = i < relevant.size() && relevant[i];
    hits += hit ? 1 : 0;
    const double count = static_cast<double>(hits);
    if (hit) quality.average_precision += count / static_cast<double>(i + 1) / static_cast<double>(most);
    quality.average_recall += count / static_cast<double>(std::min(i + 1, most)) / static_cast<double>(kLabelTop);
  }
  quality.precision = static_cast<double>(hits) / static_cast<double>(kLabelTop);
  return quality;
}

bool share_a_label(std::span<const std::string> a, std::span<const std::string> b) {
  return std::any_of(a.begin(), a.end(),
                     [b](const std::string& label) { return std::find(b.begin(), b.end(), label) != b.end(); });
}

}  // namespace lookalike
