// Any bytes: no crash, no leak, no undefined behaviour. `./dev fuzz sidecar`
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "providers/sidecar.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)lookalike::parse_text_sidecar(bytes);
  (void)lookalike::parse_json_sidecar(bytes);
  (void)lookalike::parse_xmp_sidecar(bytes);
  return 0;
}
