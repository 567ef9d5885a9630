#include "core/search/bandits/draw_planner.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lookalike {
namespace {

// A tag whose call failed this often, its retries included, is left alone.
constexpr int kFailuresPerTag = 2;

// The photos that the service gave for a tag, in its order, and how far they are used.
struct TagListing {
  std::vector<PhotoNumber> photos;
  size_t next = 0;
  int pages = 0;
  int failures = 0;
  bool has_more = true;

  bool may_ask(bool next_page) const { return has_more && (pages == 0 || next_page) && failures < kFailuresPerTag; }
};

class DrawPlanner final : public Planner {
 public:
  DrawPlanner(std::unique_ptr<TagSelector> selector, const DrawRules& rules)
      : selector_(std::move(selector)), rules_(rules) {}

  void add_first_query(TagId tag) override { selector_->add_first_query(tag); }
  void add_fallback(TagId tag) override { selector_->add_fallback(tag); }

  std::optional<Step> next(const Room& room) override {
    while (true) {
      if (room.calls > 0 || !room.calls_may_return) resume_waiting();
      while (!ready_.empty()) {
        const TagId tag = ready_.front();
        ready_.pop_front();
        if (const auto step = continue_draw(tag, room)) return step;
      }
      if (!may_draw(room)) return std::nullopt;
      const auto tag = selector_->select();
      if (!tag) return std::nullopt;
      ++draws_begun_;
      ready_.push_back(*tag);
    }
  }

  void on_listing(const Listing& result) override {
    --asking_;
    TagListing& listing = listings_[result.asked];
    if (result.outcome == Listing::Outcome::answered) {
      add_page(listing, result);
      ready_.push_back(result.asked);
    } else {
      listing.failures += result.outcome == Listing::Outcome::refused ? kFailuresPerTag : 1;
      end_draw(result.asked, DrawResult::Outcome::failed);
    }
  }

  void on_look(const LookResult& look) override {
    const auto draw = looking_.extract(look.photo);
    if (!look.log_score) return end_draw(draw.mapped(), DrawResult::Outcome::failed);
    selector_->observe({.tag = draw.mapped(),
                        .outcome = DrawResult::Outcome::scored,
                        .log_score = *look.log_score,
                        .rank = look.rank,
                        .photo_tags = look.tags,
                        .embedding = look.embedding});
  }

  // One for each draw that has not begun its look.
  int images_kept() const override { return asking_ + static_cast<int>(ready_.size() + waiting_.size()); }

  End end() const override {
    if (wanted_a_call_) return End::calls;
    return all_drawn() ? End::rounds : End::exhausted;
  }

 private:
  bool all_drawn() const { return rules_.max_draws > 0 && draws_begun_ >= rules_.max_draws; }
  bool may_draw(const Room& room) const { return room.images > images_kept() && !all_drawn(); }

  // Those that found no call left: some have come back, or none will.
  void resume_waiting() {
    ready_.insert(ready_.end(), waiting_.begin(), waiting_.end());
    waiting_.clear();
  }

  // Nothing when the draw has ended, or waits for a call.
  std::optional<Step> continue_draw(TagId tag, const Room& room) {
    TagListing& listing = listings_[tag];
    while (listing.next < listing.photos.size()) {
      const PhotoNumber photo = listing.photos[listing.next++];
      if (look_at(photo, tag)) return Look{.photo = photo, .chosen_by = tag};
      if (rules_.skip_repeated) continue;
      end_draw(tag, DrawResult::Outcome::repeated);
      return std::nullopt;
    }
    if (listing.may_ask(rules_.next_page)) return ask(tag, room);
    end_draw(tag, DrawResult::Outcome::empty);
    return std::nullopt;
  }

  std::optional<Step> ask(TagId tag, const Room& room) {
    if (room.calls > 0) {
      ++asking_;
      return Ask{tag};
    }
    if (room.calls_may_return) {
      waiting_.push_back(tag);
    } else {
      wanted_a_call_ = true;
      end_draw(tag, DrawResult::Outcome::empty);
    }
    return std::nullopt;
  }

  // False when it has been looked at already.
  bool look_at(PhotoNumber photo, TagId tag) {
    if (photo >= seen_.size()) seen_.resize(photo + 1, false);
    if (seen_[photo]) return false;
    seen_[photo] = true;
    looking_[photo] = tag;
    return true;
  }

  // A page without a photo that was not known before is the last: a service whose pages repeat would be asked for ever.
  static void add_page(TagListing& listing, const Listing& page) {
    ++listing.pages;
    for (const ListedPhoto& listed : page.photos)
      listing.photos.push_back(listed.photo);
    const bool any_new = std::ranges::any_of(page.photos, &ListedPhoto::is_new);
    listing.has_more = page.has_more && any_new;
  }

  void end_draw(TagId tag, DrawResult::Outcome outcome) { selector_->observe({.tag = tag, .outcome = outcome}); }

  std::unique_ptr<TagSelector> selector_;
  DrawRules rules_;
  std::unordered_map<TagId, TagListing> listings_;
  std::vector<bool> seen_;  // by PhotoNumber: looked at, or being looked at
  // The draws under way, by tag. Each is at one of four places.
  std::deque<TagId> ready_;                         // to be continued at once
  std::vector<TagId> waiting_;                      // for a call that one under way may give back
  int asking_ = 0;                                  // so many wait for an answer of the service
  std::unordered_map<PhotoNumber, TagId> looking_;  // look at that photo
  int draws_begun_ = 0;
  bool wanted_a_call_ = false;  // when none was left
};

}  // namespace

std::unique_ptr<Planner> make_draw_planner(std::unique_ptr<TagSelector> selector, const DrawRules& rules) {
  return std::make_unique<DrawPlanner>(std::move(selector), rules);
}

}  // namespace lookalike
