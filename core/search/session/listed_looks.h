// Photos that a search looks at although no query brought them: those that a source on this disk lists
// (Provider::list), most of which no words would find. They stand beside what the strategy chooses:
//   first     before anything else: copies of the query image
//   shared    a fixed part of the looks is theirs, so that photos of which nothing is said have a chance as good as
//   any;
//             all that are left when the strategy has nothing more to do
//   reserved  the others, when the budget allows for all of them: whenever the strategy has nothing to do just now
// The strategy never hears of these. The rest it may find by itself; what it has not found when it is through is looked
// at then.
// Example: first 1, shared 4, share 0.5. The first look is photo 0; then every other look is one of 1 to 4.
// Cost: O(1) a look.
// Threads: one; the engine's.
// Tested by tests/core/search/session/listed_looks_test.cc
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/base/photo.h"
#include "core/search/session/known_photos.h"

namespace lookalike {

struct ListedPhotos {
  std::vector<Photo> photos;  // first, shared, reserved; of a photo that comes twice the first place counts
  size_t first = 0;
  size_t shared = 0;
  double share = 0;  // of all looks but the first ones; 0 to 1
  bool reserved = false;
  std::vector<Photo> rest = {};  // may hold any of the others
};

class ListedLooks {
 public:
  // `photos` is how many of them there are, each counted once; they are the first of the book.
  ListedLooks(const ListedPhotos& listed, size_t photos)
      : first_(std::min(listed.first, photos)),
        shared_end_(std::min(first_ + listed.shared, photos)),
        photos_(photos),
        share_(listed.share),
        reserved_(listed.reserved) {}

  size_t photos() const { return photos_; }
  // Looks that the strategy must leave to them.
  int kept_back() const { return reserved_ ? static_cast<int>(photos_ - next_) : 0; }

  // The one whose turn it is before the strategy's next look.
  std::optional<PhotoNumber> due(const KnownPhotos& book) {
    if (skip_seen(book) < first_) return take();
    const bool in_time = static_cast<double>(shared_looks_) < share_ * static_cast<double>(looks_ + 1);
    return next_ < shared_end_ && in_time ? take() : std::nullopt;
  }
  // The next one, now that the strategy has nothing to do. `is_over`: nor is anything of it under way.
  std::optional<PhotoNumber> spare(const KnownPhotos& book, bool is_over) {
    return (reserved_ || is_over) && skip_seen(book) < photos_ ? take() : std::nullopt;
  }
  // The strategy has looked at one of its own.
  void on_other_look() { ++looks_; }

  bool all_begun(const KnownPhotos& book) const {
    size_t photo = next_;
    while (photo < photos_ && book[photo].seen)
      ++photo;
    return photo == photos_;
  }

 private:
  // The strategy may have chosen some of them.
  size_t skip_seen(const KnownPhotos& book) {
    while (next_ < photos_ && book[next_].seen)
      ++next_;
    return next_;
  }
  std::optional<PhotoNumber> take() {
    if (next_ >= first_) {
      ++looks_;
      ++shared_looks_;
    }
    return next_++;
  }

  size_t first_;
  size_t shared_end_;
  size_t photos_;
  double share_;
  bool reserved_;
  size_t next_ = 0;
  size_t looks_ = 0;         // but for the first ones
  size_t shared_looks_ = 0;  // of those, at listed photos
};

}  // namespace lookalike
