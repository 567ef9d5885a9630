// Any line of a source program: no crash, and only photos that are safe to show, to fetch and to ask for.
// `./dev fuzz source_answer`
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "providers/program_protocol.h"
#include "tests/fuzz/photo_checks.h"

namespace lookalike {
namespace {

// One on this disk is checked as if its file were a page of the web, once its path is known to be one.
void check_source_photo(Photo photo) {
  if (!photo.local_path.empty()) {
    check(photo.local_path.front() == '/' && photo.local_path.find('\0') == std::string::npos);
    check(photo.image_url.starts_with("file:///"));
    if (photo.page_url == photo.image_url) photo.page_url = "https://a.example/";
    photo.image_url = "https://a.example/";
    photo.local_path.clear();
  }
  check_photo(photo, "program");
}

void check_answer(const SourceAnswer& answer) {
  check(answer.requests >= 1 && answer.at_once >= 1 && answer.at_once <= kMaxProgramsAtOnce);
  check((answer.dropped > 0) == !answer.first_problem.empty());
  check_valid(answer.first_problem);
  if (!answer.page.ok()) return check_valid(answer.page.error().message);
  check(answer.page->photos.size() <= static_cast<size_t>(kMaxSourcePhotos));
  for (const Photo& photo : answer.page->photos)
    check_source_photo(photo);
}

}  // namespace
}  // namespace lookalike

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto answer = lookalike::parse_source_answer(line, 7);
  if (answer.ok())
    lookalike::check_answer(*answer);
  else
    lookalike::check_valid(answer.error().message);
  return 0;
}
