// Plans a search photo by photo: which tag to ask for next, and which of all the photos known so far to look at next,
// from what their tags say. A tag selector (tag_selector.h) draws from one tag at a time; a planner sees all photos
// that the calls brought, most of which are never looked at. Threads: one; the engine's. Same calls, same choices.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <variant>

#include "core/search/strategies/tag_table.h"

namespace lookalike {

using PhotoNumber = size_t;  // counts up from 0 as photos become known

struct ListedPhoto {
  PhotoNumber photo = 0;
  bool is_new = false;           // not listed before; only then are the words given
  std::span<const TagId> tags;   // distinct
  std::span<const TagId> words;  // distinct, of the title, and not among the tags
};

class Planner {
 public:
  struct Ask {
    TagId tag;
  };
  struct Look {
    PhotoNumber photo;
  };
  using Step = std::variant<Ask, Look>;

  // What the budget still allows to begin.
  struct Room {
    int calls = 0;
    int images = 0;
  };

  virtual ~Planner() = default;
  // A query to begin with, in order of preference; also later, when an alternative is tried for one that was empty, or
  // the same again whose call failed.
  virtual void add_first_query(TagId tag) = 0;
  virtual void add_fallback(TagId tag) = 0;
  // The next step; nothing when what is under way must come back first or, when nothing is, when the search is over.
  virtual std::optional<Step> next(const Room& room) = 0;
  // The end of an Ask: the page's photos, in the service's order; empty when it failed.
  virtual void on_listing(TagId asked, std::span<const ListedPhoto> photos) = 0;
  // The end of a Look; nothing when the photo could not be scored.
  virtual void on_look(PhotoNumber photo, std::optional<double> log_score) = 0;
};

}  // namespace lookalike
