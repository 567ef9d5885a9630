#include "core/search/session/found_photos.h"

#include <algorithm>
#include <utility>

namespace lookalike {
namespace {

bool is_better(const FoundPhoto& a, const FoundPhoto& b) {
  return a.score.order != b.score.order ? a.score.order > b.score.order : a.known_as < b.known_as;
}

}  // namespace

int FoundPhotos::insert(FoundPhoto found) {
  const auto place = std::upper_bound(photos_.begin(), photos_.end(), found, is_better);
  const auto index = static_cast<size_t>(place - photos_.begin());
  if (index >= embeddings_kept_) found.embedding = {};
  photos_.insert(place, std::move(found));
  if (photos_.size() > embeddings_kept_) photos_[embeddings_kept_].embedding = {};
  return static_cast<int>(index) + 1;
}

}  // namespace lookalike
