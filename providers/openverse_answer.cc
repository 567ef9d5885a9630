#include "providers/openverse_answer.h"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "providers/common/answer_fields.h"
#include "providers/common/license_names.h"
#include "providers/flickr/flickr.h"

namespace lookalike {
namespace {

using rapidjson::Value;

constexpr size_t kMostPhotos = 500;
constexpr size_t kMaxTokenBytes = 4096;
constexpr size_t kShownDetail = 200;
constexpr size_t kMaxTextCodePoints = 500;

// Objects {"name": …, "accuracy": …}; texts, as other versions of the service have sent them.
std::vector<std::string> tags_of(const Value& photo) {
  std::vector<std::string> tags;
  const Value* list = json_member(photo, "tags");
  if (list == nullptr || !list->IsArray()) return tags;
  for (const Value& tag : list->GetArray()) {
    if (tag.IsString())
      add_tag(tags, unescaped_text({tag.GetString(), tag.GetStringLength()}));
    else
      add_tag(tags, unescaped_text(json_text(tag, "name").value_or("")));
  }
  return tags;
}

// Old records hold text that was escaped twice.
std::string record_text(const Value& photo, std::string_view name) {
  return clip_text(terminal_safe(unescaped_text(json_text(photo, name).value_or(""))), kMaxTextCodePoints);
}

License license_of(const Value& photo) {
  const std::string key = ascii_lower(trim(short_text(photo, "license")));
  if (key.empty() || key.size() > 32) return {};
  License license = named_license(key, short_text(photo, "license_version"));
  license.name = terminal_safe(license.name);
  if (std::string url = web_url(photo, "license_url"); !url.empty()) license.url = std::move(url);
  return license;
}

// Most photos here are Flickr's, whose own server has a small one of each and lets more of them be fetched. The
// thumbnail is about 600 pixels wide and comes from one host, whatever the size of the original.
std::string image_url_of(const Value& photo) {
  std::string original = web_url(photo, "url");
  if (std::string small = small_flickr_image(original); !small.empty()) return small;
  std::string thumbnail = web_url(photo, "thumbnail");
  return thumbnail.empty() ? original : thumbnail;
}

std::optional<Photo> read_photo(const Value& value) {
  Photo photo;
  photo.provider = "openverse";
  photo.id = json_text(value, "id").value_or("");
  photo.page_url = web_url(value, "foreign_landing_url");
  photo.image_url = image_url_of(value);
  if (!is_plain_id(photo.id) || photo.page_url.empty() || photo.image_url.empty()) return std::nullopt;
  photo.title = record_text(value, "title");
  photo.owner = record_text(value, "creator");
  photo.owner_url = web_url(value, "creator_url");
  photo.license = license_of(value);
  photo.attribution = record_text(value, "attribution");
  if (photo.attribution.empty()) {
    photo.attribution = attribution_line(photo.title, photo.owner, photo.license.name);
  }
  photo.tags = tags_of(value);
  return photo;
}

bool is_mature(const Value& photo) {
  const Value* mature = json_member(photo, "mature");
  return mature != nullptr && mature->IsTrue();
}

std::vector<Photo> read_photos(const Value& list, const OpenverseReading& reading) {
  std::vector<Photo> photos;
  std::unordered_set<std::string> seen;
  for (const Value& value : list.GetArray()) {
    if (photos.size() >= kMostPhotos) break;
    if (is_mature(value) && !reading.shows_mature) continue;
    std::optional<Photo> photo = read_photo(value);
    if (!photo || !reading.wish.allows(photo->license)) continue;
    if (seen.insert(photo->id).second) photos.push_back(std::move(*photo));
  }
  return photos;
}

}  // namespace

Result<OpenverseAnswer> parse_openverse_search(std::string_view body, const OpenverseReading& reading) {
  const auto document = parse_json(body);
  if (!document) return Error{ErrorCode::bad_data, "cannot read Openverse's answer: " + document.error().message};
  const Value* list = json_member(*document, "results");
  if (list == nullptr || !list->IsArray()) {
    return Error{ErrorCode::bad_data, "Openverse's answer holds no list of results: check --endpoint"};
  }
  OpenverseAnswer answer;
  answer.page.photos = read_photos(*list, reading);
  const auto received = static_cast<int64_t>(list->Size());
  answer.matches = std::max(json_integer(*document, "result_count").value_or(received), received);
  const int64_t last = kOpenverseDepth / std::max(1, reading.page_size);
  const int64_t page = std::clamp<int64_t>(json_integer(*document, "page").value_or(1), 1, last);
  const int64_t pages = json_integer(*document, "page_count").value_or(0);
  answer.page.has_more = received > 0 && page < std::min(pages, last);
  return answer;
}

Result<OpenverseToken> parse_openverse_token(std::string_view body) {
  const auto document = parse_json(body);
  // What came instead is not shown: it may hold a token.
  if (!document) return Error{ErrorCode::bad_data, "cannot read the token that Openverse sent: check --endpoint"};
  OpenverseToken token;
  const Value* text = json_member(*document, "access_token");
  if (text != nullptr && text->IsString()) token.token.assign(text->GetString(), text->GetStringLength());
  const bool printable =
      std::all_of(token.token.begin(), token.token.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (token.token.empty() || token.token.size() > kMaxTokenBytes || !printable) {
    return Error{ErrorCode::bad_data, "Openverse sent no token: check --endpoint"};
  }
  token.lifetime =
      std::chrono::seconds(std::clamp<int64_t>(json_integer(*document, "expires_in").value_or(3600), 60, 86'400));
  return token;
}

std::string openverse_detail(std::string_view body) {
  const auto document = parse_json(body);
  if (!document) return {};
  std::string said = json_text(*document, "detail").value_or("");
  if (said.empty()) said = json_text(*document, "error_description").value_or("");
  if (said.empty()) said = json_text(*document, "error").value_or("");
  return clip_text(terminal_safe(said), kShownDetail);
}

}  // namespace lookalike
