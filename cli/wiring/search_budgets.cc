#include "cli/wiring/search_budgets.h"

#include <algorithm>
#include <cmath>

namespace lookalike {
namespace {

// What the original program allows itself.
constexpr int kOriginalBudget = 110;
constexpr std::chrono::seconds kBackstop{120};

double share_of(Effort effort) {
  switch (effort) {
    case Effort::quick: return 0.4;
    case Effort::normal: return 1;
    case Effort::thorough: return 2.5;
  }
  return 1;
}

int scaled(int count, double share) {
  return std::max(1, static_cast<int>(std::lround(count * share)));
}

SearchBudget usual_budget(const ProviderSettings& source) {
  const ProviderInfo& info = **find_provider(source.provider);
  const bool is_known = !source.api_key.empty() || (info.wants_contact && source.has_contact);
  return info.budget_of_known && is_known ? *info.budget_of_known : info.budget;
}

}  // namespace

SearchBudgets search_budgets(const SearchCommandOptions& options, std::span<const ProviderSettings> sources,
                             size_t images) {
  const double share = share_of(options.effort);
  std::optional<int> calls;
  int photos = 0;
  bool has_service = false;
  const bool any_service = std::ranges::any_of(
      sources, [](const ProviderSettings& source) { return !(*find_provider(source.provider))->on_this_disk; });
  for (const ProviderSettings& source : sources) {
    if (any_service && (*find_provider(source.provider))->on_this_disk) continue;
    const SearchBudget usual = usual_budget(source);
    int own = scaled(usual.calls, share);
    if (usual.most_calls > 0) own = std::min(own, usual.most_calls);
    calls = std::min(calls.value_or(own), own);
    photos = std::max(photos, scaled(usual.images, share));
    has_service = has_service || (*find_provider(source.provider))->argument.empty();
  }
  if (options.strategy == "clear") {
    calls = scaled(kOriginalBudget, share);
    photos = *calls;
  }
  SearchBudgets budgets{.max_calls = options.max_calls.value_or(calls.value_or(kOriginalBudget)),
                        .max_images = options.max_images.value_or(photos),
                        .backstop = std::nullopt};
  const bool waits = options.batch.on_quota == OnQuota::wait;
  if (images == 1 && has_service && !waits && !options.time_limit_seconds) {
    budgets.backstop = std::chrono::duration_cast<std::chrono::seconds>(kBackstop * std::max(1.0, share));
  }
  return budgets;
}

}  // namespace lookalike
