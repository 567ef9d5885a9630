// The collection behind the Flickr stand-in, and its search.
// Threads: constant once loaded.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "tests/support/flickr_stand_in.h"

namespace lookalike::test {

using Parameters = std::map<std::string, std::string>;

// Newest first. Errors: not_found, bad_data (no photos).
Result<std::vector<StandInPhoto>> load_stand_in_photos(const std::filesystem::path& collection);

class StandInSearch {
 public:
  explicit StandInSearch(std::vector<StandInPhoto> photos);

  const std::vector<StandInPhoto>& photos() const { return photos_; }
  // Null when there is no such photo.
  const StandInPhoto* find(const std::string& id) const;
  // Photos with all of the words, or with any; in titles and tags, or in tags alone. Newest first.
  enum class Words { all, any };
  enum class Where { everywhere, tags };
  std::vector<const StandInPhoto*> with_words(const std::string& text, Words words, Where where) const;
  // The body of the answer; `images` is what image URLs begin with.
  std::string answer(const Parameters& parameters, const std::string& key, const std::string& images) const;

 private:
  std::vector<const StandInPhoto*> matches(const Parameters& parameters) const;

  std::vector<StandInPhoto> photos_;
  std::vector<std::vector<std::string>> terms_;      // of each photo, sorted
  std::vector<std::vector<std::string>> tag_terms_;  // those of its tags alone, likewise
  std::map<std::string, size_t> by_id_;
};

std::string fail_answer(int code, const std::string& message);

// Decimal, or the fallback.
int64_t integer_or(const Parameters& parameters, const std::string& name, int64_t fallback);

// Looks random, depends on the text and the seed alone.
uint64_t scramble(const std::string& text, uint64_t seed);

}  // namespace lookalike::test
