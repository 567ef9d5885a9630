// Embeddings by OpenCV's dnn: the reference, and what runs any network that OpenCV reads.
// Shapes, threads: as Embedder. Tested by tests/core/vision/inference/embedder_test.cc
#pragma once

#include <memory>

#include "core/vision/inference/embedder.h"
#include "core/vision/inference/network_file.h"

namespace lookalike {

// Errors: model, naming the file; a wrong layer name is answered with the layers that could be meant.
Result<std::unique_ptr<Embedder>> load_opencv_embedder(const NetworkSpec& spec, const NetworkFile& file);

}  // namespace lookalike
