#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "core/base/random.h"
#include "models/pull/convert.h"
#include "models/word_vector_file.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

// As the package has it, with two dimensions.
const std::string kGood =
    R"({"precision":8,"l2NormIndex":2,"wordIndex":3,"size":3,"dimensions":2,"words":["the","\"","é"],"vectors":{)"
    R"("the":[0.5,-1,1.118,0],"\"":[2,0.25,2.01,1],"é":[-0.125,1e-3,0.125,2]},"unkVector":[0,0,0,-1]})";

class ConvertWordsTest : public testing::Test {
 protected:
  Status convert(const std::string& json, std::stop_token stop = {}) {
    return convert_words(folder_.write("in.json", json), folder_ / "out.words", stop);
  }
  std::string refusal(const std::string& json) {
    const Status converted = convert(json);
    if (converted.ok()) return "no error";
    EXPECT_EQ(converted.error().code, ErrorCode::bad_data);
    return converted.error().message;
  }

  TemporaryFolder folder_;
};

TEST_F(ConvertWordsTest, TakesTheVectorsAndNothingElse) {
  const Status converted = convert(kGood);
  ASSERT_TRUE(converted.ok()) << converted.error().message;
  const auto file = WordVectorFile::open(folder_ / "out.words");
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ((*file)->dimensions(), 2u);
  EXPECT_EQ((*file)->words(), 3u);
  const auto expect_vector = [&](const char* word, float first, float second) {
    std::vector<float> vector(2, 0.0f);
    EXPECT_TRUE((*file)->add(word, vector)) << word;
    EXPECT_NEAR(vector[0], first, 1e-4);
    EXPECT_NEAR(vector[1], second, 1e-4);
  };
  expect_vector("the", 0.5f, -1);
  expect_vector("\"", 2, 0.25f);
  expect_vector("é", -0.125f, 0.001f);
}

TEST_F(ConvertWordsTest, RefusesWhatIsNotThatJson) {
  EXPECT_THAT(refusal(""), HasSubstr("is not the JSON of word vectors"));
  EXPECT_THAT(refusal("[1, 2]"), HasSubstr("no vectors in it"));
  EXPECT_THAT(refusal(R"({"dimensions": 2, "vectors": {}})"), HasSubstr("no vectors in it"));
  EXPECT_THAT(refusal(R"({"dimensions": 2, "vectors": {"a": 1}})"), HasSubstr("no vectors in it"));
  EXPECT_THAT(refusal(R"({"dimensions": 2, "vectors": {"a": [1]}})"), HasSubstr("too short"));
  EXPECT_THAT(refusal(R"({"dimensions": 0, "vectors": {"a": [1]}})"), HasSubstr("cannot be"));
  EXPECT_THAT(refusal(R"({"dimensions": 1e9, "vectors": {"a": [1]}})"), HasSubstr("cannot be"));
  EXPECT_THAT(refusal(R"({"vectors": {"a": [1, 2]}})"), HasSubstr("before the vectors"));
  EXPECT_THAT(refusal(R"({"dimensions": 1, "vectors": {")" + std::string(1001, 'w') + R"(": [1]}})"),
              HasSubstr("a word is too long"));
  EXPECT_THAT(refusal(kGood.substr(0, kGood.size() / 2)), HasSubstr("at byte"));
  EXPECT_THAT(refusal(R"({"dimensions": 1, "vectors": {"a": [1e300]}})"), HasSubstr("too large"));
}

TEST_F(ConvertWordsTest, DeepNestingTakesNoStack) {
  EXPECT_THAT(refusal(std::string(3'000'000, '[')), HasSubstr("is not the JSON of word vectors"));
}

TEST_F(ConvertWordsTest, StopRequestInterrupts) {
  std::stop_source stop;
  stop.request_stop();
  const Status converted = convert(kGood, stop.get_token());
  ASSERT_FALSE(converted.ok());
  EXPECT_EQ(converted.error().code, ErrorCode::interrupted);
}

TEST_F(ConvertWordsTest, MissingFileIsAUsageError) {
  EXPECT_EQ(convert_words(folder_ / "missing.json", folder_ / "out.words", {}).error().code, ErrorCode::usage);
}

TEST_F(ConvertWordsTest, SurvivesRandomDamage) {
  Random random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = kGood;
    for (int k = 0; k < 3; ++k)
      damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    const Status converted = convert(damaged);
    if (!converted.ok()) {
      EXPECT_EQ(converted.error().code, ErrorCode::bad_data);
    } else {
      EXPECT_TRUE(WordVectorFile::open(folder_ / "out.words").ok());
    }
  }
}

}  // namespace
}  // namespace lookalike
