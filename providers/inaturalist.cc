// iNaturalist: photos of animals, plants and fungi in nature, with the names of what they show; no key is needed.
// Source: https://api.inaturalist.org/v1/docs/ (GET /observations)
//
// An observation is one sighting:
//   {"id": 7, "taxon": {"name": "Pararge aegeria", "preferred_common_name": "Speckled Wood", …}, "user": {…},
//    "tags": ["garden"], "photos": [{"url": "…/photos/9/square.jpg", "license_code": "cc-by-nc"}, …]}
// It may have several photos of the same thing; the first is taken, since all share one page.
//
// Tested by tests/providers/inaturalist_test.cc, conformance_test.cc, service_conformance_test.cc; fuzzed.
#include <chrono>

#include "core/http/url.h"
#include "providers/common/answer_fields.h"
#include "providers/sources.h"

namespace lookalike {
namespace {

using rapidjson::Value;
using std::chrono::hours;
using std::chrono::minutes;

constexpr const char* kLicensedImages = "inaturalist-open-data.s3.amazonaws.com";
constexpr int kImagesAtOnce = 8;

ServiceParameters parameters(const ServiceSearch& search) {
  ServiceParameters all{{"q", search.text},
                        {"photos", "true"},
                        {"locale", "en"},
                        {"page", std::to_string(search.page)},
                        {"per_page", std::to_string(search.per_page)}};
  if (!search.licenses.empty()) all.emplace_back("photo_license", search.licenses);
  return all;
}

// 240 pixels on the longest side; the answer names the square of 75.
std::string image_url_of(const Value& photo) {
  std::string url = web_url(photo, "url");
  const size_t size = url.rfind("/square.");
  if (size != std::string::npos) return url.replace(size, 7, "/small");
  for (const char* name : {"small_url", "medium_url"}) {
    if (std::string given = web_url(photo, name); !given.empty()) return given;
  }
  return url;
}

License license_of(const Value& photo) {
  const std::string code = short_text(photo, "license_code");
  if (code.empty()) return {"", "All rights reserved", ""};
  const std::string key = license_key_of(code);
  if (key.empty()) return {"", code, ""};
  return named_license(key, key == "cc0" || key == "pdm" ? "1.0" : "4.0");
}

// "Beetles", "Insects", "Animals": a taxon's ancestors stand with it, or with an identification as that taxon.
void add_ancestors(std::vector<std::string>& tags, const Value& named) {
  for (const Value& ancestor : list_at(named, "taxon/ancestors"))
    add_tag(tags, short_text(ancestor, "preferred_common_name"));
}

std::vector<std::string> tags_of(const Value& observation) {
  std::vector<std::string> tags;
  for (const char* name : {"taxon/preferred_common_name", "taxon/name", "taxon/iconic_taxon_name"})
    add_tag(tags, short_text(observation, name));
  add_tags(tags, observation, "tags", ',');
  add_ancestors(tags, observation);
  for (const Value& identification : list_at(observation, "identifications")) {
    const bool is_same = short_text(identification, "taxon/id") == short_text(observation, "taxon/id");
    if (is_same) add_ancestors(tags, identification);
  }
  return tags;
}

std::optional<Photo> read_photo(const Value& observation) {
  const Value* first = value_at(observation, "photos/0");
  Photo photo;
  photo.id = short_text(observation, "id");
  if (first == nullptr || !is_plain_id(photo.id)) return std::nullopt;
  photo.page_url = "https://www.inaturalist.org/observations/" + photo.id;
  photo.image_url = image_url_of(*first);
  photo.owner = short_text(observation, "user/login");
  if (!photo.owner.empty()) photo.owner_url = "https://www.inaturalist.org/people/" + percent_encode(photo.owner);
  photo.license = license_of(*first);
  photo.attribution = short_text(*first, "attribution");
  photo.tags = tags_of(observation);
  photo.title = short_text(observation, "species_guess");
  if (photo.title.empty() && !photo.tags.empty()) photo.title = photo.tags.front();
  return photo;
}

}  // namespace

const JsonService& inaturalist_service() {
  static const JsonService kService{
      .title = "iNaturalist",
      .endpoint = "https://api.inaturalist.org/v1/observations",
      .info = {.name = "inaturalist",
               .description = "iNaturalist: over 200 million sightings of animals, plants and fungi; nature only",
               .tags = "names of species and of the groups that they belong to, and the observer's words",
               .limits = "60 calls a minute and 10,000 a day, 100 photos a page, 10,000 a search",
               .licences = "as chosen by each observer, mostly CC BY-NC; --license filters",
               .terms_url = "https://www.inaturalist.org/pages/terms",
               .budget = {.calls = 20, .images = 300, .most_calls = 60},
               // It allows pages of 200. Each sighting comes with the whole discussion about it, so half of that keeps
               // an answer well below the 8 MB that are read.
               .reach = {.photos_per_call = 100,
                         .photos_per_query = 10'000,
                         .images = {.host = kLicensedImages, .max_at_once = kImagesAtOnce}},
               // Photos with all rights reserved are on its own host.
               .host_policies = {{.host = "api.inaturalist.org", .max_at_once = 2},
                                 {.host = kLicensedImages, .max_at_once = kImagesAtOnce},
                                 {.host = "static.inaturalist.org", .max_at_once = kImagesAtOnce}}},
      .limits = {{60, minutes(1)}, {10'000, hours(24)}},
      .refusals = ServiceRefusals{.reason = "error"},
      .license_names = {{"cc0", "cc0"},
                        {"by", "cc-by"},
                        {"by-sa", "cc-by-sa"},
                        {"by-nc", "cc-by-nc"},
                        {"by-nd", "cc-by-nd"},
                        {"by-nc-sa", "cc-by-nc-sa"},
                        {"by-nc-nd", "cc-by-nc-nd"}},
      .parameters = parameters,
      .list = "results",
      .total = "total_results",
      .photo = read_photo};
  return kService;
}

}  // namespace lookalike
