// Reads layers that look at places through a window, or at all of them: pools, reductions, borders.
// Errors: model: what about the node is not known. Threads: free functions.
// Tested by tests/core/vision/inference/operators_test.cc
#pragma once

#include "core/vision/onnx/layer_draft.h"

namespace lookalike {

// The window of a convolution or a pool on the planes that it reads: with the pads that auto_pad stands for, and what
// ceil_mode adds at the end. Fills in the planes behind it, as many as before. REQUIRES: a kernel in draft.layer.window
// where the node may leave it out.
Status place_window(LayerDraft& draft);

Status fill_pool(LayerDraft& draft);         // MaxPool, AveragePool
Status fill_global_pool(LayerDraft& draft);  // GlobalMaxPool, GlobalAveragePool
// ReduceMean, ReduceMax and ReduceSum, over all places or over the channels.
Status fill_reduction(LayerDraft& draft);
Status fill_pad(LayerDraft& draft);

}  // namespace lookalike
