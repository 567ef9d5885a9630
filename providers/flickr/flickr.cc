#include "providers/flickr/flickr.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/text/text.h"
#include "core/http/url.h"
#include "providers/common/service_request.h"
#include "providers/common/service_link.h"
#include "providers/common/answer_fields.h"
#include "providers/flickr/flickr_answer.h"
#include "providers/flickr/flickr_image.h"
#include "providers/common/license_names.h"

namespace lookalike {
namespace {

constexpr std::string_view kEndpoint = "https://www.flickr.com/services/rest/";
constexpr const char* kExtras =
    "tags,license,owner_name,path_alias,date_upload,url_t,url_q,url_s,url_n,url_m,url_z,url_c,url_l";
constexpr const char* kWhereToGetAKey = "https://www.flickr.com/services/api/misc.api_keys.html";
constexpr std::array<std::string_view, 2> kKeyVariables{"LOOKALIKE_FLICKR_KEY", "FLICKR_API_KEY"};
constexpr size_t kMaxTextCodePoints = 200;
constexpr int64_t kMaxBody = 8 << 20;
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

std::string joined(const std::vector<int>& ids) {
  std::string text;
  for (const int id : ids)
    text += (text.empty() ? "" : ",") + std::to_string(id);
  return text;
}

void replace_all(std::string& text, const std::string& what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

// `licenses`: Flickr's ids, those that were asked for; empty: any.
Result<PhotoPage> read_answer(const std::string& body, const std::vector<int>& licenses) {
  Result<PhotoPage> page = parse_flickr_search(body);
  if (!page.ok() || licenses.empty()) return page;
  std::erase_if(page->photos, [&](const Photo& photo) {
    return std::none_of(licenses.begin(), licenses.end(),
                        [&](int id) { return photo.license.id == std::to_string(id); });
  });
  return page;
}

Result<PhotoPage> interpret(const HttpResponse& response, const std::vector<int>& licenses) {
  const std::string status = "HTTP " + std::to_string(response.status);
  if (response.status == 200) return read_answer(response.body, licenses);
  if (response.status == 401 || response.status == 403) {
    return Error{ErrorCode::auth,
                 "Flickr refused the request (" + status + "): check the API key, or get one at " + kWhereToGetAKey};
  }
  if (response.status == 429) {
    return Error{ErrorCode::quota, "Flickr's limit of calls is used up (" + status +
                                       "): wait an hour; a key may make 3,600 calls an hour"};
  }
  if (response.status >= 500) {
    return Error{ErrorCode::network, "Flickr is not available just now (" + status + "): try again later"};
  }
  if (response.status == 414) return Error{ErrorCode::usage, "this query is too long for Flickr (" + status + ")"};
  return Error{ErrorCode::bad_data, "Flickr answered " + status + ": check --endpoint and the proxy"};
}

// One search under way, with what it has cost so far.
struct Call {
  std::string url;
  int max_requests = 1;
  std::shared_ptr<Patience> patience;
  int repetitions = 0;
  TransferCost cost;
  Provider::Done done;
};

}  // namespace

struct FlickrProvider::Core {
  HttpClient& http;
  Endpoint endpoint;
  std::string key;
  std::vector<std::pair<std::string, std::string>> fixed_parameters;
  std::vector<int> licenses;  // ids; empty: any
  int retries;
  std::chrono::milliseconds retry_delay;
  LogSink log;
  CallGate* call_gate;
  CallbackGate gate;

  std::string search_url(const std::string& text, int page, int per_page, const PhotoQuery& query) const;
  // A temporary failure is asked again while the query's requests last.
  bool may_repeat(const Call& call, const Result<PhotoPage>& page) const;
  void finish(Call& call, Result<PhotoPage> page) const;
  std::string without_key(std::string text) const;
  static void ask(const std::shared_ptr<Core>& core, Call call);
  static void settle(const std::shared_ptr<Core>& core, Call call, const HttpAnswer& answer);
};

std::string FlickrProvider::Core::search_url(const std::string& text, int page, int per_page,
                                             const PhotoQuery& query) const {
  auto parameters = fixed_parameters;
  parameters.emplace_back("api_key", key);
  parameters.emplace_back("text", text);
  parameters.emplace_back("per_page", std::to_string(per_page));
  parameters.emplace_back("page", std::to_string(page));
  if (query.uploaded_before) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(query.uploaded_before->time_since_epoch()).count();
    parameters.emplace_back("max_upload_date", std::to_string(std::max<int64_t>(seconds, 0)));
  }
  return with_query(endpoint.url, parameters);
}

bool FlickrProvider::Core::may_repeat(const Call& call, const Result<PhotoPage>& page) const {
  return !page.ok() && page.error().code == ErrorCode::network && call.repetitions < retries &&
         call.cost.requests < call.max_requests;
}

void FlickrProvider::Core::finish(Call& call, Result<PhotoPage> page) const {
  if (!page) page = Error{page.error().code, without_key(page.error().message), page.error().cause};
  call.done({std::move(page), call.cost});
}

std::string FlickrProvider::Core::without_key(std::string text) const {
  replace_all(text, key, "***");
  replace_all(text, percent_encode(key), "***");
  return text;
}

void FlickrProvider::Core::ask(const std::shared_ptr<Core>& core, Call call) {
  HttpRequest request;
  request.url = call.url;
  request.headers = {"Accept: application/json"};
  request.max_bytes = kMaxBody;
  request.scope = core->endpoint.scope;
  request.gate = core->call_gate;
  request.patience = call.patience;
  request.max_attempts = std::min(core->retries + 1, call.max_requests - call.cost.requests);
  if (call.repetitions > 0) request.start_after = core->retry_delay * (1 << std::min(call.repetitions - 1, 6));
  core->http.submit(std::move(request), [core, call = std::move(call)](const HttpAnswer& answer) mutable {
    const CallbackGate::Pass pass(core->gate);
    if (pass) settle(core, std::move(call), answer);
  });
}

void FlickrProvider::Core::settle(const std::shared_ptr<Core>& core, Call call, const HttpAnswer& answer) {
  call.cost.requests += answer.cost.requests;
  call.cost.bytes += answer.cost.bytes;
  call.cost.cached = answer.cost.cached && call.cost.requests == 0;
  if (!answer.response) return core->finish(call, answer.response.error());
  Result<PhotoPage> page = interpret(*answer.response, core->licenses);
  // HttpClient has repeated 5xx already; what is left to repeat came with status 200.
  if (answer.response->status != 200 || !core->may_repeat(call, page)) return core->finish(call, std::move(page));
  ++call.repetitions;
  if (core->log) core->log(LogLevel::info, core->without_key("asking again: " + page.error().message));
  ask(core, std::move(call));
}

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

Result<std::unique_ptr<FlickrProvider>> FlickrProvider::create(FlickrOptions options, HttpClient& http) {
  Result<std::string> key = checked_api_key(options.api_key, "Flickr", "LOOKALIKE_FLICKR_KEY", kWhereToGetAKey);
  if (!key) return key.error();
  Result<Endpoint> endpoint = make_endpoint(options.endpoint, kEndpoint);
  if (!endpoint) return endpoint.error();
  const Result<std::vector<int>> licenses = flickr_license_ids(options.licenses);
  if (!licenses) return licenses.error();
  const Result<SafeLevel> safe = parse_safe_level(options.safe);
  if (!safe) return safe.error();
  std::vector<std::pair<std::string, std::string>> fixed{{"method", "flickr.photos.search"},
                                                         {"format", "json"},
                                                         {"nojsoncallback", "1"},
                                                         {"extras", kExtras},
                                                         {"media", "photos"},
                                                         {"content_types", "0"},
                                                         {"safe_search", safe_search_of(*safe)}};
  if (!licenses->empty()) fixed.emplace_back("license", joined(*licenses));
  std::shared_ptr<Core> core(new Core{http,
                                      *std::move(endpoint),
                                      *std::move(key),
                                      std::move(fixed),
                                      *licenses,
                                      std::max(options.retries, 0),
                                      options.retry_delay,
                                      std::move(options.log),
                                      options.gate,
                                      {}});
  return std::unique_ptr<FlickrProvider>(new FlickrProvider(std::move(core)));
}

FlickrProvider::FlickrProvider(std::shared_ptr<Core> core) : core_(std::move(core)) {}

FlickrProvider::~FlickrProvider() {
  core_->gate.close();
}

const std::string& FlickrProvider::name() const {
  static const std::string kName = "flickr";
  return kName;
}

void FlickrProvider::search(const PhotoQuery& query, Done done) {
  const Result<std::string> text = clean_flickr_text(query.text);
  if (!text) return done({text.error(), {}});
  if (query.max_requests < 1) return done({Error{ErrorCode::quota, "no request is left for this query"}, {}});
  const int per_page = std::clamp(query.per_page, 1, kFlickrMaxPerPage);
  const int page = std::max(query.page, 1);
  if (int64_t{page - 1} * per_page >= kFlickrMaxResults) return done({PhotoPage{}, {}});
  Call call;
  call.url = core_->search_url(*text, page, per_page, query);
  call.max_requests = query.max_requests;
  call.patience = query.patience;
  call.done = std::move(done);
  Core::ask(core_, std::move(call));
}

ProviderEntry flickr_entry() {
  ProviderEntry entry;
  entry.info = {
      .name = "flickr",
      .argument = "",
      .key = KeyNeed::required,
      .key_variables = kKeyVariables,
      .description = "Flickr: photos with their owners' tags; needs an API key",
      .tags = "the owner's",
      .limits = "3,600 calls an hour per key, 500 photos a page, 4,000 photos a search; answers may be kept 24 hours",
      .licences = "as chosen by each owner; --license filters (All Rights Reserved is the most frequent)",
      .terms_url = "https://www.flickr.com/help/terms/api",
      .key_url = kWhereToGetAKey,
      .notice = "This product uses the Flickr API but is not endorsed or certified by SmugMug, Inc.",
      .photos_on_page = 30,
      .budget = {.calls = 40, .images = 500},
      .reach = {.photos_per_call = kFlickrMaxPerPage,
                .photos_per_query = kFlickrMaxResults,
                .images = flickr_image_policy()},
      .calls_per_hour = 3600,
      .host_policies = {{.host = "flickr.com", .max_at_once = kCallsAtOnce}, flickr_image_policy()},
      .plain_http_images = false};
  entry.endpoint = kEndpoint;
  entry.make = [](const ProviderSettings& settings, HttpClient& http) -> Result<std::unique_ptr<Provider>> {
    FlickrOptions options;
    options.api_key = settings.api_key;
    options.endpoint = settings.endpoint;
    options.licenses = settings.licenses;
    options.safe = settings.safe;
    options.retries = settings.retries;
    options.log = settings.log;
    options.gate = settings.gate;
    return as_provider(FlickrProvider::create(std::move(options), http));
  };
  return entry;
}

}  // namespace lookalike
