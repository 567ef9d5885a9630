// Reads layers that work value by value: activations, sums and products, softmax, and what changes nothing.
// A sum or product with constants, one or one a channel, is a batch norm.
// Errors: model: what about the node is not known. Threads: free functions.
// Tested by tests/core/vision/inference/operators_test.cc
#pragma once

#include "core/vision/onnx/layer_draft.h"

namespace lookalike {

Status fill_relu(LayerDraft& draft);
Status fill_clip(LayerDraft& draft);
Status fill_leaky_relu(LayerDraft& draft);
Status fill_sigmoid(LayerDraft& draft);
Status fill_hard_sigmoid(LayerDraft& draft);
Status fill_hard_swish(LayerDraft& draft);
Status fill_softmax(LayerDraft& draft);
Status fill_identity(LayerDraft& draft);
Status fill_dropout(LayerDraft& draft);
Status fill_arithmetic(LayerDraft& draft);  // Add, Sum, Sub, Mul, Div

}  // namespace lookalike
