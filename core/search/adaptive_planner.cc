#include "core/search/adaptive_planner.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <vector>

#include "core/search/tag_regression.h"

namespace lookalike {
namespace {

// Chosen on held-out photos of two collections; docs/evaluation.md shows how flat their neighbourhood is.
constexpr double kRidge = 15;
constexpr double kPhotoOptimism = 0.1;
constexpr double kTagOptimism = 0.3;
constexpr double kPriorWeight = 2;
// From this many scored photos on the first queries' say shrinks with each further one.
constexpr double kPriorPhotos = 30;
// Looking begins when all but this many of the first queries have been answered.
constexpr int kFirstQueriesNotWaitedFor = 3;

class AdaptivePlanner final : public PhotoPlanner {
 public:
  void add_first_query(TagId tag) override {
    first_queries_.push_back({tag, 1.0 / (1.0 + first_queries_added_)});
    ++first_queries_added_;
  }

  void add_fallback(TagId tag) override { fallbacks_.push_back(tag); }

  std::optional<Step> next(const Room& room) override {
    if (room.calls > 0 && !first_queries_.empty()) return ask_first_query();
    if (first_under_way_ > kFirstQueriesNotWaitedFor) return std::nullopt;
    if (room.calls > 0 && call_credit_ >= 1) {
      if (const auto tag = best_tag()) {
        call_credit_ -= 1;
        return ask(*tag);
      }
    }
    if (const auto photo = best_photo(); photo && room.images > 0) {
      call_credit_ += static_cast<double>(room.calls) / room.images;
      photos_[*photo].state = PhotoState::taken;
      ++under_way_;
      return Look{*photo};
    }
    return room.calls > 0 ? ask_something(room) : std::nullopt;
  }

  void on_listing(TagId asked, std::span<const ListedPhoto> photos) override {
    --under_way_;
    const double weight = tag(asked).first_query_weight;
    first_under_way_ -= weight > 0 ? 1 : 0;
    for (const ListedPhoto& listed : photos) {
      if (listed.is_new) add_photo(listed);
      photos_[listed.photo].prior += weight;
    }
  }

  void on_look(PhotoNumber photo, std::optional<double> log_score) override {
    --under_way_;
    if (log_score) regression_.add(photos_[photo].features, *log_score);
  }

 private:
  enum class PhotoState { open, taken };

  struct KnownPhoto {
    PhotoState state = PhotoState::open;
    std::vector<TagId> features;
    double prior = 0;
  };

  struct KnownTag {
    bool is_tag = false;  // else only ever a word of a title
    bool asked = false;
    double first_query_weight = 0;
  };

  struct FirstQuery {
    TagId tag;
    double weight;
  };

  KnownTag& tag(TagId id) {
    if (id >= tags_.size()) tags_.resize(id + 1);
    return tags_[id];
  }

  void add_photo(const ListedPhoto& listed) {
    if (listed.photo >= photos_.size()) photos_.resize(listed.photo + 1);
    std::vector<TagId>& features = photos_[listed.photo].features;
    features.assign(listed.tags.begin(), listed.tags.end());
    features.insert(features.end(), listed.words.begin(), listed.words.end());
    for (const TagId id : listed.tags)
      tag(id).is_tag = true;
  }

  Step ask(TagId id) {
    tag(id).asked = true;
    ++under_way_;
    return Ask{id};
  }

  Step ask_first_query() {
    const FirstQuery query = first_queries_.front();
    first_queries_.pop_front();
    tag(query.tag).first_query_weight = query.weight;
    ++first_under_way_;
    return ask(query.tag);
  }

  // No photo is left: any tag will do, and a fallback when there is no tag either and nothing more can come.
  std::optional<Step> ask_something(const Room& room) {
    if (const auto id = best_tag(); id && room.images > 0) return ask(*id);
    if (under_way_ > 0 || room.images == 0) return std::nullopt;
    while (!fallbacks_.empty()) {
      const TagId id = fallbacks_.front();
      fallbacks_.pop_front();
      if (!tag(id).asked) return ask(id);
    }
    return std::nullopt;
  }

  double photo_value(const KnownPhoto& photo, double deviation, double prior_share) const {
    double uncertainty = 0;
    double value = 0;
    for (const TagId id : photo.features) {
      value += regression_.weight(id);
      uncertainty += 1.0 / (1 + regression_.count(id));
    }
    uncertainty = std::sqrt(uncertainty / (1.0 + static_cast<double>(photo.features.size())));
    return value + kPhotoOptimism * deviation * uncertainty + kPriorWeight * prior_share * photo.prior;
  }

  std::optional<PhotoNumber> best_photo() const {
    const double deviation = std::max(regression_.deviation(), 1e-3);
    const double prior_share = std::min(1.0, kPriorPhotos / (1.0 + static_cast<double>(regression_.size())));
    std::optional<PhotoNumber> best;
    double best_value = 0;
    for (PhotoNumber number = 0; number < photos_.size(); ++number) {
      if (photos_[number].state != PhotoState::open) continue;
      const double value = photo_value(photos_[number], deviation, prior_share);
      if (best && value <= best_value) continue;
      best = number;
      best_value = value;
    }
    return best;
  }

  // Only tags of scored photos: about the others nothing is known that their photos do not say themselves.
  std::optional<TagId> best_tag() const {
    const double deviation = std::max(regression_.deviation(), 1e-3);
    std::optional<TagId> best;
    double best_value = 0;
    for (TagId id = 0; id < tags_.size(); ++id) {
      const int count = regression_.count(id);
      if (tags_[id].asked || !tags_[id].is_tag || count == 0) continue;
      const double value = regression_.weight(id) + kTagOptimism * deviation / std::sqrt(1.0 + count);
      if (best && value <= best_value) continue;
      best = id;
      best_value = value;
    }
    return best;
  }

  TagRegression regression_{kRidge};
  std::deque<FirstQuery> first_queries_;
  int first_queries_added_ = 0;
  int first_under_way_ = 0;
  std::deque<TagId> fallbacks_;
  std::vector<KnownPhoto> photos_;  // by PhotoNumber
  std::vector<KnownTag> tags_;      // by TagId
  int under_way_ = 0;
  double call_credit_ = 0;  // calls that the looks so far have earned
};

}  // namespace

std::unique_ptr<PhotoPlanner> make_adaptive_planner() {
  return std::make_unique<AdaptivePlanner>();
}

}  // namespace lookalike
