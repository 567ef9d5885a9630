// The photos that the service gave for a tag, in its order, and how far they are used.
// Threads: one; the engine's.
// Tested by tests/core/search/bandits/tag_listing_test.cc
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/search/session/known_photos.h"

namespace lookalike {

// A tag whose call failed this often, its retries included, is left alone.
inline constexpr int kFailuresPerTag = 2;

struct TagListing {
  std::vector<PhotoNumber> photos;
  size_t cursor = 0;
  int pages = 0;
  int failures = 0;
  bool asked = false;
  bool has_more = true;
  size_t last_answer = 0;  // the query that brought the last page, by its place in the log
  std::optional<std::chrono::system_clock::time_point> uploaded_before;

  // A further page. One without a photo that was not known before is the last: a service whose pages repeat would be
  // asked for ever.
  void add_page(std::span<const PhotoNumber> listed, bool any_new, bool more, size_t query);

  // The next photo that was not looked at. `skip_seen`: passes over those that were; else the first of them sets
  // `repeated`, and there is none.
  std::optional<PhotoNumber> next_unseen(const KnownPhotos& book, bool skip_seen, bool& repeated);

  // Whether the service may be asked for more.
  bool may_ask(bool next_page) const { return has_more && (pages == 0 || next_page) && failures < kFailuresPerTag; }
};

}  // namespace lookalike
