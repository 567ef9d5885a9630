// Any line of a scoring program: no crash, and a score that is finite. `./dev fuzz score_answer`
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/pipeline/score_program.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const lookalike::Photo photo{.provider = "flickr", .id = "7"};
  const auto answer = lookalike::parse_score_answer(line, photo);
  if (!answer.ok()) return 0;
  const double* score = std::get_if<double>(&*answer);
  if (score != nullptr && !std::isfinite(*score)) __builtin_trap();
  return 0;
}
