#include "core/search/bandits/asked_tags.h"

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

std::optional<TagId> best_or_unasked(const TagRanking& ranking, const TagPool& unasked, double unasked_value,
                                     Random& random) {
  const bool ranked = !ranking.empty() && (unasked.empty() || ranking.best_value() >= unasked_value);
  if (ranked) return ranking.best();
  if (unasked.empty()) return std::nullopt;
  return unasked.any(random);
}

}  // namespace lookalike
