#include "cli/query_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class QueryImageTest : public testing::Test {
 protected:
  QueryImageTest() {
    for (const char* name : {"b.JPG", "a.png", ".hidden.jpg", "notes.txt", "sub/c.webp"})
      folder_.write(name, "");
  }

  test::TemporaryFolder folder_;
};

TEST_F(QueryImageTest, DirectoriesStandForTheImagesInThem) {
  const auto flat = expand_arguments({folder_.path().string(), "x.jpg", "-"}, false);
  ASSERT_TRUE(flat.ok());
  EXPECT_THAT(*flat, ElementsAre((folder_ / "a.png").string(), (folder_ / "b.JPG").string(), "x.jpg", "-"));
  const auto deep = expand_arguments({folder_.path().string()}, true);
  ASSERT_TRUE(deep.ok());
  EXPECT_EQ(deep->size(), 3u);
}

TEST_F(QueryImageTest, ADirectoryWithoutPhotosIsAnError) {
  fs::create_directories(folder_ / "empty");
  const auto none = expand_arguments({(folder_ / "empty").string()}, true);
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().message, HasSubstr("no photos"));
}

TEST_F(QueryImageTest, ErrorsNameTheFile) {
  const auto text = decode_query("notes.jpg", "plain text", {}, 224);
  ASSERT_FALSE(text.ok());
  EXPECT_THAT(text.error().message, HasSubstr("notes.jpg"));
  EXPECT_EQ(text.error().code, ErrorCode::bad_data);
}

TEST_F(QueryImageTest, KnowsWebAddresses) {
  EXPECT_TRUE(is_web_address("HTTPS://example.org/a.jpg"));
  EXPECT_TRUE(is_web_address("http://x"));
  EXPECT_FALSE(is_web_address("http.jpg"));
  EXPECT_FALSE(is_web_address("file:///etc/passwd"));
}

}  // namespace
}  // namespace lookalike
