// Any bytes as a word vector file (glove.words): no crash, and no read outside the file; sums stay finite; where the
// words stand in order, each of them is found with its own values, and no other word is. `./dev fuzz word_vectors`
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "models/word_vector_file.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/properties.h"

namespace {

using lookalike::check;

constexpr size_t kHeaderBytes = 24;

uint32_t number_at(std::string_view bytes, size_t place) {
  uint32_t number = 0;
  std::memcpy(&number, bytes.data() + place, sizeof number);  // this machine is little-endian, as the format is
  return number;
}

// The words as the format has them, read the plain way; empty when they do not stand in order, each once.
std::vector<std::string_view> words_of(std::string_view bytes, size_t count) {
  const std::string_view text = bytes.substr(kHeaderBytes + 4 * count, number_at(bytes, 16));
  std::vector<std::string_view> words;
  size_t start = 0;
  for (size_t i = 0; i < count; ++i) {
    const size_t end = number_at(bytes, kHeaderBytes + 4 * i);
    if (end < start || end > text.size()) return {};
    words.push_back(text.substr(start, end - start));
    if (i > 0 && words[i - 1] >= words[i]) return {};
    start = end;
  }
  return words;
}

int16_t value_at(std::string_view bytes, size_t count, size_t place) {
  const size_t text_bytes = number_at(bytes, 16);
  int16_t value = 0;
  std::memcpy(&value, bytes.data() + kHeaderBytes + 4 * count + text_bytes + text_bytes % 2 + 2 * place, sizeof value);
  return value;
}

void check_words(const lookalike::WordVectorFile& file, std::string_view bytes) {
  const auto words = words_of(bytes, file.words());
  const float scale = std::bit_cast<float>(number_at(bytes, 20));
  for (size_t i = 0; i < words.size(); ++i) {
    std::vector<float> sum(file.dimensions(), 0.0f);
    check(file.add(words[i], sum));
    for (size_t k = 0; k < sum.size(); ++k)
      check(sum[k] == scale * static_cast<float>(value_at(bytes, words.size(), i * sum.size() + k)));
    const std::string longer = std::string(words[i]) + '\x01';
    const bool known = i + 1 < words.size() && words[i + 1] == longer;
    check(file.add(longer, sum) == known);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const lookalike::MemoryFile memory;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  memory.fill(bytes);
  const auto file = lookalike::WordVectorFile::open(memory.path());
  if (!file.ok()) return 0;
  std::vector<float> sum((*file)->dimensions(), 0.0f);
  for (const std::string_view word : {std::string_view(), std::string_view("cat"), bytes.substr(size / 2, 3), bytes})
    (void)(*file)->add(word, sum);
  for (const float value : sum)
    check(std::isfinite(value));
  check_words(**file, bytes);
  return 0;
}
