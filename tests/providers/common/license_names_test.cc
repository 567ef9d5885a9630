#include "providers/common/license_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> keys(const char* list) {
  const auto wish = parse_license_wish(list);
  EXPECT_TRUE(wish.ok()) << list;
  const auto found = wished_keys(*wish);
  EXPECT_TRUE(found.ok()) << list;
  return found.ok() ? *found : std::vector<std::string>{"none"};
}

TEST(LicenseNames, ReadsNamesInAnySpelling) {
  EXPECT_THAT(keys("by, CC0"), ElementsAre("cc0", "by"));
  EXPECT_THAT(keys("cc-by-sa,,PDM"), ElementsAre("pdm", "by-sa"));
  EXPECT_THAT(keys(""), IsEmpty());
  EXPECT_TRUE(parse_license_wish(" , ")->any());
}

TEST(LicenseNames, UsesNarrowTheOthers) {
  EXPECT_THAT(keys("commercial"), ElementsAre("cc0", "pdm", "by", "by-sa", "by-nd", "no-known", "us-gov"));
  EXPECT_THAT(keys("commercial,modify"), ElementsAre("cc0", "pdm", "by", "by-sa", "no-known", "us-gov"));
  EXPECT_THAT(keys("by,by-nd,modify"), ElementsAre("by"));
}

TEST(LicenseNames, AChoiceThatLeavesNothingIsAnErrorAndNoFilterLess) {
  const auto none = wished_keys(*parse_license_wish("by-nc,commercial"));
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::usage);
  EXPECT_THAT(none.error().message, HasSubstr("by-nc,commercial"));
}

TEST(LicenseNames, UnknownNamesAreAnsweredWithThoseThereAre) {
  for (const char* list : {"gpl", "by,4", "by\x1B[31m"}) {
    const auto wish = parse_license_wish(list);
    ASSERT_FALSE(wish.ok()) << list;
    EXPECT_EQ(wish.error().code, ErrorCode::usage);
    EXPECT_THAT(wish.error().message, HasSubstr("by-nc-sa"));
    EXPECT_THAT(wish.error().message, testing::Not(HasSubstr("\x1B")));
  }
}

TEST(LicenseNames, ASourcesOwnIdsCountBesideTheNames) {
  const auto wish = parse_license_wish("4,cc0", [](std::string_view word) { return word == "4"; });
  ASSERT_TRUE(wish.ok());
  EXPECT_TRUE(wish->allows(license_kind("by"), "4"));
  EXPECT_FALSE(wish->allows(license_kind("by"), "11"));
  EXPECT_TRUE(wish->allows(license_kind("cc0")));
  EXPECT_FALSE(wish->allows(LicenseKind{}));
}

TEST(LicenseNames, NamesVersions) {
  EXPECT_EQ(named_license("by", "2.0").name, "CC BY 2.0");
  EXPECT_EQ(named_license("by-nc-sa", "4.0").url, "https://creativecommons.org/licenses/by-nc-sa/4.0/");
  EXPECT_EQ(named_license("cc0", "1.0").name, "CC0 1.0");
  EXPECT_EQ(named_license("pdm", "1.0").name, "Public Domain Mark 1.0");
  EXPECT_EQ(named_license("by", "../../x").name, "CC BY");
  EXPECT_EQ(named_license("by", "").url, "");
  EXPECT_EQ(named_license("sampling+", "1.0").name, "SAMPLING+ 1.0");
}

TEST(LicenseNames, KnowsWhatSourcesWrite) {
  EXPECT_EQ(license_key_of("CC BY-SA 4.0"), "by-sa");
  EXPECT_EQ(license_key_of("cc-by-sa-3.0-migrated"), "by-sa");
  EXPECT_EQ(license_key_of("CC BY 2.0"), "by");
  EXPECT_EQ(license_key_of("by-nc-nd"), "by-nc-nd");
  EXPECT_EQ(license_key_of("CC0 1.0"), "cc0");
  EXPECT_EQ(license_key_of("Public domain"), "pdm");
  EXPECT_EQ(license_key_of("pd-user"), "pdm");
  EXPECT_EQ(license_key_of("No known copyright restrictions"), "no-known");
  EXPECT_EQ(license_key_of("United States Government Work"), "us-gov");
  for (const char* other : {"", "All Rights Reserved", "GFDL", "bye", "by-x", "cc-by-sax"})
    EXPECT_EQ(license_key_of(other), "") << other;
}

TEST(LicenseWish, AllowsAPhotoByItsLicencesNameOrId) {
  const auto wish = parse_license_wish("by");
  EXPECT_TRUE(wish->allows(License{.id = "4", .name = "CC BY 2.0", .url = ""}));
  EXPECT_TRUE(wish->allows(License{.id = "by", .name = "", .url = ""}));
  EXPECT_FALSE(wish->allows(License{.id = "by-nc", .name = "CC BY-NC 4.0", .url = ""}));
  EXPECT_FALSE(wish->allows(License{}));
  EXPECT_TRUE(parse_license_wish("")->allows(License{}));
}

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
