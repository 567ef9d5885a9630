#include "core/vision/xnnpack_embedder.h"

#include <algorithm>
#include <span>
#include <utility>

#include "core/vision/embedder_parts.h"
#include "core/vision/network_graph.h"
#include "core/vision/network_plan.h"
#include "core/vision/preprocess.h"
#include "core/vision/xnnpack_network.h"

namespace lookalike {
namespace {

using Network = std::unique_ptr<XnnpackNetwork>;

Result<NetworkGraph> read_graph(const NetworkSpec& spec, const NetworkFile& file) {
  auto graph = read_network_graph(*file.bytes, file.header, spec, file.input_size);
  if (!graph.ok()) return network_error(spec, ": " + graph.error().message);
  return graph;
}

Result<Network> build(Result<NetworkPlan> plan) {
  if (!plan.ok()) return plan.error();
  return XnnpackNetwork::build(std::move(*plan));
}

class XnnpackEmbedder final : public Embedder {
 public:
  XnnpackEmbedder(ChosenLayers chosen, const NetworkGraph& graph, Network network)
      : spec_(std::move(chosen.spec)),
        feature_(chosen.feature),
        dimensions_(element_count(graph.layers[feature_].description.shape)),
        gives_classes_(is_classifier(graph.layers[graph.output].description)),
        preprocessor_(spec_, ChannelOrder::last),
        network_(std::move(network)) {}

  const NetworkSpec& spec() const override { return spec_; }
  std::string_view engine() const override { return "XNNPACK"; }
  int dimensions() const override { return dimensions_; }

  Result<Embedding> embed(const Image& image) override {
    preprocessor_.run(image, network_->input());
    const auto values = network_->run();
    if (!values.ok()) return network_error(spec_, ": " + values.error().message);
    return checked_embedding(spec_, Embedding(values->begin(), values->end()));
  }

  Result<Description> describe(const Image& image, int top) override {
    auto embedding = embed(image);
    if (!embedding.ok()) return embedding.error();
    Description description{.embedding = std::move(*embedding), .classes = {}};
    if (!gives_classes_) return description;
    const auto scores = class_scores(description.embedding, image);
    if (!scores.ok()) return scores.error();
    auto classes = checked_classes(spec_, *scores, top);
    if (!classes.ok()) return classes.error();
    description.classes = std::move(*classes);
    return description;
  }

 private:
  Result<std::span<const float>> class_scores(const Embedding& embedding, const Image& image) {
    if (!classifier_ready_) {
      if (const Status prepared = prepare_classifier(); !prepared.ok()) return prepared.error();
    }
    if (!classifier_) return std::span<const float>(embedding);
    if (reads_features_)
      std::copy(embedding.begin(), embedding.end(), classifier_->input().begin());
    else
      preprocessor_.run(image, classifier_->input());
    const auto scores = classifier_->run();
    if (!scores.ok()) return network_error(spec_, ": " + scores.error().message);
    return scores;
  }

  // The file is read again, rather than kept in memory for a call that may never come.
  Status prepare_classifier() {
    const auto file = read_network_file(spec_);
    if (!file.ok()) return file.error();
    const auto graph = read_graph(spec_, *file);
    if (!graph.ok()) return graph.error();
    auto plan = plan_network(*graph, feature_, graph->output);
    const bool same_values = plan.ok() && plan->steps.empty();
    reads_features_ = plan.ok();
    if (!same_values) {
      auto classifier = build(reads_features_ ? std::move(plan) : plan_network(*graph, 0, graph->output));
      if (!classifier.ok()) return network_error(spec_, ": " + classifier.error().message);
      classifier_ = std::move(*classifier);
    }
    classifier_ready_ = true;
    return {};
  }

  NetworkSpec spec_;
  size_t feature_;
  int dimensions_;
  bool gives_classes_;
  Preprocessor preprocessor_;
  Network network_;     // from the image to the feature layer
  Network classifier_;  // from there, or from the image, to the output; null: the features are the output
  bool classifier_ready_ = false;
  bool reads_features_ = false;
};

}  // namespace

Result<std::unique_ptr<Embedder>> load_xnnpack_embedder(const NetworkSpec& spec, const NetworkFile& file) {
  const auto graph = read_graph(spec, file);
  if (!graph.ok()) return graph.error();
  const OutputLayers outputs{
      .output = graph->output, .logits = graph->logits, .ends_in_softmax = graph->ends_in_softmax};
  auto chosen = choose_layers(graph->descriptions(), outputs, spec, file.input_size);
  if (!chosen.ok()) return chosen.error();
  auto network = build(plan_network(*graph, 0, chosen->feature));
  if (!network.ok()) return network_error(spec, ": " + network.error().message);
  return std::unique_ptr<Embedder>(std::make_unique<XnnpackEmbedder>(std::move(*chosen), *graph, std::move(*network)));
}

}  // namespace lookalike
