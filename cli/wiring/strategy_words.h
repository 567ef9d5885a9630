// The word vectors that a strategy compares tags by: built in, or installed by `lookalike models pull glove`.
// Threads: a free function.
// Tested by tests/cli/wiring/strategy_words_test.cc
#pragma once

#include <memory>

#include "core/base/log.h"
#include "core/base/result.h"
#include "core/base/word_vectors.h"
#include "core/search/strategies/strategy.h"
#include "models/store.h"

namespace lookalike {

// Null when the strategy compares no words, or those that it wants are not installed, which is then told to the log.
// Errors: model (damaged), bad_data (the user's catalogue).
Result<std::unique_ptr<WordVectors>> open_word_vectors(const ModelStore& store, const Strategy& strategy,
                                                       const LogSink& log);

}  // namespace lookalike
