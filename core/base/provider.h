// A photo service that can only be searched by words.
// Threads: search() may be called from any thread and returns at once; `done` is called exactly once, on any thread
// (also before search() returns), unless the provider is destroyed first. Destroying a provider cancels what is under
// way and waits until no callback is running.
// Adding a source: docs/providers.md
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/patience.h"
#include "core/base/photo.h"
#include "core/base/result.h"

namespace lookalike {

struct PhotoQuery {
  std::string text;     // free text or a tag, UTF-8, never empty
  bool is_tag = false;  // it is a tag that photos of this source have; else words, which may be anywhere
  int page = 1;         // 1 is the first
  int per_page = 30;    // a wish; the provider clamps it to what the service allows
  // Only photos uploaded at or before this moment, when set; sources without dates ignore it.
  std::optional<std::chrono::system_clock::time_point> uploaded_before;
  int max_requests = 4;  // how many requests this may cost, retries included: what the budget still allows
  std::shared_ptr<Patience> patience = {};  // of the search, for rates and budgets; null: waits for ever
};

struct PhotoPage {
  std::vector<Photo> photos;  // in the service's order
  bool has_more = false;      // another page of the same query may hold more
};

// What one answer cost.
struct TransferCost {
  int requests = 0;     // requests sent to the service, retries included; what never got there is none
  int64_t bytes = 0;    // body bytes received, as transferred
  bool cached = false;  // answered from a cache: nothing was sent
  int charged = 0;      // what a budget is charged instead of `requests`, when several sources were asked at once
};

// What one of several sources did for an answer.
struct SourceShare {
  std::string source;  // its registry name
  int requests = 0;
  int photos = 0;
  std::optional<Error> error;
};

struct PhotoAnswer {
  Result<PhotoPage> page;
  TransferCost cost;
  std::vector<SourceShare> shares = {};  // empty: there is one source
};

// A file by what it holds.
struct FileIdentity {
  int64_t bytes = 0;
  std::string sha256;  // 64 hexadecimal digits
};

// What a source can list without being searched by words.
enum class ListOf {
  every_photo,
  without_words,  // photos that no query can find, since nothing is said of them
};

class Provider {
 public:
  using Done = std::function<void(PhotoAnswer)>;

  virtual ~Provider() = default;
  // The registry name, "flickr".
  virtual const std::string& name() const = 0;
  // Errors: auth (stop the search), quota, network, bad_data, usage (this query is at fault; others may do).
  virtual void search(const PhotoQuery& query, Done done) = 0;

  // Sources on this disk know all their photos and can list them; services cannot. Neither costs a request.
  virtual size_t listable(ListOf) const { return 0; }
  // Whether those are all that it has to offer.
  virtual bool lists_all() const { return listable(ListOf::every_photo) > 0; }
  // At most `limit` of those, in the source's order.
  virtual std::vector<Photo> list(ListOf, size_t /*limit*/) const { return {}; }
  // The listable photos whose file is the same byte for byte. Looks at every file's size and reads those of the same
  // size; what was found by then when `stop` is requested.
  virtual std::vector<Photo> copies_of(const FileIdentity&, const std::stop_token& /*stop*/) const { return {}; }
};

}  // namespace lookalike
