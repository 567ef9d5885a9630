// Any bytes as the name or the description of a picture: no crash, no leak, no undefined behaviour. `./dev fuzz words`
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "providers/folder/words.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)lookalike::tags_of_sentence(bytes);
  (void)lookalike::tags_of_name(bytes);
  return 0;
}
