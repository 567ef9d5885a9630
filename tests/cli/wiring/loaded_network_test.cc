#include "cli/wiring/loaded_network.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>
#include <vector>

#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace lookalike::test {
namespace {

Image grey(int side) {
  Image image;
  image.width = image.height = image.original_width = image.original_height = side;
  image.rgb.assign(static_cast<size_t>(side) * static_cast<size_t>(side) * 3, 128);
  return image;
}

TEST(LoadedNetworkTest, TellsItsSizesAndWhatOnlyTheLoadedNetworkKnows) {
  const TemporaryFolder folder;
  NetworkSpec spec = write_tiny_network(folder.path());
  spec.feature_layer.clear();
  spec.sha256.clear();
  LoadedNetwork network(spec, 1);
  const auto sizes = network.sizes();
  ASSERT_TRUE(sizes.ok()) << sizes.error().message;
  EXPECT_EQ(sizes->embedding, 512);
  EXPECT_EQ(sizes->output, 1000);
  EXPECT_EQ(network.spec().feature_layer, "bottleneck") << "found by its shape";
  EXPECT_EQ(network.spec().sha256.size(), 64u);
}

TEST(LoadedNetworkTest, DescribesImagesOnSeveralThreads) {
  const TemporaryFolder folder;
  LoadedNetwork network(write_tiny_network(folder.path()), 2);
  std::vector<std::jthread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&network] {
      const auto description = network.describe(grey(32), 3);
      ASSERT_TRUE(description.ok()) << description.error().message;
      EXPECT_EQ(description->embedding.size(), 512u);
      EXPECT_EQ(description->classes.size(), 3u);
    });
  }
}

TEST(LoadedNetworkTest, SaysEachTimeWhyItCannotBeLoaded) {
  const TemporaryFolder folder;
  NetworkSpec spec;
  spec.path = folder.write("damaged.onnx", "no network").string();
  LoadedNetwork network(spec, 1);
  EXPECT_EQ(network.sizes().error().code, ErrorCode::model);
  EXPECT_EQ(network.describe(grey(32), 3).error().code, ErrorCode::model);
}

}  // namespace
}  // namespace lookalike::test
