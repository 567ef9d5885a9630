#include "core/base/text/nearest_word.h"

#include <gtest/gtest.h>

#include <vector>

namespace lookalike {
namespace {

const std::vector<std::string> kOptions = {"max-calls", "max-images", "max-per-owner", "time-limit", "top",
                                           "tag",       "output",     "force",         "format"};

TEST(NearestWord, CountsSingleEdits) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("", "ab"), 2u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("flaw", "lawn"), 2u);
  EXPECT_EQ(edit_distance("serach", "search"), 1u) << "letters that changed places";
  EXPECT_EQ(edit_distance("ca", "abc"), 3u) << "no edit within a swap";
}

TEST(NearestWord, KnowsWhatWasMeant) {
  EXPECT_EQ(nearest_word("max-image", kOptions), "max-images");
  EXPECT_EQ(nearest_word("max_imgaes", kOptions), "max-images");
  EXPECT_EQ(nearest_word("MAX-CALLS", kOptions), "max-calls");
  EXPECT_EQ(nearest_word("fromat", kOptions), "format");
  EXPECT_EQ(nearest_word("limit", kOptions), "time-limit");
  EXPECT_EQ(nearest_word("output-file", kOptions), "output");
  EXPECT_EQ(nearest_word("max-im", kOptions), "max-images");
  EXPECT_EQ(nearest_word("tags", kOptions), "tag");
  EXPECT_EQ(nearest_word("tpo", kOptions), "top");
}

TEST(NearestWord, SaysNothingWhereNothingIsNear) {
  EXPECT_EQ(nearest_word("", kOptions), std::nullopt);
  EXPECT_EQ(nearest_word("x", kOptions), std::nullopt);
  EXPECT_EQ(nearest_word("kitten", kOptions), std::nullopt);
  EXPECT_EQ(nearest_word("photo.jpg", kOptions), std::nullopt);
  EXPECT_EQ(nearest_word("top", {}), std::nullopt);
  EXPECT_EQ(nearest_word(std::string(100'000, 'x'), kOptions), std::nullopt);
}

TEST(NearestWord, ReadsAsASentence) {
  EXPECT_EQ(did_you_mean("fromat", kOptions), "; did you mean format?");
  EXPECT_EQ(did_you_mean("kitten", kOptions), "");
}

}  // namespace
}  // namespace lookalike
