#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/base/text/text.h"
#include "providers/flickr/flickr.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kUrl = R"("url_n":"https://live.staticflickr.com/1/7_n.jpg")";

std::string answer_with(const std::string& photos,
                        const std::string& head = R"("page":1,"pages":1,"perpage":30,"total":"1")") {
  return R"({"photos":{)" + head + R"(,"photo":[)" + photos + R"(]},"stat":"ok"})";
}

std::string photo_with(const std::string& fields) {
  return R"({"id":"7","owner":"1@N00",)" + std::string(kUrl) + (fields.empty() ? "" : "," + fields) + "}";
}

Result<PhotoPage> parse_flickr_search(std::string_view body) {
  return read_answer(flickr_service(), body, {});
}

PhotoPage parsed(const std::string& body) {
  Result<PhotoPage> page = parse_flickr_search(body);
  EXPECT_TRUE(page.ok()) << (page.ok() ? "" : page.error().message) << "\n" << body.substr(0, 300);
  return page.ok() ? *page : PhotoPage{};
}

Photo only_photo(const std::string& fields) {
  const PhotoPage page = parsed(answer_with(photo_with(fields)));
  EXPECT_THAT(page.photos, SizeIs(1)) << fields;
  return page.photos.empty() ? Photo{} : page.photos[0];
}

Error failure(const std::string& body) {
  const Result<PhotoPage> page = parse_flickr_search(body);
  EXPECT_FALSE(page.ok()) << body;
  return page.ok() ? Error{ErrorCode::interrupted, "was no failure"} : page.error();
}

Error fail_code(const std::string& code) {
  return failure(R"({"stat":"fail","code":)" + code + R"(,"message":"it says so"})");
}

TEST(FlickrAnswer, ReadsAPhoto) {
  const PhotoPage page = parsed(answer_with(R"j({"id":"49514337848","owner":"7478087@N06","ownername":"marku",
      "title":"Warsy (\u00e9glise)","license":"4","tags":"church somme","farm":66,"pathalias":"elsewhere",
      "url_t":"https://live.staticflickr.com/65535/49514337848_b_t.jpg","height_t":100,"width_t":"64",
      "url_n":"https://live.staticflickr.com/65535/49514337848_b_n.jpg","height_n":"320","width_n":214})j"));
  ASSERT_THAT(page.photos, SizeIs(1));
  const Photo& photo = page.photos[0];
  EXPECT_EQ(photo.provider, "flickr");
  EXPECT_EQ(photo.id, "49514337848");
  EXPECT_EQ(photo.page_url, "https://www.flickr.com/photos/7478087@N06/49514337848");
  EXPECT_EQ(photo.owner_url, "https://www.flickr.com/people/7478087@N06/");
  EXPECT_EQ(photo.image_url, "https://live.staticflickr.com/65535/49514337848_b_n.jpg");
  EXPECT_EQ(photo.title, "Warsy (église)");
  EXPECT_EQ(photo.owner, "marku");
  EXPECT_EQ(photo.license.id, "4");
  EXPECT_EQ(photo.license.name, "CC BY 2.0");
  EXPECT_EQ(photo.attribution, "\"Warsy (église)\" by marku, CC BY 2.0");
  EXPECT_THAT(photo.tags, ElementsAre("church", "somme"));
  EXPECT_EQ(photo.local_path, "");
}

TEST(FlickrAnswer, TakesNumbersForTextAndTextForNumbers) {
  const PhotoPage page = parsed(R"({"photos":{"page":"1","pages":"3","perpage":"1","total":3,"photo":[
      {"id":7,"owner":"1@N00","title":1984,"license":4,"url_n":"https://x.org/7.jpg","width_n":"320"}]},"stat":"ok"})");
  ASSERT_THAT(page.photos, SizeIs(1));
  EXPECT_EQ(page.photos[0].id, "7");
  EXPECT_EQ(page.photos[0].title, "1984");
  EXPECT_EQ(page.photos[0].license.id, "4");
  EXPECT_TRUE(page.has_more);
}

TEST(FlickrAnswer, LetsTrailingCommasPass) {
  EXPECT_THAT(parsed(R"({"photos":{"page":1,"photo":[)" + photo_with("") + R"(,],},"stat":"ok",})").photos, SizeIs(1));
}

TEST(FlickrAnswer, DropsPhotosThatCannotBeShownOrDownloaded) {
  const std::string url = kUrl;
  for (const std::string& photo :
       {R"({"owner":"1@N00",)" + url + "}", R"({"id":"7",)" + url + "}", std::string(R"({"id":"7","owner":"1@N00"})"),
        R"({"id":"","owner":"1@N00",)" + url + "}", R"({"id":"../7","owner":"1@N00",)" + url + "}",
        R"({"id":"7","owner":"..",)" + url + "}", R"({"id":"7","owner":"a b",)" + url + "}",
        R"({"id":{},"owner":[],)" + url + "}", R"({"id":true,"owner":null,)" + url + "}",
        std::string(R"j({"id":"7","owner":"1@N00","url_n":"javascript:alert(1)"})j"),
        std::string(R"({"id":"7","owner":"1@N00","url_n":"file:///etc/passwd"})"),
        std::string(R"({"id":"7","owner":"1@N00","url_n":"https://x.org/a b.jpg"})"),
        std::string(R"({"id":"7","owner":"1@N00","url_n":"https://x.org/\u0000.jpg\n"})"), std::string("null"),
        std::string("7"), std::string("\"photo\""), std::string("[[]]")}) {
    EXPECT_THAT(parsed(answer_with(photo + "," + R"({"id":"8","owner":"1@N00",)" + url + "}")).photos, SizeIs(1))
        << photo;
  }
}

TEST(FlickrAnswer, EncodesWhatAnOwnerMayNotHaveInAPath) {
  const PhotoPage page = parsed(answer_with(R"({"id":"7","owner":"a/b?c#d",)" + std::string(kUrl) + "}"));
  ASSERT_THAT(page.photos, SizeIs(1));
  EXPECT_EQ(page.photos[0].page_url, "https://www.flickr.com/photos/a%2Fb%3Fc%23d/7");
}

TEST(FlickrAnswer, PrefersTheSmallestImageThatIsLargeEnough) {
  const auto chosen = [](const std::string& urls) {
    const PhotoPage page = parsed(answer_with(R"({"id":"7","owner":"1@N00",)" + urls + "}"));
    return page.photos.empty() ? "" : page.photos[0].image_url;
  };
  EXPECT_EQ(chosen(R"("url_t":"https://x/t","url_s":"https://x/s","url_z":"https://x/z","url_n":"https://x/n")"),
            "https://x/n");
  EXPECT_EQ(chosen(R"("url_s":"https://x/s","url_l":"https://x/l","url_z":"https://x/z")"), "https://x/z");
  EXPECT_EQ(chosen(R"("url_t":"https://x/t","url_q":"https://x/q","url_s":"http://x/s")"), "http://x/s");
  EXPECT_EQ(chosen(R"("url_n":"","url_z":17,"url_t":"https://x/t")"), "https://x/t");
}

TEST(FlickrAnswer, SplitsAndBoundsTags) {
  EXPECT_THAT(only_photo(R"("tags":"")").tags, IsEmpty());
  EXPECT_THAT(only_photo("").tags, IsEmpty());
  EXPECT_THAT(only_photo(R"("tags":{"tag":[]})").tags, IsEmpty());
  EXPECT_THAT(only_photo(R"("tags":"  cat  dog cat ")").tags, ElementsAre("cat", "dog"));
  EXPECT_THAT(only_photo(R"("tags":"cat )" + std::string(101, 'x') + R"( dog")").tags, ElementsAre("cat", "dog"));
  std::string many;
  for (int i = 0; i < 500; ++i)
    many += "tag" + std::to_string(i) + " ";
  EXPECT_THAT(only_photo(R"("tags":")" + many + R"(")").tags, SizeIs(75));
}

// In a query such a tag would exclude what it names.
TEST(FlickrAnswer, TakesLeadingDashesOffTags) {
  EXPECT_THAT(only_photo(R"("tags":"-apple --leaf - -- sky-blue apple")").tags,
              ElementsAre("apple", "leaf", "sky-blue"));
}

// Found by fuzzing.
TEST(FlickrAnswer, ADashBehindAnInvisibleCharacterIsALeadingDash) {
  EXPECT_THAT(only_photo(R"("tags":"\u202e-cat \u200f--\u0001-dog -\u202e -\u0007")").tags, ElementsAre("cat", "dog"));
}

TEST(FlickrAnswer, AMegabyteOfTagsIsNoTrouble) {
  EXPECT_THAT(only_photo(R"("tags":")" + std::string(1 << 20, 'x') + R"(")").tags, IsEmpty());
  std::string words;
  while (words.size() < (1 << 20))
    words += "a ";
  EXPECT_THAT(only_photo(R"("tags":")" + words + R"(")").tags, ElementsAre("a"));
}

TEST(FlickrAnswer, CleansDeceivingCharactersOutOfTags) {
  EXPECT_THAT(only_photo(R"("tags":"\u202ecat do\u0000g \u001b[31m \u200f")").tags, ElementsAre("cat", "dog", "[31m"));
}

TEST(FlickrAnswer, EveryStringIsValidUtf8) {
  const Photo photo = only_photo("\"title\":\"a\xFF\xC0z\",\"ownername\":\"\xED\xA0\x80\",\"tags\":\"x\xFFy\"");
  for (const std::string& text : {photo.title, photo.owner, photo.attribution})
    EXPECT_EQ(valid_utf8(text), text);
  for (const std::string& tag : photo.tags)
    EXPECT_EQ(valid_utf8(tag), tag);
}

TEST(FlickrAnswer, ReadsTitlesInTheirOtherShape) {
  EXPECT_EQ(only_photo(R"("title":{"_content":"Cat &amp; dog"})").title, "Cat &amp; dog");
  EXPECT_EQ(only_photo(R"("title":["x"])").title, "");
  EXPECT_EQ(only_photo(R"("title":"","license":"9")").attribution, "Photo by 1@N00, CC0 1.0");
}

TEST(FlickrAnswer, AnUnknownLicenceGivesNoAttribution) {
  for (const char* license : {R"("license":"99")", R"("license":[])", R"("license":-1)"}) {
    EXPECT_EQ(only_photo(license).license.name, "") << license;
    EXPECT_EQ(only_photo(license).attribution, "") << license;
  }
}

TEST(FlickrAnswer, DropsDoubles) {
  const PhotoPage page = parsed(answer_with(photo_with("") + "," + photo_with(R"("title":"again")")));
  ASSERT_THAT(page.photos, SizeIs(1));
  EXPECT_EQ(page.photos[0].title, "");
}

TEST(FlickrAnswer, KnowsWhetherThereIsMore) {
  const auto more = [](const std::string& head) { return parsed(answer_with(photo_with(""), head)).has_more; };
  EXPECT_TRUE(more(R"("page":1,"pages":2,"perpage":30,"total":"31")"));
  EXPECT_FALSE(more(R"("page":2,"pages":2,"perpage":30,"total":"31")"));
  EXPECT_FALSE(more(R"("page":1,"pages":5683,"perpage":30,"total":"30")"));
  EXPECT_TRUE(more(R"("page":7,"pages":5683,"perpage":500,"total":"568294")"));
  EXPECT_FALSE(more(R"("page":8,"pages":5683,"perpage":500,"total":"568294")")) << "4,000 results at most";
  EXPECT_TRUE(more(R"("page":1,"perpage":30,"total":31)"));
  EXPECT_FALSE(more(R"("page":{},"pages":[],"perpage":null,"total":true)"));
  EXPECT_FALSE(more(R"("page":-9223372036854775808,"pages":0,"perpage":9223372036854775807,"total":0)"));
  EXPECT_FALSE(parsed(answer_with("", R"("page":1,"pages":9,"perpage":30,"total":"300")")).has_more);
}

TEST(FlickrAnswer, MapsFlickrsCodesToWhatTheCallerMayDo) {
  EXPECT_EQ(fail_code("100").code, ErrorCode::auth);
  EXPECT_THAT(fail_code("100").message, HasSubstr("https://www.flickr.com/services/api/misc.api_keys.html"));
  for (const char* code : {"0", "10", "105", "201", "\"105\""})
    EXPECT_EQ(fail_code(code).code, ErrorCode::network) << code;
  for (const char* code : {"1", "2", "3", "18", "11"})
    EXPECT_EQ(fail_code(code).code, ErrorCode::usage) << code;
  for (const char* code : {"106", "111", "112", "114", "115", "116"}) {
    EXPECT_EQ(fail_code(code).code, ErrorCode::bad_data) << code;
  }
  EXPECT_THAT(fail_code("3").message, HasSubstr("it says so"));
}

TEST(FlickrAnswer, APageTooFarIsEmpty) {
  const PhotoPage page = parsed(R"({"stat":"fail","code":20,"message":"Excessive photo offset in search"})");
  EXPECT_THAT(page.photos, IsEmpty());
  EXPECT_FALSE(page.has_more);
}

TEST(FlickrAnswer, AFailureMayLackEverything) {
  EXPECT_EQ(failure(R"({"stat":"fail"})").code, ErrorCode::network);
  EXPECT_EQ(failure(R"({"stat":"fail","code":[],"message":{}})").code, ErrorCode::network);
  EXPECT_EQ(failure(R"({"stat":"fail","code":-7,"message":")" + std::string(100'000, 'm') + R"("})").code,
            ErrorCode::usage);
  EXPECT_LT(failure(R"({"stat":"fail","code":3,"message":")" + std::string(100'000, 'm') + R"("})").message.size(),
            500u);
}

TEST(FlickrAnswer, SaysWhatCameInsteadOfJson) {
  const Error error = failure("<html><body>Please sign in to the hotel's network</body></html>");
  EXPECT_EQ(error.code, ErrorCode::bad_data);
  EXPECT_THAT(error.message, HasSubstr("<html><body>Please sign in"));
}

TEST(FlickrAnswer, RefusesOtherShapes) {
  for (const char* body : {"", " ", "{}", "[]", "null", "7", "\"x\"", R"({"photos":[]})", R"({"photos":{"photo":{}}})",
                           R"({"photos":null,"stat":"ok"})", R"({"stat":"ok"})", R"({"photos":{"photo":[)", "\0\0\0"}) {
    EXPECT_EQ(failure(body).code, ErrorCode::bad_data) << body;
  }
}

TEST(FlickrAnswer, DeepNestingIsRefusedBeforeItIsBuilt) {
  EXPECT_EQ(failure(std::string(200'000, '[')).code, ErrorCode::bad_data);
  EXPECT_EQ(failure(answer_with(std::string(200'000, '[') + std::string(200'000, ']'))).code, ErrorCode::bad_data);
}

TEST(FlickrAnswer, SurvivesEveryTruncation) {
  const std::string whole = answer_with(photo_with(R"("title":"\u00e9x","tags":"a b","license":4)"));
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_flickr_search(whole.substr(0, size)).ok()) << size;
}

TEST(FlickrAnswer, GivesNoMoreThanAPageOfPhotos) {
  std::string photos;
  for (int i = 0; i < 3000; ++i) {
    photos += (i > 0 ? "," : "") + std::string(R"({"id":)") + std::to_string(i) + R"(,"owner":"o",)" + kUrl + "}";
  }
  EXPECT_THAT(parsed(answer_with(photos)).photos, SizeIs(kFlickrMaxPerPage));
}

}  // namespace
}  // namespace lookalike
