// The hourly budget of a source's calls, as its terms and --hourly-calls say.
// Tested by tests/cli/wiring/hourly_calls_test.cc and command_quota_test.cc
#pragma once

#include <memory>
#include <string>

#include "cli/options/api_keys.h"
#include "cli/options/options.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/quota/hourly_quota.h"
#include "providers/registry.h"

namespace lookalike {

// Null when there is nothing to count: the source names no limit, or the endpoint is on this machine, and no number was
// asked for. With "off" calls are counted all the same, for other processes to know. `clock` is borrowed.
std::unique_ptr<HourlyQuota> make_hourly_quota(const SourceOptions& options, const ProviderSettings& settings,
                                               const Environment& environment, const Clock& clock, LogSink log);

}  // namespace lookalike
