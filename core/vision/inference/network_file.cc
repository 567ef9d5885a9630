#include "core/vision/inference/network_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/files/file.h"
#include "core/base/text/digest.h"

namespace lookalike {
namespace {

constexpr int64_t kMaxFileBytes = int64_t{1} << 30;
constexpr int kMaxInputSize = 4096;

Error model_error(const std::string& what) {
  return {ErrorCode::model, what};
}

// A square of three planes, one at a time; what the file leaves open is taken from the spec.
Result<int> input_size_of(const OnnxHeader& header, const NetworkSpec& spec) {
  if (header.inputs.size() != 1) {
    return model_error(fmt::format("the network has {} inputs: one image is expected", header.inputs.size()));
  }
  const std::vector<int64_t>& shape = header.inputs[0].shape;
  const std::string text = shape_text(shape);
  if (shape.size() == 4 && shape[3] == 3 && shape[1] != 3) {
    return model_error("the network expects " + text + " (channels last): export it with channels first");
  }
  const auto fits = [&](size_t axis, int64_t wanted) { return shape[axis] == wanted || shape[axis] == -1; };
  if (shape.size() != 4 || !fits(0, 1) || !fits(1, 3)) {
    return model_error("the network expects " + text + ": 1 x 3 x SIZE x SIZE is needed (one RGB image)");
  }
  const int64_t size = std::max(shape[2], shape[3]);
  if (!fits(2, size) || !fits(3, size))
    return model_error("the network expects " + text + ": the input must be square");
  const int64_t chosen = size > 0 ? size : spec.input_size;
  if (chosen < 1 || chosen > kMaxInputSize) {
    return model_error(
        fmt::format("the network expects an input of {} pixels: 1 to {} can be given", chosen, kMaxInputSize));
  }
  return static_cast<int>(chosen);
}

Result<NetworkFile> read(const NetworkSpec& spec) {
  auto bytes = read_file(spec.path, kMaxFileBytes);
  if (!bytes.ok()) return model_error(bytes.error().message + "; `lookalike models list` shows what there is");
  auto kept = std::make_unique<const std::string>(std::move(*bytes));
  auto header = read_onnx_header(*kept);
  if (!header.ok()) return model_error(header.error().message + "; `lookalike models pull` gets a whole one");
  const auto input_size = input_size_of(*header, spec);
  if (!input_size.ok()) return input_size.error();
  std::string sha256 = sha256_hex(*kept);
  if (!spec.sha256.empty() && sha256 != spec.sha256) {
    return model_error(
        fmt::format("damaged or replaced: its SHA-256 is {} instead of {}; `lookalike models pull` gets a "
                    "whole one",
                    sha256, spec.sha256));
  }
  return NetworkFile{
      .sha256 = std::move(sha256), .bytes = std::move(kept), .header = std::move(*header), .input_size = *input_size};
}

}  // namespace

Result<NetworkFile> read_network_file(const NetworkSpec& spec) {
  auto file = read(spec);
  if (!file.ok()) return model_error("network " + spec.path + ": " + file.error().message);
  return file;
}

}  // namespace lookalike
