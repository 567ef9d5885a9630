#include "cli/wiring/strategy_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/text/digest.h"
#include "models/word_vector_file.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::contents;
using testing::HasSubstr;

// Word vectors of two words stand in the user's catalogue in place of the built-in ones.
class WordVectorsTest : public testing::Test {
 protected:
  WordVectorsTest() {
    const auto made = folder_ / "made.words";
    EXPECT_TRUE(write_word_vectors({.dimensions = 1, .words = {"cat", "dog"}, .values = {1, 2}}, made).ok());
    bytes_ = contents(made);
    folder_.write(
        "data/lookalike/catalogue.json",
        R"({"schema": "lookalike-catalogue/1", "networks": [], "word_vectors": [{"name": "glove", "title": "t",
                     "file": "glove.words", "license": "PDDL-1.0", "sources": [], "bytes": )" +
            std::to_string(bytes_.size()) + R"(, "sha256": ")" + sha256_hex(bytes_) + R"("}]})");
  }

  Result<std::unique_ptr<WordVectors>> open(const char* strategy) {
    const ModelStore store(model_folders({.xdg_data_home = (folder_ / "data").string()}));
    return open_word_vectors(store, **find_strategy(strategy),
                             [this](LogLevel, std::string_view text) { log_ += text; });
  }

  test::TemporaryFolder folder_;
  std::string bytes_;
  std::string log_;
};

TEST_F(WordVectorsTest, AreOpenedForStrategiesThatCompareWordsOnly) {
  folder_.write("data/lookalike/models/glove.words", bytes_);
  for (const char* strategy : {"tiara", "tiara-s"}) {
    const auto words = open(strategy);
    ASSERT_TRUE(words.ok()) << words.error().message;
    ASSERT_NE(*words, nullptr);
    std::vector<float> vector(1, 0.0f);
    EXPECT_TRUE((*words)->add("dog", vector));
    EXPECT_NEAR(vector[0], 2, 1e-3);
  }
  const auto none = open("greedy");
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(*none, nullptr);
  EXPECT_EQ(log_, "");
}

TEST_F(WordVectorsTest, ThoseThatAreBuiltInNeedNoFile) {
  const auto words = open("adaptive");
  ASSERT_TRUE(words.ok()) << words.error().message;
  ASSERT_NE(*words, nullptr);
  std::vector<float> vector((*words)->dimensions(), 0.0f);
  EXPECT_TRUE((*words)->add("dog", vector));
  EXPECT_EQ(log_, "");
}

TEST_F(WordVectorsTest, NoneInstalledIsToldAndNoError) {
  const auto words = open("tiara");
  ASSERT_TRUE(words.ok());
  EXPECT_EQ(*words, nullptr);
  EXPECT_THAT(log_, HasSubstr("lookalike models pull glove"));
}

TEST_F(WordVectorsTest, DamagedFileIsAnError) {
  folder_.write("data/lookalike/models/glove.words", bytes_.substr(1));
  EXPECT_EQ(open("tiara").error().code, ErrorCode::model);
  // Of the right size, and something else.
  folder_.write("data/lookalike/models/glove.words", std::string(bytes_.size(), 'x'));
  const auto other = open("tiara");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::model);
  EXPECT_THAT(other.error().message, HasSubstr("another format"));
}

}  // namespace
}  // namespace lookalike
