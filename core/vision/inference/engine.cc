#include "core/vision/inference/engine.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/vision/inference/network_classes.h"
#include "core/vision/onnx/network_layer.h"

namespace lookalike {

bool all_finite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

bool is_classifier(const NetworkLayer& output) {
  return !is_spatial(output.shape) && element_count(output.shape) > 1;
}

Error network_error(const NetworkSpec& spec, const std::string& what) {
  return {ErrorCode::model, "network " + spec.path + what};
}

Result<ChosenLayers> choose_layers(std::span<const NetworkLayer> layers, const OutputLayers& outputs,
                                   const NetworkSpec& spec, const NetworkFile& file) {
  const auto feature = spec.embeds_output           ? Result<size_t>(outputs.logits)
                       : spec.feature_layer.empty() ? find_feature_layer(layers, outputs.output)
                                                    : find_layer(layers, spec.feature_layer);
  if (!feature.ok()) return network_error(spec, ": " + feature.error().message);
  const NetworkLayer& output = layers[outputs.output];
  if (const Status fits = check_labels(spec, element_count(output.shape)); !fits.ok())
    return network_error(spec, ": " + fits.error().message);
  ChosenLayers chosen{.feature = *feature, .spec = spec};
  chosen.spec.input_size = file.input_size;
  chosen.spec.sha256 = file.sha256;
  chosen.spec.feature_layer = layers[*feature].name;
  chosen.spec.logits_layer = output.name;
  chosen.spec.logits_are_probabilities = spec.logits_are_probabilities || outputs.ends_in_softmax;
  return chosen;
}

Result<Embedding> checked_embedding(const NetworkSpec& spec, Embedding embedding) {
  if (!all_finite(embedding)) return network_error(spec, " gave an embedding that is not all finite numbers");
  return embedding;
}

Result<std::vector<ClassProbability>> checked_classes(const NetworkSpec& spec, std::span<const float> scores, int top) {
  if (!all_finite(scores)) return network_error(spec, " gave class scores that are not finite numbers");
  return most_probable(scores, spec, top);
}

}  // namespace lookalike
