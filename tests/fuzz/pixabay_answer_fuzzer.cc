// Any bytes as Pixabay's answers and refusals: no crash, no leak, no undefined behaviour, and only sound photos.
// `./dev fuzz pixabay_answer`
#include <cstddef>
#include <cstdint>

#include "providers/sources.h"
#include "tests/fuzz/photo_checks.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto page = lookalike::read_answer(lookalike::pixabay_service(), bytes, {.per_page = 3});
  if (page.ok())
    lookalike::check_page(*page, "pixabay", 200);
  else
    lookalike::check_valid(page.error().message);
  const auto refusal =
      lookalike::read_refusal(lookalike::pixabay_service(), {.status = 400, .body = std::string(bytes)});
  if (refusal && !refusal->ok()) lookalike::check_valid(refusal->error().message);
  return 0;
}
