#include "providers/pixabay_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string hit_with(const std::string& fields) {
  return R"({"id": 7, "pageURL": "https://pixabay.example/7/", "webformatURL": "https://pixabay.example/get/a_640.jpg")" +
         (fields.empty() ? "" : ", " + fields) + "}";
}

PhotoPage page_of(const std::string& hits, const std::string& more = R"("totalHits": 1)") {
  const auto page = parse_pixabay_search("{" + more + ", \"hits\": [" + hits + "]}", 1, 3);
  EXPECT_TRUE(page.ok());
  return page.ok() ? *page : PhotoPage{};
}

TEST(PixabayAnswer, ReadsAPhoto) {
  const PhotoPage page = page_of(hit_with(
      R"("tags": "blossom,  bloom, sports car, bloom,, -x", "user": "Josch 13", "user_id": 48777, "previewURL": "https://p/x_150.jpg")"));
  ASSERT_THAT(page.photos, SizeIs(1));
  const Photo& photo = page.photos[0];
  EXPECT_EQ(photo.provider, "pixabay");
  EXPECT_EQ(photo.id, "7");
  EXPECT_EQ(photo.image_url, "https://pixabay.example/get/a_340.jpg");
  EXPECT_EQ(photo.page_url, "https://pixabay.example/7/");
  EXPECT_EQ(photo.owner, "Josch 13");
  EXPECT_EQ(photo.owner_url, "https://pixabay.com/users/Josch%2013-48777/");
  EXPECT_EQ(photo.license.name, "Pixabay Content License");
  EXPECT_EQ(photo.attribution, "Image by Josch 13 from Pixabay");
  EXPECT_THAT(photo.tags, ElementsAre("blossom", "bloom", "sports car", "x"));
}

TEST(PixabayAnswer, TakesTheImageThatThereIs) {
  const auto image_of = [](const std::string& fields) {
    const PhotoPage page = page_of(R"({"id": 7, "pageURL": "https://p/7/", )" + fields + "}");
    return page.photos.empty() ? "" : page.photos[0].image_url;
  };
  EXPECT_EQ(image_of(R"("webformatURL": "https://p/get/odd.jpg", "previewURL": "https://p/x_150.jpg")"),
            "https://p/get/odd.jpg");
  EXPECT_EQ(image_of(R"("webformatURL": 5, "previewURL": "https://p/x_150.jpg")"), "https://p/x_150.jpg");
  EXPECT_EQ(image_of(R"("webformatURL": "data:x")"), "");
}

TEST(PixabayAnswer, PagesEndAtWhatCanBeReached) {
  const auto more = [](int page, int per_page, const std::string& total) {
    return parse_pixabay_search("{\"totalHits\": " + total + ", \"hits\": [" + hit_with("") + "]}", page, per_page)
        ->has_more;
  };
  EXPECT_TRUE(more(1, 3, "4"));
  EXPECT_FALSE(more(1, 3, "3"));
  EXPECT_FALSE(more(3, 200, "1e18"));
  EXPECT_TRUE(more(2, 200, "1e12"));
  EXPECT_FALSE(more(1, 3, "-5"));
  EXPECT_FALSE(more(1, 3, "\"many\""));
}

TEST(PixabayAnswer, SurvivesWrongTypesAndHostileText) {
  const PhotoPage page = page_of(hit_with("\"tags\": [\"a\"], \"user\": {\"a\": 1}, \"user_id\": \"../x\"") +
                                 ", 5, null, [], {\"id\": \"a/b\"}, " +
                                 R"({"id": 8, "pageURL": "https://p/8/", "previewURL": "https://p/8.jpg", "tags": ")" +
                                 "\xFF, \xC3(" + R"("})");
  ASSERT_THAT(page.photos, SizeIs(2));
  EXPECT_EQ(page.photos[0].owner, "");
  EXPECT_EQ(page.photos[0].attribution, "Image from Pixabay");
  EXPECT_THAT(page.photos[0].tags, IsEmpty());
  for (const std::string& tag : page.photos[1].tags)
    EXPECT_EQ(terminal_safe(tag), tag);
}

TEST(PixabayAnswer, RefusesWhatIsNoAnswer) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"hits": 5})", "{\"hits\": ["})
    EXPECT_EQ(parse_pixabay_search(body, 1, 3).error().code, ErrorCode::bad_data) << body;
}

TEST(PixabayAnswer, RefusalsSayWhoIsAtFault) {
  EXPECT_EQ(read_pixabay_refusal("[ERROR 400] Invalid or missing API key (https://…).").error().code, ErrorCode::auth);
  EXPECT_EQ(read_pixabay_refusal("[ERROR 400] \"q\" is too long.").error().code, ErrorCode::usage);
  EXPECT_EQ(read_pixabay_refusal("\xFF\x1B[31m").error().code, ErrorCode::usage);
  const auto beyond = read_pixabay_refusal("[ERROR 400] \"page\" is out of valid range.");
  ASSERT_TRUE(beyond.ok());
  EXPECT_THAT(beyond->photos, IsEmpty());
}

}  // namespace
}  // namespace lookalike
