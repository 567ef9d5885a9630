// Agreement with the original program: features, classes and pairwise scores that its own code computed for eight
// photos. The photos, figures and network are not part of this checkout; LOOKALIKE_SHARED names the folder with
// golden/ and photos/, LOOKALIKE_MODELS (else LOOKALIKE_SHARED/models) the one with the network.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/files/file.h"
#include "core/base/text/json.h"
#include "core/vision/decode/decode.h"
#include "core/vision/inference/embedder_loader.h"
#include "core/vision/inference/preprocess.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

constexpr int kDimensions = 7 * 7 * 320;
constexpr int64_t kMaxBytes = 64 << 20;

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

struct GoldenPhoto {
  std::string file;
  std::vector<ClassProbability> classes;
  Embedding features;
};

double dot(const Embedding& a, const Embedding& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

double cosine(const Embedding& a, const Embedding& b) {
  return dot(a, b) / std::sqrt(dot(a, a) * dot(b, b));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

// By OpenCV, and by what is taken when no one says.
class MobileNetV2Parity : public testing::TestWithParam<InferenceEngine> {
 protected:
  void SetUp() override {
    shared_ = environment("LOOKALIKE_SHARED");
    const std::string models = environment("LOOKALIKE_MODELS");
    const fs::path folder = models.empty() ? shared_ / "models" : fs::path(models);
    network_ = folder / "mobilenet_v2_1.0_224.onnx";
    for (const fs::path& file : {network_, shared_ / "golden/features.f32", shared_ / "golden/clear_reference.json"}) {
      if (!fs::exists(file)) GTEST_SKIP() << file << " is missing; set LOOKALIKE_SHARED and LOOKALIKE_MODELS";
    }
    read_golden();
    if (testing::Test::HasFatalFailure()) return;
    for (const GoldenPhoto& photo : photos_) {
      if (!fs::exists(shared_ / photo.file)) GTEST_SKIP() << shared_ / photo.file << " is missing";
    }
    describe_all();
  }

  void read_golden() {
    const auto text = read_file(shared_ / "golden/clear_reference.json", kMaxBytes);
    ASSERT_TRUE(text.ok()) << text.error().message;
    auto document = parse_json(*text);
    ASSERT_TRUE(document.ok()) << document.error().message;
    for (const auto& entry : (*document)["photos"].GetArray()) {
      GoldenPhoto photo{.file = entry["file"].GetString(), .classes = {}, .features = {}};
      for (const auto& item : entry["classes"].GetArray()) {
        photo.classes.push_back({.name = item["name"].GetString(), .probability = item["probability"].GetDouble()});
      }
      photos_.push_back(std::move(photo));
    }
    for (const auto& row : (*document)["dot"].GetArray()) {
      for (const auto& value : row.GetArray())
        dots_.push_back(value.GetDouble());
    }
    const auto features = read_file(shared_ / "golden/features.f32", kMaxBytes);
    ASSERT_TRUE(features.ok()) << features.error().message;
    ASSERT_EQ(features->size(), photos_.size() * kDimensions * sizeof(float));
    for (size_t i = 0; i < photos_.size(); ++i) {
      photos_[i].features.resize(kDimensions);
      std::memcpy(photos_[i].features.data(), features->data() + i * kDimensions * sizeof(float),
                  kDimensions * sizeof(float));
    }
  }

  NetworkSpec spec() const {
    NetworkSpec spec{.name = "mobilenet_v2", .path = network_.string()};
    const auto labels = read_file(shared_ / "labels/imagenet_classes_tfjs_mobilenet_1000.txt", kMaxBytes);
    if (labels.ok()) spec.labels = lines_of(*labels);
    return spec;
  }

  void describe_all() {
    auto loaded = load_embedder(spec(), GetParam());
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    embedder_ = std::move(*loaded);
    for (const GoldenPhoto& photo : photos_) {
      const auto bytes = read_file(shared_ / photo.file, kMaxBytes);
      ASSERT_TRUE(bytes.ok()) << bytes.error().message;
      auto image = decode_image(*bytes, {.scale_to_at_least = decode_size_for(224)});
      ASSERT_TRUE(image.ok()) << image.error().message;
      auto description = embedder_->describe(*image, 10);
      ASSERT_TRUE(description.ok()) << description.error().message;
      images_.push_back(std::move(*image));
      ours_.push_back(std::move(*description));
    }
  }

  fs::path shared_, network_;
  std::vector<GoldenPhoto> photos_;
  std::vector<double> dots_;  // photos x photos
  std::unique_ptr<Embedder> embedder_;
  std::vector<Image> images_;
  std::vector<Description> ours_;
};

TEST_P(MobileNetV2Parity, FindsTheOriginalsLayerByShape) {
  EXPECT_EQ(embedder_->spec().feature_layer, "MobilenetV2/expanded_conv_16/project");
  EXPECT_EQ(embedder_->dimensions(), kDimensions);
  EXPECT_EQ(embedder_->spec().input_size, 224);
}

TEST_P(MobileNetV2Parity, FeaturesPointTheSameWay) {
  double worst = 1;
  for (size_t i = 0; i < photos_.size(); ++i) {
    ASSERT_EQ(ours_[i].embedding.size(), photos_[i].features.size());
    const double likeness = cosine(ours_[i].embedding, photos_[i].features);
    EXPECT_GE(likeness, 0.9995) << photos_[i].file;
    worst = std::min(worst, likeness);
  }
  std::cout << "worst cosine with the original's features: " << worst << " (1 - " << 1 - worst << ")\n";
}

TEST_P(MobileNetV2Parity, FirstFiveClassesAreTheSame) {
  double worst = 0;
  for (size_t i = 0; i < photos_.size(); ++i) {
    for (size_t rank = 0; rank < 5; ++rank) {
      EXPECT_EQ(ours_[i].classes[rank].name, photos_[i].classes[rank].name) << photos_[i].file << " rank " << rank;
      const double off = std::abs(ours_[i].classes[rank].probability - photos_[i].classes[rank].probability);
      EXPECT_LE(off, 0.02) << photos_[i].file << " rank " << rank;
      worst = std::max(worst, off);
    }
  }
  std::cout << "worst difference of a probability: " << worst << "\n";
}

TEST_P(MobileNetV2Parity, PairwiseDotProductsAgreeWithinOnePercent) {
  double worst = 0;
  double worst_absolute = 0;
  for (size_t i = 0; i < photos_.size(); ++i) {
    for (size_t j = 0; j < photos_.size(); ++j) {
      const double golden = dots_[i * photos_.size() + j];
      const double off = std::abs(dot(ours_[i].embedding, ours_[j].embedding) - golden);
      EXPECT_LE(off, 0.01 * std::abs(golden)) << photos_[i].file << " and " << photos_[j].file << ": " << golden;
      worst = std::max(worst, off / std::abs(golden));
      worst_absolute = std::max(worst_absolute, off);
    }
  }
  std::cout << "worst difference of a dot product: " << 100 * worst << " %, " << worst_absolute << " absolute\n";
}

TEST_P(MobileNetV2Parity, EmbeddingAloneEqualsEmbeddingWithClasses) {
  for (size_t i = 0; i < images_.size(); ++i) {
    const auto alone = embedder_->embed(images_[i]);
    ASSERT_TRUE(alone.ok()) << alone.error().message;
    EXPECT_EQ(*alone, ours_[i].embedding) << photos_[i].file;
  }
}

TEST_P(MobileNetV2Parity, PooledLayerCanBeNamed) {
  NetworkSpec pooled = spec();
  pooled.feature_layer = "MobilenetV2/Logits/AvgPool";
  const auto embedder = load_embedder(pooled, GetParam());
  ASSERT_TRUE(embedder.ok()) << embedder.error().message;
  EXPECT_EQ((*embedder)->dimensions(), 1280);
  const auto embedding = (*embedder)->embed(images_[0]);
  ASSERT_TRUE(embedding.ok()) << embedding.error().message;
  EXPECT_EQ(embedding->size(), 1280u);
}

INSTANTIATE_TEST_SUITE_P(Engines, MobileNetV2Parity, testing::Values(InferenceEngine::opencv, InferenceEngine::fastest),
                         [](const auto& engine) {
                           return engine.param == InferenceEngine::opencv ? "OpenCv" : "Fastest";
                         });

}  // namespace
}  // namespace lookalike
