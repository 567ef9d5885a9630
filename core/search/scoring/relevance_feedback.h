// Several images instead of one: what a user likes besides the query image, and what not.
// mean   one point between the images: the query and the mean of the liked ones, less the mean of the unliked ones.
//        Source: Rocchio, "Relevance Feedback in Information Retrieval", in Salton (ed.), "The SMART Retrieval System",
//        1971; the weights are the usual ones (Manning, Raghavan, Schütze, "Introduction to Information Retrieval",
//        2008, 9.1.1). They are divided by their sum, so that the point lies among the images and a scale that suits
//        one image suits it, too.
// best   a point for the query and each liked image, each moved away from the mean of the unliked ones; a photo counts
//        by the nearest of them. For things that have little in common: their mean would look like none of them.
// Threads: free functions without state.
// Cost: mean scores as fast as one image, best in as many passes as points.
// Tested by tests/core/search/scoring/relevance_feedback_test.cc
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/base/feature_source.h"
#include "core/base/result.h"
#include "core/search/scoring/scorer.h"

namespace lookalike {

inline constexpr double kQueryWeight = 1;       // Rocchio's alpha
inline constexpr double kLikedWeight = 0.75;    // beta
inline constexpr double kUnlikedWeight = 0.15;  // gamma

enum class LikeMode { mean, best };

struct Feedback {
  std::vector<Embedding> liked;
  std::vector<Embedding> unliked;
  LikeMode mode = LikeMode::mean;
};

// What photos are compared with: one point, or with LikeMode::best as many as there are wanted images.
// REQUIRES: all embeddings are of one size
std::vector<Embedding> feedback_points(const Embedding& query, const Feedback& feedback);

// The similarity of that name (similarity.h) to those points. The query image itself is what others' likeness is
// measured by, here too, be it on such a point or not. Errors: as make_similarity().
Result<std::unique_ptr<Scorer>> make_feedback_similarity(std::string_view name, const Embedding& query,
                                                         const Feedback& feedback, double scale);

}  // namespace lookalike
