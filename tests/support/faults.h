// What can go wrong between a photo service and its client, by name: each fault is a way to give an answer.
// Threads: constant once made; a fault may be at work on several connections at once.
// Used by fault_service.h
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "tests/support/raw_server.h"

namespace lookalike::test {

// What the service would have said if nothing were wrong.
struct GoodAnswer {
  std::string type;
  std::string body;
  std::string self;     // the request's own URL, which says that it is asked again
  std::string nowhere;  // a URL at which nobody listens
};

enum class FaultTarget { api, image };

struct Fault {
  using Work = std::function<void(RawConnection&, const GoodAnswer&)>;

  std::string name;
  FaultTarget target = FaultTarget::api;
  bool fails = true;  // the client must count an error; else it must make do with what it gets
  Work work;          // the connection is closed after it
  // When set, an address that leads nowhere, which the client is given from the start instead of the service's own.
  std::string address;
};

// For the messages of GoogleTest.
void PrintTo(const Fault& fault, std::ostream* out);

// Every fault there is, each name once; those of the API begin with "api_", those of images with "image_".
const std::vector<Fault>& all_faults();

// A whole HTTP/1.1 answer; `headers` are complete lines without line breaks.
std::string http_answer(int status, const std::string& type, const std::string& body,
                        const std::vector<std::string>& headers = {});

}  // namespace lookalike::test
