#include "providers/common/json_service.h"

#include <algorithm>
#include <unordered_set>

#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "core/http/url.h"
#include "providers/common/answer_fields.h"
#include "providers/common/service_link.h"

namespace lookalike {
namespace {

using rapidjson::Document;
using rapidjson::Value;

constexpr int kMostDoublings = 6;
constexpr size_t kShownReason = 200;

Result<Document> read_document(const JsonService& service, std::string_view body) {
  auto document = parse_json(body);
  if (document) return document;
  return Error{ErrorCode::bad_data,
               "cannot read " + std::string(service.title) + "'s answer: " + document.error().message};
}

bool has_more(const JsonService& service, const Value& document, int64_t received, const ServiceSearch& search) {
  const int64_t shown = int64_t{search.page} * search.per_page;
  const int64_t reachable = service.info.reach.photos_per_query > 0 ? service.info.reach.photos_per_query : INT64_MAX;
  if (received == 0 || shown >= reachable) return false;
  if (!service.total.empty()) return shown < number_at(document, service.total);
  if (service.more.empty()) return received >= search.per_page;
  const Value* more = value_at(document, service.more);
  return more != nullptr && more->IsTrue();
}

Result<PhotoPage> read_list(const JsonService& service, const Value& document, const ServiceSearch& search) {
  const Value* list = value_at(document, service.list);
  if (list == nullptr || !list->IsArray()) {
    return Error{ErrorCode::bad_data, std::string(service.title) + "'s answer holds no list of " +
                                          split(service.list, '/').back() + ": check --endpoint"};
  }
  PhotoPage page;
  for (const Value& item : list_at(document, service.list)) {
    if (std::optional<Photo> photo = service.photo(item)) page.photos.push_back(std::move(*photo));
  }
  page.has_more = has_more(service, document, static_cast<int64_t>(list->Size()), search);
  return page;
}

bool is_complete(const Photo& photo) {
  return !photo.id.empty() && is_web_url(photo.page_url) && is_web_url(photo.image_url);
}

// Only what can be shown and is wished for, once.
void clean_up(const JsonService& service, const LicenseWish& wish, PhotoPage& page) {
  std::unordered_set<std::string> seen;
  std::erase_if(page.photos, [&](const Photo& photo) {
    return !is_complete(photo) || !wish.allows(photo.license) || !seen.insert(photo.id).second;
  });
  const auto most = static_cast<size_t>(service.info.reach.photos_per_call);
  if (page.photos.size() > most) page.photos.resize(most);
  for (Photo& photo : page.photos) {
    photo.provider = service.info.name;
    if (photo.attribution.empty()) photo.attribution = attribution_line(photo.title, photo.owner, photo.license.name);
  }
}

Result<PhotoPage> read_parts(const JsonService& service, std::span<const Document> parts, const ServiceSearch& search,
                             const LicenseWish& wish) {
  auto page = service.read == nullptr ? read_list(service, parts.back(), search) : service.read(parts, search);
  if (page) clean_up(service, wish, *page);
  return page;
}

Result<std::string> licenses_of(const JsonService& service, LicenseWish& wish) {
  if (service.licenses != nullptr) return service.licenses(wish);
  if (!service.license_names.empty()) return license_list(wish, service.license_names);
  if (const auto keys = wished_keys(wish); !keys) return keys.error();
  return std::string();
}

std::string reason_of(const ServiceRefusals& refusals, std::string_view body) {
  if (refusals.reason.empty()) return clip_text(terminal_safe(body), kShownReason);
  const auto document = parse_json(body);
  return document ? clip_text(terminal_safe(short_text(*document, refusals.reason)), kShownReason) : std::string();
}

bool says(const std::string& reason, std::string_view what) {
  return !what.empty() && ascii_lower(reason).find(what) != std::string::npos;
}

std::string after_refusal(const JsonService& service) {
  if (!service.after_refusal.empty()) return std::string(service.after_refusal);
  if (service.info.key == KeyNeed::none) return "it may want fewer calls: try again later";
  return "check the API key, or get one at " + std::string(service.info.key_url);
}

// A search under way.
struct Conversation {
  ServiceSearch search;
  ServiceParameters rest;  // what the last request asked for besides its search
  std::vector<Document> parts;
  int repetitions = 0;
};

using ConversationPtr = std::shared_ptr<Conversation>;

// What requests under way hold on to.
struct Core : std::enable_shared_from_this<Core> {
  const JsonService service;
  ServiceSearch wanted = {};  // what is the same for every search
  LicenseWish wish = {};
  int retries = 0;
  LogSink log = {};
  std::shared_ptr<ServiceLink> link = {};
  std::optional<ServiceRate> rate = {};

  explicit Core(JsonService described) : service(std::move(described)) {}

  Status take(const ProviderSettings& settings);
  void connect(const ProviderSettings& settings, Endpoint endpoint, HttpClient& http);
  Result<ServiceSearch> search_for(const PhotoQuery& query) const;
  bool is_reachable(const ServiceSearch& search) const;
  std::string url_of(const Conversation& talk) const;
  void ask(const ServiceCallPtr& call, const ConversationPtr& talk);
  void settle(const ServiceCallPtr& call, const ConversationPtr& talk, const HttpResponse& response);
  bool lacks_rest(Conversation& talk) const;
  bool may_repeat(const ServiceCall& call, const Conversation& talk, const Result<PhotoPage>& page) const;
  Result<PhotoPage> refused(const HttpResponse& response) const;
};

// What the user wants, but for the endpoint.
Status Core::take(const ProviderSettings& settings) {
  auto asked = parse_license_wish(settings.licenses, service.is_own_license);
  if (!asked) return asked.error();
  wish = *std::move(asked);
  auto licenses = licenses_of(service, wish);
  if (!licenses) return licenses.error();
  wanted.licenses = *std::move(licenses);
  const auto safe = parse_safe_level(settings.safe);
  if (!safe) return safe.error();
  wanted.safe = *safe;
  retries = std::max(settings.retries, 0);
  log = settings.log;
  return {};
}

void Core::connect(const ProviderSettings& settings, Endpoint endpoint, HttpClient& http) {
  const bool is_known = service.info.wants_contact ? settings.has_contact : !settings.api_key.empty();
  const bool is_better_known = is_known && !service.limits_of_known.empty();
  rate.emplace(ServiceRate::Settings{
      .service = std::string(service.title),
      .advice = is_better_known ? "" : std::string(service.advice),
      .first_limits = limits_at(endpoint, is_better_known ? service.limits_of_known : service.limits),
      .next = settings.gate});
  ServiceLink::Settings to{.service = std::string(service.title),
                           .endpoint = std::move(endpoint),
                           .retries = retries,
                           .secrets = {wanted.key},
                           .after_429 = std::string(service.after_429)};
  link = std::make_shared<ServiceLink>(std::move(to), http);
}

Result<ServiceSearch> Core::search_for(const PhotoQuery& query) const {
  auto text = service.text == nullptr ? query_text(query.text, service.most_text) : service.text(query.text);
  if (!text) return text.error();
  ServiceSearch search = wanted;
  search.text = *std::move(text);
  search.page = std::max(query.page, 1);
  search.per_page = std::clamp(query.per_page, service.least_per_page, service.info.reach.photos_per_call);
  search.uploaded_before = query.uploaded_before;
  return search;
}

bool Core::is_reachable(const ServiceSearch& search) const {
  const int64_t most = service.info.reach.photos_per_query;
  return most == 0 || int64_t{search.page - 1} * search.per_page < most;
}

// What is asked for of the rest must not lead to another search: only what the request does not hold already.
std::string Core::url_of(const Conversation& talk) const {
  ServiceParameters parameters = service.parameters(talk.search);
  for (const auto& [name, value] : talk.rest) {
    const bool is_new = std::none_of(parameters.begin(), parameters.end(),
                                     [&name = name](const auto& parameter) { return parameter.first == name; });
    if (is_new) parameters.emplace_back(name, value);
  }
  return with_query(link->endpoint().url, parameters);
}

void Core::ask(const ServiceCallPtr& call, const ConversationPtr& talk) {
  HttpRequest request;
  request.url = url_of(*talk);
  request.gate = &*rate;
  if (talk->repetitions > 0)
    request.start_after = service.ask_again_after * (1 << std::min(talk->repetitions - 1, kMostDoublings));
  link->send(call, std::move(request),
             [self = shared_from_this(), talk](const ServiceCallPtr& same, const HttpResponse& response) {
               self->rate->note(response.headers);
               self->settle(same, talk, response);
             });
}

void Core::settle(const ServiceCallPtr& call, const ConversationPtr& talk, const HttpResponse& response) {
  if (response.status != 200) return link->finish(call, refused(response));
  auto part = read_document(service, response.body);
  if (!part) return link->finish(call, part.error());
  talk->parts.push_back(*std::move(part));
  if (lacks_rest(*talk) && call->requests_left() > 0) return ask(call, talk);
  auto page = read_parts(service, talk->parts, talk->search, wish);
  if (!may_repeat(*call, *talk, page)) return link->finish(call, std::move(page));
  if (log) log(LogLevel::info, link->without_secrets("asking again: " + page.error().message));
  talk->parts.pop_back();
  ++talk->repetitions;
  ask(call, talk);
}

// The same rest twice leads nowhere.
bool Core::lacks_rest(Conversation& talk) const {
  if (service.rest == nullptr) return false;
  const ServiceParameters before = std::exchange(talk.rest, service.rest(talk.parts.back()));
  return !talk.rest.empty() && talk.rest != before;
}

// The client has repeated 5xx already; what is left to repeat came with status 200.
bool Core::may_repeat(const ServiceCall& call, const Conversation& talk, const Result<PhotoPage>& page) const {
  return service.ask_again_after.count() > 0 && !page && page.error().code == ErrorCode::network &&
         talk.repetitions < retries && call.requests_left() > 0;
}

Result<PhotoPage> Core::refused(const HttpResponse& response) const {
  if (auto known = read_refusal(service, response)) return *std::move(known);
  return link->status_error(response, after_refusal(service));
}

class JsonProvider final : public Provider {
 public:
  explicit JsonProvider(std::shared_ptr<Core> core) : core_(std::move(core)), name_(core_->service.info.name) {}
  ~JsonProvider() override { core_->link->close(); }

  const std::string& name() const override { return name_; }

  void search(const PhotoQuery& query, Done done) override {
    auto search = core_->search_for(query);
    if (!search) return done({search.error(), {}});
    if (!core_->is_reachable(*search)) return done({PhotoPage{}, {}});
    const auto call = ServiceLink::begin(query, std::move(done));
    if (call) core_->ask(call, std::make_shared<Conversation>(Conversation{*std::move(search), {}, {}}));
  }

 private:
  std::shared_ptr<Core> core_;
  std::string name_;
};

}  // namespace

Result<std::unique_ptr<Provider>> make_json_provider(const JsonService& service, const ProviderSettings& settings,
                                                     HttpClient& http) {
  auto core = std::make_shared<Core>(service);
  if (service.info.key == KeyNeed::required) {
    auto key = checked_api_key(settings.api_key, std::string(service.title),
                               std::string(service.info.key_variables.front()), std::string(service.info.key_url));
    if (!key) return key.error();
    core->wanted.key = *std::move(key);
  }
  auto endpoint = make_endpoint(settings.endpoint, service.endpoint);
  if (!endpoint) return endpoint.error();
  if (Status taken = core->take(settings); !taken) return taken.error();
  core->connect(settings, *std::move(endpoint), http);
  return std::unique_ptr<Provider>(std::make_unique<JsonProvider>(std::move(core)));
}

ProviderEntry json_entry(const JsonService& service) {
  ProviderEntry entry;
  entry.info = service.info;
  entry.endpoint = service.endpoint;
  entry.make = [service](const ProviderSettings& settings, HttpClient& http) {
    return make_json_provider(service, settings, http);
  };
  return entry;
}

Result<PhotoPage> read_answer(const JsonService& service, std::string_view body, const ServiceSearch& search,
                              const LicenseWish& wish) {
  auto document = read_document(service, body);
  if (!document) return document.error();
  return read_parts(service, {&*document, 1}, search, wish);
}

std::optional<Result<PhotoPage>> read_refusal(const JsonService& service, const HttpResponse& response) {
  if (!service.refusals || (response.status != 400 && response.status != 422)) return std::nullopt;
  const std::string reason = reason_of(*service.refusals, response.body);
  if (says(reason, service.refusals->beyond_last)) return PhotoPage{};
  const std::string title(service.title);
  const std::string shown = reason.empty() ? "HTTP " + std::to_string(response.status) : reason;
  if (says(reason, service.refusals->bad_key)) {
    return Error{ErrorCode::auth, title + " refused the API key (" + shown + "): check it, or get one at " +
                                      std::string(service.info.key_url)};
  }
  return Error{ErrorCode::usage, title + " refused this query (" + shown + "): use other words"};
}

}  // namespace lookalike
