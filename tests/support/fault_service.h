// A photo service on 127.0.0.1 that answers as the Flickr stand-in does, but for a share of the requests, which meet
// faults. Which requests those are depends on the seed and the request alone.
// Threads: the service has its own; every function may be called from any.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/faults.h"
#include "tests/support/flickr_stand_in_photos.h"
#include "tests/support/raw_server.h"

namespace lookalike::test {

struct FaultPlan {
  std::vector<std::string> faults;  // names of all_faults(); a faulty request meets one that suits it
  double rate = 1;                  // share of the requests
  int spared_calls = 0;             // so many API calls are answered well first
  uint64_t seed = 1;
};

struct FaultCounts {
  int api_calls = 0;
  int image_calls = 0;
  int failed_calls = 0;   // that met a fault which must fail
  int failed_images = 0;  // photos that did, each once; those whose address leads nowhere among them
};

class FaultService {
 public:
  // `collection` as of StandInOptions. Throws when it cannot be read or a fault is unknown: a test's own mistake.
  FaultService(const std::filesystem::path& collection, std::string key, const FaultPlan& plan);

  // As FlickrStandIn::endpoint(), or an address that leads nowhere when that is the fault of every call.
  std::string endpoint() const;
  FaultCounts counts() const;

 private:
  struct Request {
    std::string target;
    Parameters parameters;
  };

  static Request parse(const std::string& head);
  void serve(RawConnection& connection);
  GoodAnswer good_answer(const Request& request) const;
  std::optional<GoodAnswer> good_image(const std::string& target) const;
  // Null when this request is answered well.
  const Fault* fault_for(const Request& request, bool api);
  const Fault* chosen(const std::vector<const Fault*>& faults, const std::string& text, uint64_t salt) const;
  std::string with_wrong_addresses(std::string answer);
  std::string base() const { return server_.url("/"); }

  const StandInSearch search_;
  const std::string key_;
  const FaultPlan plan_;
  const std::string nowhere_;
  const std::vector<const Fault*> api_faults_;
  const std::vector<const Fault*> image_faults_;
  mutable std::mutex mutex_;
  FaultCounts counts_;                // guarded by mutex_
  std::set<std::string> failed_;      // ids of photos; guarded by mutex_
  std::map<std::string, int> asked_;  // guarded by mutex_
  RawServer server_;                  // last: it uses all of the above
};

}  // namespace lookalike::test
