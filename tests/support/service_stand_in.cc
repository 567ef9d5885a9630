#include "tests/support/service_stand_in.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

#include "core/base/files/file.h"
#include "tests/support/loopback_server.h"
#include "tests/support/service_protocols.h"

namespace lookalike::test {
namespace {

constexpr const char* kToken = "stand-in-token";
// Where searches are asked for, by protocol; Openverse's endpoint is what its paths are appended to.
const std::map<std::string, std::string> kPaths{
    {"commons", "/w/api.php"}, {"pixabay", "/api/"}, {"inaturalist", "/v1/observations"}, {"nasa", "/search"}};

class Server final : public ServiceStandIn {
 public:
  using Request = httplib::Request;
  using Response = httplib::Response;

  Server(std::string protocol, ServiceStandInOptions options, std::vector<StandInPhoto> photos)
      : protocol_(std::move(protocol)), options_(std::move(options)), search_(std::move(photos)) {
    server_.emplace([this](httplib::Server& routes) { add_routes(routes); });
  }

  std::string endpoint() const override { return server_->url(path_of_api()); }
  int image_calls() const override { return image_calls_; }
  std::vector<Parameters> calls() const override {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  std::string path_of_api() const {
    const auto path = kPaths.find(protocol_);
    return path == kPaths.end() ? "/" : path->second;
  }

  void add_routes(httplib::Server& routes) {
    const auto search = [this](const Request& request, Response& response) { serve_search(request, response); };
    const auto image = [this](const Request& request, Response& response) { serve_image(request, response); };
    routes.Get("/v1/images/", search);
    for (const auto& [protocol, path] : kPaths)
      routes.Get(path, search);
    routes.Get(R"(/v1/images/(\d+)/thumb/)", image);
    routes.Get(R"(/photo/(\d+)[_~a-z0-9]*\.jpg)", image);
    routes.Get(R"(/photo/(\d+)/[a-z]+\.jpg)", image);
    routes.Post("/v1/auth_tokens/token/",
                [this](const Request& request, Response& response) { serve_token(request, response); });
  }

  void serve_search(const Request& request, Response& response) {
    const Parameters parameters(request.params.begin(), request.params.end());
    const std::string authorization = request.get_header_value("Authorization");
    const int number = remember(request, parameters, authorization);
    const bool has_token = authorization == std::string("Bearer ") + kToken;
    if (protocol_ == "openverse" && !has_token) {
      response.set_header("X-RateLimit-Limit-anon_burst", std::to_string(options_.calls_per_minute) + "/min");
      response.set_header("X-RateLimit-Available-anon_burst",
                          std::to_string(std::max(0, options_.calls_per_minute - number)));
      if (number > options_.calls_per_minute) {
        response.status = 429;
        return response.set_content(R"({"detail":"Request was throttled."})", "application/json");
      }
    }
    const ProtocolAnswer answer = answered(parameters, has_token);
    response.status = answer.status;
    response.set_content(answer.body, answer.type.c_str());
  }

  ProtocolAnswer answered(const Parameters& parameters, bool has_token) const {
    if (protocol_ == "commons") return commons_answer(search_, parameters, server_->url(""));
    if (protocol_ == "inaturalist") return inaturalist_answer(search_, parameters, server_->url(""));
    if (protocol_ == "nasa") return nasa_answer(search_, parameters, server_->url(""));
    if (protocol_ == "pixabay") return pixabay_answer(search_, parameters, server_->url(""), options_.key);
    return openverse_answer(search_, parameters, server_->url(""), has_token);
  }

  int remember(const Request& request, Parameters parameters, const std::string& authorization) {
    parameters["path"] = request.path;
    if (!authorization.empty()) parameters["authorization"] = authorization;
    const std::lock_guard lock(mutex_);
    calls_.push_back(std::move(parameters));
    return static_cast<int>(calls_.size());
  }

  void serve_token(const Request& request, Response& response) {
    const std::string given = request.get_param_value("client_id") + ":" + request.get_param_value("client_secret");
    if (request.get_param_value("grant_type") != "client_credentials" || given != options_.key) {
      response.status = 401;
      return response.set_content(R"({"error":"invalid_client"})", "application/json");
    }
    response.set_content(
        std::string(R"({"access_token":")") + kToken + R"(","expires_in":36000,"token_type":"Bearer"})",
        "application/json");
  }

  void serve_image(const Request& request, Response& response) {
    ++image_calls_;
    const StandInPhoto* photo = search_.find(request.matches[1]);
    const Result<std::string> bytes =
        photo == nullptr ? Error{ErrorCode::not_found, "no such photo"} : read_file(photo->file, 64 << 20);
    response.status = bytes ? 200 : 404;
    if (bytes) response.set_content(*bytes, "image/jpeg");
  }

  const std::string protocol_;
  const ServiceStandInOptions options_;
  const StandInSearch search_;
  std::atomic<int> image_calls_ = 0;
  mutable std::mutex mutex_;
  std::vector<Parameters> calls_;
  std::optional<LoopbackServer> server_;  // last: it uses all of the above
};

}  // namespace

Result<std::unique_ptr<ServiceStandIn>> ServiceStandIn::start(std::string_view protocol,
                                                              ServiceStandInOptions options) {
  if (protocol != "openverse" && !kPaths.contains(std::string(protocol))) {
    return Error{ErrorCode::usage, std::string(protocol) + " is not openverse, commons, pixabay, inaturalist or nasa"};
  }
  auto photos = load_stand_in_photos(options.collection);
  if (!photos) return photos.error();
  return std::unique_ptr<ServiceStandIn>(
      std::make_unique<Server>(std::string(protocol), std::move(options), *std::move(photos)));
}

}  // namespace lookalike::test
