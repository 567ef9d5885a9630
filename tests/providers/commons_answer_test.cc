#include "providers/commons_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "providers/sources.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

std::string image_info(const std::string& fields = "") {
  return R"("imageinfo": [{"thumburl": "https://upload.example/330px-x.jpg", "descriptionurl": "https://c.example/wiki/File:x.jpg",
      "mime": "image/jpeg", "user": "Uploader")" +
         (fields.empty() ? "" : ", " + fields) + "}]";
}

std::string file_page(int id, int index, const std::string& fields) {
  return "{\"pageid\": " + std::to_string(id) + ", \"ns\": 6, \"index\": " + std::to_string(index) +
         ", \"title\": \"File:Some_name " + std::to_string(id) + ".jpg\"" + (fields.empty() ? "" : ", " + fields) + "}";
}

std::string answer_with(const std::string& pages, const std::string& more = R"("batchcomplete": true)") {
  return "{" + more + ", \"query\": {\"pages\": [" + pages + "]}}";
}

Status add_part(CommonsBatch& batch, std::string_view body) {
  const auto part = parse_json(body);
  return part ? add_commons_answer(batch, *part) : part.error();
}

PhotoPage page_of(const std::string& body, const std::string& licenses = "") {
  const auto page = read_answer(commons_service(), body, {}, *parse_license_wish(licenses));
  EXPECT_TRUE(page.ok()) << body;
  return page.ok() ? *page : PhotoPage{};
}

constexpr const char* kMetadata = R"("extmetadata": {
    "Artist": {"value": "<a href=\"//c.example/wiki/User:PtrQs\" title=\"User:PtrQs\">Ptr &amp; Qs</a>", "source": "x"},
    "LicenseShortName": {"value": "CC BY-SA 4.0"}, "License": {"value": "cc-by-sa-4.0"},
    "LicenseUrl": {"value": "https://creativecommons.org/licenses/by-sa/4.0"}})";

TEST(CommonsAnswer, ReadsAFile) {
  const PhotoPage page = page_of(answer_with(
      file_page(7, 1, image_info(kMetadata) + R"(, "categories": [{"ns": 14, "title": "Category:Trees in Finistère"},
                                       {"ns": 14, "title": "Category:Self-published work"}])")));
  ASSERT_THAT(page.photos, SizeIs(1));
  const Photo& photo = page.photos[0];
  EXPECT_EQ(photo.provider, "commons");
  EXPECT_EQ(photo.id, "7");
  EXPECT_EQ(photo.title, "Some name 7");
  EXPECT_EQ(photo.page_url, "https://c.example/wiki/File:x.jpg");
  EXPECT_EQ(photo.image_url, "https://upload.example/330px-x.jpg");
  EXPECT_EQ(photo.owner, "Ptr & Qs");
  EXPECT_EQ(photo.owner_url, "https://c.example/wiki/User:PtrQs");
  EXPECT_EQ(photo.license.id, "cc-by-sa-4.0");
  EXPECT_EQ(photo.license.name, "CC BY-SA 4.0");
  EXPECT_EQ(photo.license.url, "https://creativecommons.org/licenses/by-sa/4.0");
  EXPECT_EQ(photo.attribution, "\"Some name 7\" by Ptr & Qs, CC BY-SA 4.0, via Wikimedia Commons");
  EXPECT_THAT(photo.tags, ElementsAre("Trees in Finistère"));
  EXPECT_FALSE(page.has_more);
}

TEST(CommonsAnswer, FilesComeInTheOrderOfTheirRanks) {
  const PhotoPage page = page_of(answer_with(file_page(1, 3, image_info()) + "," + file_page(2, 1, image_info()) + "," +
                                             file_page(3, 2, image_info())));
  ASSERT_THAT(page.photos, SizeIs(3));
  EXPECT_EQ(page.photos[0].id, "2");
  EXPECT_EQ(page.photos[1].id, "3");
  EXPECT_EQ(page.photos[2].id, "1");
}

TEST(CommonsAnswer, ReadsTheOlderFormatToo) {
  const PhotoPage page = page_of(R"({"batchcomplete": "", "continue": {"gsroffset": 30, "continue": "gsroffset||"},
      "query": {"pages": {"84798633": )" +
                                 file_page(84798633, 1, image_info()) + "}}}");
  EXPECT_THAT(page.photos, SizeIs(1));
  EXPECT_TRUE(page.has_more);
}

TEST(CommonsAnswer, ContinuationsAddUpToOnePage) {
  CommonsBatch batch;
  const std::string first =
      answer_with(file_page(7, 1, image_info() + R"(, "categories": [{"title": "Category:Trees"}])"),
                  R"("continue": {"clcontinue": "7|Coasts", "continue": "gsroffset||imageinfo"})");
  ASSERT_TRUE(add_part(batch, first).ok());
  EXPECT_THAT(batch.more,
              testing::UnorderedElementsAre(Pair("clcontinue", "7|Coasts"), Pair("continue", "gsroffset||imageinfo")));
  ASSERT_TRUE(
      add_part(batch, answer_with(file_page(7, 1, R"("categories": [{"title": "Category:Coasts"}])"),
                                  R"("batchcomplete": true, "continue": {"gsroffset": 30, "continue": "gsroffset||"})"))
          .ok());
  EXPECT_THAT(batch.more, IsEmpty());
  const PhotoPage page = commons_page(std::move(batch));
  ASSERT_THAT(page.photos, SizeIs(1));
  EXPECT_THAT(page.photos[0].tags, ElementsAre("Trees", "Coasts"));
  EXPECT_TRUE(page.has_more);
}

TEST(CommonsAnswer, NothingFoundIsAnEmptyPage) {
  EXPECT_THAT(page_of(R"({"batchcomplete": true})").photos, IsEmpty());
}

TEST(CommonsAnswer, DropsWhatIsNoBitmapOrCannotBeShown) {
  EXPECT_THAT(
      page_of(
          answer_with(file_page(1, 1, R"("imageinfo": [{"thumburl": "https://u/x.png", "descriptionurl": "https://c/x",
                                             "mime": "image/svg+xml"}])") +
                      "," + file_page(2, 2, "") + "," + file_page(3, 3, R"("imageinfo": [])") + "," +
                      file_page(4, 4, R"("imageinfo": [{"descriptionurl": "https://c/x", "mime": "image/jpeg"}])") +
                      R"(, {"pageid": -1, "missing": true}, 5, null, {"title": "File:x.jpg"})"))
          .photos,
      IsEmpty());
}

TEST(CommonsAnswer, FiltersByLicence) {
  const auto with = [](int id, const std::string& name) {
    return file_page(id, id, image_info(R"("extmetadata": {"LicenseShortName": {"value": ")" + name + R"("}})"));
  };
  const std::string body = answer_with(with(1, "CC BY-SA 4.0") + "," + with(2, "CC0") + "," + with(3, "Public domain") +
                                       "," + with(4, "GFDL") + "," + with(5, "CC BY-NC 2.0"));
  const auto ids = [&](const std::string& licenses) {
    std::string text;
    for (const Photo& photo : page_of(body, licenses).photos)
      text += photo.id;
    return text;
  };
  EXPECT_EQ(ids(""), "12345");
  EXPECT_EQ(ids("cc0,pdm"), "23");
  EXPECT_EQ(ids("commercial,modify"), "123");
  EXPECT_EQ(ids("by-nd"), "");
}

TEST(CommonsAnswer, CategoriesOfUpkeepAreNoTags) {
  for (const char* upkeep :
       {"CC-BY-SA-4.0", "Self-published work", "Files with coordinates missing SDC location", "Uploaded with pattypan",
        "Photographs by Someone", "Photographs taken with Minolta AF Zoom", "Taken with Sony DSLR-A900", "PD-user",
        "No QIC by usr:PtrQs", "GFDL", "Images from the Geograph project", "Flickr images reviewed by FlickreviewR",
        "2012", "2012-09-25", "License migration redundant", "Media with locations", "", "Unidentified plants"}) {
    EXPECT_FALSE(is_subject_category(upkeep)) << upkeep;
  }
  for (const char* subject : {"Coasts of Plozévet", "Trees in Finistère", "Black cats", "東京", "Filing cabinets",
                              "1920s automobiles", "Imagery"}) {
    EXPECT_TRUE(is_subject_category(subject)) << subject;
  }
}

TEST(CommonsAnswer, SurvivesWrongTypesAndHostileText) {
  const std::string body =
      answer_with(file_page(7, 1,
                            image_info(R"("extmetadata": {"Artist": {"value": 5}, "LicenseShortName": [],
                                     "LicenseUrl": {"value": "javascript:x"}, "License": "x"})") +
                                R"(, "categories": [5, null, {"title": 7}, {"title": "Category:-no"},
                             {"title": "Category:)" +
                                "\xFF\xFE" + R"("}, {"x": 1}, {"title": "Category:"}])") +
                  "," + file_page(8, 1, R"("imageinfo": 5, "categories": {"a": 1})"));
  const PhotoPage page = page_of(body);
  ASSERT_THAT(page.photos, SizeIs(1));
  EXPECT_EQ(page.photos[0].owner, "5");
  EXPECT_EQ(page.photos[0].license.url, "");
  for (const std::string& tag : page.photos[0].tags)
    EXPECT_EQ(terminal_safe(tag), tag);
}

TEST(CommonsAnswer, ErrorsInsideAnAnswer) {
  CommonsBatch batch;
  EXPECT_EQ(add_part(batch, R"({"error": {"code": "ratelimited", "info": "Slow down"}})").error().code,
            ErrorCode::network);
  const Status refused = add_part(batch, R"({"error": {"code": "badvalue", "info": "No such"}})");
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
  EXPECT_THAT(refused.error().message, HasSubstr("No such"));
  for (const char* body : {"", "<html>", "[]", "{}", R"({"query": 5)", R"({"x": {}})"})
    EXPECT_EQ(add_part(batch, body).error().code, ErrorCode::bad_data) << body;
}

TEST(CommonsAnswer, AHostileContinuationIsBounded) {
  CommonsBatch batch;
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += "\"c" + std::to_string(i) + "\": \"x\", ";
  ASSERT_TRUE(add_part(batch, "{\"continue\": {" + many + "\"a&b=c\": \"x\", \"big\": \"" + std::string(5'000, 'x') +
                                  "\"}, \"query\": {}}")
                  .ok());
  EXPECT_LE(batch.more.size(), 16u);
  for (const auto& [name, value] : batch.more)
    EXPECT_EQ(value, "x");
}

}  // namespace
}  // namespace lookalike
