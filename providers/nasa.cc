// NASA's image library: photos of space, flight, earth and of the people behind them; no key is needed.
// Source: https://images.nasa.gov/docs/images.nasa.gov_api_docs.pdf; answers are Collection+JSON:
//   {"collection": {"metadata": {"total_hits": 2710}, "items": [{
//      "data": [{"nasa_id": "PIA09784", "title": "…", "center": "JPL", "keywords": ["Saturn", "Cassini, rings"]}],
//      "links": [{"rel": "preview", "href": "https://images-assets.nasa.gov/image/PIA09784/PIA09784~thumb.jpg"}]}]}}
// Page 101 and those after it are refused with 400 {"reason": "Maximum number of search results …"}.
// Tested by tests/providers/nasa_test.cc, conformance_test.cc, service_conformance_test.cc; fuzzed.
#include <chrono>

#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "core/http/url.h"
#include "providers/common/answer_fields.h"
#include "providers/sources.h"

namespace lookalike {
namespace {

using rapidjson::Value;

constexpr const char* kTerms = "https://www.nasa.gov/nasa-brand-center/images-and-media/";
constexpr size_t kMaxIdBytes = 200;
constexpr int kImagesAtOnce = 8;

ServiceParameters parameters(const ServiceSearch& search) {
  return {{"q", search.text},
          {"media_type", "image"},
          {"page", std::to_string(search.page)},
          {"page_size", std::to_string(search.per_page)}};
}

// 640 pixels on the longest side. Identifiers hold blanks, and so do the addresses that are made of them.
std::string preview_of(const Value& item) {
  for (const Value& link : list_at(item, "links")) {
    if (short_text(link, "rel") != "preview") continue;
    std::string url;
    for (const char c : json_text(link, "href").value_or(""))
      url += c == ' ' ? std::string("%20") : std::string(1, c);
    return url.starts_with("http://images-assets.nasa.gov/") ? "https" + url.substr(4) : url;
  }
  return {};
}

// NASA's own work is in the public domain; what a partner made, or has a note of copyright, may not be.
License license_of(const Value& data) {
  const std::string maker = short_text(data, "secondary_creator");
  const bool is_nasas = maker.empty() || maker.find("NASA") != std::string::npos;
  if (!is_nasas || !short_text(data, "copyright").empty()) return {"", "see the photo's page", kTerms};
  return {"us-gov", "United States Government Work", kTerms};
}

std::optional<Photo> read_photo(const Value& item) {
  const Value* data = value_at(item, "data/0");
  if (data == nullptr) return std::nullopt;
  const std::string id = json_text(*data, "nasa_id").value_or("");
  if (id.size() > kMaxIdBytes) return std::nullopt;
  Photo photo;
  photo.id = trim(terminal_safe(id));
  photo.page_url = "https://images.nasa.gov/details/" + percent_encode(id);
  photo.image_url = preview_of(item);
  photo.title = short_text(*data, "title");
  photo.owner = short_text(*data, "photographer");
  if (photo.owner.empty()) photo.owner = short_text(*data, "secondary_creator");
  if (photo.owner.empty()) photo.owner = trim("NASA " + short_text(*data, "center"));
  photo.license = license_of(*data);
  add_tags(photo.tags, *data, "keywords", ',');
  return photo;
}

}  // namespace

const JsonService& nasa_service() {
  static const JsonService kService{
      .title = "NASA",
      .endpoint = "https://images-api.nasa.gov/search",
      .info = {.name = "nasa",
               .description = "NASA's image library: over 140,000 photos of space, flight and earth",
               .tags = "the archivists' keywords",
               .limits = "no published limit (60 calls a minute are kept to), 100 photos a page, 10,000 a search",
               .licences = "NASA's own photos are in the public domain (us-gov); partners' photos have none known",
               .terms_url = kTerms,
               .budget = {.calls = 20, .images = 300, .most_calls = 60},
               .reach = {.photos_per_call = 100,
                         .photos_per_query = 10'000,
                         .images = {.host = "images-assets.nasa.gov", .max_at_once = kImagesAtOnce}},
               .host_policies = {{.host = "images-api.nasa.gov", .max_at_once = 4},
                                 {.host = "images-assets.nasa.gov", .max_at_once = kImagesAtOnce}}},
      .limits = {{60, std::chrono::minutes(1)}},
      .refusals = ServiceRefusals{.reason = "reason", .beyond_last = "maximum number of search results"},
      .parameters = parameters,
      .list = "collection/items",
      .total = "collection/metadata/total_hits",
      .photo = read_photo};
  return kService;
}

}  // namespace lookalike
