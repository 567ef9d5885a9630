// The cache of a search as --cache, --cache-size and --memory ask for it.
// Tested by tests/command/command_cache_test.cc
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "cli/options/options.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/cache/cache_queue.h"
#include "core/cache/local_embeddings.h"

namespace lookalike {

// On disk when a folder was named; else in memory when several images are searched for, which then share what they
// meet; else null. Nothing is opened yet. `clock` is borrowed.
std::shared_ptr<CacheQueue> make_cache(const CacheOptions& options, size_t images, const Clock& clock, LogSink log);

// Where embeddings of photos on this disk are kept that the network of that identity makes (embedding_identity()): in
// the folder that was named, else in the usual one, unless the cache is off; and in memory when several images are
// searched for. `clock` is borrowed.
std::shared_ptr<LocalEmbeddings> make_local_embeddings(const CacheOptions& options, size_t images, std::string identity,
                                                       const Clock& clock, const LogSink& log);

// What decides about an embedding besides the file and the network: this program and this processor, since another
// build may decode or round otherwise.
std::string computing_identity();

}  // namespace lookalike
