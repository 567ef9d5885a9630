#include <gmock/gmock.h>

#include "providers/sources.h"
#include "tests/providers/common/provider_fixture.h"
#include "tests/support/service_stand_in.h"

namespace lookalike {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

Result<PhotoPage> answer_of(const std::string& body, int page = 1) {
  return read_answer(inaturalist_service(), body, {.page = page, .per_page = 100});
}

std::string observation_with(const std::string& photo, const std::string& more = "") {
  return R"({"id": 7, "photos": [{)" + photo + "}]" + (more.empty() ? "" : ", " + more) + "}";
}

Photo photo_of(const std::string& photo, const std::string& more = "") {
  const auto page = answer_of(R"({"total_results": 1, "results": [)" + observation_with(photo, more) + "]}");
  EXPECT_TRUE(page.ok());
  return page.ok() && !page->photos.empty() ? page->photos[0] : Photo{};
}

constexpr const char* kUrl = R"("url": "https://inaturalist-open-data.s3.amazonaws.com/photos/9/square.jpg")";

TEST(Inaturalist, ReadsAnObservation) {
  const Photo photo = photo_of(
      std::string(kUrl) +
          R"json(, "id": 9, "license_code": "cc-by-nc", "attribution": "(c) Felipe, some rights reserved (CC BY-NC)",
             "original_dimensions": {"height": 1200, "width": 951}, "flags": [])json",
      R"("quality_grade": "research", "species_guess": "Speckled Wood", "user": {"id": 3, "login": "felipe_h"},
         "tags": ["garden", "spring,  wing"],
         "taxon": {"id": 52592, "rank": "species", "name": "Pararge aegeria", "iconic_taxon_name": "Insecta",
                   "preferred_common_name": "Speckled Wood", "ancestor_ids": [48460, 1]},
         "identifications": [{"id": 1, "taxon": {"id": 47158, "ancestors": [{"preferred_common_name": "Wrong"}]}},
            {"id": 2, "taxon": {"id": 52592, "ancestors": [{"name": "Animalia", "preferred_common_name": "Animals"},
               {"name": "Lepidoptera", "preferred_common_name": "Butterflies and Moths"}, {"name": "Parargina"}]}}])");
  EXPECT_EQ(photo.provider, "inaturalist");
  EXPECT_EQ(photo.id, "7");
  EXPECT_EQ(photo.page_url, "https://www.inaturalist.org/observations/7");
  EXPECT_EQ(photo.image_url, "https://inaturalist-open-data.s3.amazonaws.com/photos/9/small.jpg");
  EXPECT_EQ(photo.title, "Speckled Wood");
  EXPECT_EQ(photo.owner, "felipe_h");
  EXPECT_EQ(photo.owner_url, "https://www.inaturalist.org/people/felipe_h");
  EXPECT_EQ(photo.license.name, "CC BY-NC 4.0");
  EXPECT_EQ(photo.attribution, "(c) Felipe, some rights reserved (CC BY-NC)");
  EXPECT_THAT(photo.tags, ElementsAre("Speckled Wood", "Pararge aegeria", "Insecta", "garden", "spring", "wing",
                                      "Animals", "Butterflies and Moths"));
}

TEST(Inaturalist, TakesTheSmallImageOrTheNextThatThereIs) {
  const auto image_of = [](const std::string& fields) { return photo_of(fields).image_url; };
  EXPECT_EQ(image_of(R"("url": "https://static.inaturalist.org/photos/9/square.jpeg?15")"),
            "https://static.inaturalist.org/photos/9/small.jpeg?15");
  EXPECT_EQ(image_of(R"("url": "https://other.example/9.jpg", "medium_url": "https://other.example/9_m.jpg")"),
            "https://other.example/9_m.jpg");
  EXPECT_EQ(image_of(R"("small_url": "https://a.example/s.jpg", "medium_url": "https://a.example/m.jpg")"),
            "https://a.example/s.jpg");
  EXPECT_EQ(image_of(R"("url": "https://other.example/9.jpg")"), "https://other.example/9.jpg");
  EXPECT_EQ(image_of(R"("url": "data:x")"), "");
}

TEST(Inaturalist, LicencesAreThoseOfThePhoto) {
  const auto name_of = [](const std::string& code) {
    return photo_of(std::string(kUrl) + ", \"license_code\": " + code).license.name;
  };
  EXPECT_EQ(name_of("\"cc0\""), "CC0 1.0");
  EXPECT_EQ(name_of("\"cc-by-nc-sa\""), "CC BY-NC-SA 4.0");
  EXPECT_EQ(name_of("\"pd\""), "Public Domain Mark 1.0");
  EXPECT_EQ(name_of("null"), "All rights reserved");
  EXPECT_EQ(name_of("\"gfdl\""), "gfdl");
}

TEST(Inaturalist, PagesEndAtWhatCanBeReached) {
  const auto more = [](int page, const std::string& total) {
    return answer_of("{\"total_results\": " + total + ", \"results\": [" + observation_with(kUrl) + "]}", page)
        ->has_more;
  };
  EXPECT_TRUE(more(1, "101"));
  EXPECT_FALSE(more(1, "100"));
  EXPECT_FALSE(more(100, "200000000"));
  EXPECT_FALSE(more(1, "null"));
}

TEST(Inaturalist, SurvivesWrongTypesAndHostileText) {
  const auto page = answer_of(R"({"total_results": "x", "results": [5, null, [], {"id": 1, "photos": []},
      {"id": "a/b", "photos": [{"url": "https://x.example/square.jpg"}]},
      {"id": 2, "photos": [{"url": "javascript:steal"}]}, {"id": 3, "photos": [7]}, {"id": 4, "photos": {}},
      {"id": 8, "photos": [{"url": "https://x.example/square.jpg", "license_code": {}}], "taxon": 7, "tags": {"a": 1},
       "user": [], "identifications": [7, {"taxon": {"ancestors": [3]}}], "species_guess": "\u001b[31m-x"},
      {"id": 8, "photos": [{"url": "https://x.example/square.jpg"}]}]})");
  ASSERT_TRUE(page.ok());
  ASSERT_THAT(page->photos, SizeIs(1));
  EXPECT_EQ(page->photos[0].id, "8");
  EXPECT_THAT(page->photos[0].tags, IsEmpty());
}

TEST(Inaturalist, RefusesWhatIsNoAnswer) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"results": 5})", "{\"results\": ["})
    EXPECT_EQ(answer_of(body).error().code, ErrorCode::bad_data) << body;
}

class InaturalistTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = test::ServiceStandIn::start("inaturalist", {.collection = test::write_collection(folder_, 45)});
    ASSERT_TRUE(started.ok()) << started.error().message;
    service_ = std::move(*started);
  }
  Result<std::unique_ptr<Provider>> provider(const std::string& licenses) {
    return make_json_provider(inaturalist_service(), {.endpoint = service_->endpoint(), .licenses = licenses}, http_);
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<test::ServiceStandIn> service_;
  HttpClient http_{test::quick_http()};
};

TEST_F(InaturalistTest, SendsWhatTheServiceDocuments) {
  const auto answer = test::ask(**provider(""), test::query_for("thing, -even", 1, 1'000));
  ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
  EXPECT_THAT(
      service_->calls().at(0),
      testing::UnorderedElementsAre(Pair("path", "/v1/observations"), Pair("q", "thing even"), Pair("photos", "true"),
                                    Pair("locale", "en"), Pair("page", "1"), Pair("per_page", "100")));
}

TEST_F(InaturalistTest, AsksForTheLicencesWishedFor) {
  const auto answer = test::ask(**provider("commercial,cc0,by-sa,by-nc"), test::query_for("thing", 1, 100));
  ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
  EXPECT_THAT(service_->calls().at(0), Contains(Pair("photo_license", "cc0,cc-by-sa")));
  EXPECT_THAT(answer.page->photos, SizeIs(18));
  EXPECT_EQ(provider("us-gov").error().code, ErrorCode::usage);
  EXPECT_EQ(provider("gpl").error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace lookalike
