// A tagged collection as a service that never changes: the same text search, order and paging as Flickr's, and scores
// instead of pictures, so that thousands of searches can be replayed a minute.
// Search: every word of the text must be a word of the title or of a tag; newest first; not after `uploaded_before`.
// Shapes: embeddings are n x d row-major float32.
// Threads: const after construction; any.
// Tested by tests/core/eval/frozen_service_test.cc
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/feature_source.h"
#include "core/base/photo.h"
#include "core/base/provider.h"

namespace lookalike {

struct FrozenPhoto {
  Photo photo;           // photo.id is replaced by the photo's number
  int64_t uploaded = 0;  // Unix seconds
};

// What one query can list, as a service has it.
struct FrozenReach {
  int photos_per_call = 500;
  int photos_per_query = 0;  // over all pages; 0: any number
};

class FrozenService {
 public:
  // Photos are numbered in the order given.
  explicit FrozenService(std::vector<FrozenPhoto> photos, FrozenReach reach = {});

  size_t size() const { return photos_.size(); }
  // `hidden` is a photo that the service does not have for this search, as when it is the query; size() for none.
  PhotoPage search(const PhotoQuery& query, size_t hidden) const;
  // The number of a photo that search() gave.
  static size_t number_of(const Photo& photo);

 private:
  std::vector<uint32_t> matching(std::string_view text) const;

  FrozenReach reach_;
  std::vector<FrozenPhoto> photos_;
  std::unordered_map<std::string, std::vector<uint32_t>> photos_with_;  // by word, newest first
  std::vector<uint32_t> age_rank_;                                      // 0 is the newest
};

}  // namespace lookalike
