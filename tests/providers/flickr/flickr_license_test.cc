#include "providers/flickr/flickr_license.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<int> ids(const char* list) {
  const Result<std::vector<int>> result = flickr_license_ids(list);
  EXPECT_TRUE(result.ok()) << list;
  return result.ok() ? *result : std::vector<int>{-1};
}

TEST(FlickrLicense, NamesEveryId) {
  EXPECT_EQ(flickr_license("0")->name, "All Rights Reserved");
  EXPECT_EQ(flickr_license("0")->url, "");
  EXPECT_EQ(flickr_license("4")->name, "CC BY 2.0");
  EXPECT_EQ(flickr_license("4")->url, "https://creativecommons.org/licenses/by/2.0/");
  EXPECT_EQ(flickr_license("16")->name, "CC BY-NC-ND 4.0");
  for (int id = 0; id <= 16; ++id)
    EXPECT_TRUE(flickr_license(std::to_string(id)).has_value()) << id;
}

TEST(FlickrLicense, KnowsNoOtherIds) {
  for (const char* id : {"", "17", "-1", "04", "+4", " 4", "4 ", "cc", "99999999999999999999"}) {
    EXPECT_FALSE(flickr_license(id).has_value()) << id;
  }
}

TEST(FlickrLicense, TurnsNamesAndIdsIntoIds) {
  EXPECT_THAT(ids(""), IsEmpty());
  EXPECT_THAT(ids("4,5"), ElementsAre(4, 5));
  EXPECT_THAT(ids("by"), ElementsAre(4, 11));
  EXPECT_THAT(ids("by-sa"), ElementsAre(5, 12));
  EXPECT_THAT(ids("by-nc"), ElementsAre(2, 14));
  EXPECT_THAT(ids("by-nd"), ElementsAre(6, 13));
  EXPECT_THAT(ids("by-nc-sa"), ElementsAre(1, 15));
  EXPECT_THAT(ids("by-nc-nd"), ElementsAre(3, 16));
  EXPECT_THAT(ids("cc0, PDM"), ElementsAre(9, 10));
  EXPECT_THAT(ids("cc-by,4"), ElementsAre(4, 11));
}

TEST(FlickrLicense, UsesNarrowTheOthers) {
  EXPECT_THAT(ids("commercial"), ElementsAre(4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
  EXPECT_THAT(ids("commercial,modify"), ElementsAre(4, 5, 7, 8, 9, 10, 11, 12));
  EXPECT_THAT(ids("by,by-nd,modify"), ElementsAre(4, 11));
}

TEST(FlickrLicense, AnUnknownNameIsAUsageErrorThatListsTheNames) {
  const auto result = flickr_license_ids("by,gpl");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::usage);
  EXPECT_THAT(result.error().message, HasSubstr("gpl"));
  EXPECT_THAT(result.error().message, HasSubstr("by-nc-sa"));
}

TEST(FlickrLicense, AnEmptyChoiceIsAUsageErrorRatherThanNoFilter) {
  const auto result = flickr_license_ids("by-nc,commercial");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace lookalike
