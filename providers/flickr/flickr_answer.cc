#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "core/http/url.h"
#include "providers/common/answer_fields.h"
#include "providers/common/license_names.h"
#include "providers/flickr/flickr.h"

namespace lookalike {
namespace {

using rapidjson::Value;

constexpr size_t kMaxOwnerBytes = 64;
constexpr size_t kMaxTextCodePoints = 500;

// The smallest at least about 300 pixels long comes first, then the larger, last the smaller.
constexpr std::array<const char*, 8> kSizes{"url_n", "url_m", "url_z", "url_c", "url_l", "url_s", "url_q", "url_t"};

bool fits_path(std::string_view segment) {
  if (segment.empty() || segment.size() > kMaxOwnerBytes || segment == "." || segment == "..") return false;
  return std::all_of(segment.begin(), segment.end(), [](unsigned char c) { return c > ' ' && c != 0x7F; });
}

// Owners look like 37115478@N05, and a path may hold an '@' as it is.
std::string owner_segment(std::string_view owner) {
  std::string encoded = percent_encode(owner);
  for (size_t at = encoded.find("%40"); at != std::string::npos; at = encoded.find("%40", at))
    encoded.replace(at, 3, "@");
  return encoded;
}

std::string image_url_of(const Value& photo) {
  for (const char* size : kSizes) {
    std::string url = web_url(photo, size);
    if (!url.empty()) return url;
  }
  return {};
}

// Titles come as text, in answers of other methods as {"_content": text}.
std::string text_of(const Value& photo, std::string_view name) {
  if (auto text = json_text(photo, name)) return clip_text(*text, kMaxTextCodePoints);
  const Value* member = json_member(photo, name);
  if (member == nullptr) return {};
  return clip_text(json_text(*member, "_content").value_or(""), kMaxTextCodePoints);
}

std::vector<std::string> tags_of(const Value& photo) {
  const Value* member = json_member(photo, "tags");
  if (member == nullptr || !member->IsString()) return {};
  const std::string_view text(member->GetString(), member->GetStringLength());
  std::vector<std::string> tags;
  size_t at = 0;
  while (at < text.size() && tags.size() < kMaxAnswerTags) {
    const size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    add_tag(tags, text.substr(at, end - at));
    at = end + 1;
  }
  return tags;
}

std::optional<Photo> read_photo(const Value& value) {
  Photo photo;
  photo.id = json_text(value, "id").value_or("");
  const std::string owner = json_text(value, "owner").value_or("");
  photo.image_url = image_url_of(value);
  if (!is_plain_id(photo.id) || !fits_path(owner) || photo.image_url.empty()) return std::nullopt;
  const std::string segment = owner_segment(owner);
  photo.page_url = "https://www.flickr.com/photos/" + segment + "/" + photo.id;
  photo.owner_url = "https://www.flickr.com/people/" + segment + "/";
  photo.title = text_of(value, "title");
  photo.owner = text_of(value, "ownername");
  if (trim(photo.owner).empty()) photo.owner = owner;
  photo.tags = tags_of(value);
  const std::string license = json_text(value, "license").value_or("");
  photo.license = flickr_license(license).value_or(License{});
  return photo;
}

bool has_more(const Value& photos, int64_t received) {
  constexpr int64_t kMost = kFlickrMaxResults;
  if (received == 0) return false;
  const int64_t page = std::clamp<int64_t>(json_integer(photos, "page").value_or(1), 1, kMost);
  const int64_t per_page = std::clamp<int64_t>(json_integer(photos, "perpage").value_or(received), 1, kMost);
  const int64_t shown = page * per_page;
  const auto pages = json_integer(photos, "pages");
  const auto total = json_integer(photos, "total");
  if (shown >= kMost || (pages && page >= *pages) || (total && shown >= *total)) return false;
  return pages.has_value() || total.has_value();
}

Result<PhotoPage> read_failure(const Value& answer) {
  const int64_t code = json_integer(answer, "code").value_or(0);
  const std::string message = clip_text(terminal_safe(json_text(answer, "message").value_or("no reason given")), 200);
  const std::string said = " (code " + std::to_string(code) + ": " + message + ")";
  switch (code) {
    case 20: return PhotoPage{};
    case 100:
      return Error{ErrorCode::auth,
                   "Flickr refused the API key" + said +
                       ": check it, or get one at https://www.flickr.com/services/api/misc.api_keys.html"};
    case 0:
    case 10:
    case 105:
    case 201:
      return Error{ErrorCode::network, "Flickr's search is not available just now" + said + ": try again later"};
    case 106:
    case 111:
    case 112:
    case 114:
    case 115:
    case 116: return Error{ErrorCode::bad_data, "Flickr did not understand the request" + said + ": check --endpoint"};
    default: return Error{ErrorCode::usage, "Flickr refused this query" + said + ": use other words"};
  }
}

}  // namespace

Result<PhotoPage> read_flickr_answer(const Value& document) {
  if (json_text(document, "stat").value_or("") == "fail") return read_failure(document);
  const Value* photos = json_member(document, "photos");
  const Value* list = photos == nullptr ? nullptr : json_member(*photos, "photo");
  if (list == nullptr || !list->IsArray()) {
    return Error{ErrorCode::bad_data, "Flickr's answer holds no list of photos: check --endpoint"};
  }
  PhotoPage page;
  for (const Value& value : list->GetArray()) {
    if (std::optional<Photo> photo = read_photo(value)) page.photos.push_back(std::move(*photo));
  }
  page.has_more = has_more(*photos, static_cast<int64_t>(list->Size()));
  return page;
}

}  // namespace lookalike
