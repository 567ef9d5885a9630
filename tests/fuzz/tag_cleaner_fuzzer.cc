// Any bytes as a stop list and a tag (parted by a NUL), and as a query: no crash, no undefined behaviour, and no
// operator of a query language is left in a query. `./dev fuzz tag_cleaner`
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "providers/common/service_request.h"
#include "providers/tag_cleaner.h"
#include "tests/fuzz/properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t part = std::min(bytes.find('\0'), bytes.size());
  const std::string tag(bytes.substr(std::min(part + 1, bytes.size())));
  static const lookalike::TagCleaner built_in;  // slow to make, under sanitizers
  (void)built_in.drops(tag);
  if (part < bytes.size()) {
    lookalike::TagCleaner cleaner = built_in;
    cleaner.add(bytes.substr(0, part));
    (void)cleaner.drops(tag);
    cleaner.exempt({&tag, 1});
    lookalike::check(!cleaner.drops(tag));
  }
  if (const auto query = lookalike::query_text(bytes, 100); query.ok()) {
    lookalike::check_valid(*query);
    lookalike::check(query->find_first_of("\"*()|+~:/\\!?<>=") == std::string::npos);
    lookalike::check(query->front() != '-' && query->find(" -") == std::string::npos);
  }
  return 0;
}
