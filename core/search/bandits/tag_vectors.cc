#include "core/search/bandits/tag_vectors.h"

#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/base/text/text.h"

namespace lookalike {

std::vector<float> visual_sketch(std::span<const float> embedding) {
  std::vector<double> sums(TagVectors::kVisualDimensions, 0.0);
  for (size_t i = 0; i < embedding.size(); ++i) {
    const uint64_t hash = mixed(i);
    const double value = static_cast<double>(embedding[i]);
    sums[(hash >> 1) % sums.size()] += (hash & 1) != 0 ? value : -value;
  }
  double squares = 0;
  for (const double sum : sums)
    squares += sum * sum;
  std::vector<float> sketch(sums.size(), 0.0f);
  if (!(squares > 0) || !std::isfinite(squares)) return sketch;
  for (size_t i = 0; i < sums.size(); ++i)
    sketch[i] = static_cast<float>(sums[i] / std::sqrt(squares));
  return sketch;
}

TagVectors::TagVectors(const TagTable& tags, const WordVectors* words)
    : tags_(tags), words_(words), dimensions_(words != nullptr ? words->dimensions() : kVisualDimensions) {}

void TagVectors::add(TagId tag) {
  if (tag >= added_.size()) {
    added_.resize(tag + 1, false);
    photos_seen_.resize(tag + 1, 0);
    vectors_.resize((tag + 1) * dimensions_, 0.0f);
  }
  if (added_[tag]) return;
  added_[tag] = true;
  if (words_ != nullptr) set_from_words(tag);
}

void TagVectors::set_from_words(TagId tag) {
  const std::span<float> vector(vectors_.data() + tag * dimensions_, dimensions_);
  int known = 0;
  for (const std::string& word : folded_words(tags_.text(tag)))
    known += words_->add(word, vector) ? 1 : 0;
  if (known == 0) return;
  for (float& value : vector)
    value /= static_cast<float>(known);
}

void TagVectors::see(std::span<const float> embedding, std::span<const TagId> tags) {
  if (!visual()) return;
  const std::vector<float> sketch = visual_sketch(embedding);
  for (const TagId tag : tags) {
    const float weight = 1.0f / static_cast<float>(++photos_seen_[tag]);
    float* vector = vectors_.data() + tag * dimensions_;
    for (size_t i = 0; i < dimensions_; ++i)
      vector[i] += weight * (sketch[i] - vector[i]);
  }
}

}  // namespace lookalike
