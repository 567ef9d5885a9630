// An embedder without a network: width and height of what it is shown, and as its output their product.
#pragma once

#include "core/vision/inference/embedder.h"

namespace lookalike {

class FakeEmbedder final : public Embedder {
 public:
  const NetworkSpec& spec() const override { return spec_; }
  std::string_view engine() const override { return "fake"; }
  int dimensions() const override { return 2; }
  Result<Embedding> embed(const Image& image) override {
    return Embedding{static_cast<float>(image.original_width), static_cast<float>(image.original_height)};
  }
  int output_dimensions() const override { return 1; }
  Result<Embedding> embed_with_output(const Image& image) override {
    const auto width = static_cast<float>(image.original_width);
    const auto height = static_cast<float>(image.original_height);
    return Embedding{width, height, width * height};
  }
  Result<Description> describe(const Image& image, int) override { return Description{*embed(image), {}}; }

 private:
  NetworkSpec spec_;
};

inline Result<std::unique_ptr<Embedder>> load_fake_embedder() {
  return std::unique_ptr<Embedder>(std::make_unique<FakeEmbedder>());
}

}  // namespace lookalike
