// Wikimedia Commons; no key is needed. Bitmap pictures only, by the full text of their pages.
// Source: https://commons.wikimedia.org/w/api.php, https://foundation.wikimedia.org/wiki/Policy:User-Agent_policy,
// https://www.mediawiki.org/wiki/API:Etiquette
// A file's categories are its tags, without those of upkeep; when they come in several answers, the rest is asked for
// within the requests that the query allows.
// Tested by tests/providers/commons_test.cc, conformance_test.cc, service_conformance_test.cc
#include <chrono>

#include "core/base/text/text.h"
#include "providers/commons_answer.h"
#include "providers/sources.h"

namespace lookalike {
namespace {

using std::chrono::minutes;

// What API:Etiquette and the media servers' rules allow somebody who asks from outside.
constexpr int kCallsAtOnce = 3;
constexpr int kImagesAtOnce = 2;

ServiceParameters parameters(const ServiceSearch& search) {
  // AND, OR and NOT in capitals are operators; the search knows no upper and lower case otherwise.
  ServiceParameters all{{"action", "query"},
                        {"format", "json"},
                        {"formatversion", "2"},
                        {"generator", "search"},
                        {"gsrnamespace", "6"},
                        {"gsrsearch", ascii_lower(search.text) + " filetype:bitmap"},
                        {"gsrlimit", std::to_string(search.per_page)},
                        {"prop", "imageinfo|categories"},
                        {"iiprop", "url|mime|user|extmetadata"},
                        {"iiurlwidth", "330"},  // one of the widths that thumbnails may have
                        {"iiextmetadatafilter", "Artist|LicenseShortName|LicenseUrl|License"},
                        {"iiextmetadatalanguage", "en"},
                        {"clshow", "!hidden"},
                        {"cllimit", "max"}};
  if (search.page > 1) all.emplace_back("gsroffset", std::to_string((search.page - 1) * search.per_page));
  return all;
}

ServiceParameters rest_of(const rapidjson::Value& part) {
  CommonsBatch batch;
  return add_commons_answer(batch, part).ok() ? batch.more : ServiceParameters();
}

Result<PhotoPage> read(std::span<const rapidjson::Document> parts, const ServiceSearch& search) {
  CommonsBatch batch;
  for (const rapidjson::Document& part : parts) {
    if (Status added = add_commons_answer(batch, part); !added) return added.error();
  }
  // Cut short, the service has not yet said whether other files follow; a full page makes it likely.
  if (!batch.more.empty()) batch.has_more = batch.files.size() >= static_cast<size_t>(search.per_page);
  return commons_page(std::move(batch));
}

}  // namespace

const JsonService& commons_service() {
  static const JsonService kService{
      .title = "Wikimedia Commons",
      .endpoint = "https://commons.wikimedia.org/w/api.php",
      .info = {.name = "commons",
               .description = "Wikimedia Commons: over 100 million free pictures, each with a page of its own",
               .tags = "categories, without those of upkeep",
               .limits = "10 calls a minute, with --contact 200; 3 calls and 2 images at once, 50 pictures a page, "
                         "10,000 a search",
               .licences = "free licences and public domain only; --license filters what is found",
               .terms_url = "https://foundation.wikimedia.org/wiki/Policy:Terms_of_Use",
               // Ten requests a minute for who leaves no contact, 200 for who does; images come two at a time.
               .budget = {.calls = 10, .images = 200, .most_calls = 10},
               .budget_of_known = SearchBudget{.calls = 20, .images = 300, .most_calls = 200},
               .reach = {.photos_per_call = 50,
                         .photos_per_query = 10'000,
                         .images = {.host = "upload.wikimedia.org", .max_at_once = kImagesAtOnce}},
               // Pictures come from whatever other name below it: upload., since August 2026 also thumb.
               .host_policies = {{.host = "commons.wikimedia.org", .max_at_once = kCallsAtOnce},
                                 {.host = "wikimedia.org", .max_at_once = kImagesAtOnce}},
               .wants_contact = true},
      .most_text = 250,  // of the 300 that the search takes, the filter included
      // Since May 2026, without and with a user agent that says how its sender can be reached.
      .limits = {{10, minutes(1)}},
      .limits_of_known = {{200, minutes(1)}},
      .advice = "--contact with your mail address or page gets more",
      .after_refusal = "it may want to know who asks (--contact), or fewer calls",
      .parameters = parameters,
      .rest = rest_of,
      .read = read};
  return kService;
}

}  // namespace lookalike
