#include "core/vision/inference/embedder_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "core/base/random.h"
#include "core/base/text/digest.h"
#include "tests/support/onnx_writer.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace lookalike {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

Image random_image(int width, int height, uint64_t seed) {
  Random random(seed);
  Image image{.width = width, .height = height, .original_width = width, .original_height = height, .rgb = {}};
  image.rgb.resize(static_cast<size_t>(width * height * 3));
  for (uint8_t& value : image.rgb)
    value = static_cast<uint8_t>(random.below(256));
  return image;
}

// Each test runs by OpenCV, and by what is taken when no one says.
class EmbedderTest : public testing::TestWithParam<InferenceEngine> {
 protected:
  std::unique_ptr<Embedder> load(const NetworkSpec& spec) {
    auto embedder = load_embedder(spec, GetParam());
    EXPECT_TRUE(embedder.ok()) << (embedder.ok() ? "" : embedder.error().message);
    return embedder.ok() ? std::move(*embedder) : nullptr;
  }

  NetworkSpec write(const std::string& bytes, int input_size = 32) {
    NetworkSpec spec{.name = "written", .path = (folder_.path() / "written.onnx").string(), .input_size = input_size};
    std::ofstream(spec.path, std::ios::binary) << bytes;
    return spec;
  }

  std::string load_error(const NetworkSpec& spec) {
    const auto embedder = load_embedder(spec, GetParam());
    EXPECT_FALSE(embedder.ok());
    if (embedder.ok()) return "";
    EXPECT_EQ(embedder.error().code, ErrorCode::model);
    return embedder.error().message;
  }

  test::TemporaryFolder folder_;
};

// A network of one 1 x 1 convolution that hands the image on, then pools it: its values are known.
OnnxWriter pass_through_network(const OnnxWriter::Shape& input, float gain) {
  OnnxWriter onnx;
  onnx.add_input("image", input);
  onnx.add_weights("w", {3, 3, 1, 1}, {gain, 0, 0, 0, gain, 0, 0, 0, gain});
  onnx.add_node("Conv", "copy", {"image", "w"}, "copy", {{"kernel_shape", std::vector<int64_t>{1, 1}}});
  onnx.add_weights("w2", {5, 3, 1, 1}, std::vector<float>(15, 1.0f));
  onnx.add_node("GlobalAveragePool", "pool", {"copy"}, "pool");
  onnx.add_node("Conv", "classes", {"pool", "w2"}, "classes", {{"kernel_shape", std::vector<int64_t>{1, 1}}});
  onnx.add_node("Flatten", "scores", {"classes"}, "scores");
  onnx.add_output("scores", {1, 5});
  return onnx;
}

TEST_P(EmbedderTest, FindsTheLayersOfATinyNetwork) {
  const auto embedder = load(write_tiny_network(folder_.path()));
  ASSERT_NE(embedder, nullptr);
  EXPECT_EQ(embedder->spec().feature_layer, "bottleneck");
  EXPECT_EQ(embedder->spec().logits_layer, "logits");
  EXPECT_EQ(embedder->dimensions(), 512);
}

TEST_P(EmbedderTest, SamePictureSameEmbeddingOtherPictureAnother) {
  const auto embedder = load(write_tiny_network(folder_.path()));
  ASSERT_NE(embedder, nullptr);
  const auto first = embedder->embed(random_image(50, 40, 1));
  const auto again = embedder->embed(random_image(50, 40, 1));
  const auto other = embedder->embed(random_image(50, 40, 2));
  ASSERT_TRUE(first.ok() && again.ok() && other.ok());
  EXPECT_EQ(first->size(), 512u);
  EXPECT_EQ(*first, *again);
  EXPECT_NE(*first, *other);
}

TEST_P(EmbedderTest, DescribeGivesTheSameEmbeddingAndSortedClasses) {
  const auto embedder = load(write_tiny_network(folder_.path()));
  ASSERT_NE(embedder, nullptr);
  const Image image = random_image(32, 32, 3);
  const auto alone = embedder->embed(image);
  const auto both = embedder->describe(image, 10);
  const auto alone_again = embedder->embed(image);
  ASSERT_TRUE(alone.ok() && both.ok() && alone_again.ok());
  EXPECT_EQ(*alone, both->embedding);
  EXPECT_EQ(*alone, *alone_again);
  ASSERT_EQ(both->classes.size(), 10u);
  for (size_t i = 1; i < both->classes.size(); ++i) {
    EXPECT_GE(both->classes[i - 1].probability, both->classes[i].probability);
  }
  EXPECT_EQ(both->classes[0].name, "thing " + std::to_string(both->classes[0].index));
}

TEST_P(EmbedderTest, FlattensAConvolutionInRowsColumnsChannels) {
  NetworkSpec spec = write(pass_through_network({1, 3, 2, 2}, 1.0f).bytes(), 2);
  spec.mean = {0, 0, 0};
  spec.scale = {1, 1, 1};
  spec.feature_layer = "copy";
  const auto embedder = load(spec);
  ASSERT_NE(embedder, nullptr);
  Image image{.width = 2, .height = 2, .original_width = 2, .original_height = 2, .rgb = {}};
  for (int i = 0; i < 12; ++i)
    image.rgb.push_back(static_cast<uint8_t>(20 * i));
  const auto embedding = embedder->embed(image);
  ASSERT_TRUE(embedding.ok());
  ASSERT_EQ(embedding->size(), 12u);
  for (size_t i = 0; i < 12; ++i)
    EXPECT_NEAR((*embedding)[i], 20.0 * static_cast<double>(i) / 255, 1e-6);
}

TEST_P(EmbedderTest, FusedLayersGiveTheirOwnValues) {
  // The convolution before a ReLU is joined with it by OpenCV; asked for by name it must still give negative values.
  NetworkSpec spec = write_tiny_network(folder_.path());
  spec.feature_layer = "first";
  const auto convolution = load(spec);
  spec.feature_layer = "first/relu";
  const auto activated = load(spec);
  ASSERT_TRUE(convolution != nullptr && activated != nullptr);
  const Image image = random_image(32, 32, 4);
  const auto before = convolution->describe(image, 1);
  const auto after = activated->describe(image, 1);
  ASSERT_TRUE(before.ok() && after.ok());
  bool negative = false;
  for (size_t i = 0; i < before->embedding.size(); ++i) {
    EXPECT_NEAR(std::max(before->embedding[i], 0.0f), after->embedding[i], 1e-5);
    negative = negative || before->embedding[i] < 0;
  }
  EXPECT_TRUE(negative);
  EXPECT_EQ(before->classes[0].name, after->classes[0].name);
}

TEST_P(EmbedderTest, BackgroundIsNeverAClass) {
  NetworkSpec spec = write_tiny_network(folder_.path(), {.classes = 1001});
  spec.labels.pop_back();
  const auto embedder = load(spec);
  ASSERT_NE(embedder, nullptr);
  const auto described = embedder->describe(random_image(32, 32, 5), 2000);
  ASSERT_TRUE(described.ok());
  EXPECT_EQ(described->classes.size(), 1000u);
  double sum = 0;
  for (const ClassProbability& entry : described->classes) {
    EXPECT_EQ(entry.name, "thing " + std::to_string(entry.index));
    sum += entry.probability;
  }
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST_P(EmbedderTest, ASoftmaxAtTheEndIsNotAppliedTwice) {
  const auto with = load(write_tiny_network(folder_.path(), {.softmax = true, .file = "softmax.onnx"}));
  const auto without = load(write_tiny_network(folder_.path()));
  ASSERT_TRUE(with != nullptr && without != nullptr);
  EXPECT_TRUE(with->spec().logits_are_probabilities);
  const Image image = random_image(32, 32, 6);
  const auto a = with->describe(image, 5);
  const auto b = without->describe(image, 5);
  ASSERT_TRUE(a.ok() && b.ok());
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(a->classes[i].name, b->classes[i].name);
    EXPECT_NEAR(a->classes[i].probability, b->classes[i].probability, 1e-6);
  }
}

TEST_P(EmbedderTest, TheOutputCanBeTheEmbeddingFromBeforeItsSoftmax) {
  NetworkSpec plain = write_tiny_network(folder_.path());
  NetworkSpec soft = write_tiny_network(folder_.path(), {.softmax = true, .file = "softmax.onnx"});
  plain.embeds_output = soft.embeds_output = true;
  const auto with = load(soft);
  const auto without = load(plain);
  ASSERT_TRUE(with != nullptr && without != nullptr);
  EXPECT_EQ(without->dimensions(), 1000);
  EXPECT_EQ(without->spec().feature_layer, "logits");
  EXPECT_EQ(with->spec().feature_layer, "logits");
  const Image image = random_image(32, 32, 6);
  const auto logits = without->embed(image);
  ASSERT_TRUE(logits.ok());
  EXPECT_EQ(*with->embed(image), *logits);
  for (Embedder* const embedder : {with.get(), without.get()}) {
    const auto described = embedder->describe(image, 3);
    ASSERT_TRUE(described.ok());
    EXPECT_EQ(described->embedding, *logits);
    const auto best = std::max_element(logits->begin(), logits->end()) - logits->begin();
    EXPECT_EQ(described->classes[0].index, best);
  }
}

TEST_P(EmbedderTest, FeaturesAndTheOutputBeforeItsSoftmaxComeTogether) {
  const Image image = random_image(32, 32, 6);
  for (const bool softmax : {false, true}) {
    for (const char* layer : {"", "pool", "logits", "second"}) {
      NetworkSpec spec = write_tiny_network(folder_.path(), {.softmax = softmax});
      spec.feature_layer = layer;
      const auto features = load(spec);
      spec.embeds_output = true;
      const auto outputs = load(spec);
      ASSERT_TRUE(features != nullptr && outputs != nullptr);
      EXPECT_EQ(features->output_dimensions(), 1000);
      EXPECT_EQ(outputs->output_dimensions(), 1000);
      Embedding expected = *features->embed(image);
      const Embedding output = *outputs->embed(image);
      expected.insert(expected.end(), output.begin(), output.end());
      for (int time = 0; time < 2; ++time) {
        const auto both = features->embed_with_output(image);
        ASSERT_TRUE(both.ok()) << both.error().message;
        EXPECT_THAT(*both, testing::Pointwise(testing::FloatNear(1e-5f), expected)) << layer << softmax;
      }
      EXPECT_EQ(features->describe(image, 3)->embedding, *features->embed(image));
    }
  }
}

TEST_P(EmbedderTest, TheFilesInputSizeGoesBeforeTheSpecs) {
  NetworkSpec spec = write_tiny_network(folder_.path(), {.input_size = 64});
  spec.input_size = 224;
  const auto embedder = load(spec);
  ASSERT_NE(embedder, nullptr);
  EXPECT_EQ(embedder->spec().input_size, 64);
  EXPECT_EQ(embedder->dimensions(), 16 * 16 * 8);
  EXPECT_TRUE(embedder->embed(random_image(100, 30, 7)).ok());
}

TEST_P(EmbedderTest, AnOpenInputSizeIsTheSpecs) {
  const auto embedder = load(write(pass_through_network({-1, 3, -1, -1}, 1.0f).bytes(), 48));
  ASSERT_NE(embedder, nullptr);
  EXPECT_EQ(embedder->spec().input_size, 48);
  const auto embedding = embedder->embed(random_image(10, 10, 8));
  EXPECT_TRUE(embedding.ok()) << embedding.error().message;
}

TEST_P(EmbedderTest, WrongLayerIsAnsweredWithTheOnesThatCouldBeMeant) {
  NetworkSpec spec = write_tiny_network(folder_.path());
  spec.feature_layer = "botleneck";
  const std::string message = load_error(spec);
  EXPECT_THAT(message, AllOf(HasSubstr("tiny.onnx"), HasSubstr("\"botleneck\""),
                             HasSubstr("bottleneck (1 x 8 x 8 x 8)"), HasSubstr("models info")));
}

TEST_P(EmbedderTest, EveryListedLayerCanBeNamed) {
  NetworkSpec spec = write_tiny_network(folder_.path());
  const auto layers = list_layers(spec);
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  EXPECT_THAT(*layers,
              Contains(AllOf(Field(&LayerInfo::name, "bottleneck"), Field(&LayerInfo::shape, std::vector<int>{8, 8, 8}),
                             Field(&LayerInfo::type, "Convolution"))));
  const Image image = random_image(20, 20, 9);
  for (const LayerInfo& layer : *layers) {
    spec.feature_layer = layer.name;
    const auto embedder = load(spec);
    ASSERT_NE(embedder, nullptr) << layer.name;
    const auto described = embedder->describe(image, 3);
    ASSERT_TRUE(described.ok()) << layer.name << ": " << described.error().message;
    EXPECT_EQ(described->embedding.size(), static_cast<size_t>(embedder->dimensions()));
    EXPECT_EQ(described->classes.size(), 3u);
  }
}

TEST_P(EmbedderTest, WrongInputsAreNamed) {
  EXPECT_THAT(load_error(write(pass_through_network({1, 1, 32, 32}, 1).bytes())), HasSubstr("1 x 1 x 32 x 32"));
  EXPECT_THAT(load_error(write(pass_through_network({8, 3, 32, 32}, 1).bytes())), HasSubstr("8 x 3 x 32 x 32"));
  EXPECT_THAT(load_error(write(pass_through_network({1, 3, 32, 48}, 1).bytes())), HasSubstr("square"));
  EXPECT_THAT(load_error(write(pass_through_network({1, 32, 32, 3}, 1).bytes())), HasSubstr("channels first"));
  EXPECT_THAT(load_error(write(pass_through_network({1, 3, 90000, 90000}, 1).bytes())), HasSubstr("90000"));
  OnnxWriter two = pass_through_network({1, 3, 32, 32}, 1);
  two.add_input("second", {1, 3, 32, 32});
  EXPECT_THAT(load_error(write(two.bytes())), HasSubstr("2 inputs"));
}

TEST_P(EmbedderTest, LabelsOfAnotherNetworkAreRefused) {
  NetworkSpec spec = write_tiny_network(folder_.path(), {.classes = 10});
  spec.labels.resize(1000);
  EXPECT_THAT(load_error(spec), AllOf(HasSubstr("10 classes"), HasSubstr("1000 class names")));
}

// docs/scorers/warmth.onnx, with the preprocessing of a file that no catalogue describes (models/store.cc).
TEST_P(EmbedderTest, TheSampleOfANetworkThatScoresSaysHowWarmAPictureIs) {
  const auto embedder = load({.path = LOOKALIKE_SOURCE_DIR "/docs/scorers/warmth.onnx",
                              .mean = {0.485f, 0.456f, 0.406f},
                              .scale = {0.229f, 0.224f, 0.225f},
                              .embeds_output = true});
  ASSERT_NE(embedder, nullptr);
  EXPECT_EQ(embedder->dimensions(), 1);
  EXPECT_EQ(embedder->output_dimensions(), 1);
  EXPECT_EQ(embedder->spec().input_size, 128);
#if LOOKALIKE_XNNPACK
  EXPECT_EQ(embedder->engine(), GetParam() == InferenceEngine::opencv ? "OpenCV" : "XNNPACK");
#endif
  Image image{.width = 20, .height = 10, .original_width = 20, .original_height = 10, .rgb = {}};
  for (int i = 0; i < 200; ++i)
    image.rgb.insert(image.rgb.end(), {uint8_t{204}, uint8_t{17}, uint8_t{51}});
  const auto score = embedder->embed(image);
  ASSERT_TRUE(score.ok()) << score.error().message;
  EXPECT_NEAR((*score)[0], 60, 0.01);
}

TEST_P(EmbedderTest, ValuesThatAreNotFiniteAreAnError) {
  const float huge = std::numeric_limits<float>::max();
  NetworkSpec spec = write(pass_through_network({1, 3, 4, 4}, huge).bytes(), 4);
  spec.scale = {0.001f, 0.001f, 0.001f};
  spec.feature_layer = "copy";
  const auto embedder = load(spec);
  ASSERT_NE(embedder, nullptr);
  const auto embedding = embedder->embed(random_image(4, 4, 10));
  ASSERT_FALSE(embedding.ok());
  EXPECT_EQ(embedding.error().code, ErrorCode::model);
  EXPECT_THAT(embedding.error().message, HasSubstr("not all finite"));
}

TEST_P(EmbedderTest, MissingBrokenAndCutOffFilesAreModelErrors) {
  EXPECT_THAT(load_error({.path = (folder_.path() / "absent.onnx").string()}), HasSubstr("absent.onnx"));
  EXPECT_THAT(load_error(write("")), HasSubstr("not an ONNX network"));
  EXPECT_THAT(load_error(write("<!doctype html><html>not here</html>")), HasSubstr("written.onnx"));
  const std::string whole = tiny_network_bytes();
  for (size_t part = 1; part < 10; ++part)
    load_error(write(whole.substr(0, whole.size() * part / 10)));
}

TEST_P(EmbedderTest, TheDigestIsThatOfTheBytesThatWereLoaded) {
  const std::string bytes = tiny_network_bytes();
  NetworkSpec spec = write(bytes);
  const auto embedder = load(spec);
  ASSERT_NE(embedder, nullptr);
  EXPECT_EQ(embedder->spec().sha256, sha256_hex(bytes));
  spec.sha256 = sha256_hex(bytes);
  EXPECT_NE(load(spec), nullptr);
  spec.sha256 = sha256_hex("another file");
  EXPECT_THAT(load_error(spec), AllOf(HasSubstr("written.onnx"), HasSubstr("replaced"), HasSubstr(sha256_hex(bytes))));
}

TEST_P(EmbedderTest, ALoaderOfAFileThatCannotBeReadSaysSoEachTime) {
  EmbedderLoader loader({.path = (folder_.path() / "absent.onnx").string()}, GetParam());
  for (int i = 0; i < 2; ++i) {
    const auto embedder = loader.load();
    ASSERT_FALSE(embedder.ok());
    EXPECT_THAT(embedder.error().message, HasSubstr("absent.onnx"));
  }
}

TEST_P(EmbedderTest, UnknownOperationsAreNamedAndNothingIsPrinted) {
  OnnxWriter onnx;
  onnx.add_input("image", {1, 3, 32, 32});
  onnx.add_node("NoSuchOperation", "odd", {"image"}, "odd");
  onnx.add_output("odd", {1, 3, 32, 32});
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  const std::string message = load_error(write(onnx.bytes(12)));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_THAT(message, AllOf(HasSubstr("NoSuchOperation \"odd\" of opset 12"), HasSubstr("opset 10")));
  EXPECT_THAT(message, Not(HasSubstr("\n")));
}

TEST_P(EmbedderTest, DamagedFilesNeverCrash) {
  const std::string whole = tiny_network_bytes({.input_size = 8, .classes = 4});
  Random random(11);
  for (int round = 0; round < 200; ++round) {
    std::string damaged = whole;
    // The start holds the graph; weights fill the rest.
    for (int i = 0; i < 3; ++i)
      damaged[random.below(std::min<size_t>(damaged.size(), 1200))] = static_cast<char>(random.below(256));
    const auto embedder = load_embedder(write(damaged, 8), GetParam());
    if (embedder.ok()) static_cast<void>((*embedder)->describe(random_image(8, 8, 12), 3));
  }
}

TEST_P(EmbedderTest, EmbeddersOfSeveralThreadsAgree) {
  const NetworkSpec spec = write_tiny_network(folder_.path());
  const Image image = random_image(64, 64, 13);
  std::vector<Embedding> embeddings(3);
  std::vector<std::thread> threads;
  for (Embedding& embedding : embeddings) {
    threads.emplace_back([&] {
      auto embedder = load_embedder(spec, GetParam());
      ASSERT_TRUE(embedder.ok());
      for (int i = 0; i < 10; ++i) {
        auto embedded = (*embedder)->embed(image);
        ASSERT_TRUE(embedded.ok());
        embedding = *embedded;
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(embeddings[0], embeddings[1]);
  EXPECT_EQ(embeddings[0], embeddings[2]);
}

INSTANTIATE_TEST_SUITE_P(Engines, EmbedderTest, testing::Values(InferenceEngine::opencv, InferenceEngine::fastest),
                         [](const auto& engine) {
                           return engine.param == InferenceEngine::opencv ? "OpenCv" : "Fastest";
                         });

}  // namespace
}  // namespace lookalike
