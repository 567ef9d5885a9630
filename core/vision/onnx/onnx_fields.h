// Field and type numbers of onnx.proto (ONNX 1.12) that are read here. Internal to this folder.
#pragma once

#include <cstdint>

namespace lookalike {

enum OnnxField : uint64_t {
  kModelGraph = 7,
  kModelOpset = 8,
  kGraphNode = 1,
  kGraphWeights = 5,
  kGraphInput = 11,
  kGraphOutput = 12,
  kNodeInput = 1,
  kNodeOutput = 2,
  kNodeName = 3,
  kNodeOperation = 4,
  kNodeAttribute = 5,
  kNodeDomain = 7,
  kAttributeName = 1,
  kAttributeFloat = 2,
  kAttributeInteger = 3,
  kAttributeText = 4,
  kAttributeTensor = 5,
  kAttributeFloats = 7,
  kAttributeIntegers = 8,
  kTensorDimension = 1,
  kTensorType = 2,
  kTensorFloats = 4,
  kTensorIntegers = 7,
  kTensorName = 8,
  kTensorRaw = 9,
};

enum OnnxType : uint64_t { kOnnxFloat = 1, kOnnxInt64 = 7 };

}  // namespace lookalike
