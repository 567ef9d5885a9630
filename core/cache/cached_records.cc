#include "core/cache/cached_records.h"

#include <cmath>
#include <cstring>
#include <optional>

#include "core/base/text/json.h"
#include "core/base/text/json_writer.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr const char* kPageFormat = "page/1";
constexpr std::string_view kEmbeddingMark = "lkE1";
constexpr size_t kMaxPhotos = 10'000;

Error not_a_record(const char* what) {
  return {ErrorCode::bad_data, std::string("no cached ") + what};
}

void write_photo(JsonWriter& json, const Photo& photo) {
  json.text("provider", photo.provider);
  json.text("id", photo.id);
  json.text("page_url", photo.page_url);
  json.text("image_url", photo.image_url);
  json.text("title", photo.title);
  json.text("owner", photo.owner);
  json.text("owner_url", photo.owner_url);
  json.text("license_id", photo.license.id);
  json.text("license_name", photo.license.name);
  json.text("license_url", photo.license.url);
  json.text("attribution", photo.attribution);
  json.texts("tags", photo.tags);
}

bool read_text(const rapidjson::Value& object, const char* key, std::string& into) {
  const rapidjson::Value* value = json_member(object, key);
  if (value == nullptr || !value->IsString()) return false;
  into = *json_text(object, key);
  return true;
}

bool is_web_address(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

bool read_tags(const rapidjson::Value& object, std::vector<std::string>& tags) {
  const rapidjson::Value* array = json_member(object, "tags");
  if (array == nullptr || !array->IsArray()) return false;
  for (const rapidjson::Value& tag : array->GetArray()) {
    if (!tag.IsString()) return false;
    tags.push_back(valid_utf8({tag.GetString(), tag.GetStringLength()}));
  }
  return true;
}

std::optional<Photo> read_photo(const rapidjson::Value& object) {
  Photo photo;
  const bool complete =
      read_text(object, "provider", photo.provider) && read_text(object, "id", photo.id) &&
      read_text(object, "page_url", photo.page_url) && read_text(object, "image_url", photo.image_url) &&
      read_text(object, "title", photo.title) && read_text(object, "owner", photo.owner) &&
      read_text(object, "owner_url", photo.owner_url) && read_text(object, "license_id", photo.license.id) &&
      read_text(object, "license_name", photo.license.name) && read_text(object, "license_url", photo.license.url) &&
      read_text(object, "attribution", photo.attribution) && read_tags(object, photo.tags);
  if (!complete || photo.id.empty() || !is_web_address(photo.page_url) || !is_web_address(photo.image_url)) {
    return std::nullopt;
  }
  return photo;
}

}  // namespace

std::string write_cached_page(const PhotoPage& page) {
  JsonWriter json(JsonStyle::line);
  json.object([&] {
    json.text("format", kPageFormat);
    json.boolean("has_more", page.has_more);
    json.array("photos", page.photos, [&](const Photo& photo) { write_photo(json, photo); });
  });
  return json.take();
}

Result<PhotoPage> parse_cached_page(std::string_view bytes) {
  const auto document = parse_json(bytes);
  if (!document) return document.error();
  const rapidjson::Value* has_more = json_member(*document, "has_more");
  const rapidjson::Value* photos = json_member(*document, "photos");
  if (json_text(*document, "format") != kPageFormat || has_more == nullptr || !has_more->IsBool() ||
      photos == nullptr || !photos->IsArray() || photos->Size() > kMaxPhotos) {
    return not_a_record("page");
  }
  PhotoPage page{.photos = {}, .has_more = has_more->GetBool()};
  page.photos.reserve(photos->Size());
  for (const rapidjson::Value& object : photos->GetArray()) {
    auto photo = read_photo(object);
    if (!photo) return not_a_record("page");
    page.photos.push_back(*std::move(photo));
  }
  return page;
}

std::string write_cached_embedding(const Embedding& embedding) {
  std::string bytes(kEmbeddingMark);
  bytes.append(reinterpret_cast<const char*>(embedding.data()), embedding.size() * sizeof(float));
  return bytes;
}

Result<Embedding> parse_cached_embedding(std::string_view bytes) {
  if (!bytes.starts_with(kEmbeddingMark)) return not_a_record("embedding");
  bytes.remove_prefix(kEmbeddingMark.size());
  if (bytes.empty() || bytes.size() % sizeof(float) != 0) return not_a_record("embedding");
  Embedding embedding(bytes.size() / sizeof(float));
  std::memcpy(embedding.data(), bytes.data(), bytes.size());
  for (const float value : embedding) {
    if (!std::isfinite(value)) return not_a_record("embedding");
  }
  return embedding;
}

}  // namespace lookalike
