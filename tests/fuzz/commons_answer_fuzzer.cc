// Any bytes as two answers of Wikimedia Commons (parted by a NUL), and as the HTML in them: no crash, no leak, no
// undefined behaviour, and only sound photos. `./dev fuzz commons_answer`
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/base/text/json.h"
#include "providers/common/answer_fields.h"
#include "providers/commons_answer.h"
#include "providers/sources.h"
#include "tests/fuzz/photo_checks.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t part = std::min(bytes.find('\0'), bytes.size());
  lookalike::CommonsBatch batch;
  for (const std::string_view body : {bytes.substr(0, part), bytes.substr(std::min(part + 1, bytes.size()))}) {
    const auto document = lookalike::parse_json(body);
    if (!document.ok()) continue;
    const lookalike::Status added = lookalike::add_commons_answer(batch, *document);
    if (!added.ok()) lookalike::check_valid(added.error().message);
  }
  lookalike::check(batch.more.size() <= 16);
  const auto page = lookalike::read_answer(lookalike::commons_service(), bytes.substr(0, part), {});
  if (page.ok()) lookalike::check_page(*page, "commons", 50);
  const std::string text = lookalike::html_text(bytes);
  lookalike::check(lookalike::terminal_safe(text) == text);
  if (const std::string link = lookalike::first_link(bytes); !link.empty()) lookalike::check_web_url(link);
  return 0;
}
