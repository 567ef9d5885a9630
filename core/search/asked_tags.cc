#include "core/search/asked_tags.h"

namespace lookalike {

void AskedTags::begin(TagId tag) {
  unasked_.remove(tag);
  draws_.begin(tag);
}

bool AskedTags::end(const DrawResult& draw) {
  if (draw.outcome == DrawResult::Outcome::scored) add_reward(draw.tag, draw.log_score);
  const bool again = draws_.end(draw);
  if (again && count(draw.tag) == 0) unasked_.add(draw.tag);
  for (const TagId tag : draw.photo_tags) {
    if (draws_.learn(tag)) unasked_.add(tag);
  }
  return again && count(draw.tag) > 0;
}

double AskedTags::overall_variance() const {
  return all_.count > 1 ? squares_ / (all_.count - 1) : 0;
}

// The squares by Welford's update, which loses no digits where the mean is large.
void AskedTags::add_reward(TagId tag, double reward) {
  if (tag >= arms_.size()) arms_.resize(tag + 1);
  arms_[tag].sum += reward;
  ++arms_[tag].count;
  const double before = reward - overall_mean();
  all_.sum += reward;
  ++all_.count;
  if (all_.count > 1) squares_ += before * (reward - overall_mean());
}

}  // namespace lookalike
