// The options of a search, once everything that they name was found and checked. Whoever builds a part of a search
// takes what it needs from here, and nothing is added later. So all that can be refused is refused before the first
// request.
//
//   what the user wrote                what stands here
//   --model, --score class:, network:  networks, wanted_classes
//   --provider, --api-key, ...         sources
//   --stop-tags                        tag_cleaner
// Threads: immutable.
// Tested by tests/cli/wiring/checked_options_test.cc and the command tests
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "cli/console/log_writer.h"
#include "cli/options/options.h"
#include "core/base/files/input.h"
#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/vision/inference/network_classes.h"
#include "providers/registry.h"
#include "providers/tag_cleaner.h"

namespace lookalike {

// The networks that the options need.
struct ChosenNetworks {
  std::optional<NetworkSpec> describing;   // looks at the query images, and at photos where describes_photos
  bool describes_photos = false;           // photos are scored by it, alone or among others
  std::vector<NamedClass> wanted_classes;  // of each --score class:NAME
  std::vector<NetworkSpec> scoring;        // of each --score network:FILE
};

struct CheckedOptions {
  const SearchCommandOptions& given;  // borrowed
  size_t images = 0;                  // that are searched for
  ChosenNetworks networks;
  std::vector<ProviderSettings> sources;          // without the gates of their calls
  std::shared_ptr<const TagCleaner> tag_cleaner;  // null: any tag is followed
};

// Errors: model, usage (no such class), auth, those of choose_sources(); usage, for a stop list that cannot be read.
// `patience` is for the files that the options name.
Result<CheckedOptions> check_options(const SearchCommandOptions& options, size_t images, LogWriter& log,
                                     const InputPatience& patience = {});

}  // namespace lookalike
