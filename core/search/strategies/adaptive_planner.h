// The strategy `adaptive`: a ridge regression from tags, words of the title and their meaning to scores picks both the
// photos to look at and the tags to ask for, so that the hundreds of photos that a call brings are told apart before
// any is downloaded. A photo is worth what these predict, plus a little for tags seen seldom (optimism), plus what is
// expected of it for the sake of the first queries that brought it. How much that says is itself learnt. A tag is worth
// its weight and that of its meaning, with the same optimism. Calls are paced so that the budgets of calls and images
// end together. A few looks are probes of photos that general words brought: they tell whether the first queries lead
// anywhere (first_query_check.h); where they do not, nothing more is expected for their sake but what was learnt, and
// more of the general words are asked.
// Source: contextual bandits with a linear model (Li et al., "A Contextual-Bandit Approach to Personalized News Article
// Recommendation", WWW 2010), over the features of Sato, WSDM 2022.
// Cost: next() O(p t) for p photos known with t tags each, and O(tags); observe as TagRegression.
// Threads: one; the engine calls it.
// Tested by tests/core/search/strategies/adaptive_planner_test.cc
#pragma once

#include <memory>

#include "core/search/strategies/planner.h"

namespace lookalike {

// Chosen on photos of two collections; docs/evaluation.md shows what each is worth and how flat its neighbourhood is.
struct AdaptiveSettings {
  double ridge = 15;            // of the regression
  double word_value = 0.4;      // of a word of the title, where a tag has 1
  double photo_optimism = 0.1;  // for tags seen seldom, in standard deviations of the scores
  double tag_optimism = 0.3;
  double meaning_value = 0.3;  // of the meaning of a tag, which has length 1
  // What is expected of a photo that the first of the first queries brought, in units of the log score, and how freely
  // that is learnt: its value in the regression.
  double brought_expected = 2;
  double brought_value = 2;
  bool probes = true;  // whether the first queries are put in doubt
};

// REQUIRES: setup.tags
std::unique_ptr<Planner> make_adaptive_planner(const StrategySetup& setup, const AdaptiveSettings& settings = {});

}  // namespace lookalike
