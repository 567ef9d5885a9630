#include <gmock/gmock.h>

#include "providers/sources.h"

namespace lookalike {

const JsonService& aperture_service();  // stands in providers/sources.h

namespace {

TEST(Aperture, ReadsHitsAndDropsWhatCannotBeShown) {
  const auto page = read_answer(aperture_service(), R"({"more": true, "hits": [
      {"id": "7", "image": "https://a.example/7.jpg", "page": "https://a.example/7", "labels": ["cat", 5]},
      {"id": "8", "image": "javascript:steal", "page": "https://a.example/8"}]})",
                                {});
  ASSERT_TRUE(page.ok());
  ASSERT_THAT(page->photos, testing::SizeIs(1));
  EXPECT_THAT(page->photos[0].tags, testing::ElementsAre("cat"));
  EXPECT_TRUE(page->has_more);
}

TEST(Aperture, RefusesWhatIsNoAnswer) {
  for (const char* body : {"", "<html>", "[]", "{}"})
    EXPECT_FALSE(read_answer(aperture_service(), body, {}).ok()) << body;
}

}  // namespace
}  // namespace lookalike
