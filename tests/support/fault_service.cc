#include "tests/support/fault_service.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/base/files/file.h"
#include "core/http/url.h"

namespace lookalike::test {
namespace {

constexpr const char* kSearchPath = "services/rest/";
constexpr const char* kImagePath = "img/";
constexpr const char* kAgain = "again";  // the parameter by which a redirect to itself is known

std::vector<StandInPhoto> photos_of(const std::filesystem::path& collection) {
  auto photos = load_stand_in_photos(collection);
  if (!photos) throw std::runtime_error(photos.error().message);
  return *std::move(photos);
}

const Fault* find_fault(const std::string& name) {
  const auto found =
      std::find_if(all_faults().begin(), all_faults().end(), [&](const Fault& fault) { return fault.name == name; });
  if (found == all_faults().end()) throw std::runtime_error("no fault is called " + name);
  return &*found;
}

std::vector<const Fault*> faults_of(const FaultPlan& plan, FaultTarget target) {
  std::vector<const Fault*> faults;
  for (const std::string& name : plan.faults) {
    const Fault* fault = find_fault(name);
    if (fault->target == target) faults.push_back(fault);
  }
  return faults;
}

// Of "/img/<id>_n.jpg".
std::string photo_id(const std::string& target) {
  const size_t begin = std::string("/").size() + std::string(kImagePath).size();
  return target.substr(std::min(begin, target.size()), target.find('_') - begin);
}

std::string decoded(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

// Uniform in [0, 1).
double dice(const std::string& text, uint64_t seed) {
  return static_cast<double>(scramble(text, seed) >> 11) * 0x1.0p-53;
}

}  // namespace

FaultService::FaultService(const std::filesystem::path& collection, std::string key, const FaultPlan& plan)
    : search_(photos_of(collection)),
      key_(std::move(key)),
      plan_(plan),
      nowhere_("http://127.0.0.1:" + std::to_string(unused_port()) + "/"),
      api_faults_(faults_of(plan, FaultTarget::api)),
      image_faults_(faults_of(plan, FaultTarget::image)),
      server_([this](RawConnection& connection) { serve(connection); }) {}

std::string FaultService::endpoint() const {
  const bool nowhere = plan_.rate >= 1 && plan_.spared_calls == 0 && api_faults_.size() == 1;
  if (!nowhere || api_faults_.front()->address.empty()) return base() + kSearchPath;
  const std::string& address = api_faults_.front()->address;
  return (address == "@nowhere" ? nowhere_ : address) + kSearchPath;
}

FaultCounts FaultService::counts() const {
  const std::lock_guard lock(mutex_);
  FaultCounts counts = counts_;
  counts.failed_images = static_cast<int>(failed_.size());
  return counts;
}

FaultService::Request FaultService::parse(const std::string& head) {
  const size_t begin = head.find(' ') + 1;
  Request request{.target = head.substr(begin, head.find(' ', begin) - begin)};
  size_t at = request.target.find('?');
  while (at != std::string::npos) {
    const size_t end = request.target.find('&', at + 1);
    const std::string pair = request.target.substr(at + 1, end == std::string::npos ? end : end - at - 1);
    const size_t equals = std::min(pair.find('='), pair.size());
    request.parameters[decoded(pair.substr(0, equals))] = decoded(pair.substr(std::min(equals + 1, pair.size())));
    at = end;
  }
  return request;
}

void FaultService::serve(RawConnection& connection) {
  while (true) {
    const std::string head = connection.read_request();
    if (head.empty()) return;
    const Request request = parse(head);
    const bool api = request.target.starts_with(std::string("/") + kSearchPath);
    auto good = api ? good_answer(request) : good_image(request.target);
    if (!good) {
      if (!connection.send(http_answer(404, "text/plain", "no such photo"))) return;
      continue;
    }
    const Fault* fault = fault_for(request, api);
    if (api) good->body = with_wrong_addresses(std::move(good->body));
    if (fault != nullptr) {
      good->self = base() + request.target.substr(1);
      if (!request.parameters.contains(kAgain)) good->self += (api ? "&" : "?") + (kAgain + ("=" + fault->name));
      return fault->work(connection, *good);
    }
    if (!connection.send(http_answer(200, good->type, good->body))) return;
  }
}

GoodAnswer FaultService::good_answer(const Request& request) const {
  return {.type = "application/json",
          .body = search_.answer(request.parameters, key_, base() + kImagePath),
          .self = "",
          .nowhere = nowhere_};
}

std::optional<GoodAnswer> FaultService::good_image(const std::string& target) const {
  const StandInPhoto* photo = search_.find(photo_id(target));
  if (photo == nullptr) return std::nullopt;
  const auto bytes = read_file(photo->file, 64 << 20);
  if (!bytes) return std::nullopt;
  return GoodAnswer{.type = "image/jpeg", .body = *bytes, .self = "", .nowhere = nowhere_};
}

// The same request asked again throws anew, so that a repetition may succeed; a redirect to itself goes on for ever.
const Fault* FaultService::fault_for(const Request& request, bool api) {
  const std::lock_guard lock(mutex_);
  const auto& faults = api ? api_faults_ : image_faults_;
  if (request.parameters.contains(kAgain)) return find_fault(request.parameters.at(kAgain));
  const int before = (api ? counts_.api_calls : counts_.image_calls)++;
  const int times = asked_[request.target]++;
  if (before < plan_.spared_calls && api) return nullptr;
  const Fault* fault = chosen(faults, request.target, static_cast<uint64_t>(times));
  // Photos are misdirected by their address; the few that come here all the same were asked for before.
  if (fault == nullptr || (!api && !fault->address.empty())) return nullptr;
  if (fault->fails && api) ++counts_.failed_calls;
  if (fault->fails && !api) failed_.insert(photo_id(request.target));
  return fault;
}

const Fault* FaultService::chosen(const std::vector<const Fault*>& faults, const std::string& text,
                                  uint64_t salt) const {
  const uint64_t seed = plan_.seed + 1'000'003 * salt;
  if (faults.empty() || dice("fault " + text, seed) >= plan_.rate) return nullptr;
  return faults[scramble("kind " + text, seed) % faults.size()];
}

// Faults of an image's address are in the answer that names it.
std::string FaultService::with_wrong_addresses(std::string answer) {
  const std::string images = base() + kImagePath;
  for (size_t at = answer.find(images); at != std::string::npos; at = answer.find(images, at + 1)) {
    const size_t begin = at + images.size();
    const std::string id = answer.substr(begin, answer.find('_', begin) - begin);
    const Fault* fault = chosen(image_faults_, "/" + std::string(kImagePath) + id, 0);
    if (fault == nullptr || fault->address.empty()) continue;
    answer.replace(at, images.size() - std::string(kImagePath).size(),
                   fault->address == "@nowhere" ? nowhere_ : fault->address);
    const std::lock_guard lock(mutex_);
    failed_.insert(id);
  }
  return answer;
}

}  // namespace lookalike::test
