// Aperture: photos with labels made by a machine; no key is needed.
// Source: https://aperture.example/docs
#include <chrono>

#include "providers/common/answer_fields.h"
#include "providers/sources.h"

namespace lookalike {
namespace {

ServiceParameters parameters(const ServiceSearch& search) {
  return {{"q", search.text}, {"page", std::to_string(search.page)}};
}

std::optional<Photo> read_photo(const rapidjson::Value& hit) {
  Photo photo;
  photo.id = short_text(hit, "id");
  photo.page_url = web_url(hit, "page");
  photo.image_url = web_url(hit, "image");
  photo.owner = short_text(hit, "owner/name");
  photo.license = named_license("cc0", "1.0");
  add_tags(photo.tags, hit, "labels", ',');
  return photo;
}

}  // namespace

const JsonService& aperture_service() {
  static const JsonService kService{
      .title = "Aperture",
      .endpoint = "https://api.aperture.example/find",
      .info = {.name = "aperture",
               .description = "Aperture: photos with labels made by a machine",
               .tags = "a machine's",
               .limits = "30 calls a minute, 20 photos a page, 1,000 a search",
               .licences = "CC0",
               .budget = {.calls = 10, .images = 200, .most_calls = 30},
               .reach = {.photos_per_call = 20, .photos_per_query = 1'000},
               .host_policies = {{.host = "api.aperture.example", .max_at_once = 3},
                                 {.host = "images.aperture.example", .max_at_once = 4, .per_second = 20, .burst = 40}}},
      .limits = {{30, std::chrono::minutes(1)}},
      .parameters = parameters,
      .list = "hits",
      .more = "more",
      .photo = read_photo};
  return kService;
}

}  // namespace lookalike
