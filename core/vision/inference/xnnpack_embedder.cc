#include <algorithm>
#include <span>
#include <utility>

#include "core/vision/inference/engine.h"
#include "core/vision/inference/network_plan.h"
#include "core/vision/inference/preprocess.h"
#include "core/vision/inference/xnnpack_network.h"
#include "core/vision/onnx/network_graph.h"

namespace lookalike {

struct XnnpackParts {
  std::shared_ptr<const NetworkFile> file;  // where the graph's views point
  NetworkGraph graph;
  ChosenLayers chosen;
  std::shared_ptr<const NetworkPlan> plan;  // from the image to the feature layer
};

namespace {

using Network = std::unique_ptr<XnnpackNetwork>;

Result<NetworkGraph> read_graph(const NetworkSpec& spec, const NetworkFile& file) {
  auto graph = read_network_graph(*file.bytes, file.header, spec, file.input_size);
  if (!graph.ok()) return network_error(spec, ": " + graph.error().message);
  return graph;
}

Result<Network> build(Result<NetworkPlan> plan) {
  if (!plan.ok()) return plan.error();
  return XnnpackNetwork::build(std::make_shared<const NetworkPlan>(std::move(*plan)));
}

// The network behind its feature layer, up to one of its last layers.
struct Tail {
  size_t end = 0;   // a layer
  Network network;  // from the features, or from the image, to there; null: they are the same values
  bool ready = false;
  bool reads_features = false;
};

class XnnpackEmbedder final : public Embedder {
 public:
  XnnpackEmbedder(std::shared_ptr<const XnnpackParts> parts, Network network)
      : parts_(std::move(parts)),
        spec_(parts_->chosen.spec),
        dimensions_(element_count(layer(parts_->chosen.feature).shape)),
        output_dimensions_(element_count(layer(parts_->graph.logits).shape)),
        gives_classes_(is_classifier(layer(parts_->graph.output))),
        preprocessor_(spec_, ChannelOrder::last),
        network_(std::move(network)),
        to_output_{.end = parts_->graph.output},
        to_logits_{.end = parts_->graph.logits} {}

  const NetworkSpec& spec() const override { return spec_; }
  std::string_view engine() const override { return "XNNPACK"; }
  int dimensions() const override { return dimensions_; }
  int output_dimensions() const override { return output_dimensions_; }

  Result<Embedding> embed(const Image& image) override {
    preprocessor_.run(image, network_->input());
    const auto values = network_->run();
    if (!values.ok()) return network_error(spec_, ": " + values.error().message);
    return checked_embedding(spec_, Embedding(values->begin(), values->end()));
  }

  Result<Embedding> embed_with_output(const Image& image) override {
    auto embedding = embed(image);
    if (!embedding.ok()) return embedding;
    const auto run = run_tail(logits_tail(), *embedding, image);
    if (!run.ok()) return run.error();
    const Embedding output(run->begin(), run->end());  // which may be the embedding itself
    embedding->insert(embedding->end(), output.begin(), output.end());
    return checked_embedding(spec_, std::move(*embedding));
  }

  Result<Description> describe(const Image& image, int top) override {
    auto embedding = embed(image);
    if (!embedding.ok()) return embedding.error();
    Description description{.embedding = std::move(*embedding), .classes = {}};
    if (!gives_classes_) return description;
    const auto scores = run_tail(to_output_, description.embedding, image);
    if (!scores.ok()) return scores.error();
    auto classes = checked_classes(spec_, *scores, top);
    if (!classes.ok()) return classes.error();
    description.classes = std::move(*classes);
    return description;
  }

 private:
  const NetworkLayer& layer(size_t at) const { return parts_->graph.layers[at].description; }

  Tail& logits_tail() { return to_logits_.end == to_output_.end ? to_output_ : to_logits_; }

  Result<std::span<const float>> run_tail(Tail& tail, const Embedding& embedding, const Image& image) {
    if (!tail.ready) {
      if (const Status prepared = prepare(tail); !prepared.ok()) return prepared.error();
    }
    if (!tail.network) return std::span<const float>(embedding);
    if (tail.reads_features)
      std::copy(embedding.begin(), embedding.end(), tail.network->input().begin());
    else
      preprocessor_.run(image, tail.network->input());
    const auto scores = tail.network->run();
    if (!scores.ok()) return network_error(spec_, ": " + scores.error().message);
    return scores;
  }

  Status prepare(Tail& tail) {
    const NetworkGraph& graph = parts_->graph;
    auto plan = plan_network(graph, parts_->chosen.feature, tail.end);
    const bool same_values = plan.ok() && plan->steps.empty();
    tail.reads_features = plan.ok();
    if (!same_values) {
      auto network = build(tail.reads_features ? std::move(plan) : plan_network(graph, 0, tail.end));
      if (!network.ok()) return network_error(spec_, ": " + network.error().message);
      tail.network = std::move(*network);
    }
    tail.ready = true;
    return {};
  }

  std::shared_ptr<const XnnpackParts> parts_;
  const NetworkSpec& spec_;
  int dimensions_;
  int output_dimensions_;
  bool gives_classes_;
  Preprocessor preprocessor_;
  Network network_;  // from the image to the feature layer
  Tail to_output_;
  Tail to_logits_;
};

}  // namespace

Result<std::shared_ptr<const XnnpackParts>> prepare_xnnpack(const NetworkSpec& spec,
                                                            std::shared_ptr<const NetworkFile> file) {
  auto graph = read_graph(spec, *file);
  if (!graph.ok()) return graph.error();
  const OutputLayers outputs{
      .output = graph->output, .logits = graph->logits, .ends_in_softmax = graph->ends_in_softmax};
  auto chosen = choose_layers(graph->descriptions(), outputs, spec, *file);
  if (!chosen.ok()) return chosen.error();
  auto plan = plan_network(*graph, 0, chosen->feature);
  if (!plan.ok()) return network_error(spec, ": " + plan.error().message);
  return std::make_shared<const XnnpackParts>(
      XnnpackParts{.file = std::move(file),
                   .graph = std::move(*graph),
                   .chosen = std::move(*chosen),
                   .plan = std::make_shared<const NetworkPlan>(std::move(*plan))});
}

Result<std::unique_ptr<Embedder>> load_xnnpack_embedder(std::shared_ptr<const XnnpackParts> parts) {
  auto network = XnnpackNetwork::build(parts->plan);
  if (!network.ok()) return network_error(parts->chosen.spec, ": " + network.error().message);
  return std::unique_ptr<Embedder>(std::make_unique<XnnpackEmbedder>(std::move(parts), std::move(*network)));
}

}  // namespace lookalike
