// How requests are sent, as the options and the sources say.
// Threads: free functions without state.
// Tested by tests/cli/wiring/http_options_test.cc
#pragma once

#include <chrono>
#include <span>

#include "cli/options/options.h"
#include "core/base/log.h"
#include "core/http/http_client.h"
#include "providers/registry.h"

namespace lookalike {

// --timeout: of one request, and of one photo that a program scores.
std::chrono::milliseconds request_time_limit(const NetworkOptions& network);

// Whether the requests say how their sender can be reached: by a mail address or a page, as services mean it.
bool says_contact(const NetworkOptions& network);

HttpOptions http_options(const NetworkOptions& network, int parallel, const LogSink& log);
// Also with the sources' wishes on how gently their hosts are treated.
HttpOptions http_options_for(std::span<const ProviderSettings> sources, const NetworkOptions& network, int parallel,
                             const LogSink& log);

}  // namespace lookalike
