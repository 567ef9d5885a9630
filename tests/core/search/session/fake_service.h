// A service and its pictures in memory: photos with tags and one-number embeddings, searched by a word.
// Answers are computed at once and delivered by the test, in the order that it likes.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/search/session/search_session.h"

namespace lookalike {

struct FakePhoto {
  std::string id;
  std::vector<std::string> tags;
  float value = 0;  // the embedding
};

class FakeService {
 public:
  void add(FakePhoto photo) { photos_.push_back(std::move(photo)); }

  PhotoAnswer answer(const PhotoQuery& query);
  FeatureAnswer features(const Photo& photo);

  // Queries by text, in the order they were asked.
  std::vector<std::string> asked;
  std::map<std::string, int> looked_at;  // by id
  // When set, what a request ends with instead.
  std::function<std::optional<Error>(const PhotoQuery&)> call_fault;
  std::function<std::optional<Error>(const Photo&)> image_fault;
  int requests_per_call = 1;
  int requests_per_look = 1;
  bool cached = false;           // answers cost nothing
  bool on_this_disk = false;     // photos have a local path
  bool tells_transfers = false;  // the end of a look's transfer is an arrival of its own, before its features

 private:
  std::vector<FakePhoto> photos_;
};

// log_score = order = value, so that tests can compute means by hand.
class ValueScorer final : public Scorer {
 public:
  Score score(std::span<const float> embedding) const override;
};

// Runs the session to its end; answers come back in the order of sending when `shuffle` is null, else any order.
SearchOutcome run_session(SearchSession& session, FakeService& service, Random* shuffle = nullptr);

}  // namespace lookalike
