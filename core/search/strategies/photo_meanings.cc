#include "core/search/strategies/photo_meanings.h"

namespace lookalike {

PhotoMeanings::PhotoMeanings(const TagTable& tags, const WordVectors* words) {
  if (words == nullptr) return;
  words_.emplace(tags, words);
  dimensions_ = words_->dimensions();
}

void PhotoMeanings::add_photo(std::span<const TagFeature> features) {
  if (!words_) return;
  const size_t begin = photos_.size();
  photos_.resize(begin + dimensions_, 0.0f);
  for (const TagFeature& feature : features) {
    words_->add(feature.tag);
    const auto meaning = of_tag(feature.tag);
    for (size_t i = 0; i < dimensions_; ++i)
      photos_[begin + i] += static_cast<float>(feature.value) * meaning[i];
  }
}

std::span<const float> PhotoMeanings::of_tag(TagId tag) const {
  return words_ ? words_->at(tag) : std::span<const float>();
}

std::span<const float> PhotoMeanings::of_photo(PhotoNumber photo) const {
  return {photos_.data() + photo * dimensions_, dimensions_};
}

}  // namespace lookalike
