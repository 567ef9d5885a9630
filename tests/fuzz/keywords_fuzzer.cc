// Any bytes as a picture's file, for the words that photo managers write into it: no crash, no leak, no undefined
// behaviour. `./dev fuzz keywords`
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "providers/folder/photo_words.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const int file = ::memfd_create("picture", MFD_CLOEXEC);
  if (file < 0 || ::write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) return 0;
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (lookalike::may_hold_keywords(path)) (void)lookalike::embedded_keywords(path);
  ::close(file);
  return 0;
}
