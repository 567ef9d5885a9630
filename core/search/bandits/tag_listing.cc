#include "core/search/bandits/tag_listing.h"

namespace lookalike {

void TagListing::add_page(std::span<const PhotoNumber> listed, bool any_new, bool more, size_t query) {
  ++pages;
  photos.insert(photos.end(), listed.begin(), listed.end());
  has_more = more && any_new;
  last_answer = query;
}

std::optional<PhotoNumber> TagListing::next_unseen(const KnownPhotos& book, bool skip_seen, bool& repeated) {
  while (cursor < photos.size()) {
    const PhotoNumber photo = photos[cursor++];
    if (!book[photo].seen) return photo;
    if (!skip_seen) {
      repeated = true;
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace lookalike
