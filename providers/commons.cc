#include "providers/commons.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/text/text.h"
#include "core/http/url.h"
#include "providers/common/service_link.h"
#include "providers/common/service_rate.h"
#include "providers/common/service_request.h"
#include "providers/commons_answer.h"

namespace lookalike {
namespace {

constexpr std::string_view kEndpoint = "https://commons.wikimedia.org/w/api.php";
constexpr size_t kMaxTextCodePoints = 250;  // of the 300 that the search takes, the filter included
// What API:Etiquette and the media servers' rules allow somebody who asks from outside.
constexpr int kCallsAtOnce = 3;
constexpr int kImagesAtOnce = 2;
// Since May 2026, without and with a user agent that says how its sender can be reached.
constexpr ServiceLimit kAnonymousLimit{10, std::chrono::seconds(60)};
constexpr ServiceLimit kContactLimit{200, std::chrono::seconds(60)};

using Parameters = std::vector<std::pair<std::string, std::string>>;

Parameters fixed_parameters() {
  return {{"action", "query"},
          {"format", "json"},
          {"formatversion", "2"},
          {"generator", "search"},
          {"gsrnamespace", "6"},
          {"prop", "imageinfo|categories"},
          {"iiprop", "url|mime|user|extmetadata"},
          {"iiurlwidth", std::to_string(kCommonsWidth)},
          {"iiextmetadatafilter", "Artist|LicenseShortName|LicenseUrl|License"},
          {"iiextmetadatalanguage", "en"},
          {"clshow", "!hidden"},
          {"cllimit", "max"}};
}

}  // namespace

struct CommonsProvider::Core : std::enable_shared_from_this<CommonsProvider::Core> {
  std::shared_ptr<ServiceLink> link;
  LicenseWish wish;
  ServiceRate rate;

  Core(std::shared_ptr<ServiceLink> to, LicenseWish licenses, ServiceRate::Settings limits)
      : link(std::move(to)), wish(std::move(licenses)), rate(std::move(limits)) {}

  // Asks for a page, or with the batch's continuation for the rest of it.
  void ask(const ServiceCallPtr& call, const std::string& text, CommonsBatch batch);
  void settle(const ServiceCallPtr& call, const std::string& text, CommonsBatch batch, const HttpResponse& response);
  std::string url_of(const PhotoQuery& query, const std::string& text, const CommonsBatch& batch) const;
};

std::string CommonsProvider::Core::url_of(const PhotoQuery& query, const std::string& text,
                                          const CommonsBatch& batch) const {
  Parameters parameters = fixed_parameters();
  const int limit = std::clamp(query.per_page, 1, kCommonsMaxPerPage);
  parameters.emplace_back("gsrsearch", text + " filetype:bitmap");
  parameters.emplace_back("gsrlimit", std::to_string(limit));
  const int offset = (std::max(query.page, 1) - 1) * limit;
  if (offset > 0) parameters.emplace_back("gsroffset", std::to_string(offset));
  // Only what the request does not hold already: a continuation must not lead to another search.
  for (const auto& [name, value] : batch.more) {
    const bool is_new = std::none_of(parameters.begin(), parameters.end(),
                                     [&name = name](const auto& parameter) { return parameter.first == name; });
    if (is_new) parameters.emplace_back(name, value);
  }
  return with_query(link->endpoint().url, parameters);
}

void CommonsProvider::Core::ask(const ServiceCallPtr& call, const std::string& text, CommonsBatch batch) {
  HttpRequest request;
  request.url = url_of(call->query, text, batch);
  request.gate = &rate;
  link->send(
      call, std::move(request),
      [self = shared_from_this(), text, batch = std::move(batch)](
          const ServiceCallPtr& same, const HttpResponse& response) { self->settle(same, text, batch, response); });
}

void CommonsProvider::Core::settle(const ServiceCallPtr& call, const std::string& text, CommonsBatch batch,
                                   const HttpResponse& response) {
  if (response.status != 200) {
    return link->finish(call, link->status_error(response, "it may want to know who asks (--contact), or fewer calls"));
  }
  const auto before = batch.more;
  if (Status added = add_commons_answer(batch, response.body); !added) return link->finish(call, added.error());
  const bool rest_is_there = !batch.more.empty() && batch.more != before;
  if (rest_is_there && call->requests_left() > 0) return ask(call, text, std::move(batch));
  // Cut short, the service has not yet said whether other files follow; a full page makes it likely.
  const int limit = std::clamp(call->query.per_page, 1, kCommonsMaxPerPage);
  if (rest_is_there) batch.has_more = static_cast<int>(batch.files.size()) >= limit;
  link->finish(call, commons_page(std::move(batch), wish));
}

Result<std::unique_ptr<CommonsProvider>> CommonsProvider::create(CommonsOptions options, HttpClient& http) {
  const auto endpoint = make_endpoint(options.endpoint, kEndpoint);
  if (!endpoint) return endpoint.error();
  auto wish = parse_license_wish(options.licenses);
  if (!wish) return wish.error();
  if (const auto keys = wished_keys(*wish); !keys) return keys.error();
  ServiceLink::Settings link{.service = "Wikimedia Commons", .endpoint = *endpoint, .retries = options.retries};
  // A stand-in on this machine has no such limits.
  std::optional<ServiceLimit> allowed = options.has_contact ? kContactLimit : kAnonymousLimit;
  if (endpoint->scope == AddressScope::loopback) allowed.reset();
  ServiceRate::Settings limits{
      .service = "Wikimedia Commons",
      .advice = options.has_contact ? "" : "--contact with your mail address or page gets more",
      .first_limit = allowed,
      .next = options.gate};
  auto core =
      std::make_shared<Core>(std::make_shared<ServiceLink>(std::move(link), http), *std::move(wish), std::move(limits));
  return std::unique_ptr<CommonsProvider>(new CommonsProvider(std::move(core)));
}

CommonsProvider::CommonsProvider(std::shared_ptr<Core> core) : core_(std::move(core)) {}

CommonsProvider::~CommonsProvider() {
  core_->link->close();
}

const std::string& CommonsProvider::name() const {
  static const std::string kName = "commons";
  return kName;
}

void CommonsProvider::search(const PhotoQuery& query, Done done) {
  auto text = query_text(query.text, kMaxTextCodePoints);
  if (!text) return done({text.error(), {}});
  const int64_t limit = std::clamp(query.per_page, 1, kCommonsMaxPerPage);
  if ((std::max(query.page, 1) - 1) * limit >= kCommonsMaxResults) return done({PhotoPage{}, {}});
  // AND, OR and NOT in capitals are operators; the search knows no upper and lower case otherwise.
  if (const auto call = ServiceLink::begin(query, std::move(done))) core_->ask(call, ascii_lower(*text), {});
}

ProviderEntry commons_entry() {
  ProviderEntry entry;
  entry.info = {.name = "commons",
                .argument = "",
                .key = KeyNeed::none,
                .key_variables = {},
                .description = "Wikimedia Commons: over 100 million free pictures, each with a page of its own",
                .tags = "categories, without those of upkeep",
                .limits =
                    "10 calls a minute, with --contact 200; 3 calls and 2 images at once, 50 pictures a page, 10,000 "
                    "a search",
                .licences = "free licences and public domain only; --license filters what is found",
                .terms_url = "https://foundation.wikimedia.org/wiki/Policy:Terms_of_Use",
                .key_url = "",
                .notice = "",
                // Ten requests a minute for who leaves no contact, 200 for who does; images come two at a time.
                .budget = {.calls = 10, .images = 200, .most_calls = 10},
                .budget_of_known = SearchBudget{.calls = 20, .images = 300, .most_calls = 200},
                .reach = {.photos_per_call = kCommonsMaxPerPage,
                          .photos_per_query = kCommonsMaxResults,
                          .images = {.host = "upload.wikimedia.org", .max_at_once = kImagesAtOnce}},
                .calls_per_hour = 0,
                // Pictures come from whatever other name below it: upload., since August 2026 also thumb.
                .host_policies = {{.host = "commons.wikimedia.org", .max_at_once = kCallsAtOnce},
                                  {.host = "wikimedia.org", .max_at_once = kImagesAtOnce}},
                .plain_http_images = false,
                .wants_contact = true};
  entry.endpoint = kEndpoint;
  entry.make = [](const ProviderSettings& settings, HttpClient& http) -> Result<std::unique_ptr<Provider>> {
    return as_provider(CommonsProvider::create({.endpoint = settings.endpoint,
                                                .licenses = settings.licenses,
                                                .retries = settings.retries,
                                                .has_contact = settings.has_contact,
                                                .gate = settings.gate},
                                               http));
  };
  return entry;
}

}  // namespace lookalike
