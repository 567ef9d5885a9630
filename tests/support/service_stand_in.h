// Photo services on 127.0.0.1 that speak the protocols of Openverse, Wikimedia Commons, Pixabay, iNaturalist and NASA's
// image library over a collection on this disk, as the real ones behave: paging, limits, refusals, odd fields, images.
// Openverse: tags= and q= as its search has them, 401 for too large a page without a token, rate headers, tokens.
// Commons:   generator=search with continuation, of categories too; maintenance categories; HTML in the metadata.
// Pixabay:   a key, plain-text refusals, 500 hits at most, tags in one text.
// iNaturalist: photo_license=; names of taxa; NASA: Collection+JSON, keywords in one text, blanks in identifiers.
// Threads: the server has its own; every function may be called from any.
// Tested by tests/support's users, tests/providers/common/conformance_test.cc first of all
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike::test {

struct ServiceStandInOptions {
  std::filesystem::path collection;  // as flickr_stand_in's
  std::string key;                   // Pixabay's key; Openverse's "ID:SECRET"; empty: any
  int calls_per_minute = 1'000'000;  // of Openverse without a token; what is beyond is answered with 429
};

class ServiceStandIn {
 public:
  using Parameters = std::map<std::string, std::string>;

  // "openverse", "commons", "pixabay", "inaturalist" or "nasa". Errors: usage (another protocol), not_found, bad_data
  // (no photos).
  static Result<std::unique_ptr<ServiceStandIn>> start(std::string_view protocol, ServiceStandInOptions options);
  virtual ~ServiceStandIn() = default;

  // What --endpoint takes.
  virtual std::string endpoint() const = 0;
  // The parameters of the searches so far; with "path" and, when it was sent, "authorization".
  virtual std::vector<Parameters> calls() const = 0;
  virtual int image_calls() const = 0;
};

}  // namespace lookalike::test
