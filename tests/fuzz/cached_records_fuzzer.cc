// Any bytes as a record of the cache: no crash, no page that names a file of this disk, and what is read is written and
// read again as the same. `./dev fuzz cached_records`
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/text/text.h"
#include "core/cache/cached_records.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto page = lookalike::parse_cached_page(bytes); page.ok()) {
    for (const lookalike::Photo& photo : page->photos) {
      if (!photo.local_path.empty()) __builtin_trap();
      for (const std::string& tag : photo.tags)
        if (lookalike::valid_utf8(tag) != tag) __builtin_trap();
    }
    const std::string written = lookalike::write_cached_page(*page);
    const auto again = lookalike::parse_cached_page(written);
    if (!again.ok() || lookalike::write_cached_page(*again) != written) __builtin_trap();
  }
  if (const auto embedding = lookalike::parse_cached_embedding(bytes); embedding.ok()) {
    const auto again = lookalike::parse_cached_embedding(lookalike::write_cached_embedding(*embedding));
    if (!again.ok() || *again != *embedding) __builtin_trap();
  }
  return 0;
}
