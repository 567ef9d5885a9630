// Any bytes as Flickr's answer: no crash, no leak, no undefined behaviour; and whatever photo comes out of it is safe
// to show, to download and to ask for. `./dev fuzz flickr_answer`
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "providers/flickr/flickr.h"
#include "tests/fuzz/properties.h"

namespace lookalike {
namespace {

void check_photo(const Photo& photo) {
  check(photo.local_path.empty());
  check(photo.page_url.starts_with("https://www.flickr.com/photos/"));
  check(photo.image_url.starts_with("https://") || photo.image_url.starts_with("http://"));
  for (const std::string* text :
       {&photo.id, &photo.page_url, &photo.image_url, &photo.title, &photo.owner, &photo.owner_url, &photo.attribution})
    check_valid(*text);
  check_tags(photo.tags);
  for (const std::string& tag : photo.tags)
    check(tag.front() != '-');
}

}  // namespace
}  // namespace lookalike

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto page = lookalike::read_answer(lookalike::flickr_service(), bytes, {});
  if (!page.ok()) {
    lookalike::check_valid(page.error().message);
    return 0;
  }
  lookalike::check(page->photos.size() <= lookalike::kFlickrMaxPerPage);
  for (const lookalike::Photo& photo : page->photos)
    lookalike::check_photo(photo);
  return 0;
}
