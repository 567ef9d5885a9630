// Any bytes as the JSON that `lookalike models pull glove` gets: no crash, and what is made of it is a word vector file
// whose sums are finite. `./dev fuzz word_vectors_json`
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "models/pull/convert.h"
#include "models/word_vector_file.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using lookalike::check;
  static const lookalike::MemoryFile json;
  static const lookalike::MemoryFile made;
  json.fill({reinterpret_cast<const char*>(data), size});
  if (!lookalike::convert_words(json.path(), made.path(), {}).ok()) return 0;
  const auto file = lookalike::WordVectorFile::open(made.path());
  check(file.ok());
  check((*file)->words() > 0);
  std::vector<float> sum((*file)->dimensions(), 0.0f);
  for (const std::string_view word : {"", "a", "cat", "the"})
    (void)(*file)->add(word, sum);
  for (const float value : sum)
    check(std::isfinite(value));
  return 0;
}
