// A photo service on 127.0.0.1 that speaks Flickr's protocol over a collection on this disk, as the real one behaves:
// every word of `text` must be there, newest first, failures as HTTP 200, odd types, fields missing now and then.
// GET /services/rest/?method=flickr.photos.search&…   the search
// GET /img/<id>_<size>.jpg                            the photos (every size is the same file)
// GET /counts                                         what it has seen, as JSON
// Delays and faults depend on the seed and on the request alone, so two runs with the same requests meet the same.
// Threads: the server has its own; every function may be called from any.
// Tested by tests/providers/flickr/flickr_stand_in_test.cc
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace lookalike::test {

struct StandInOptions {
  std::filesystem::path collection;  // a manifest (*.jsonl) or a folder
  std::string key = "stand-in-key";
  int port = 0;             // 0: any that is free
  double api_delay_ms = 0;  // medians of log-normal delays; 0: none
  double image_delay_ms = 0;
  double api_delay_sigma = 0.5;  // of the delay's logarithm
  double image_delay_sigma = 0.5;
  double fault_rate = 0;  // of all requests: 429, 500, cut connection, HTML, truncated, stat fail 105
  uint64_t seed = 1;
};

struct StandInPhoto {
  std::string id;         // digits, as Flickr's
  std::string source_id;  // the collection's own
  std::string owner;
  std::string title;
  std::string license;   // Flickr's id
  int64_t uploaded = 0;  // Unix seconds; made up from the id when the collection has none
  std::vector<std::string> tags;
  std::filesystem::path file;
};

struct StandInCounts {
  int api_calls = 0;
  int image_calls = 0;
  int faults = 0;
  int most_api_at_once = 0;
  int most_images_at_once = 0;
};

// A request, and how long it was made to wait.
struct StandInDelay {
  bool is_call = false;  // else an image
  std::chrono::steady_clock::time_point begun;
  std::chrono::duration<double, std::milli> delay;
};

class FlickrStandIn {
 public:
  // Errors: not_found, bad_data (no photos), network (the port is taken).
  static Result<std::unique_ptr<FlickrStandIn>> start(StandInOptions options);
  virtual ~FlickrStandIn() = default;

  virtual int port() const = 0;
  virtual StandInCounts counts() const = 0;
  // The parameters of the API calls so far, in the order in which they came.
  virtual std::vector<std::map<std::string, std::string>> calls() const = 0;
  // The delays so far, in the order in which the requests came.
  virtual std::vector<StandInDelay> delays() const = 0;
  virtual const std::vector<StandInPhoto>& photos() const = 0;

  // "http://127.0.0.1:PORT/services/rest/"
  std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port()) + "/services/rest/"; }
};

}  // namespace lookalike::test
