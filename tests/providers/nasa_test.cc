#include <gmock/gmock.h>

#include "providers/sources.h"
#include "tests/providers/common/provider_fixture.h"
#include "tests/support/service_stand_in.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

Result<PhotoPage> answer_of(const std::string& body) {
  return read_answer(nasa_service(), body, {.per_page = 100});
}

std::string item_with(const std::string& data, const std::string& href = "https://images-assets.nasa.gov/a~thumb.jpg") {
  return R"({"href": "https://x", "data": [{)" + data + R"(}], "links": [{"rel": "captions", "href": "https://c"},
      {"rel": "preview", "render": "image", "href": ")" +
         href + R"("}]})";
}

PhotoPage page_of(const std::string& items, const std::string& total = "1") {
  const auto page =
      answer_of(R"({"collection": {"metadata": {"total_hits": )" + total + R"(}, "items": [)" + items + "]}}");
  EXPECT_TRUE(page.ok());
  return page.ok() ? *page : PhotoPage{};
}

Photo photo_of(const std::string& data, const std::string& href = "https://images-assets.nasa.gov/a~thumb.jpg") {
  const PhotoPage page = page_of(item_with(data, href));
  return page.photos.empty() ? Photo{} : page.photos[0];
}

TEST(Nasa, ReadsAPhoto) {
  const Photo photo = photo_of(
      R"("center": "JPL", "nasa_id": "PIA06604", "title": "Fantastic Planet", "date_created": "2005-03-14T13:55:00Z",
         "keywords": ["Titan", "Cassini-Huygens, rings,, -moon"], "media_type": "image",
         "secondary_creator": "NASA/JPL/Space Science Institute", "description": "Fantastic Planet")");
  EXPECT_EQ(photo.provider, "nasa");
  EXPECT_EQ(photo.id, "PIA06604");
  EXPECT_EQ(photo.title, "Fantastic Planet");
  EXPECT_EQ(photo.page_url, "https://images.nasa.gov/details/PIA06604");
  EXPECT_EQ(photo.image_url, "https://images-assets.nasa.gov/a~thumb.jpg");
  EXPECT_EQ(photo.owner, "NASA/JPL/Space Science Institute");
  EXPECT_EQ(photo.license.id, "us-gov");
  EXPECT_THAT(photo.attribution, HasSubstr("\"Fantastic Planet\" by NASA/JPL/Space Science Institute"));
  EXPECT_THAT(photo.tags, ElementsAre("Titan", "Cassini-Huygens", "rings", "moon"));
}

TEST(Nasa, IdentifiersAndAddressesMayHoldBlanks) {
  const Photo photo =
      photo_of(R"("nasa_id": "50 Years of Mars ")", "http://images-assets.nasa.gov/50 Years ~thumb.jpg");
  EXPECT_EQ(photo.id, "50 Years of Mars");
  EXPECT_EQ(photo.page_url, "https://images.nasa.gov/details/50%20Years%20of%20Mars%20");
  EXPECT_EQ(photo.image_url, "https://images-assets.nasa.gov/50%20Years%20~thumb.jpg");
}

TEST(Nasa, NamesWhoMadeThePhotoAsFarAsItIsSaid) {
  EXPECT_EQ(photo_of(R"("nasa_id": "a", "photographer": "Bill I.", "secondary_creator": "NASA")").owner, "Bill I.");
  EXPECT_EQ(photo_of(R"("nasa_id": "a", "center": "KSC")").owner, "NASA KSC");
  EXPECT_EQ(photo_of(R"("nasa_id": "a")").owner, "NASA");
}

TEST(Nasa, OnlyItsOwnPhotosAreInThePublicDomain) {
  const auto id_of = [](const std::string& more) { return photo_of(R"("nasa_id": "a")" + more).license.id; };
  EXPECT_EQ(id_of(""), "us-gov");
  EXPECT_EQ(id_of(R"(, "secondary_creator": "ESA/Hubble & NASA")"), "us-gov");
  EXPECT_EQ(id_of(R"(, "secondary_creator": "SpaceX")"), "");
  EXPECT_EQ(id_of(R"(, "copyright": "Somebody")"), "");
}

TEST(Nasa, PagesEndAtWhatCanBeReached) {
  const auto more = [](int page, const std::string& total) {
    const std::string body = R"({"collection": {"metadata": {"total_hits": )" + total + R"(}, "items": [)" +
                             item_with(R"("nasa_id": "a")") + "]}}";
    return read_answer(nasa_service(), body, {.page = page, .per_page = 100})->has_more;
  };
  EXPECT_TRUE(more(1, "101"));
  EXPECT_FALSE(more(1, "100"));
  EXPECT_TRUE(more(99, "1e12"));
  EXPECT_FALSE(more(100, "1e12"));
  EXPECT_FALSE(more(1, "\"many\""));
}

TEST(Nasa, SurvivesWrongTypesAndHostileText) {
  const PhotoPage page = page_of("5, null, [], {}, {\"data\": []}, {\"data\": [7]}, " + item_with("\"nasa_id\": []") +
                                 "," + item_with("\"nasa_id\": \"a\"", "javascript:steal") + "," +
                                 item_with("\"nasa_id\": \"" + std::string(300, 'x') + "\"") + "," +
                                 item_with(R"("nasa_id": "../e\u001b[31m", "keywords": [7, {}, "ok"], "center": {})"));
  ASSERT_THAT(page.photos, SizeIs(1));
  EXPECT_EQ(page.photos[0].page_url, "https://images.nasa.gov/details/..%2Fe%1B%5B31m");
  EXPECT_THAT(page.photos[0].tags, ElementsAre("ok"));
}

TEST(Nasa, RefusesWhatIsNoAnswer) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"collection": []})", R"({"collection": {"items": 5}})"})
    EXPECT_EQ(answer_of(body).error().code, ErrorCode::bad_data) << body;
}

TEST(Nasa, RefusalsSayWhoIsAtFault) {
  const auto refused = [](const std::string& body) {
    return *read_refusal(nasa_service(), {.status = 400, .body = body});
  };
  const auto beyond = refused(R"({"reason": "Maximum number of search results have been displayed."})");
  ASSERT_TRUE(beyond.ok());
  EXPECT_THAT(beyond->photos, IsEmpty());
  EXPECT_THAT(refused(R"({"reason": "No 'q'"})").error().message, HasSubstr("No 'q'"));
  EXPECT_EQ(refused("\xFF\x1B[31m").error().code, ErrorCode::usage);
  EXPECT_FALSE(read_refusal(nasa_service(), {.status = 503}).has_value());
}

TEST(Nasa, SendsWhatTheServiceDocuments) {
  const test::TemporaryFolder folder;
  const auto service = test::ServiceStandIn::start("nasa", {.collection = test::write_collection(folder, 5)});
  ASSERT_TRUE(service.ok());
  HttpClient http(test::quick_http());
  const auto nasa = make_json_provider(nasa_service(), {.endpoint = (*service)->endpoint()}, http);
  ASSERT_TRUE(nasa.ok());
  EXPECT_THAT(test::ask(**nasa, test::query_for("thing, -even", 1, 1'000)).page->photos, SizeIs(3));
  EXPECT_THAT((*service)->calls().at(0),
              testing::UnorderedElementsAre(Pair("path", "/search"), Pair("q", "thing even"),
                                            Pair("media_type", "image"), Pair("page", "1"), Pair("page_size", "100")));
  EXPECT_TRUE(test::ask(**nasa, test::query_for("thing", 101, 100)).page.ok());
  EXPECT_THAT((*service)->calls(), SizeIs(1)) << "beyond what can be reached nothing is asked";
}

}  // namespace
}  // namespace lookalike
