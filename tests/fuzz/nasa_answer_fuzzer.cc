// Any bytes as an answer of NASA's image library, and as its refusals: no crash, no leak, no undefined behaviour, and
// only sound photos.
// `./dev fuzz nasa_answer`
#include <cstddef>
#include <cstdint>

#include "providers/sources.h"
#include "tests/fuzz/photo_checks.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto page = lookalike::read_answer(lookalike::nasa_service(), bytes, {});
  if (page.ok())
    lookalike::check_page(*page, "nasa", 100);
  else
    lookalike::check_valid(page.error().message);
  const auto refusal = lookalike::read_refusal(lookalike::nasa_service(), {.status = 400, .body = std::string(bytes)});
  if (refusal && !refusal->ok()) lookalike::check_valid(refusal->error().message);
  return 0;
}
