// Which networks and programs a search scores its photos by, as the options say: chosen, loaded, joined, and named for
// the cache; and where in a photo's embedding each finds its own values. Of the network that describes the images,
// photos may need the feature layer (likeness), the output (classes) or both, which come of one run
// (Embedder::embed_with_output). Threads: one; the workers that are loaded here have their own. Tested by
// tests/cli/wiring/search_parts_test.cc and the command tests
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/options.h"
#include "cli/wiring/search_parts.h"
#include "core/base/result.h"
#include "core/cache/local_embeddings.h"
#include "core/pipeline/photo_feature_source.h"

namespace lookalike {

// Fills in the networks and the wanted classes. Errors: model, usage (no such class).
Status choose_networks(const SearchCommandOptions& options, SearchParts& parts);

// They load while the source is opened and the query image is read.
void load_networks(const SearchCommandOptions& options, SearchParts& parts);

// Where the embeddings of photos on this disk are kept that a network of that identity makes (embedding_identity()).
using KeepEmbeddings = std::function<std::shared_ptr<LocalEmbeddings>(const std::string& identity)>;

// What is made of each photo, in this order: by the network that describes images, by other networks, by programs.
// `keep` is null when no photo can be on this disk. REQUIRES: the networks are being loaded
std::vector<PhotoPart> photo_parts(const SearchCommandOptions& options, SearchParts& parts, const KeepEmbeddings& keep);

// All that decides about photos' embeddings, for the key under which they are kept: every network, and what is taken of
// it. Nothing when a program has a part in it: what it says is asked anew each time, since it may have changed.
// Errors: model.
Result<std::optional<std::string>> photo_identity_of(const SearchCommandOptions& options, const SearchParts& parts);

// A place in a photo's embedding.
struct EmbeddingSlice {
  size_t begin = 0;
  size_t size = 0;
};

struct EmbeddingLayout {
  EmbeddingSlice features;               // empty: they are not there
  EmbeddingSlice output;                 // likewise
  std::vector<EmbeddingSlice> networks;  // a slice for each of SearchParts::score_networks
  std::vector<EmbeddingSlice> programs;  // for each program of the options
};

// As photo_parts() has them. Waits for the networks. Errors: model, also of a score network that gives several numbers.
Result<EmbeddingLayout> embedding_layout(const SearchCommandOptions& options, SearchParts& parts);

}  // namespace lookalike
