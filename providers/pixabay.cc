#include "providers/pixabay.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/text/text.h"
#include "core/http/url.h"
#include "providers/common/license_names.h"
#include "providers/common/service_link.h"
#include "providers/common/service_rate.h"
#include "providers/common/service_request.h"
#include "providers/pixabay_answer.h"

namespace lookalike {
namespace {

constexpr std::string_view kEndpoint = "https://pixabay.com/api/";
constexpr const char* kWhereToGetAKey = "https://pixabay.com/api/docs/";
constexpr std::array<std::string_view, 2> kKeyVariables{"LOOKALIKE_PIXABAY_KEY", "PIXABAY_API_KEY"};
constexpr size_t kMaxTextCodePoints = 100;
constexpr ServiceLimit kLimit{100, std::chrono::seconds(60)};
constexpr int kCallsAtOnce = 4;
constexpr int kImagesAtOnce = 8;

// Its licence has no name of --license, so only the uses asked for can match.
Status check_license(const std::string& list) {
  const auto wish = parse_license_wish(list);
  if (!wish) return wish.error();
  if (wish->allows({.key = "", .commercial = true, .modify = true})) return {};
  return Error{ErrorCode::usage, "--license " + terminal_safe(list) +
                                     " leaves nothing at Pixabay, where every picture "
                                     "has the " +
                                     std::string(kPixabayLicense) +
                                     ": use commercial or modify, or another --provider"};
}

}  // namespace

struct PixabayProvider::Core : std::enable_shared_from_this<PixabayProvider::Core> {
  std::shared_ptr<ServiceLink> link;
  ServiceRate rate;
  std::string key;
  bool safe = true;

  Core(std::shared_ptr<ServiceLink> to, ServiceRate::Settings limits, std::string api_key)
      : link(std::move(to)), rate(std::move(limits)), key(std::move(api_key)) {}

  void ask(const ServiceCallPtr& call, const std::string& text, int page, int per_page);
  Result<PhotoPage> interpret(const HttpResponse& response, int page, int per_page) const;
};

void PixabayProvider::Core::ask(const ServiceCallPtr& call, const std::string& text, int page, int per_page) {
  HttpRequest request;
  request.url = with_query(link->endpoint().url, {{"key", key},
                                                  {"q", text},
                                                  {"image_type", "photo"},
                                                  {"safesearch", safe ? "true" : "false"},
                                                  {"per_page", std::to_string(per_page)},
                                                  {"page", std::to_string(page)}});
  request.gate = &rate;
  link->send(call, std::move(request),
             [self = shared_from_this(), page, per_page](const ServiceCallPtr& same, const HttpResponse& response) {
               self->rate.note(response.headers);
               self->link->finish(same, self->interpret(response, page, per_page));
             });
}

Result<PhotoPage> PixabayProvider::Core::interpret(const HttpResponse& response, int page, int per_page) const {
  if (response.status == 200) return parse_pixabay_search(response.body, page, per_page);
  if (response.status == 400) return read_pixabay_refusal(response.body);
  return link->status_error(response, std::string("check the API key, or get one at ") + kWhereToGetAKey);
}

Result<std::unique_ptr<PixabayProvider>> PixabayProvider::create(PixabayOptions options, HttpClient& http) {
  const auto key = checked_api_key(options.api_key, "Pixabay", "LOOKALIKE_PIXABAY_KEY", kWhereToGetAKey);
  if (!key) return key.error();
  const auto endpoint = make_endpoint(options.endpoint, kEndpoint);
  if (!endpoint) return endpoint.error();
  if (Status fine = check_license(options.licenses); !fine) return fine.error();
  const auto safe = parse_safe_level(options.safe);
  if (!safe) return safe.error();
  ServiceLink::Settings link{
      .service = "Pixabay", .endpoint = *endpoint, .retries = options.retries, .secrets = {*key}};
  // A stand-in on this machine has the limits that it tells of, and no others.
  std::optional<ServiceLimit> assumed = kLimit;
  if (endpoint->scope == AddressScope::loopback) assumed.reset();
  ServiceRate::Settings limits{.service = "Pixabay", .advice = "", .first_limit = assumed, .next = options.gate};
  auto core = std::make_shared<Core>(std::make_shared<ServiceLink>(std::move(link), http), std::move(limits), *key);
  core->safe = *safe != SafeLevel::off;
  return std::unique_ptr<PixabayProvider>(new PixabayProvider(std::move(core)));
}

PixabayProvider::PixabayProvider(std::shared_ptr<Core> core) : core_(std::move(core)) {}

PixabayProvider::~PixabayProvider() {
  core_->link->close();
}

const std::string& PixabayProvider::name() const {
  static const std::string kName = "pixabay";
  return kName;
}

void PixabayProvider::search(const PhotoQuery& query, Done done) {
  const auto text = query_text(query.text, kMaxTextCodePoints);
  if (!text) return done({text.error(), {}});
  const int per_page = std::clamp(query.per_page, kPixabayMinPerPage, kPixabayMaxPerPage);
  const int page = std::max(query.page, 1);
  if (int64_t{page - 1} * per_page >= kPixabayMaxResults) return done({PhotoPage{}, {}});
  if (const auto call = ServiceLink::begin(query, std::move(done))) core_->ask(call, *text, page, per_page);
}

ProviderEntry pixabay_entry() {
  ProviderEntry entry;
  entry.info = {.name = "pixabay",
                .argument = "",
                .key = KeyNeed::required,
                .key_variables = kKeyVariables,
                .description = "Pixabay: millions of photos that its editors have accepted; needs an API key",
                .tags = "the owner's, checked by the editors",
                .limits = "100 calls a minute per key, 200 photos a page, 500 a search; answers must be kept 24 hours",
                .licences = "one for all, which allows commercial use and changes; --license takes only these",
                .terms_url = "https://pixabay.com/service/terms/",
                .key_url = kWhereToGetAKey,
                .notice = "Images from Pixabay (https://pixabay.com/).",
                .budget = {.calls = 20, .images = 300, .most_calls = 100},
                .reach = {.photos_per_call = kPixabayMaxPerPage,
                          .photos_per_query = kPixabayMaxResults,
                          .images = {.host = "cdn.pixabay.com", .max_at_once = kImagesAtOnce}},
                .calls_per_hour = 0,
                .host_policies = {{.host = "pixabay.com", .max_at_once = kCallsAtOnce},
                                  {.host = "cdn.pixabay.com", .max_at_once = kImagesAtOnce}},
                .plain_http_images = false,
                .must_cache = true};
  entry.endpoint = kEndpoint;
  entry.make = [](const ProviderSettings& settings, HttpClient& http) -> Result<std::unique_ptr<Provider>> {
    return as_provider(PixabayProvider::create({.api_key = settings.api_key,
                                                .endpoint = settings.endpoint,
                                                .licenses = settings.licenses,
                                                .safe = settings.safe,
                                                .retries = settings.retries,
                                                .log = settings.log,
                                                .gate = settings.gate},
                                               http));
  };
  return entry;
}

}  // namespace lookalike
