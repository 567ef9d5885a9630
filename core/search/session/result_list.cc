#include "core/search/session/result_list.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/base/photo.h"
#include "core/search/scoring/similarity.h"

namespace lookalike {
namespace {

// Of features that keep their places, and of such that are means over the whole picture.
constexpr double kSameCosine = 0.9;
constexpr double kSameCosinePooled = 0.97;
constexpr double kBurstCosine = 0.75;
constexpr double kBurstCosinePooled = 0.9;

bool same_owner(const Photo& a, const Photo& b) {
  return !a.owner.empty() && a.owner == b.owner && a.provider == b.provider;
}

// A single number, as a scoring program gives it, says nothing of likeness.
bool comparable(const FoundPhoto& a, const FoundPhoto& b) {
  return a.embedding.size() > 1 && a.embedding.size() == b.embedding.size();
}

bool are_duplicates(const FoundPhoto& a, const FoundPhoto& b) {
  const std::string page = page_key(a.photo);
  if (!page.empty() && a.photo.provider != b.photo.provider && page == page_key(b.photo)) return true;
  if (!comparable(a, b)) return false;
  const bool pooled = a.embedding.size() <= kMostPooledValues;
  const bool one_owner = same_owner(a.photo, b.photo);
  const double needed =
      one_owner ? (pooled ? kBurstCosinePooled : kBurstCosine) : (pooled ? kSameCosinePooled : kSameCosine);
  return cosine(a.embedding, b.embedding) >= needed;
}

}  // namespace

size_t embeddings_needed(const ResultOptions& options) {
  constexpr size_t kMost = 500;  // 30 MB of MobileNetV2's
  return options.keep_duplicates ? 0 : std::min(kMost, 3 * options.top + 20);
}

std::vector<FoundPhoto> shown_results(std::vector<FoundPhoto> found, const ResultOptions& options) {
  std::vector<FoundPhoto> shown;
  std::unordered_map<std::string, int> of_owner;
  for (FoundPhoto& photo : found) {
    if (shown.size() >= options.top) break;
    if (options.min_score && !reaches(photo.score, *options.min_score)) continue;
    const auto twin =
        options.keep_duplicates ? shown.end() : std::find_if(shown.begin(), shown.end(), [&](const FoundPhoto& other) {
          return are_duplicates(other, photo);
        });
    if (twin != shown.end()) {
      twin->duplicates.push_back(std::move(photo.photo));
      continue;
    }
    const std::string owner = photo.photo.provider + '\n' + photo.photo.owner;
    const bool counted = options.max_per_owner > 0 && !photo.photo.owner.empty();
    if (counted && ++of_owner[owner] > options.max_per_owner) continue;
    shown.push_back(std::move(photo));
  }
  return shown;
}

}  // namespace lookalike
