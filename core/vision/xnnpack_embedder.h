// Embeddings by XNNPACK, for networks of the operations that network_graph.h knows.
// The layers behind the feature layer are prepared when what they give is first asked for: most photos need none of it.
// Shapes, threads: as Embedder. Tested by tests/core/vision/xnnpack_embedder_test.cc
#pragma once

#include <memory>

#include "core/vision/embedder.h"
#include "core/vision/network_file.h"

namespace lookalike {

// Errors: model: what in this network is not known here, and whatever OpenCV would refuse too.
Result<std::unique_ptr<Embedder>> load_xnnpack_embedder(const NetworkSpec& spec, const NetworkFile& file);

}  // namespace lookalike
