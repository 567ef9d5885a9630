// Reads layers that only look at values in another way: reshapes, which may add or drop sides of 1 around the channels
// of a single place or around one plane, and choices and rows of channels. Anything that would mix places and channels
// is refused.
// Errors: model: what about the node is not known. Threads: free functions.
// Tested by tests/core/vision/inference/operators_test.cc
#pragma once

#include "core/vision/onnx/layer_draft.h"

namespace lookalike {

Status fill_flatten(LayerDraft& draft);
Status fill_reshape(LayerDraft& draft);
Status fill_squeeze(LayerDraft& draft);
Status fill_unsqueeze(LayerDraft& draft);
Status fill_transpose(LayerDraft& draft);
Status fill_concat(LayerDraft& draft);
Status fill_gather(LayerDraft& draft);  // one channel
Status fill_slice(LayerDraft& draft);   // a row of channels

}  // namespace lookalike
