// Any bytes as Openverse's answers: no crash, no leak, no undefined behaviour, and only sound photos.
// `./dev fuzz openverse_answer`
#include <cstddef>
#include <cstdint>

#include "providers/openverse_answer.h"
#include "tests/fuzz/photo_checks.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto answer = lookalike::parse_openverse_search(bytes, {.shows_mature = size % 2 == 0});
  if (answer.ok())
    lookalike::check_page(answer->page, "openverse", 500);
  else
    lookalike::check_valid(answer.error().message);
  lookalike::check_valid(lookalike::openverse_detail(bytes));
  const auto token = lookalike::parse_openverse_token(bytes);
  if (token.ok()) lookalike::check(token->token.find_first_of(" \r\n") == std::string::npos);
  return 0;
}
