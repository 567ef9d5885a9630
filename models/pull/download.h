// Fetches a file over HTTP into a PartFile, going on where an earlier attempt ended.
// A resumed download asks for a little more than is missing and compares: so it is seen whether the answer goes on,
// begins again (a server that ignores Range), or belongs to another file.
// Threads: one; pieces are written on the client's thread while this one waits.
// Tested by tests/models/pull/download_test.cc
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "core/base/result.h"
#include "core/http/http_client.h"
#include "models/pull/part_file.h"

namespace lookalike {

struct Download {
  std::string url;
  int64_t bytes = 0;  // of the whole file; more is refused
  AddressScope scope = AddressScope::internet;
  std::function<void(int64_t bytes)> on_bytes;  // how much is there; on the client's thread; may be empty
  bool* answered = nullptr;                     // becomes true when the host answers, whatever it says; may be null
};

// Afterwards the part holds `bytes` bytes; what they are is for PartFile::place to judge.
// Errors: network, not_found (404, 410), bad_data (another size; a web page or a Git LFS pointer file), usage (disk
// full), interrupted.
Status download(HttpClient& client, const Download& what, PartFile& part, std::stop_token stop);

}  // namespace lookalike
