// Any bytes: no crash, no leak, no undefined behaviour. `./dev fuzz json`
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/text/json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)lookalike::parse_json(bytes);
  return 0;
}
