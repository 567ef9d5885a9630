#include "providers/pixabay_answer.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "core/http/url.h"
#include "providers/common/answer_fields.h"

namespace lookalike {
namespace {

using rapidjson::Value;

constexpr const char* kLicenseUrl = "https://pixabay.com/service/license-summary/";

// The same address with "_340" names the picture at 340 pixels' height, as the documentation says.
std::string image_url_of(const Value& hit) {
  std::string url = web_url(hit, "webformatURL");
  const size_t size = url.rfind("_640.");
  if (size != std::string::npos) url.replace(size, 4, "_340");
  return url.empty() ? web_url(hit, "previewURL") : url;
}

std::vector<std::string> tags_of(const Value& hit) {
  std::vector<std::string> tags;
  for (const std::string& tag : split(json_text(hit, "tags").value_or(""), ','))
    add_tag(tags, trim(tag));
  return tags;
}

std::string owner_url_of(const Value& hit, const std::string& owner) {
  const std::string id = json_text(hit, "user_id").value_or("");
  if (owner.empty() || !is_plain_id(id)) return {};
  return "https://pixabay.com/users/" + percent_encode(owner) + "-" + id + "/";
}

std::optional<Photo> read_photo(const Value& hit) {
  Photo photo;
  photo.provider = "pixabay";
  photo.id = json_text(hit, "id").value_or("");
  photo.page_url = web_url(hit, "pageURL");
  photo.image_url = image_url_of(hit);
  if (!is_plain_id(photo.id) || photo.page_url.empty() || photo.image_url.empty()) return std::nullopt;
  photo.owner = short_text(hit, "user");
  photo.owner_url = owner_url_of(hit, photo.owner);
  photo.license = {"pixabay", std::string(kPixabayLicense), kLicenseUrl};
  photo.attribution = photo.owner.empty() ? "Image from Pixabay" : "Image by " + photo.owner + " from Pixabay";
  photo.tags = tags_of(hit);
  return photo;
}

}  // namespace

Result<PhotoPage> parse_pixabay_search(std::string_view body, int page, int per_page) {
  const auto document = parse_json(body);
  if (!document) return Error{ErrorCode::bad_data, "cannot read Pixabay's answer: " + document.error().message};
  const Value* hits = json_member(*document, "hits");
  if (hits == nullptr || !hits->IsArray()) {
    return Error{ErrorCode::bad_data, "Pixabay's answer holds no list of hits: check --endpoint"};
  }
  PhotoPage result;
  std::unordered_set<std::string> seen;
  for (const Value& hit : hits->GetArray()) {
    if (result.photos.size() >= static_cast<size_t>(kPixabayMaxPerPage)) break;
    std::optional<Photo> photo = read_photo(hit);
    if (photo && seen.insert(photo->id).second) result.photos.push_back(std::move(*photo));
  }
  const int64_t reachable =
      std::clamp<int64_t>(json_integer(*document, "totalHits").value_or(0), 0, int64_t{kPixabayMaxResults});
  result.has_more = !hits->Empty() && int64_t{page} * per_page < reachable;
  return result;
}

Result<PhotoPage> read_pixabay_refusal(std::string_view body) {
  const std::string said = clip_text(terminal_safe(body), 200);
  const std::string lower = ascii_lower(said);
  if (lower.find("\"page\" is out of") != std::string::npos) return PhotoPage{};
  if (lower.find("api key") != std::string::npos) {
    return Error{ErrorCode::auth,
                 "Pixabay refused the API key (" + said + "): check it, or get one at https://pixabay.com/api/docs/"};
  }
  return Error{ErrorCode::usage, "Pixabay refused this query (" + said + "): use other words"};
}

}  // namespace lookalike
