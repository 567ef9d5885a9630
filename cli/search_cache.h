// The cache of a search as --cache, --cache-size and --memory ask for it.
// Tested by tests/cli/command_cache_test.cc
#pragma once

#include <cstddef>
#include <memory>

#include "cli/options.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/pipeline/cache_queue.h"

namespace lookalike {

// On disk when a folder was named; else in memory when several images are searched for, which then share what they
// meet; else null. Nothing is opened yet. `clock` is borrowed.
std::shared_ptr<CacheQueue> make_cache(const CacheOptions& options, size_t images, const Clock& clock, LogSink log);

}  // namespace lookalike
