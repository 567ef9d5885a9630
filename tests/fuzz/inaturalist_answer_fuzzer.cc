// Any bytes as iNaturalist's answer: no crash, no leak, no undefined behaviour, and only sound photos.
// `./dev fuzz inaturalist_answer`
#include <cstddef>
#include <cstdint>

#include "providers/sources.h"
#include "tests/fuzz/photo_checks.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto page = lookalike::read_answer(lookalike::inaturalist_service(), bytes, {});
  if (page.ok())
    lookalike::check_page(*page, "inaturalist", 100);
  else
    lookalike::check_valid(page.error().message);
  return 0;
}
