// How each service that service_stand_in.h stands in for answers a search.
// Threads: free functions over a constant search.
#pragma once

#include <string>

#include "tests/support/flickr_stand_in_photos.h"

namespace lookalike::test {

struct ProtocolAnswer {
  int status = 200;
  std::string body;
  std::string type = "application/json";
};

// `base` is "http://127.0.0.1:PORT"; image addresses are BASE/photo/ID…
ProtocolAnswer openverse_answer(const StandInSearch& search, const Parameters& parameters, const std::string& base,
                                bool has_token);
ProtocolAnswer commons_answer(const StandInSearch& search, const Parameters& parameters, const std::string& base);
ProtocolAnswer pixabay_answer(const StandInSearch& search, const Parameters& parameters, const std::string& base,
                              const std::string& key);
ProtocolAnswer inaturalist_answer(const StandInSearch& search, const Parameters& parameters, const std::string& base);
ProtocolAnswer nasa_answer(const StandInSearch& search, const Parameters& parameters, const std::string& base);

}  // namespace lookalike::test
