#include "providers/openverse_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kUsual = R"({"result_count": 45, "page_count": 3, "page_size": 20, "page": 1, "results": [{
    "id": "4bc43a04-ef46-4544-a0c1-63c63f56e276", "title": "Tree bark", "indexed_on": "2022-08-27T17:39:48Z",
    "foreign_landing_url": "https://photos.example/photo/XNV", "url": "https://cdn.photos.example/960w/XNV.jpg",
    "creator": "Tim", "creator_url": "https://tim.example", "license": "by", "license_version": "2.0",
    "license_url": "https://creativecommons.org/licenses/by/2.0/", "filesize": null, "mature": false,
    "tags": [{"accuracy": null, "name": "tree"}, {"accuracy": 0.9, "name": "bark"}, {"name": "tree"}],
    "attribution": "\"Tree bark\" by Tim is licensed under CC BY 2.0.",
    "thumbnail": "https://api.example/v1/images/4bc43a04/thumb/"}]})";

std::vector<Photo> photos_in(const std::string& results) {
  const auto answer = parse_openverse_search("{\"results\": [" + results + "]}");
  EXPECT_TRUE(answer.ok()) << results;
  return answer.ok() ? answer->page.photos : std::vector<Photo>{};
}

std::string photo_with(const std::string& fields) {
  return R"({"id": "7", "foreign_landing_url": "https://a.example/7", "url": "https://a.example/7.jpg")" +
         (fields.empty() ? "" : ", " + fields) + "}";
}

TEST(OpenverseAnswer, ReadsAPhoto) {
  const auto answer = parse_openverse_search(kUsual);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_TRUE(answer->page.has_more);
  EXPECT_EQ(answer->matches, 45);
  ASSERT_THAT(answer->page.photos, SizeIs(1));
  const Photo& photo = answer->page.photos[0];
  EXPECT_EQ(photo.provider, "openverse");
  EXPECT_EQ(photo.id, "4bc43a04-ef46-4544-a0c1-63c63f56e276");
  EXPECT_EQ(photo.page_url, "https://photos.example/photo/XNV");
  EXPECT_EQ(photo.image_url, "https://api.example/v1/images/4bc43a04/thumb/");
  EXPECT_EQ(photo.title, "Tree bark");
  EXPECT_EQ(photo.owner, "Tim");
  EXPECT_EQ(photo.owner_url, "https://tim.example");
  EXPECT_EQ(photo.license.id, "by");
  EXPECT_EQ(photo.license.name, "CC BY 2.0");
  EXPECT_EQ(photo.license.url, "https://creativecommons.org/licenses/by/2.0/");
  EXPECT_EQ(photo.attribution, "\"Tree bark\" by Tim is licensed under CC BY 2.0.");
  EXPECT_THAT(photo.tags, ElementsAre("tree", "bark"));
}

TEST(OpenverseAnswer, WithoutAThumbnailTheImageItselfIsTaken) {
  EXPECT_EQ(photos_in(photo_with(R"("thumbnail": null)"))[0].image_url, "https://a.example/7.jpg");
}

TEST(OpenverseAnswer, MakesAnAttributionWhereThereIsNone) {
  const auto photos = photos_in(photo_with(R"("title": "Cat", "creator": "Ann", "license": "cc0",
                                              "license_version": "1.0", "attribution": null)"));
  ASSERT_THAT(photos, SizeIs(1));
  EXPECT_EQ(photos[0].attribution, "\"Cat\" by Ann, CC0 1.0");
  EXPECT_EQ(photos[0].license.url, "https://creativecommons.org/publicdomain/zero/1.0/");
}

TEST(OpenverseAnswer, DropsWhatCannotBeShownOrFetched) {
  EXPECT_THAT(photos_in(R"({"id": "1", "url": "https://a/1.jpg"}, {"id": "2", "foreign_landing_url": "https://a/2"},
      {"id": "../3", "foreign_landing_url": "https://a/3", "url": "https://a/3.jpg"}, 5, null, [], "x",
      {"id": "4", "foreign_landing_url": "javascript:x", "url": "https://a/4.jpg"},
      {"id": "5", "foreign_landing_url": "https://a/5", "url": "file:///etc/passwd"},
      {"foreign_landing_url": "https://a/6", "url": "https://a/6.jpg"})"),
              IsEmpty());
  EXPECT_THAT(photos_in(photo_with("") + "," + photo_with("")), SizeIs(1)) << "one id, one photo";
}

TEST(OpenverseAnswer, MaturePhotosComeOnlyWhenAskedFor) {
  const std::string body = "{\"results\": [" + photo_with(R"("mature": true)") + "]}";
  EXPECT_THAT(parse_openverse_search(body)->page.photos, IsEmpty());
  EXPECT_THAT(parse_openverse_search(body, {.shows_mature = true})->page.photos, SizeIs(1));
}

TEST(OpenverseAnswer, SurvivesWrongTypesAndHostileText) {
  const auto photos = photos_in(photo_with(
      "\"title\": {\"a\": 1}, \"creator\": 12, \"license\": [], \"license_version\": 2, \"creator_url\": \"data:x\", "
      "\"tags\": [{\"name\": 5}, {\"name\": \"\xFF\xFE\"}, null, [], \"plain\", {\"x\": 1}, "
      "{\"name\": \"-no\"}, {\"name\": \"\\u0000\\u001b[31m\"}]"));
  ASSERT_THAT(photos, SizeIs(1));
  EXPECT_EQ(photos[0].title, "");
  EXPECT_EQ(photos[0].owner, "12");
  EXPECT_EQ(photos[0].owner_url, "");
  EXPECT_EQ(photos[0].license.name, "");
  for (const std::string& tag : photos[0].tags)
    EXPECT_EQ(terminal_safe(tag), tag);
  EXPECT_THAT(photos[0].tags, testing::IsSupersetOf({"5", "plain", "no"}));
}

TEST(OpenverseAnswer, PagesEndWhereTheServiceEnds) {
  const auto more = [](const std::string& numbers) {
    return parse_openverse_search("{" + numbers + ", \"results\": [" + photo_with("") + "]}")->page.has_more;
  };
  EXPECT_TRUE(more(R"("page": 1, "page_count": 2)"));
  EXPECT_FALSE(more(R"("page": 2, "page_count": 2)"));
  EXPECT_TRUE(more(R"("page": 11, "page_count": 500)"));
  EXPECT_FALSE(more(R"("page": 12, "page_count": 500)")) << "240 works are all that a search can reach";
  EXPECT_FALSE(more(R"("page": 1e300, "page_count": 1e300)"));
  EXPECT_FALSE(more(R"("page": 1)"));
  EXPECT_TRUE(more(R"("page": -99999999999, "page_count": "5")"));
  EXPECT_FALSE(parse_openverse_search(R"({"page": 1, "page_count": 9, "results": []})")->page.has_more);
}

TEST(OpenverseAnswer, ThePagesOfATokenReachNoDeeper) {
  const auto more = [](int page) {
    const std::string body =
        R"({"page": )" + std::to_string(page) + R"(, "page_count": 500, "results": [)" + photo_with("") + "]}";
    return parse_openverse_search(body, {.page_size = kOpenversePageSizeWithToken})->page.has_more;
  };
  EXPECT_TRUE(more(4));
  EXPECT_FALSE(more(5));
}

TEST(OpenverseAnswer, OldRecordsAreUnescapedOnce) {
  const auto photos = photos_in(photo_with(R"("title": "Caf\\u00e9 &amp; bar", "creator": "Bj\\xf6rn &#39;B&#39;",
      "attribution": "a &amp;amp; b", "tags": [{"name": "ni\\u00f1o"}, {"name": "rock &amp; roll"}, "\\ud83d\\ude00"])"));
  ASSERT_THAT(photos, SizeIs(1));
  EXPECT_EQ(photos[0].title, "Caf\u00e9 & bar");
  EXPECT_EQ(photos[0].owner, "Bj\u00f6rn 'B'");
  EXPECT_EQ(photos[0].attribution, "a &amp; b") << "not twice";
  EXPECT_THAT(photos[0].tags, ElementsAre("ni\u00f1o", "rock & roll", "\U0001F600"));
}

TEST(OpenverseAnswer, LicencesAreCheckedAgain) {
  const std::string body =
      R"({"results": [)" + photo_with(R"("license": "by", "license_version": "2.0")") +
      R"(, {"id": "8", "foreign_landing_url": "https://a.example/8", "url": "https://a.example/8.jpg",
                                 "license": "by-nc", "license_version": "4.0"}, {"id": "9",
                                 "foreign_landing_url": "https://a.example/9", "url": "https://a.example/9.jpg"}]})";
  EXPECT_THAT(parse_openverse_search(body)->page.photos, SizeIs(3));
  const auto free = parse_openverse_search(body, {.wish = *parse_license_wish("commercial")});
  ASSERT_THAT(free->page.photos, SizeIs(1));
  EXPECT_EQ(free->page.photos[0].id, "7");
}

TEST(OpenverseAnswer, RefusesWhatIsNoAnswer) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"results": 5})", R"({"results": {}})", "{\"results\": ["}) {
    const auto answer = parse_openverse_search(body);
    ASSERT_FALSE(answer.ok()) << body;
    EXPECT_EQ(answer.error().code, ErrorCode::bad_data);
  }
}

TEST(OpenverseToken, ReadsTokenAndLifetime) {
  const auto token = parse_openverse_token(R"({"access_token": "abc", "expires_in": 36000, "token_type": "Bearer"})");
  ASSERT_TRUE(token.ok());
  EXPECT_EQ(token->token, "abc");
  EXPECT_EQ(token->lifetime, std::chrono::hours(10));
  EXPECT_EQ(parse_openverse_token(R"({"access_token": "a", "expires_in": 1e12})")->lifetime, std::chrono::hours(24));
  EXPECT_EQ(parse_openverse_token(R"({"access_token": "a"})")->lifetime, std::chrono::hours(1));
}

TEST(OpenverseToken, NothingOfABadAnswerIsShown) {
  for (const char* body : {"", "SECRET", R"({"token": "SECRET"})", R"({"access_token": "SECRET\r\nX: y"})",
                           R"({"access_token": 5})", R"({"access_token": ""})"}) {
    const auto token = parse_openverse_token(body);
    ASSERT_FALSE(token.ok()) << body;
    EXPECT_THAT(token.error().message, Not(HasSubstr("SECRET")));
  }
}

TEST(OpenverseDetail, SaysWhatTheServiceSays) {
  EXPECT_EQ(openverse_detail(R"({"detail": "Request was throttled."})"), "Request was throttled.");
  EXPECT_EQ(openverse_detail(R"({"error": "invalid_client"})"), "invalid_client");
  EXPECT_EQ(openverse_detail(R"({"detail": {"page_size": ["too large"]}})"), "");
  EXPECT_EQ(openverse_detail("<html>"), "");
  EXPECT_EQ(openverse_detail("{\"detail\": \"" + std::string(1'000, 'x') + "\"}").size(), 200u);
}

}  // namespace
}  // namespace lookalike
