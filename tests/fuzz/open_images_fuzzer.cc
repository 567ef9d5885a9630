// Any label file of Open Images: no crash, and ids that cannot lead out of a folder. `./dev fuzz open_images`
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/eval/open_images.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto images = lookalike::parse_open_images(bytes, bytes.substr(size / 2));
  if (!images.ok()) return 0;
  for (const lookalike::LabelledImage& image : *images) {
    if (image.id.empty() || image.id.find_first_of("/.\\") != std::string::npos || image.labels.empty())
      __builtin_trap();
  }
  return 0;
}
