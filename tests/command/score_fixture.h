// Searches by --score over the pictures of the command fixture, as a folder; red apples, green leaves and blue skies.
#pragma once

#include <gmock/gmock.h>

#include <limits>

#include "core/base/text/digest.h"
#include "core/base/text/json.h"
#include "tests/command/command_fixture.h"

namespace lookalike::test {

class ScoreTest : public CommandTest {
 protected:
  // The tiny network as one that knows ImageNet's names: what it makes of a picture is chance, but always the same.
  ScoreTest() {
    const auto bytes = std::filesystem::file_size(folder_ / "tiny.onnx");
    const auto digest = sha256_of_file(folder_ / "tiny.onnx");
    folder_.write(
        ".local/share/lookalike/catalogue.json",
        R"({"schema": "lookalike-catalogue/1", "networks": [{"name": "tiny", "title": "t", "file": "tiny.onnx", "bytes": )" +
            std::to_string(bytes) + R"(, "sha256": ")" + (digest.ok() ? *digest : std::string()) +
            R"(", "license": "MIT", "origin": "tests", "classes": 1000, "sources": []}]})");
  }

  std::string photos() const { return folder_.path().string(); }

  std::vector<std::string> over_photos(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"--model", "tiny", "--provider", "folder:" + photos(), "--json"};
    arguments.insert(arguments.begin(), more.begin(), more.end());
    return arguments;
  }

  rapidjson::Document search(std::vector<std::string> more, int exit = 0) const {
    const CommandResult result = run(over_photos(std::move(more)));
    EXPECT_EQ(result.exit, exit) << result.err;
    auto document = parse_json(result.out);
    EXPECT_TRUE(document.ok()) << result.out;
    return document.ok() ? std::move(*document) : rapidjson::Document();
  }

  void expect_refused(std::vector<std::string> more, int exit, const std::string& message) const {
    const CommandResult result = run(over_photos(std::move(more)));
    EXPECT_EQ(result.exit, exit) << result.err;
    EXPECT_THAT(result.err, testing::HasSubstr(message));
    EXPECT_EQ(result.out, "");
  }

  // As it, once the search has begun: JSON says what happened.
  void expect_failed(std::vector<std::string> more, int exit, const std::string& message) const {
    const CommandResult result = run(over_photos(std::move(more)));
    EXPECT_EQ(result.exit, exit) << result.err;
    EXPECT_THAT(result.err, testing::HasSubstr(message));
    const auto document = parse_json(result.out);
    ASSERT_TRUE(document.ok()) << result.out;
    EXPECT_NE(json_member(*document, "error"), nullptr);
  }

  // Best first, without a cosine, which takes a query image.
  static void expect_ranked_by_score(const rapidjson::Document& document) {
    double last = std::numeric_limits<double>::infinity();
    ASSERT_GT(json_member(document, "results")->Size(), 0u);
    for (const auto& photo : json_member(document, "results")->GetArray()) {
      EXPECT_LE(json_member(photo, "score")->GetDouble(), last);
      last = json_member(photo, "score")->GetDouble();
      EXPECT_EQ(json_member(photo, "log_score")->GetDouble(), last);
      EXPECT_TRUE(json_member(photo, "cosine")->IsNull());
    }
  }
};

}  // namespace lookalike::test
