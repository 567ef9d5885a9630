#include "core/search/strategies/adaptive_planner.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "core/search/strategies/first_query_check.h"
#include "core/search/strategies/photo_meanings.h"
#include "core/search/strategies/tag_regression.h"

namespace lookalike {
namespace {

// Looking begins when all but this many of the first queries have been answered.
constexpr int kFirstQueriesNotWaitedFor = 3;
// First queries are asked at once up to this share of the calls, further ones when nothing else is left.
constexpr double kFirstQueriesShare = 0.4;
// A call that fails is a large part of few, so a first query that failed is asked once more.
constexpr int kFailuresPerFirstQuery = 2;
// General words asked for in any case: so many, and no more than this share of the calls.
constexpr int kGeneralWords = 6;
constexpr int kCallsPerGeneralWord = 8;
// Every third look is a probe while probes are wanted, every second while the start is in doubt.
constexpr int kLooksPerProbe = 3;
constexpr int kLooksPerProbeInDoubt = 2;
// A tag of fewer photos says little about where a probe should go.
constexpr int kPhotosOfAProbesTag = 3;

class AdaptivePlanner final : public Planner {
 public:
  AdaptivePlanner(const StrategySetup& setup, const AdaptiveSettings& settings)
      : settings_(settings), meanings_(*setup.tags, settings.meaning_value > 0 ? setup.words : nullptr) {}

  void add_first_query(TagId tag) override {
    first_queries_.push_back({tag, 1.0 / (1.0 + first_queries_added_)});
    ++first_queries_added_;
  }

  void add_fallback(TagId tag) override { general_words_.push_back(tag); }

  End end() const override { return out_of_calls_ ? End::calls : End::exhausted; }

  std::optional<Step> next(const Room& room) override {
    if (!calls_at_start_) calls_at_start_ = room.calls;
    out_of_calls_ = room.calls == 0;
    if (room.calls > 0 && !first_queries_.empty() && first_queries_asked_ < first_queries_wanted())
      return ask_first_query();
    if (room.calls > 0 && room.images > 0 && general_words_asked_ < general_words_wanted()) {
      if (const auto word = next_general_word()) return ask(*word);
    }
    if (first_under_way_ > kFirstQueriesNotWaitedFor) return std::nullopt;
    if (room.calls > 0 && call_credit_ >= 1) {
      if (const auto tag = best_tag()) {
        call_credit_ -= 1;
        return ask(*tag);
      }
    }
    if (const auto photo = room.images > 0 ? next_photo() : std::nullopt) {
      call_credit_ += static_cast<double>(room.calls) / room.images;
      photos_[*photo].state = PhotoState::taken;
      ++under_way_;
      ++looks_;
      return Look{*photo};
    }
    return room.calls > 0 ? ask_something(room) : std::nullopt;
  }

  void on_listing(const Listing& listing) override {
    --under_way_;
    KnownTag& asked = tag(listing.asked);
    const double weight = asked.first_query_weight;
    first_under_way_ -= weight > 0 ? 1 : 0;
    if (listing.outcome == Listing::Outcome::failed && weight > 0 && ++asked.failures < kFailuresPerFirstQuery)
      add_first_query(listing.asked);
    for (const ListedPhoto& listed : listing.photos) {
      if (listed.is_new) add_photo(listed);
      photos_[listed.photo].brought += weight;
    }
  }

  void on_look(const LookResult& look) override {
    --under_way_;
    if (!look.log_score) return;
    const PhotoNumber photo = look.photo;
    regression_.add(photos_[photo].features, *look.log_score, numbers_of(photo), expected(photo));
    if (photos_[photo].is_probe)
      start_.add_probe(*look.log_score);
    else
      start_.add_other(*look.log_score);
    if (in_doubt() && std::exchange(trusts_first_queries_, false)) regression_.forget_expectations();
  }

 private:
  enum class PhotoState { open, taken };

  struct KnownPhoto {
    PhotoState state = PhotoState::open;
    bool is_probe = false;
    std::vector<TagFeature> features;
    double brought = 0;  // the weights of the first queries that brought it
  };

  struct KnownTag {
    bool is_tag = false;  // else only ever a word of a title
    bool asked = false;
    bool probed = false;
    int photos = 0;
    int failures = 0;  // of calls
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
    if (listed.photo < photos_.size()) return;  // twice in one answer
    assert(listed.photo == photos_.size());
    std::vector<TagFeature>& features = photos_.emplace_back().features;
    for (const TagId id : listed.tags) {
      features.push_back({id, 1});
      tag(id).is_tag = true;
    }
    for (const TagId id : listed.words)
      features.push_back({id, settings_.word_value});
    for (const TagFeature& feature : features)
      ++tag(feature.tag).photos;
    meanings_.add_photo(features);
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
    ++first_queries_asked_;
    return ask(query.tag);
  }

  // Where calls are few, a part of them is kept for what the first photos teach.
  int first_queries_wanted() const {
    return std::max(1, static_cast<int>(std::lround(kFirstQueriesShare * *calls_at_start_)));
  }

  bool in_doubt() const { return settings_.probes && start_.in_doubt(); }

  // In doubt one more for each probe: each opens another part of the collection.
  int general_words_wanted() const {
    if (!settings_.probes) return 0;
    const int at_start = std::min(kGeneralWords, *calls_at_start_ / kCallsPerGeneralWord);
    return at_start + (in_doubt() ? probes_ : 0);
  }

  std::optional<TagId> next_general_word() {
    while (!general_words_.empty()) {
      const TagId id = general_words_.front();
      general_words_.pop_front();
      if (tag(id).asked) continue;
      ++general_words_asked_;
      return id;
    }
    return std::nullopt;
  }

  // No photo is left: any first query or tag will do, and a general word when there is no tag either and nothing more
  // can come.
  std::optional<Step> ask_something(const Room& room) {
    if (!first_queries_.empty()) return ask_first_query();
    if (const auto id = best_tag(); id && room.images > 0) return ask(*id);
    if (under_way_ > 0 || room.images == 0) return std::nullopt;
    if (const auto word = next_general_word()) return ask(*word);
    return std::nullopt;
  }

  std::optional<PhotoNumber> next_photo() {
    const int looks_per_probe = in_doubt() ? kLooksPerProbeInDoubt : kLooksPerProbe;
    if (settings_.probes && start_.wants_probe(probes_) && (looks_ + 1) % looks_per_probe == 0) {
      if (const auto probe = best_probe()) return probe;
    }
    return best_photo();
  }

  // The photo that no first query brought and whose tags are the least known.
  std::optional<PhotoNumber> best_probe() {
    std::optional<PhotoNumber> best;
    double best_value = 0;
    for (PhotoNumber number = 0; number < photos_.size(); ++number) {
      const KnownPhoto& photo = photos_[number];
      if (photo.state != PhotoState::open || photo.brought > 0) continue;
      double value = 0;
      for (const TagFeature& feature : photo.features) {
        const KnownTag& known = tags_[feature.tag];
        if (known.photos < kPhotosOfAProbesTag) continue;
        value += 1.0 / (1 + regression_.count(feature.tag) + (known.probed ? 1 : 0));
      }
      value /= 1.0 + static_cast<double>(photo.features.size());
      if (value <= best_value) continue;
      best = number;
      best_value = value;
    }
    if (!best) return best;
    ++probes_;
    photos_[*best].is_probe = true;
    for (const TagFeature& feature : photos_[*best].features)
      tags_[feature.tag].probed = true;
    return best;
  }

  // What is expected of a photo for the sake of the first queries.
  double expected(PhotoNumber photo) const {
    return trusts_first_queries_ ? settings_.brought_expected * photos_[photo].brought : 0;
  }

  // What the regression knows of a photo besides its tags.
  std::vector<float> numbers_of(PhotoNumber photo) const {
    const auto meaning = meanings_.of_photo(photo);
    std::vector<float> numbers(meaning.begin(), meaning.end());
    for (float& value : numbers)
      value *= static_cast<float>(settings_.meaning_value);
    numbers.push_back(static_cast<float>(settings_.brought_value * photos_[photo].brought));
    return numbers;
  }

  // Of a tag or a photo, by what it means.
  double meaning_weight(std::span<const float> meaning) const {
    return settings_.meaning_value * regression_.predict({}, meaning);
  }

  double photo_value(PhotoNumber number, double deviation) const {
    const KnownPhoto& photo = photos_[number];
    double uncertainty = 0;
    for (const TagFeature& feature : photo.features)
      uncertainty += 1.0 / (1 + regression_.count(feature.tag));
    uncertainty = std::sqrt(uncertainty / (1.0 + static_cast<double>(photo.features.size())));
    const double brought = static_cast<double>(regression_.number_weights().back()) * settings_.brought_value;
    return expected(number) + regression_.predict(photo.features) + meaning_weight(meanings_.of_photo(number)) +
           brought * photo.brought + settings_.photo_optimism * deviation * uncertainty;
  }

  std::optional<PhotoNumber> best_photo() const {
    const double deviation = std::max(regression_.deviation(), 1e-3);
    std::optional<PhotoNumber> best;
    double best_value = 0;
    for (PhotoNumber number = 0; number < photos_.size(); ++number) {
      if (photos_[number].state != PhotoState::open) continue;
      const double value = photo_value(number, deviation);
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
      const double value = regression_.weight(id) + meaning_weight(meanings_.of_tag(id)) +
                           settings_.tag_optimism * deviation / std::sqrt(1.0 + count);
      if (best && value <= best_value) continue;
      best = id;
      best_value = value;
    }
    return best;
  }

  AdaptiveSettings settings_;
  PhotoMeanings meanings_;
  TagRegression regression_{settings_.ridge, meanings_.dimensions() + 1};  // as numbers_of() has them
  FirstQueryCheck start_;
  bool trusts_first_queries_ = true;
  std::deque<FirstQuery> first_queries_;
  int first_queries_added_ = 0;
  int first_queries_asked_ = 0;
  int first_under_way_ = 0;
  std::deque<TagId> general_words_;
  int general_words_asked_ = 0;
  std::optional<int> calls_at_start_;
  bool out_of_calls_ = false;
  std::vector<KnownPhoto> photos_;  // by PhotoNumber
  std::vector<KnownTag> tags_;      // by TagId
  int under_way_ = 0;
  int looks_ = 0;
  int probes_ = 0;
  double call_credit_ = 0;  // calls that the looks so far have earned
};

}  // namespace

std::unique_ptr<Planner> make_adaptive_planner(const StrategySetup& setup, const AdaptiveSettings& settings) {
  return std::make_unique<AdaptivePlanner>(setup, settings);
}

}  // namespace lookalike
