#include "cli/wiring/strategy_words.h"

#include <string>
#include <utility>

#include "models/common_words.h"
#include "models/word_vector_file.h"

namespace lookalike {

Result<std::unique_ptr<WordVectors>> open_word_vectors(const ModelStore& store, const Strategy& strategy,
                                                       const LogSink& log) {
  if (strategy.words == WordsUsed::none) return std::unique_ptr<WordVectors>();
  if (strategy.words == WordsUsed::common) return std::unique_ptr<WordVectors>(std::make_unique<CommonWords>());
  const auto path = store.word_vectors();
  if (!path.ok()) return path.error();
  if (path->empty()) {
    if (log) {
      log(LogLevel::info, "no word vectors are installed: " + std::string(strategy.name) +
                              " compares tags by the photos seen with them; 'lookalike models pull glove' gets some");
    }
    return std::unique_ptr<WordVectors>();
  }
  auto file = WordVectorFile::open(*path);
  if (!file.ok()) return Error{ErrorCode::model, file.error().message};
  return std::unique_ptr<WordVectors>(std::move(*file));
}

}  // namespace lookalike
