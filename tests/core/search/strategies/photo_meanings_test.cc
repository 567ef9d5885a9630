#include "core/search/strategies/photo_meanings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "sea" and "sky" along one axis each, "coast" between them.
class FourWords final : public WordVectors {
 public:
  size_t dimensions() const override { return 2; }
  bool add(std::string_view word, std::span<float> sum) const override {
    if (word != "sea" && word != "sky" && word != "coast") return false;
    sum[0] += word == "sea" ? 1.0f : word == "coast" ? 0.6f : 0.0f;
    sum[1] += word == "sky" ? 1.0f : word == "coast" ? 0.8f : 0.0f;
    return true;
  }
};

class PhotoMeaningsTest : public testing::Test {
 protected:
  TagId tag(const char* text) { return *tags_.intern(text); }

  FourWords words_;
  TagTable tags_;
};

TEST_F(PhotoMeaningsTest, AreSumsOfTheWordsByTheirValue) {
  PhotoMeanings meanings(tags_, &words_);
  meanings.add_photo(std::vector<TagFeature>{{tag("sea"), 1}, {tag("sky"), 0.5}, {tag("qwerty"), 1}});
  meanings.add_photo({});
  EXPECT_THAT(meanings.of_photo(0), ElementsAre(1.0f, 0.5f));
  EXPECT_THAT(meanings.of_photo(1), ElementsAre(0.0f, 0.0f));
  EXPECT_THAT(meanings.of_tag(tag("sky")), ElementsAre(0.0f, 1.0f));
  EXPECT_THAT(meanings.of_tag(tag("qwerty")), ElementsAre(0.0f, 0.0f));
}

TEST_F(PhotoMeaningsTest, ATagOfSeveralWordsIsTheirMean) {
  PhotoMeanings meanings(tags_, &words_);
  meanings.add_photo(std::vector<TagFeature>{{tag("sea sky"), 1}});
  EXPECT_THAT(meanings.of_photo(0), ElementsAre(0.5f, 0.5f));
}

TEST_F(PhotoMeaningsTest, NothingMeansAnythingWithoutWords) {
  PhotoMeanings meanings(tags_, nullptr);
  meanings.add_photo(std::vector<TagFeature>{{tag("sea"), 1}});
  EXPECT_EQ(meanings.dimensions(), 0u);
  EXPECT_THAT(meanings.of_photo(0), IsEmpty());
  EXPECT_THAT(meanings.of_tag(tag("sea")), IsEmpty());
}

}  // namespace
}  // namespace lookalike
