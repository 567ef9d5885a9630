// Which of the photos that were found are shown: those good enough, without near-duplicates, not too many of one owner.
// Near-duplicates are photos of the same page, whatever source lists them, and photos whose embeddings point almost the
// same way: re-uploads of anyone (kSameCosine), shots of one moment by the same owner (kBurstCosine). Measured with
// MobileNetV2's 7 x 7 x 320 features: a photo and its copy saved at JPEG quality 50 have a median cosine of 0.87, with
// a caption printed on it 0.94, cut by a tenth 0.81; the nearest two different photos of a collection from Flickr 0.64,
// different motorcycles on the same white 0.80 to 0.89. Pooled features, which say nothing of places, are nearer to
// each other.
// Cost: O(shown x looked at) dot products, those of the first few results.
// Threads: a free function without state.
// Tested by tests/core/search/session/result_list_test.cc
#pragma once

#include <optional>
#include <vector>

#include "core/search/session/search_outcome.h"

namespace lookalike {

struct ResultOptions {
  size_t top = 20;
  std::optional<double> min_score;  // of what people are shown (likeness.h)
  bool keep_duplicates = false;
  int max_per_owner = 0;  // 0: any number; photos without an owner are not counted
};

// How many of the best photos must keep their embeddings for this (SearchOptions::embeddings_kept).
size_t embeddings_needed(const ResultOptions& options);

// `found` best first, as SearchOutcome has it. Near-duplicates go to the best of them, under FoundPhoto::duplicates.
std::vector<FoundPhoto> shown_results(std::vector<FoundPhoto> found, const ResultOptions& options);

}  // namespace lookalike
