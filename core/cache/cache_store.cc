#include "core/cache/cache_store.h"

#include "core/base/text/digest.h"

namespace lookalike {

std::string joined_parts(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
  }
  return text;
}

std::string cache_key(std::initializer_list<std::string_view> parts) {
  return sha256_hex(joined_parts(parts));
}

}  // namespace lookalike
