// Any bytes as Pixabay's answers and refusals: no crash, no leak, no undefined behaviour, and only sound photos.
// `./dev fuzz pixabay_answer`
#include <cstddef>
#include <cstdint>

#include "providers/pixabay_answer.h"
#include "tests/fuzz/photo_checks.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto page = lookalike::parse_pixabay_search(bytes, 1, 3);
  if (page.ok())
    lookalike::check_page(*page, "pixabay", lookalike::kPixabayMaxPerPage);
  else
    lookalike::check_valid(page.error().message);
  const auto refusal = lookalike::read_pixabay_refusal(bytes);
  if (!refusal.ok()) lookalike::check_valid(refusal.error().message);
  return 0;
}
