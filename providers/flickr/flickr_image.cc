#include <algorithm>
#include <cctype>

#include "core/http/url.h"
#include "providers/flickr/flickr.h"

namespace lookalike {
namespace {

constexpr std::string_view kHost = "staticflickr.com";
// Its image hosts have been seen to answer 429 to rows of downloads, by no published rule. A result page of the site
// loads some 100 pictures at once and more as one scrolls, so this is what a person's browser does over one search.
constexpr int kImagesAtOnce = 16;
constexpr double kImagesPerSecond = 60;
constexpr int kImagesInABurst = 300;

bool all(std::string_view text, int (*is)(int)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [is](unsigned char c) { return is(c) != 0; });
}

bool is_image_host(std::string_view host) {
  return host == kHost ||
         (host.size() > kHost.size() && host.ends_with(kHost) && host[host.size() - kHost.size() - 1] == '.');
}

// "12_abc_b" gives "12_abc"; empty when it is no name of a photo, or an original's.
std::string_view photo_and_secret(std::string_view name) {
  const size_t first = name.find('_');
  if (first == std::string_view::npos || !all(name.substr(0, first), std::isdigit)) return {};
  const size_t second = name.find('_', first + 1);
  const std::string_view size = second == std::string_view::npos ? "" : name.substr(second + 1);
  const bool known_size =
      second == std::string_view::npos || (size.size() <= 2 && all(size, std::isalnum) && size != "o");
  if (!known_size || !all(name.substr(first + 1, second - first - 1), std::isxdigit)) return {};
  return name.substr(0, second);
}

}  // namespace

HostPolicy flickr_image_policy() {
  return {.host = std::string(kHost),
          .max_at_once = kImagesAtOnce,
          .per_second = kImagesPerSecond,
          .burst = kImagesInABurst};
}

std::string small_flickr_image(std::string_view text) {
  constexpr std::string_view kEnd = ".jpg";
  const auto url = parse_url(text);
  if (!url.ok() || url->scheme != "https" || !is_image_host(url->host) || !url->query.empty()) return "";
  const size_t slash = url->path.rfind('/');
  if (slash == std::string::npos || !url->path.ends_with(kEnd)) return "";
  const std::string_view name = std::string_view(url->path).substr(slash + 1);
  const std::string_view photo = photo_and_secret(name.substr(0, name.size() - kEnd.size()));
  if (photo.empty()) return "";
  return "https://" + url->host + url->path.substr(0, slash + 1) + std::string(photo) + "_n.jpg";
}

}  // namespace lookalike
