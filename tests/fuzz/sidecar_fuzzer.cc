// Any bytes as a file of words beside a picture: no crash, no leak, no undefined behaviour; what is read is valid
// UTF-8, bounded, and fit for a terminal. `./dev fuzz sidecar`
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "providers/folder/photo_words.h"
#include "tests/fuzz/properties.h"

namespace {

void check_words(const lookalike::PhotoWords& words) {
  lookalike::check_valid(words.title);
  lookalike::check_valid(words.description);
  lookalike::check_tags(words.tags);
  lookalike::check(words.tags.size() <= 500);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_words(lookalike::parse_text_sidecar(bytes));
  if (const auto words = lookalike::parse_json_sidecar(bytes); words.ok()) check_words(*words);
  if (const auto words = lookalike::parse_xmp_sidecar(bytes); words.ok()) check_words(*words);
  return 0;
}
