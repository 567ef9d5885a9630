// Openverse, which knows hundreds of millions of openly licensed photos (most of them Flickr's); no key is needed.
// Source: https://api.openverse.org/v1/,
// https://docs.openverse.org/api/reference/authentication_and_throttling.html
// A text is looked for among tags first, every word of it; what no photo has as tags is looked for in titles and
// descriptions too (q=), where Openverse ranks titles first. That costs one request more, and only for such texts.
// With client credentials ("ID:SECRET") a token is got before the first search, as one of its requests, and again when
// it has run out; searches that begin meanwhile wait for it. Neither secret nor token stands in an error, a log line or
// an answer. A search, with what makes it go on:
//   start -> fetch_token -> take_token -> ask(tags) -> settle -> ask(everything) -> settle -> finish
//            (no valid token)                          (no photo has such tags)
// Threads: as Provider. The HttpClient is borrowed and must outlive the provider; destroy it not from a callback.
// Tested by tests/providers/openverse_test.cc, conformance_test.cc, service_conformance_test.cc
#include <algorithm>
#include <array>
#include <chrono>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/base/text/text.h"
#include "core/http/url.h"
#include "providers/common/license_names.h"
#include "providers/common/service_link.h"
#include "providers/common/service_rate.h"
#include "providers/common/service_request.h"
#include "providers/flickr/flickr.h"
#include "providers/openverse_answer.h"
#include "providers/sources.h"

namespace lookalike {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::string_view kEndpoint = "https://api.openverse.org";
constexpr const char* kWhereToRegister = "https://api.openverse.org/v1/#tag/auth/operation/register";
constexpr std::array<std::string_view, 3> kKeyVariables{"LOOKALIKE_OPENVERSE_CLIENT_ID",
                                                        "LOOKALIKE_OPENVERSE_CLIENT_SECRET", "LOOKALIKE_OPENVERSE_KEY"};
constexpr size_t kMaxTextCodePoints = 200;
constexpr size_t kMostRememberedTexts = 10'000;
// What the service has been seen to allow for a minute; its headers say more with the first answer.
constexpr ServiceLimit kAnonymousLimit{20, seconds(60)};
constexpr ServiceLimit kTokenLimit{100, seconds(60)};
constexpr seconds kTokenMargin{60};
// 150 thumbnails a minute without a token, of which a first minute of 60 + 60 * 1.4 stays clear, calls included.
constexpr int kAtOnce = 6;
constexpr double kPerSecond = 1.4;
constexpr int kInABurst = 60;

struct Credentials {
  std::string id;
  std::string secret;
};

bool is_printable(std::string_view text) {
  return !text.empty() && text.size() <= 512 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

Result<std::optional<Credentials>> parse_credentials(std::string_view given) {
  const std::string_view text = trim(given);
  if (text.empty()) return std::optional<Credentials>();
  const size_t colon = text.find(':');
  if (colon != std::string_view::npos && is_printable(text.substr(0, colon)) && is_printable(text.substr(colon + 1))) {
    return std::optional<Credentials>({std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))});
  }
  return Error{ErrorCode::auth, std::string("what was given for Openverse is not ID:SECRET: write --api-key "
                                            "openverse=ID:SECRET, or leave it out (no key is needed); register at ") +
                                    kWhereToRegister};
}

// Asked for others it refuses the request.
const LicenseNames& license_names() {
  static const LicenseNames kNames{{"cc0", "cc0"},           {"pdm", "pdm"},          {"by", "by"},
                                   {"by-sa", "by-sa"},       {"by-nc", "by-nc"},      {"by-nd", "by-nd"},
                                   {"by-nc-sa", "by-nc-sa"}, {"by-nc-nd", "by-nc-nd"}};
  return kNames;
}

// The endpoint as a user may write it, without the path of the API.
std::string base_of(std::string url) {
  while (url.ends_with('/'))
    url.pop_back();
  for (const std::string_view end : {"/images", "/v1"}) {
    if (url.ends_with(end)) url.resize(url.size() - end.size());
  }
  return url;
}

enum class Field { tags, everything };

int page_size_of(const PhotoQuery& query, bool has_token) {
  return std::clamp(query.per_page, 1, has_token ? kOpenversePageSizeWithToken : kOpenversePageSize);
}

struct Core : std::enable_shared_from_this<Core> {
  enum class TokenStep { none, fetch, wait };
  struct Token {
    std::string text;
    steady_clock::time_point until;
  };

  std::shared_ptr<ServiceLink> link;
  ServiceRate rate;
  std::string base;  // what /v1/… is appended to
  std::optional<Credentials> credentials;
  ServiceParameters fixed_parameters;
  bool shows_mature = false;
  LicenseWish wish;

  std::mutex mutex;  // guards what follows
  std::optional<Token> token;
  bool fetching_token = false;
  std::vector<ServiceCallPtr> waiting;       // for the token
  std::unordered_set<std::string> not_tags;  // texts that no photo has as tags

  Core(std::shared_ptr<ServiceLink> to, ServiceRate::Settings limits, std::optional<Credentials> given,
       ServiceParameters fixed)
      : link(std::move(to)),
        rate(std::move(limits)),
        base(base_of(link->endpoint().url)),
        credentials(std::move(given)),
        fixed_parameters(std::move(fixed)) {}

  void start(const ServiceCallPtr& call);
  TokenStep token_step(const ServiceCallPtr& call);
  void fetch_token(const ServiceCallPtr& call);
  void take_token(const ServiceCallPtr& call, const Result<HttpResponse>& response);
  Result<OpenverseToken> read_token(const Result<HttpResponse>& response) const;
  void ask(const ServiceCallPtr& call, Field field);
  void settle(const ServiceCallPtr& call, const HttpResponse& response, Field field, const std::string& used_token);
  void settle_answer(const ServiceCallPtr& call, const HttpResponse& response, Field field, int page_size);
  std::string search_url(const PhotoQuery& query, const std::string& text, Field field, bool has_token) const;
  Field first_field(const PhotoQuery& query);
  std::string valid_token();
  Error error_of(const HttpResponse& response) const;
};

// A call that may cost only one request goes without a token rather than not at all.
Core::TokenStep Core::token_step(const ServiceCallPtr& call) {
  const std::lock_guard lock(mutex);
  const bool wanted = credentials && call->requests_left() >= 2;
  if (!wanted || (token && steady_clock::now() < token->until)) return TokenStep::none;
  if (!std::exchange(fetching_token, true)) return TokenStep::fetch;
  waiting.push_back(call);
  return TokenStep::wait;
}

void Core::start(const ServiceCallPtr& call) {
  switch (token_step(call)) {
    case TokenStep::none: return ask(call, first_field(call->query));
    case TokenStep::fetch: return fetch_token(call);
    case TokenStep::wait: return;
  }
}

void Core::fetch_token(const ServiceCallPtr& call) {
  HttpRequest request;
  request.url = base + "/v1/auth_tokens/token/";
  request.form = "grant_type=client_credentials&client_id=" + percent_encode(credentials->id) +
                 "&client_secret=" + percent_encode(credentials->secret);
  request.gate = &rate;
  link->send_any(
      call, std::move(request),
      [self = shared_from_this()](const ServiceCallPtr& same, const Result<HttpResponse>& response) {
        self->take_token(same, response);
      },
      1);  // for the search itself
}

Result<OpenverseToken> Core::read_token(const Result<HttpResponse>& response) const {
  if (!response) return response.error();
  if (response->status == 200) return parse_openverse_token(response->body);
  if (response->status != 400 && response->status != 401 && response->status != 403) return error_of(*response);
  return Error{ErrorCode::auth, "Openverse refused the client credentials (HTTP " + std::to_string(response->status) +
                                    "): check them, or search without any; register at " + kWhereToRegister};
}

void Core::take_token(const ServiceCallPtr& call, const Result<HttpResponse>& response) {
  Result<OpenverseToken> got = read_token(response);
  if (got) link->add_secret(got->token);
  std::vector<ServiceCallPtr> ready;
  {
    const std::lock_guard lock(mutex);
    fetching_token = false;
    if (got) token = Token{got->token, steady_clock::now() + std::max(got->lifetime - kTokenMargin, kTokenMargin)};
    ready.swap(waiting);
  }
  // What this search would not wait for, another may.
  const bool only_here = !got && got.error().cause == ErrorCause::rate;
  for (const ServiceCallPtr& next : ready) {
    if (got)
      ask(next, first_field(next->query));
    else if (only_here)
      start(next);
    else
      link->finish(next, got.error());
  }
  if (got)
    ask(call, first_field(call->query));
  else
    link->finish(call, got.error());
}

std::string Core::valid_token() {
  const std::lock_guard lock(mutex);
  return token && steady_clock::now() < token->until ? token->text : std::string();
}

// Without credentials each call counts, so that words which may be no tag are looked for everywhere at once.
Field Core::first_field(const PhotoQuery& query) {
  if (!query.is_tag) return Field::everything;
  const std::lock_guard lock(mutex);
  return not_tags.contains(query.text) ? Field::everything : Field::tags;
}

std::string Core::search_url(const PhotoQuery& query, const std::string& text, Field field, bool has_token) const {
  auto parameters = fixed_parameters;
  parameters.emplace_back(field == Field::tags ? "tags" : "q", text);
  parameters.emplace_back("page_size", std::to_string(page_size_of(query, has_token)));
  parameters.emplace_back("page", std::to_string(std::max(query.page, 1)));
  return with_query(base + "/v1/images/", parameters);
}

void Core::ask(const ServiceCallPtr& call, Field field) {
  // Under tags= any of the words would do, unless a '+' joins them; under q= all must be there anyway.
  const auto text = query_text(call->query.text, kMaxTextCodePoints, field == Field::tags ? "+" : " ");
  if (!text) return link->finish(call, text.error());
  const std::string used = valid_token();
  HttpRequest request;
  request.url = search_url(call->query, *text, field, !used.empty());
  if (!used.empty()) request.headers.push_back("Authorization: Bearer " + used);
  request.gate = &rate;
  link->send(call, std::move(request),
             [self = shared_from_this(), field, used](const ServiceCallPtr& same, const HttpResponse& response) {
               self->settle(same, response, field, used);
             });
}

void Core::settle(const ServiceCallPtr& call, const HttpResponse& response, Field field,
                  const std::string& used_token) {
  rate.note(response.headers);
  if (response.status == 200)
    return settle_answer(call, response, field, page_size_of(call->query, !used_token.empty()));
  const bool token_ran_out = response.status == 401 && !used_token.empty() && call->requests_left() >= 2;
  if (!token_ran_out) return link->finish(call, error_of(response));
  {
    const std::lock_guard lock(mutex);
    if (token && token->text == used_token) token.reset();
  }
  start(call);
}

void Core::settle_answer(const ServiceCallPtr& call, const HttpResponse& response, Field field, int page_size) {
  auto answer =
      parse_openverse_search(response.body, {.shows_mature = shows_mature, .page_size = page_size, .wish = wish});
  if (!answer) return link->finish(call, answer.error());
  if (field == Field::everything || answer->matches > 0) return link->finish(call, std::move(answer->page));
  {
    const std::lock_guard lock(mutex);
    if (not_tags.size() < kMostRememberedTexts) not_tags.insert(call->query.text);
  }
  if (call->requests_left() >= 1) return ask(call, Field::everything);
  // Not an empty page: that would say, and a cache would keep, that there is nothing.
  link->finish(call, Error{ErrorCode::usage,
                           "no photo at Openverse has these tags, and no request is left to look "
                           "among titles: allow more with --max-calls or --retries"});
}

Error Core::error_of(const HttpResponse& response) const {
  const std::string detail = openverse_detail(response.body);
  if (response.status != 400 && response.status != 422) {
    return link->status_error(response, detail.empty() ? "try again later, or with client credentials" : detail);
  }
  return {ErrorCode::usage, "Openverse refused this query (HTTP " + std::to_string(response.status) +
                                (detail.empty() ? "" : ": " + detail) + "): use other words"};
}

class OpenverseProvider final : public Provider {
 public:
  explicit OpenverseProvider(std::shared_ptr<Core> core) : core_(std::move(core)) {}
  ~OpenverseProvider() override { core_->link->close(); }

  const std::string& name() const override {
    static const std::string kName = "openverse";
    return kName;
  }

  void search(const PhotoQuery& query, Done done) override {
    if (auto text = query_text(query.text, kMaxTextCodePoints); !text) return done({text.error(), {}});
    const bool has_token = core_->credentials.has_value();
    if (int64_t{std::max(query.page, 1)} * page_size_of(query, has_token) > kOpenverseDepth)
      return done({PhotoPage{}, {}});
    if (const auto call = ServiceLink::begin(query, std::move(done))) core_->start(call);
  }

 private:
  std::shared_ptr<Core> core_;
};

Result<std::unique_ptr<Provider>> make_openverse(const ProviderSettings& settings, HttpClient& http) {
  auto credentials = parse_credentials(settings.api_key);
  if (!credentials) return credentials.error();
  const auto endpoint = make_endpoint(settings.endpoint, kEndpoint);
  if (!endpoint) return endpoint.error();
  auto wish = parse_license_wish(settings.licenses);
  if (!wish) return wish.error();
  const auto licenses = license_list(*wish, license_names());
  if (!licenses) return licenses.error();
  const auto safe = parse_safe_level(settings.safe);
  if (!safe) return safe.error();
  ServiceParameters fixed;
  if (!licenses->empty()) fixed.emplace_back("license", *licenses);
  if (*safe == SafeLevel::off) fixed.emplace_back("mature", "true");
  ServiceLink::Settings link{
      .service = "Openverse",
      .endpoint = *endpoint,
      .retries = settings.retries,
      .secrets = *credentials ? std::vector<std::string>{(*credentials)->secret} : std::vector<std::string>{}};
  ServiceRate::Settings limits{.service = "Openverse",
                               .advice = *credentials ? "" : "client credentials get more (lookalike providers)",
                               .first_limits = limits_at(*endpoint, {*credentials ? kTokenLimit : kAnonymousLimit}),
                               .next = settings.gate};
  auto core = std::make_shared<Core>(std::make_shared<ServiceLink>(std::move(link), http), std::move(limits),
                                     *std::move(credentials), std::move(fixed));
  core->shows_mature = *safe == SafeLevel::off;
  core->wish = *std::move(wish);
  return std::unique_ptr<Provider>(std::make_unique<OpenverseProvider>(std::move(core)));
}

}  // namespace

ProviderEntry openverse_entry() {
  ProviderEntry entry;
  entry.info = {
      .name = "openverse",
      .argument = "",
      .key = KeyNeed::optional,
      .key_form = "ID:SECRET",
      .key_variables = kKeyVariables,
      .description =
          "Openverse: hundreds of millions of openly licensed photos of Flickr, Wikimedia, museums and others",
      .tags = "the owner's, and those of a machine",
      .limits =
          "without credentials 20 calls a minute and 200 a day, with them about 100 and 10,000 (its answers say); 20 "
          "photos a page (48), 240 a search",
      .licences = "Creative Commons and public domain only; --license filters",
      .terms_url = "https://docs.openverse.org/terms_of_service.html",
      .key_url = kWhereToRegister,
      .notice = "",
      // Two searches a minute, twenty a day; with credentials the rates are no matter, and pages are larger.
      .budget = {.calls = 10, .images = 200, .most_calls = kAnonymousLimit.calls},
      .budget_of_known = SearchBudget{.calls = 40, .images = 500, .most_calls = kTokenLimit.calls},
      .reach = {.photos_per_call = kOpenversePageSize,
                .photos_per_query = kOpenverseDepth,
                .images = flickr_image_policy()},  // most photos are Flickr's
      .calls_per_hour = 0,
      .host_policies =
          {{.host = "api.openverse.org", .max_at_once = kAtOnce, .per_second = kPerSecond, .burst = kInABurst},
           flickr_image_policy()},
      .plain_http_images = false};
  entry.endpoint = kEndpoint;
  entry.make = make_openverse;
  return entry;
}

}  // namespace lookalike
