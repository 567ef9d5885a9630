// Pixabay: an API key is needed, which every account has. Refusals come as plain text: "[ERROR 400] …".
// Source: https://pixabay.com/api/docs/
// Its terms ask that answers be kept for 24 hours: ProviderInfo::must_cache.
// Tested by tests/providers/pixabay_test.cc, conformance_test.cc, service_conformance_test.cc; fuzzed.
#include <array>
#include <chrono>

#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "core/http/url.h"
#include "providers/common/answer_fields.h"
#include "providers/sources.h"

namespace lookalike {
namespace {

using rapidjson::Value;

constexpr std::array<std::string_view, 2> kKeyVariables{"LOOKALIKE_PIXABAY_KEY", "PIXABAY_API_KEY"};
constexpr const char* kLicense = "Pixabay Content License";
constexpr int kImagesAtOnce = 8;

// All its pictures have one licence, which no name of --license means, so only the uses asked for can match.
Result<std::string> check_license(LicenseWish& wish) {
  if (wish.allows({.key = "", .commercial = true, .modify = true})) return wish = {}, std::string();
  return Error{ErrorCode::usage, "--license " + terminal_safe(wish.text) +
                                     " leaves nothing at Pixabay, where every picture has the " + kLicense +
                                     ": use commercial or modify, or another --provider"};
}

ServiceParameters parameters(const ServiceSearch& search) {
  return {{"key", search.key},
          {"q", search.text},
          {"image_type", "photo"},
          {"safesearch", search.safe == SafeLevel::off ? "false" : "true"},
          {"per_page", std::to_string(search.per_page)},
          {"page", std::to_string(search.page)}};
}

// The same address with "_340" names the picture at 340 pixels' height, as the documentation says.
std::string image_url_of(const Value& hit) {
  std::string url = web_url(hit, "webformatURL");
  const size_t size = url.rfind("_640.");
  if (size != std::string::npos) url.replace(size, 4, "_340");
  return url.empty() ? web_url(hit, "previewURL") : url;
}

std::optional<Photo> read_photo(const Value& hit) {
  Photo photo;
  photo.id = short_text(hit, "id");
  if (!is_plain_id(photo.id)) return std::nullopt;
  photo.page_url = web_url(hit, "pageURL");
  photo.image_url = image_url_of(hit);
  photo.owner = short_text(hit, "user");
  const std::string user = short_text(hit, "user_id");
  if (!photo.owner.empty() && is_plain_id(user))
    photo.owner_url = "https://pixabay.com/users/" + percent_encode(photo.owner) + "-" + user + "/";
  photo.license = {"pixabay", kLicense, "https://pixabay.com/service/license-summary/"};
  photo.attribution = photo.owner.empty() ? "Image from Pixabay" : "Image by " + photo.owner + " from Pixabay";
  for (const std::string& tag : split(json_text(hit, "tags").value_or(""), ','))
    add_tag(photo.tags, trim(tag));
  return photo;
}

}  // namespace

const JsonService& pixabay_service() {
  static const JsonService kService{
      .title = "Pixabay",
      .endpoint = "https://pixabay.com/api/",
      .info = {.name = "pixabay",
               .key = KeyNeed::required,
               .key_variables = kKeyVariables,
               .description = "Pixabay: millions of photos that its editors have accepted; needs an API key",
               .tags = "the owner's, checked by the editors",
               .limits = "100 calls a minute per key, 200 photos a page, 500 a search; answers must be kept 24 hours",
               .licences = "one for all, which allows commercial use and changes; --license takes only these",
               .terms_url = "https://pixabay.com/service/terms/",
               .key_url = "https://pixabay.com/api/docs/",
               .notice = "Images from Pixabay (https://pixabay.com/).",
               .budget = {.calls = 20, .images = 300, .most_calls = 100},
               .reach = {.photos_per_call = 200,
                         .photos_per_query = 500,
                         .images = {.host = "cdn.pixabay.com", .max_at_once = kImagesAtOnce}},
               .host_policies = {{.host = "pixabay.com", .max_at_once = 4},
                                 {.host = "cdn.pixabay.com", .max_at_once = kImagesAtOnce}},
               .must_cache = true},
      .least_per_page = 3,
      .most_text = 100,
      .limits = {{100, std::chrono::minutes(1)}},
      .refusals = ServiceRefusals{.beyond_last = "\"page\" is out of", .bad_key = "api key"},
      .parameters = parameters,
      .list = "hits",
      .total = "totalHits",
      .photo = read_photo,
      .licenses = check_license};
  return kService;
}

}  // namespace lookalike
