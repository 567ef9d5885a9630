// Photo to what it is scored by: one download (none, for photos on this disk), then all assessors at once. What they
// make of it is joined into one embedding, in their order; a scorer may read each part in its place.
// A photo of which one part fails fails: a sum without one of its terms would rank it among photos that it cannot be
// compared with. The first failure in the assessors' order counts, whichever came first.
// Threads: fetch() from any; downloads are on the HTTP client's thread, the rest where the assessors do it.
// Tested by tests/core/pipeline/photo_feature_source_test.cc
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/feature_source.h"
#include "core/http/http_client.h"
#include "core/pipeline/photo_assessor.h"
#include "core/pipeline/photo_download.h"

namespace lookalike {

struct PhotoPart {
  std::shared_ptr<PhotoAssessor>
      assessor;           // shared with the client's callbacks, which may come when the source is gone
  std::string name = {};  // which failed, in its errors; empty: there is no other
};

class PhotoFeatureSource final : public FeatureSource {
 public:
  // `http` is borrowed; it must be destroyed before what the assessors borrow. REQUIRES: a part at least
  PhotoFeatureSource(HttpClient& http, ImageFetchRules rules, std::vector<PhotoPart> parts);
  // Closes the assessors; answers that come later are dropped.
  ~PhotoFeatureSource() override;

  // The photo is copied as far as it is needed.
  void fetch(const Photo& photo, int max_requests, Reports reports) override;

 private:
  using Parts = std::shared_ptr<const std::vector<PhotoPart>>;

  static void assess(const Parts& parts, const PhotoInHand& photo, const TransferCost& cost, const Done& done);

  HttpClient& http_;
  ImageFetchRules rules_;
  Parts parts_;
  const std::shared_ptr<GonePictures> gone_ = std::make_shared<GonePictures>();
};

}  // namespace lookalike
