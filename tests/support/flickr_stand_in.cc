#include "tests/support/flickr_stand_in.h"

#include <httplib.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <numbers>
#include <thread>
#include <utility>

#include "core/base/files/file.h"
#include "tests/support/flickr_stand_in_photos.h"

namespace lookalike::test {
namespace {

constexpr int kThreads = 64;
constexpr int kBacklog = 256;

// How many are inside at once, and how many that ever were.
class Gauge {
 public:
  class Visit {
   public:
    explicit Visit(Gauge& gauge) : gauge_(gauge) {
      const int now = ++gauge_.inside_;
      ++gauge_.total_;
      for (int most = gauge_.most_; now > most && !gauge_.most_.compare_exchange_weak(most, now);) {
      }
    }
    ~Visit() { --gauge_.inside_; }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    Gauge& gauge_;
  };

  int total() const { return total_; }
  int most() const { return most_; }

 private:
  std::atomic<int> inside_ = 0;
  std::atomic<int> total_ = 0;
  std::atomic<int> most_ = 0;
};

enum class Fault { none, too_many, server_error, cut, html, truncated, unavailable };

double uniform(uint64_t bits) {
  return (static_cast<double>(bits >> 11) + 0.5) * 0x1.0p-53;
}

class Server final : public FlickrStandIn {
 public:
  Server(StandInOptions options, std::vector<StandInPhoto> photos)
      : options_(std::move(options)), search_(std::move(photos)) {}
  ~Server() override {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

  bool run() {
    server_.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    server_.set_keep_alive_max_count(1'000'000);
    server_.set_keep_alive_timeout(2);
    server_.set_tcp_nodelay(true);
    // Without the library's SO_REUSEPORT, which would let two servers share a port.
    server_.set_socket_options([this](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
      socket_ = socket;
    });
    add_routes();
    port_ = bound_port();
    if (port_ <= 0) return false;
    // The library's backlog of five drops bursts of connections, which then wait a second.
    ::listen(socket_, kBacklog);
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    // Stopping a server that does not run yet would be lost.
    while (!server_.is_running())
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return true;
  }

  int port() const override { return port_; }
  const std::vector<StandInPhoto>& photos() const override { return search_.photos(); }
  StandInCounts counts() const override {
    return {api_.total(), images_.total(), faults_, api_.most(), images_.most()};
  }
  std::vector<std::map<std::string, std::string>> calls() const override {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  std::vector<StandInDelay> delays() const override {
    const std::lock_guard lock(mutex_);
    return delays_;
  }

 private:
  using Request = httplib::Request;
  using Response = httplib::Response;

  // Zero or less when the port is taken.
  int bound_port() {
    if (options_.port == 0) return server_.bind_to_any_port("127.0.0.1");
    return server_.bind_to_port("127.0.0.1", options_.port) ? options_.port : -1;
  }

  void add_routes() {
    server_.Get("/services/rest/?",
                [this](const Request& request, Response& response) { serve_api(request, response); });
    server_.Get(R"(/img/(\d+)_[a-z]\.jpg)",
                [this](const Request& request, Response& response) { serve_image(request, response); });
    server_.Get("/counts", [this](const Request&, Response& response) { serve_counts(response); });
  }

  void serve_api(const Request& request, Response& response) {
    const auto begun = std::chrono::steady_clock::now();
    const Gauge::Visit visit(api_);
    const Parameters parameters(request.params.begin(), request.params.end());
    {
      const std::lock_guard lock(mutex_);
      calls_.push_back(parameters);
    }
    const uint64_t dice = dice_of(request.target);
    wait({.is_call = true, .begun = begun, .delay = delay_of(options_.api_delay_ms, options_.api_delay_sigma, dice)});
    const std::string body =
        search_.answer(parameters, options_.key, "http://127.0.0.1:" + std::to_string(port_) + "/img/");
    respond(response, body, "application/json", fault_of(dice, true));
  }

  void serve_image(const Request& request, Response& response) {
    const auto begun = std::chrono::steady_clock::now();
    const Gauge::Visit visit(images_);
    const uint64_t dice = dice_of(request.target);
    wait({.is_call = false,
          .begun = begun,
          .delay = delay_of(options_.image_delay_ms, options_.image_delay_sigma, dice)});
    const StandInPhoto* photo = search_.find(request.matches[1]);
    const Result<std::string> bytes =
        photo == nullptr ? Error{ErrorCode::not_found, "no such photo"} : read_file(photo->file, 64 << 20);
    response.status = bytes ? 200 : 404;
    if (bytes)
      respond(response, *bytes, photo->file.extension() == ".png" ? "image/png" : "image/jpeg", fault_of(dice, false));
  }

  void serve_counts(Response& response) const {
    const StandInCounts seen = counts();
    response.set_content("{\"api_calls\":" + std::to_string(seen.api_calls) + ",\"image_calls\":" +
                             std::to_string(seen.image_calls) + ",\"faults\":" + std::to_string(seen.faults) +
                             ",\"most_api_at_once\":" + std::to_string(seen.most_api_at_once) +
                             ",\"most_images_at_once\":" + std::to_string(seen.most_images_at_once) + "}\n",
                         "application/json");
  }

  // The same request asked again throws anew, so that a repetition may succeed.
  uint64_t dice_of(const std::string& target) {
    const std::lock_guard lock(mutex_);
    return scramble(target, options_.seed + 1'000'003 * static_cast<uint64_t>(asked_[target]++));
  }

  static std::chrono::duration<double, std::milli> delay_of(double median_ms, double sigma, uint64_t dice) {
    if (median_ms <= 0) return {};
    const double u = uniform(scramble("u", dice));
    const double v = uniform(scramble("v", dice));
    const double normal = std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
    return std::chrono::duration<double, std::milli>(median_ms * std::exp(sigma * normal));
  }

  void wait(const StandInDelay& delay) {
    {
      const std::lock_guard lock(mutex_);
      delays_.push_back(delay);
    }
    std::this_thread::sleep_until(delay.begun + delay.delay);
  }

  Fault fault_of(uint64_t dice, bool api) {
    if (uniform(scramble("fault", dice)) >= options_.fault_rate) return Fault::none;
    ++faults_;
    return static_cast<Fault>(1 + scramble("kind", dice) % (api ? 6 : 5));
  }

  static void respond(Response& response, const std::string& body, const std::string& type, Fault fault) {
    switch (fault) {
      case Fault::none: return response.set_content(body, type.c_str());
      case Fault::too_many:
        response.status = 429;
        response.set_header("Retry-After", "0");
        return;
      case Fault::server_error: response.status = 500; return;
      case Fault::html: return response.set_content("<html><body>Please sign in</body></html>", "text/html");
      case Fault::truncated: return response.set_content(body.substr(0, body.size() / 2), type.c_str());
      case Fault::unavailable:
        return response.set_content(fail_answer(105, "Service currently unavailable"), type.c_str());
      case Fault::cut:
        // The head promises a body of which nothing comes before the connection ends.
        response.set_content_provider(body.size() + 1, type.c_str(),
                                      [](size_t, size_t, httplib::DataSink&) { return false; });
    }
  }

  const StandInOptions options_;
  const StandInSearch search_;
  httplib::Server server_;
  socket_t socket_ = INVALID_SOCKET;
  int port_ = 0;
  std::thread thread_;
  Gauge api_;
  Gauge images_;
  std::atomic<int> faults_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, int> asked_;
  std::vector<std::map<std::string, std::string>> calls_;
  std::vector<StandInDelay> delays_;
};

}  // namespace

Result<std::unique_ptr<FlickrStandIn>> FlickrStandIn::start(StandInOptions options) {
  Result<std::vector<StandInPhoto>> photos = load_stand_in_photos(options.collection);
  if (!photos) return photos.error();
  const int wanted = options.port;
  auto server = std::make_unique<Server>(std::move(options), *std::move(photos));
  if (server->run()) return std::unique_ptr<FlickrStandIn>(std::move(server));
  return Error{ErrorCode::network, "cannot listen on 127.0.0.1:" + std::to_string(wanted)};
}

}  // namespace lookalike::test
