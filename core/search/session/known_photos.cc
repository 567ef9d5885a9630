#include "core/search/session/known_photos.h"

#include <utility>

#include "core/base/photo.h"

namespace lookalike {

std::vector<PhotoNumber> KnownPhotos::add(std::vector<Photo> photos, TagId listed_by, size_t brought_by) {
  std::vector<PhotoNumber> numbers;
  for (Photo& photo : photos) {
    const auto known = known_as(photo);
    if (!known) remember({.photo = std::move(photo), .listed_by = listed_by, .brought_by = brought_by});
    numbers.push_back(known.value_or(photos_.size() - 1));
  }
  return numbers;
}

// The same photo of the same source, or its page in the list of another one.
std::optional<PhotoNumber> KnownPhotos::known_as(const Photo& photo) const {
  if (const auto same = photo_of_key_.find(photo_key(photo)); same != photo_of_key_.end()) return same->second;
  const auto page = photo_of_page_.find(page_key(photo));
  const bool elsewhere = page != photo_of_page_.end() && photos_[page->second].photo.provider != photo.provider;
  return elsewhere ? std::optional(page->second) : std::nullopt;
}

void KnownPhotos::remember(KnownPhoto known) {
  photo_of_key_.emplace(photo_key(known.photo), photos_.size());
  if (std::string page = page_key(known.photo); !page.empty()) photo_of_page_.emplace(std::move(page), photos_.size());
  photos_.push_back(std::move(known));
}

}  // namespace lookalike
