// Any bytes: no crash, no leak, no undefined behaviour. `./dev fuzz decode`
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/vision/decode/decode.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)lookalike::decode_image(bytes, {.max_pixels = 4'000'000, .scale_to_at_least = 448});
  return 0;
}
