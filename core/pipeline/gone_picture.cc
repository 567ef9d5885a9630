#include "core/pipeline/gone_picture.h"

#include <algorithm>
#include <array>

#include "core/base/text/text.h"
#include "core/http/url.h"

namespace lookalike {
namespace {

// Parts of names, with '_' for whatever parts words.
constexpr std::array<std::string_view, 14> kUnmistakable{
    "photo_unavailable", "image_unavailable", "picture_unavailable", "photo_not_available", "image_not_available",
    "photo_not_found",   "image_not_found",   "picture_not_found",   "no_image_available",  "no_photo_available",
    "image_removed",     "photo_removed",     "photo_deleted",       "image_deleted"};
constexpr std::array<std::string_view, 13> kTelling{
    "unavailable", "not_available", "not_found", "notfound", "no_image", "noimage",    "no_photo",
    "nophoto",     "removed",       "deleted",   "missing",  "404",      "placeholder"};

// The last part of the path, in lower case, its words between '_': "/a/Image-Not%20Found.png" gives
// "_image_not_found_".
std::string words_of_name(std::string_view address) {
  const auto url = parse_url(address);
  if (!url.ok()) return {};
  const std::string name = ascii_lower(std::string_view(url->path).substr(url->path.rfind('/') + 1));
  std::string words = "_";
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (c == '%') i += 2;
    if (plain || words.back() != '_') words += plain ? c : '_';
  }
  return words.back() == '_' ? words : words + '_';
}

template <size_t N>
bool holds_any(const std::string& words, const std::array<std::string_view, N>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](std::string_view word) {
    return words.find("_" + std::string(word) + "_") != std::string::npos;
  });
}

}  // namespace

bool is_gone_picture(std::string_view asked, std::string_view came_from) {
  const std::string words = words_of_name(came_from);
  if (holds_any(words, kUnmistakable)) return true;
  return asked != came_from && holds_any(words, kTelling) && !holds_any(words_of_name(asked), kTelling);
}

bool GonePictures::is_one(const std::string& asked, const std::string& came_from) {
  if (is_gone_picture(asked, came_from)) return true;
  if (asked == came_from) return false;
  const std::lock_guard lock(mutex_);
  if (led_by_.size() >= kMost) led_by_.clear();
  return led_by_.try_emplace(came_from, asked).first->second != asked;
}

}  // namespace lookalike
