// The one interface of a search strategy. A strategy is told what the search has learnt, and names the next step: a tag
// to ask the service for, or a photo to look at. The session (session/search_session.h) carries the steps out, many at
// once, and holds the budgets; a strategy knows no service, no file and no clock.
//
// How a search goes, seen by its strategy. The network took the query for a dog:
//
//   add_first_query(dog)                              what to begin with, best first
//   add_fallback(nature)                              what to fall back on
//   next({calls 40, images 500})     -> Ask{dog}      the service is asked for photos of dogs
//   next({calls 39, images 500})     -> nothing       nothing can be chosen until an answer is here
//   on_listing({dog, photos 0 and 1})                 0 has the tags "dog" and "beach", 1 only "dog"
//   next({calls 39, images 500})     -> Look{0}       photo 0 is downloaded and scored
//   next({calls 39, images 499})     -> Look{1}
//   on_look({photo 0, log score 2})                   beaches may be worth a question
//   next({calls 39, images 498})     -> Ask{beach}
//   on_look({photo 1})                                it could not be scored
//
// To add a strategy, write a Planner in a file of its own and a line in strategy.cc. A bandit that chooses one tag at a
// time is simpler: write a TagSelector (bandits/tag_selector.h), and bandits/draw_planner.h makes a Planner of it.
// Threads: one; the engine's. The same calls must give the same steps: chance comes from StrategySetup::seed alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "core/base/word_vectors.h"
#include "core/search/strategies/tag_table.h"

namespace lookalike {

using PhotoNumber = size_t;  // counts up from 0 as photos become known

// What a strategy is made from.
struct StrategySetup {
  uint64_t seed = 1;
  // Borrowed. The table grows while the strategy lives; it need not be ready before the first call.
  const TagTable* tags = nullptr;
  const WordVectors* words = nullptr;  // null: there are none
  // The search's whole budget.
  int max_calls = 0;
  int max_images = 0;
};

struct ListedPhoto {
  PhotoNumber photo = 0;
  bool is_new = false;           // not listed before; only then are the words given
  std::span<const TagId> tags;   // distinct
  std::span<const TagId> words;  // distinct, of the title, and not among the tags
};

// How an Ask ended.
struct Listing {
  enum class Outcome {
    answered,
    failed,   // no answer; the same question may succeed later
    refused,  // the question itself is at fault: it will never be answered
  };
  TagId asked = 0;
  Outcome outcome = Outcome::answered;
  std::span<const ListedPhoto> photos = {};  // in the service's order
  bool has_more = false;                     // a further page would bring more
};

// How a Look ended.
struct LookResult {
  PhotoNumber photo = 0;
  std::optional<double> log_score = {};   // nothing: the photo could not be scored
  int rank = 0;                           // when scored: its place among all photos scored so far, 1 is the best
  std::span<const TagId> tags = {};       // when scored: distinct, as the service gives them
  std::span<const float> embedding = {};  // when scored
};

class Planner {
 public:
  // Asks for the tag's first page, or for the next one.
  struct Ask {
    TagId tag;
  };
  struct Look {
    PhotoNumber photo;
    // The tag that it was chosen by, whose mean it counts for even if the photo does not have it. Nothing: the tag that
    // brought it.
    std::optional<TagId> chosen_by = {};
  };
  using Step = std::variant<Ask, Look>;

  // What may be begun now.
  struct Room {
    int calls = 0;
    int images = 0;
    bool calls_may_return = false;  // calls under way hold some that they may give back
  };

  // Why there is no further step.
  enum class End { exhausted, calls, rounds };

  virtual ~Planner() = default;
  // A query to begin with, in order of preference; later also another word for one that brought nothing.
  virtual void add_first_query(TagId tag) = 0;
  // A tag to fall back on when nothing else is known.
  virtual void add_fallback(TagId tag) = 0;
  // The next step; nothing when what is under way must come back first or, when nothing is, when the search is over.
  virtual std::optional<Step> next(const Room& room) = 0;
  virtual void on_listing(const Listing& listing) = 0;
  virtual void on_look(const LookResult& look) = 0;
  // So many images are kept for photos that calls under way will bring: no other look may use them up.
  virtual int images_kept() const { return 0; }
  // Meaningful when next() gave nothing and nothing is under way.
  virtual End end() const { return End::exhausted; }
};

}  // namespace lookalike
