#include "cli/wiring/search_plan.h"

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/base/photo.h"

namespace lookalike {
namespace {

const Strategy& strategy_named(const std::string& name) {
  return name == whole_strategy().name ? whole_strategy() : **find_strategy(name);
}

int as_budget(size_t photos) {
  return static_cast<int>(std::clamp<size_t>(photos, 1, 1'000'000));
}

// Each photo once, and which of the lists it is from.
class PhotoLists {
 public:
  size_t add(std::vector<Photo> photos) {
    const size_t before = all_.size();
    for (Photo& photo : photos) {
      if (known_.insert(photo_key(photo)).second) all_.push_back(std::move(photo));
    }
    return all_.size() - before;
  }
  std::vector<Photo> take() { return std::move(all_); }

 private:
  std::vector<Photo> all_;
  std::unordered_set<std::string> known_;
};

SearchPlan left_open(SearchPlan plan, size_t whole_folder) {
  plan.left_open = true;
  plan.whole = plan.local_photos <= whole_folder;
  if (!plan.only_local) {
    plan.max_images += as_budget(std::min(plan.local_photos, whole_folder));
  } else if (plan.whole) {
    plan.strategy = &whole_strategy();
    plan.max_calls = 0;
    plan.max_images = as_budget(plan.local_photos);
  } else {
    plan.max_images = std::min(plan.max_images, as_budget(plan.local_photos));
  }
  return plan;
}

}  // namespace

Result<SearchPlan> plan_search(const SearchCommandOptions& options, const SearchBudgets& budgets,
                               const Provider& provider, size_t whole_folder) {
  SearchPlan plan{.strategy = &strategy_named(strategy_name(options)),
                  .max_calls = budgets.max_calls,
                  .max_images = budgets.max_images,
                  .local_photos = provider.listable(ListOf::every_photo),
                  .only_local = provider.lists_all()};
  if (plan.strategy->only_listed && !plan.only_local) {
    return Error{ErrorCode::usage,
                 "--strategy all looks at every photo of a folder, and a service cannot list its photos: search with "
                 "--provider folder:DIR alone, or leave --strategy out"};
  }
  if (plan.local_photos == 0) return plan;
  if (plan.strategy->only_listed) {
    plan.whole = true;
    if (!options.max_images) plan.max_images = as_budget(plan.local_photos);
    return plan;
  }
  if (chose_search(options) || scores_by(options, ScoreKind::program)) return plan;
  return left_open(plan, whole_folder);
}

ListedPhotos listed_photos(const SearchPlan& plan, const Provider& provider, const std::optional<FileIdentity>& query,
                           const std::stop_token& stop) {
  ListedPhotos listed;
  if (plan.local_photos == 0) return listed;
  PhotoLists lists;
  if (query) listed.first = lists.add(provider.copies_of(*query, stop));
  const auto most = static_cast<size_t>(plan.max_images);
  const bool guided = !plan.whole && plan.strategy->sees_all_photos;
  if (guided) {
    listed.share =
        static_cast<double>(provider.listable(ListOf::without_words)) / static_cast<double>(plan.local_photos);
    listed.shared = lists.add(provider.list(ListOf::without_words, most));
  }
  if (plan.whole) lists.add(provider.list(ListOf::every_photo, most));
  if (guided) listed.rest = provider.list(ListOf::every_photo, most);
  listed.reserved = plan.whole;
  listed.photos = lists.take();
  return listed;
}

std::string strategy_text(const SearchPlan& plan) {
  const std::string name(plan.strategy->name);
  return plan.whole && !plan.strategy->only_listed ? std::string(whole_strategy().name) + "+" + name : name;
}

std::optional<std::string> unseen_text(const SearchPlan& plan, const SearchOutcome& outcome) {
  const auto seen = static_cast<size_t>(outcome.counts.images_scored + outcome.counts.images_failed);
  if (!plan.only_local || plan.local_photos == 0 || seen >= plan.local_photos) return std::nullopt;
  const std::string looked =
      "looked at " + std::to_string(seen) + " of the folder's " + std::to_string(plan.local_photos) + " photos";
  const bool cut = outcome.stopped_by == StopReason::time_limit || outcome.stopped_by == StopReason::interrupted;
  if (cut && (plan.whole || plan.left_open)) return looked + ": repeat the same search to go on from there";
  if (!plan.left_open) return std::nullopt;
  return looked + ", guided by their names and tags; --strategy all looks at every one";
}

}  // namespace lookalike
