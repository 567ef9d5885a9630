#include "core/search/bandits/tag_ranking.h"

#include "core/base/random.h"

namespace lookalike {

void TagRanking::set(TagId tag, double value) {
  remove(tag);
  if (tag >= places_.size()) places_.resize(tag + 1);
  places_[tag] = Place{value, mixed(seed_ ^ tag), tag};
  order_.insert(*places_[tag]);
}

void TagRanking::remove(TagId tag) {
  if (tag >= places_.size() || !places_[tag]) return;
  order_.erase(*places_[tag]);
  places_[tag].reset();
}

}  // namespace lookalike
