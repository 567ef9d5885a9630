// The real binary against the stand-in of Flickr, over pictures made here: one colour a kind, one shade a photo.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/command_runner.h"
#include "tests/support/flickr_stand_in.h"
#include "tests/support/jpeg_writer.h"
#include "tests/support/program_under_test.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace lookalike::test {

inline constexpr const char* kTestKey = "0123456789abcdef0123456789abcdef";

// A gradient from black to the colour, so that the picture has structure.
inline std::string make_jpeg(int red, int green, int blue, int width = 64, int height = 64) {
  std::vector<unsigned char> rgb;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (const int channel : {red, green, blue})
        rgb.push_back(static_cast<unsigned char>(channel * (x + y) / (width + height)));
    }
  }
  return write_jpeg(rgb, width, height, TJSAMP_444, 95);
}

class CommandTest : public testing::Test {
 protected:
  static constexpr int kPhotosOfAKind = 12;

  CommandTest() {
    write_tiny_network(folder_.path(), {.input_size = 224, .file = "tiny.onnx"});
    query_ = folder_.write("query.jpg", make_jpeg(250, 20, 20)).string();
    std::string manifest;
    add_kind(manifest, "apple", 255, 0, 0);
    add_kind(manifest, "leaf", 0, 255, 0);
    add_kind(manifest, "sky", 0, 0, 255);
    manifest_ = folder_.write("photos.jsonl", manifest);
  }

  void add_kind(std::string& manifest, const std::string& kind, int red, int green, int blue) {
    for (int i = 0; i < kPhotosOfAKind; ++i) {
      const int shade = 255 - 6 * i;
      const std::string name = kind + std::to_string(i) + ".jpg";
      folder_.write(name, make_jpeg(red * shade / 255, green * shade / 255, blue * shade / 255));
      manifest += "{\"id\": \"" + std::to_string(manifest.size() + 1000) + "\", \"file\": \"" + name +
                  "\", \"title\": \"" + kind + " " + std::to_string(i) +
                  "\", \"owner\": \"12@N01\", \"license\": \"4\", \"tags\": [\"" + kind + "\", \"thing\", \"shade" +
                  std::to_string(i) + "\"]}\n";
    }
  }

  void start_service(StandInOptions options = {}) {
    options.collection = manifest_;
    options.key = kTestKey;
    auto started = FlickrStandIn::start(options);
    ASSERT_TRUE(started.ok()) << started.error().message;
    service_ = std::move(*started);
  }

  // The binary, with the tiny network and first queries of our own: what the network sees in a colour is chance.
  std::vector<std::string> command(std::vector<std::string> arguments) const {
    std::vector<std::string> all = {program_under_test()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }

  CommandOptions options() const {
    return {.environment = {{"HOME", folder_.path().string()}, {"LOOKALIKE_MODELS", folder_.path().string()}}};
  }

  CommandResult run(std::vector<std::string> arguments) const {
    return run_command(command(std::move(arguments)), options());
  }

  // A search at the stand-in that begins with the tag "thing". Shades of a colour are near-duplicates to any network.
  std::vector<std::string> flickr(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {
        query_,   "--model",       "tiny.onnx", "--endpoint", service_->endpoint(), "--api-key",
        kTestKey, "--no-classify", "--tag",     "thing",      "--keep-duplicates"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  TemporaryFolder folder_;
  std::string query_;
  std::filesystem::path manifest_;
  std::unique_ptr<FlickrStandIn> service_;
};

}  // namespace lookalike::test
