// What every photo that a parser gives must be: safe to show, to download and to ask for.
#pragma once

#include "core/base/photo.h"
#include "core/base/provider.h"
#include "tests/fuzz/properties.h"

namespace lookalike {

inline void check_web_url(const std::string& url) {
  check(url.starts_with("https://") || url.starts_with("http://"));
}

inline void check_photo(const Photo& photo, std::string_view provider) {
  check(photo.provider == provider && !photo.id.empty() && photo.local_path.empty());
  check_web_url(photo.page_url);
  check_web_url(photo.image_url);
  if (!photo.owner_url.empty()) check_web_url(photo.owner_url);
  if (!photo.license.url.empty()) check_web_url(photo.license.url);
  for (const std::string* text :
       {&photo.id, &photo.title, &photo.owner, &photo.attribution, &photo.license.id, &photo.license.name}) {
    check_valid(*text);
  }
  check_tags(photo.tags);
  for (const std::string& tag : photo.tags)
    check(tag.front() != '-');
}

inline void check_page(const PhotoPage& page, std::string_view provider, size_t most) {
  check(page.photos.size() <= most);
  for (const Photo& photo : page.photos)
    check_photo(photo, provider);
}

}  // namespace lookalike
