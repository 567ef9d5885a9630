#include "core/eval/label_metrics.h"

#include <algorithm>

namespace lookalike {

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
