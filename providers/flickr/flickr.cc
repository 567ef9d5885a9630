#include "providers/flickr/flickr.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "core/base/text/text.h"
#include "providers/common/answer_fields.h"

namespace lookalike {
namespace {

constexpr const char* kExtras =
    "tags,license,owner_name,path_alias,date_upload,url_t,url_q,url_s,url_n,url_m,url_z,url_c,url_l";
constexpr std::array<std::string_view, 2> kKeyVariables{"LOOKALIKE_FLICKR_KEY", "FLICKR_API_KEY"};
constexpr size_t kMaxTextCodePoints = 200;
// Flickr publishes no limits but the hourly one.
constexpr int kCallsAtOnce = 10;

const char* safe_search_of(SafeLevel level) {
  switch (level) {
    case SafeLevel::strict: return "1";
    case SafeLevel::moderate: return "2";
    case SafeLevel::off: return "3";
  }
  return "1";
}

bool is_flickr_license(std::string_view word) {
  return flickr_license(word).has_value();
}

// Flickr's ids between commas.
Result<std::string> license_parameter(LicenseWish& wish) {
  const auto ids = flickr_license_ids(wish.text);
  if (!ids) return ids.error();
  std::string text;
  for (const int id : *ids)
    text += (text.empty() ? "" : ",") + std::to_string(id);
  return text;
}

ServiceParameters parameters(const ServiceSearch& search) {
  ServiceParameters all{{"method", "flickr.photos.search"},
                        {"format", "json"},
                        {"nojsoncallback", "1"},
                        {"extras", kExtras},
                        {"media", "photos"},
                        {"content_types", "0"},
                        {"safe_search", safe_search_of(search.safe)},
                        {"api_key", search.key},
                        {"text", search.text},
                        {"per_page", std::to_string(search.per_page)},
                        {"page", std::to_string(search.page)}};
  if (!search.licenses.empty()) all.emplace_back("license", search.licenses);
  if (search.uploaded_before) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(search.uploaded_before->time_since_epoch()).count();
    all.emplace_back("max_upload_date", std::to_string(std::max<int64_t>(seconds, 0)));
  }
  return all;
}

}  // namespace

Result<std::string> clean_flickr_text(std::string_view text) {
  std::string clean;
  for (const std::string& word : split(terminal_safe(text), ' ')) {
    const size_t first = word.find_first_not_of('-');
    if (first == std::string::npos) continue;
    clean += (clean.empty() ? "" : " ") + word.substr(first);
  }
  clean = trim(clip_text(clean, kMaxTextCodePoints));
  if (!clean.empty()) return clean;
  return Error{ErrorCode::usage, "nothing to search for is left of \"" + clip_text(terminal_safe(text), 60) + "\""};
}

const JsonService& flickr_service() {
  static const JsonService kService{
      .title = "Flickr",
      .endpoint = "https://www.flickr.com/services/rest/",
      .info = {.name = "flickr",
               .key = KeyNeed::required,
               .key_variables = kKeyVariables,
               .description = "Flickr: photos with their owners' tags; needs an API key",
               .tags = "the owner's",
               .limits = "3,600 calls an hour per key, 500 photos a page, 4,000 photos a search; answers may be kept "
                         "24 hours",
               .licences = "as chosen by each owner; --license filters (All Rights Reserved is the most frequent)",
               .terms_url = "https://www.flickr.com/help/terms/api",
               .key_url = "https://www.flickr.com/services/api/misc.api_keys.html",
               .notice = "This product uses the Flickr API but is not endorsed or certified by SmugMug, Inc.",
               .photos_on_page = 30,
               .budget = {.calls = 40, .images = 500},
               .reach = {.photos_per_call = kFlickrMaxPerPage,
                         .photos_per_query = kFlickrMaxResults,
                         .images = flickr_image_policy()},
               .calls_per_hour = 3600,
               .host_policies = {{.host = "flickr.com", .max_at_once = kCallsAtOnce}, flickr_image_policy()}},
      .after_429 = "wait an hour; a key may make 3,600 calls an hour",
      .ask_again_after = std::chrono::milliseconds(500),
      .parameters = parameters,
      .text = clean_flickr_text,
      .is_own_license = is_flickr_license,
      .licenses = license_parameter,
      .read = [](std::span<const rapidjson::Document> parts, const ServiceSearch&) {
        return read_flickr_answer(parts.front());
      }};
  return kService;
}

}  // namespace lookalike
