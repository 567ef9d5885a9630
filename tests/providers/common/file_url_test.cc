#include "providers/common/file_url.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

TEST(FileUrl, EncodesAllButTheSlashes) {
  EXPECT_EQ(file_url("/my pics/cat.jpg"), "file:///my%20pics/cat.jpg");
  EXPECT_EQ(file_url("/a%b?c#d"), "file:///a%25b%3Fc%23d");
  EXPECT_EQ(file_url("/\xFF"), "file:///%FF");
  EXPECT_EQ(file_url("/"), "file:///");
}

}  // namespace
}  // namespace lookalike
