#include "core/base/photo.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr std::string_view kFlickrPhotos = "flickr.com/photos/";

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

// "flickr.com/photos/owner/2718/in/album" gives "2718"; empty when it is no photo's page.
std::string_view flickr_number(std::string_view page) {
  if (!page.starts_with(kFlickrPhotos)) return {};
  page.remove_prefix(kFlickrPhotos.size());
  const size_t owner = page.find('/');
  if (owner == std::string_view::npos) return {};
  const std::string_view number = page.substr(owner + 1, page.find('/', owner + 1) - owner - 1);
  const bool digits = std::all_of(number.begin(), number.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  return digits ? number : std::string_view();
}

}  // namespace

std::string photo_key(const Photo& photo) {
  return photo.provider + '\n' + photo.id;
}

std::string page_key(const Photo& photo) {
  std::string_view page = photo.page_url;
  page = page.substr(0, page.find_first_of("?#"));
  const size_t scheme = page.find("://");
  const bool on_disk = page.starts_with("file:");
  if (scheme != std::string_view::npos && !on_disk) page.remove_prefix(scheme + 3);
  const size_t host_end = std::min(page.find('/'), page.size());
  const std::string host = ascii_lower(page.substr(0, host_end));
  std::string key = std::string(without_prefix(host, "www.")).append(page.substr(host_end));
  while (key.ends_with('/'))
    key.pop_back();
  const std::string_view number = flickr_number(key);
  return number.empty() ? key : "flickr.com/" + std::string(number);
}

}  // namespace lookalike
