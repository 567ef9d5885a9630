// What scores the photos of a search: networks, programs, or several of them together. It is made from checked options,
// loads its networks in the background, and is then asked.
//
// Each photo gets one embedding, which holds the values of all scores in turn. For
// `--score likeness --score class:tabby --score program:./judge` and MobileNetV2:
//
//   values 0 to 1279      features, which are compared with the query's      layout().features
//   values 1280 to 2280   the network's output, a value a class              layout().output
//   values 2281, 2282     what ./judge said                                  layout().programs[0]
//
// The features and the output come of one run of the network (Embedder::embed_with_output).
// Threads: one makes it; afterwards any may ask it, once wait_for_networks() has returned.
// Tested by tests/command/command_score_test.cc, command_mix_test.cc and command_network_test.cc
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/wiring/checked_options.h"
#include "cli/wiring/loaded_network.h"
#include "core/base/result.h"
#include "core/cache/local_embeddings.h"
#include "core/pipeline/photo_feature_source.h"

namespace lookalike {

// A place in a photo's embedding.
struct EmbeddingSlice {
  size_t begin = 0;
  size_t size = 0;
};

struct EmbeddingLayout {
  EmbeddingSlice features;               // empty: they are not there
  EmbeddingSlice output;                 // likewise
  std::vector<EmbeddingSlice> networks;  // one for each --score network:FILE
  std::vector<EmbeddingSlice> programs;  // one for each --score program:COMMAND
};

class PhotoScoring {
 public:
  // `options` is borrowed.
  explicit PhotoScoring(const CheckedOptions& options);

  // The network that describes images; null when nobody needs one.
  LoadedNetwork* describing() const { return describing_.get(); }
  // Its facts; those of no network when there is none.
  const NetworkSpec& network() const;
  bool describes_photos() const { return options_.networks.describes_photos; }
  // How many photos may be here unscored (SearchOptions::backlog): for each that scores one in hand and one to go on
  // with at once. More would only wait, and what will be known of them could not guide the choice of the next.
  int backlog() const;

  // Where the embeddings of photos on this disk are kept that a network of that identity makes (embedding_identity()).
  using KeepEmbeddings = std::function<std::shared_ptr<LocalEmbeddings>(const std::string& identity)>;
  // What makes each value of a photo's embedding, in the order of the layout. `keep` is null when no photo can be on
  // this disk. The parts borrow the networks.
  std::vector<PhotoPart> photo_parts(const KeepEmbeddings& keep);

  // All that decides about photos' embeddings, for the key under which they are kept: every network, and what is taken
  // of it. Nothing when a program has a part in it: it is asked anew each time, since it may have changed. Errors:
  // model.
  Result<std::optional<std::string>> cache_identity() const;

  // The next two wait for the networks. Errors: model; also of a score network that gives several numbers.
  Result<EmbeddingLayout> layout();
  Status wait_for_networks();

 private:
  bool wants_classes() const;
  bool wants_features_and_output() const;
  PhotoPart own_part(const KeepEmbeddings& keep);
  // Who failed, where there are several that could.
  std::string name_in_errors(const std::string& name) const;

  const CheckedOptions& options_;
  std::unique_ptr<LoadedNetwork> describing_;
  std::vector<std::unique_ptr<LoadedNetwork>> scoring_;  // one for each --score network:FILE
};

}  // namespace lookalike
