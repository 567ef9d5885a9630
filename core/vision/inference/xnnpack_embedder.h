// Embeddings by XNNPACK, for networks of the operations that network_graph.h knows.
// The layers behind the feature layer are prepared when what they give is first asked for: most photos need none of it.
// All embedders share what is made of the file: graph and plan, with the weights that batch norms are folded into.
// Shapes, threads: as Embedder. Tested by tests/core/vision/inference/xnnpack_embedder_test.cc
#pragma once

#include <memory>

#include "core/vision/inference/embedder.h"
#include "core/vision/inference/network_file.h"

namespace lookalike {

struct XnnpackParts;

// Errors: model: what in this network is not known here, and whatever OpenCV would refuse too.
Result<std::shared_ptr<const XnnpackParts>> prepare_xnnpack(const NetworkSpec& spec,
                                                            std::shared_ptr<const NetworkFile> file);
// Errors: model: XNNPACK refuses it.
Result<std::unique_ptr<Embedder>> load_xnnpack_embedder(std::shared_ptr<const XnnpackParts> parts);

}  // namespace lookalike
