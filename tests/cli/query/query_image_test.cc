#include "cli/query/query_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::HasSubstr;

TEST(QueryImage, ErrorsNameTheFile) {
  const auto text = decode_query("notes.jpg", "plain text", {}, 224);
  ASSERT_FALSE(text.ok());
  EXPECT_THAT(text.error().message, HasSubstr("notes.jpg"));
  EXPECT_EQ(text.error().code, ErrorCode::bad_data);
}

TEST(QueryImage, KnowsWebAddresses) {
  EXPECT_TRUE(is_web_address("HTTPS://example.org/a.jpg"));
  EXPECT_TRUE(is_web_address("http://x"));
  EXPECT_FALSE(is_web_address("http.jpg"));
  EXPECT_FALSE(is_web_address("file:///etc/passwd"));
}

}  // namespace
}  // namespace lookalike
