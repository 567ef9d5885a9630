// Any bytes: no crash, no leak, no undefined behaviour. `./dev fuzz flickr_answer`
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "providers/flickr_answer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)lookalike::parse_flickr_search(bytes);
  return 0;
}
