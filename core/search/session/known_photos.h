// Every photo that a search has met, by number, each once: the same photo of the same source, and its page in the list
// of another source, are one (core/base/photo.h).
// Cost: O(1) each.
// Threads: one; the engine's.
// Tested by tests/core/search/session/known_photos_test.cc
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/photo.h"
#include "core/search/strategies/planner.h"
#include "core/search/strategies/tag_table.h"

namespace lookalike {

struct KnownPhoto {
  Photo photo;
  TagId listed_by = 0;    // the tag whose answer brought it first
  size_t brought_by = 0;  // the query, by its place in the log (search_log.h)
  bool seen = false;      // looked at, successfully or not, or being looked at
};

class KnownPhotos {
 public:
  // The numbers of an answer's photos, in its order; those not known before get the next ones.
  std::vector<PhotoNumber> add(std::vector<Photo> photos, TagId listed_by, size_t brought_by);

  // References stay good.
  KnownPhoto& operator[](PhotoNumber photo) { return photos_[photo]; }
  const KnownPhoto& operator[](PhotoNumber photo) const { return photos_[photo]; }
  size_t size() const { return photos_.size(); }

 private:
  std::optional<PhotoNumber> known_as(const Photo& photo) const;
  void remember(KnownPhoto known);

  std::deque<KnownPhoto> photos_;
  std::unordered_map<std::string, PhotoNumber> photo_of_key_;
  std::unordered_map<std::string, PhotoNumber> photo_of_page_;
};

}  // namespace lookalike
