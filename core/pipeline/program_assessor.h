// Photo to the score of the user's program, in the place of an embedding (core/base/feature_source.h): a temporary
// file, a question, an answer. Photos on this disk are shown as they are.
// The program is asked about one photo at a time. Photos that are no image by their first bytes never reach it.
// Threads: assess() from any; the program has a thread of its own. close() ends the program at once when it is at work,
// else as ScoreProgram says; who waits for an answer then gets none.
// Tested by tests/core/pipeline/program_assessor_test.cc
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/pipeline/photo_assessor.h"

namespace lookalike {

struct ScoringProgramOptions {
  std::string command;                           // read by /bin/sh
  std::chrono::milliseconds time_limit{30'000};  // for each photo
};

class ProgramAssessor final : public PhotoAssessor {
 public:
  // The program is started when the first photo is there.
  explicit ProgramAssessor(ScoringProgramOptions program);
  ~ProgramAssessor() override;

  // Errors: as PhotoAssessor, and those of ScoreProgram::score().
  void assess(const PhotoInHand& photo, Done done) override;
  // The program has ended on return.
  void close() override;

 private:
  class Queue;

  std::unique_ptr<Queue> queue_;
};

}  // namespace lookalike
