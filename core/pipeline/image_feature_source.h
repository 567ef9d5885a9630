// Photo to embedding: download (or read, for photos on this disk), decode, network.
// Threads: fetch() from any; downloads are on the HTTP client's thread, the rest on the workers.
// Tested by tests/core/pipeline/image_feature_source_test.cc
#pragma once

#include "core/base/feature_source.h"
#include "core/net/http_client.h"
#include "core/pipeline/embedding_workers.h"
#include "core/pipeline/photo_download.h"
#include "core/vision/decode.h"

namespace lookalike {

class ImageFeatureSource final : public FeatureSource {
 public:
  // Both borrowed; the client must be destroyed before the workers, which its callbacks use.
  ImageFeatureSource(HttpClient& http, EmbeddingWorkers& workers, ImageFetchRules rules)
      : http_(http), workers_(workers), rules_(std::move(rules)) {}

  // The photo is copied as far as it is needed.
  void fetch(const Photo& photo, int max_requests, Reports reports) override;

 private:
  void read_from_disk(const Photo& photo, Done done);
  void download(const Photo& photo, int max_requests, Reports reports);

  HttpClient& http_;
  EmbeddingWorkers& workers_;
  ImageFetchRules rules_;
};

}  // namespace lookalike
