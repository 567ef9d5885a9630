// What every tag selector must do, whatever it is good at; shared by the selectors' tests.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/search/bandits/tag_selector.h"

namespace lookalike {

using MakeSelector = std::function<std::unique_ptr<TagSelector>(uint64_t seed)>;

// A thousand draws, up to ten under way at once, that end in every way and in any order, on a service whose tags are
// used up in time. Expects that no tag is drawn twice at once or once more when it is used up, that the search ends,
// and that the same seed gives the same draws. Returns how many draws there were.
size_t expect_good_behaviour(const MakeSelector& make);

// The tags drawn, one at a time, from a service where a draw of tag t is rewarded `reward_of(t)` and the photo has the
// tags `tags_of(t)`.
std::vector<TagId> draws_from(TagSelector& selector, const std::function<double(TagId)>& reward_of,
                              const std::function<std::vector<TagId>(TagId)>& tags_of, size_t draws);

}  // namespace lookalike
