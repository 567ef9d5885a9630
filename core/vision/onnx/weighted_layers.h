// Reads layers that have weights: Conv, Gemm, MatMul, BatchNormalization.
// Shapes: as in graph_layer.h. Errors: model: what about the node is not known. Threads: free functions.
// Tested by tests/core/vision/inference/operators_test.cc
#pragma once

#include "core/vision/onnx/layer_draft.h"

namespace lookalike {

Status fill_convolution(LayerDraft& draft);
Status fill_gemm(LayerDraft& draft);
Status fill_matmul(LayerDraft& draft);
Status fill_batch_norm(LayerDraft& draft);

}  // namespace lookalike
