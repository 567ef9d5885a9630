// What can be made of a photo once its bytes are here: an embedding, or a number in the place of one. What a search
// scores photos by is what one assessor makes of them, or several (photo_feature_source.h).
// Threads: assess() from any, and returns at once; `done` comes on any thread, exactly once unless the assessor is
// closed first.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/feature_source.h"
#include "core/base/photo.h"
#include "core/base/result.h"

namespace lookalike {

struct PhotoInHand {
  Photo photo;
  std::shared_ptr<const std::string> bytes;  // null: they are a file on this disk, Photo::local_path
  int64_t max_bytes = 0;                     // of such a file
};

struct Assessment {
  Result<Embedding> embedding;
  int64_t bytes_read = 0;  // from this disk
  bool cached = false;     // it was known before: nothing was decoded
};

class PhotoAssessor {
 public:
  using Done = std::function<void(Assessment)>;

  virtual ~PhotoAssessor() = default;
  // Errors: not_found, bad_data (not an image, too large, truncated), model.
  virtual void assess(const PhotoInHand& photo, Done done) = 0;
  // Nobody wants an answer any more, and none needs to come. May be called twice.
  virtual void close() {}
};

}  // namespace lookalike
