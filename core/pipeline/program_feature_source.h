// Photo to the score of the user's program, in the place of an embedding (core/base/number_embedding.h): download, a
// temporary file, a question, an answer. Photos on this disk are shown as they are.
// The program is asked about one photo at a time. Photos that are no image by their first bytes never reach it.
// Threads: fetch() from any; downloads are on the HTTP client's thread, the program has a thread of its own. Destroying
// the source ends the program at once when it is at work, else as ScoreProgram says; answers that come later are
// dropped. Tested by tests/core/pipeline/program_feature_source_test.cc
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/base/feature_source.h"
#include "core/net/http_client.h"
#include "core/pipeline/photo_download.h"

namespace lookalike {

struct ScoringProgramOptions {
  std::string command;                           // read by /bin/sh
  std::chrono::milliseconds time_limit{30'000};  // for each photo
};

class ProgramFeatureSource final : public FeatureSource {
 public:
  // `http` is borrowed. The program is started when the first photo is there.
  ProgramFeatureSource(HttpClient& http, ImageFetchRules images, ScoringProgramOptions program);
  ~ProgramFeatureSource() override;

  // Errors: as FeatureSource, and those of ScoreProgram::score().
  void fetch(const Photo& photo, int max_requests, Reports reports) override;

 private:
  class Queue;

  HttpClient& http_;
  ImageFetchRules images_;
  std::shared_ptr<Queue> queue_;  // shared with the client's callbacks, which may come when this is gone
};

}  // namespace lookalike
