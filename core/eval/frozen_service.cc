#include "core/eval/frozen_service.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "core/base/text/numbers.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

std::set<std::string> words_of_photo(const Photo& photo) {
  std::set<std::string> words;
  const auto add = [&words](const std::string& text) {
    for (std::string& word : folded_words(text))
      words.insert(std::move(word));
  };
  add(photo.title);
  for (const std::string& tag : photo.tags)
    add(tag);
  return words;
}

int64_t unix_seconds(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

FrozenService::FrozenService(std::vector<FrozenPhoto> photos, FrozenReach reach)
    : reach_(reach), photos_(std::move(photos)) {
  std::vector<uint32_t> by_age(photos_.size());
  std::iota(by_age.begin(), by_age.end(), 0u);
  std::stable_sort(by_age.begin(), by_age.end(),
                   [this](uint32_t a, uint32_t b) { return photos_[a].uploaded > photos_[b].uploaded; });
  age_rank_.resize(photos_.size());
  for (uint32_t rank = 0; rank < by_age.size(); ++rank) {
    const uint32_t number = by_age[rank];
    age_rank_[number] = rank;
    photos_[number].photo.id = std::to_string(number);
    for (const std::string& word : words_of_photo(photos_[number].photo))
      photos_with_[word].push_back(number);
  }
}

std::vector<uint32_t> FrozenService::matching(std::string_view text) const {
  std::vector<const std::vector<uint32_t>*> lists;
  for (const std::string& word : folded_words(text)) {
    const auto found = photos_with_.find(word);
    if (found == photos_with_.end()) return {};
    lists.push_back(&found->second);
  }
  if (lists.empty()) return {};
  std::vector<uint32_t> result = *lists.front();
  const auto newer = [this](uint32_t a, uint32_t b) { return age_rank_[a] < age_rank_[b]; };
  for (size_t i = 1; i < lists.size(); ++i) {
    std::vector<uint32_t> both;
    std::set_intersection(result.begin(), result.end(), lists[i]->begin(), lists[i]->end(), std::back_inserter(both),
                          newer);
    result = std::move(both);
  }
  return result;
}

PhotoPage FrozenService::search(const PhotoQuery& query, size_t hidden) const {
  std::vector<uint32_t> numbers = matching(query.text);
  std::erase_if(numbers, [&](uint32_t number) {
    const bool too_new = query.uploaded_before && photos_[number].uploaded > unix_seconds(*query.uploaded_before);
    return number == hidden || too_new;
  });
  if (reach_.photos_per_query > 0)
    numbers.resize(std::min(numbers.size(), static_cast<size_t>(reach_.photos_per_query)));
  PhotoPage page;
  const size_t per_page = static_cast<size_t>(std::clamp(query.per_page, 1, reach_.photos_per_call));
  const size_t first = static_cast<size_t>(std::max(query.page, 1) - 1) * per_page;
  const size_t last = std::min(numbers.size(), first + per_page);
  for (size_t i = first; i < last; ++i)
    page.photos.push_back(photos_[numbers[i]].photo);
  page.has_more = last < numbers.size();
  return page;
}

size_t FrozenService::number_of(const Photo& photo) {
  return parse_number<size_t>(photo.id).value_or(0);
}

}  // namespace lookalike
