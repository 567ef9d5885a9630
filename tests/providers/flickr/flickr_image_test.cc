#include <gtest/gtest.h>

#include "providers/flickr/flickr.h"

namespace lookalike {
namespace {

TEST(FlickrImage, AnySizeHasASmallOneBesideIt) {
  const char* const small = "https://live.staticflickr.com/65535/52131434_0a1b2c3d4e_n.jpg";
  for (const char* size : {"", "_b", "_z", "_n", "_3k", "_h"}) {
    EXPECT_EQ(
        small_flickr_image(std::string("https://live.staticflickr.com/65535/52131434_0a1b2c3d4e") + size + ".jpg"),
        small)
        << size;
  }
  EXPECT_EQ(small_flickr_image("https://farm9.staticflickr.com/8/1_ab_b.jpg"),
            "https://farm9.staticflickr.com/8/1_ab_n.jpg");
}

TEST(FlickrImage, AnOriginalHasAnotherSecret) {
  EXPECT_EQ(small_flickr_image("https://live.staticflickr.com/65535/52131434_0a1b2c3d4e_o.jpg"), "");
}

TEST(FlickrImage, OtherAddressesAreNone) {
  for (const char* url : {"", "https://example.org/65535/1_ab_b.jpg", "https://notstaticflickr.com/1/1_ab_b.jpg",
                          "http://live.staticflickr.com/1/1_ab_b.jpg", "https://live.staticflickr.com/1/1_ab_b.png",
                          "https://live.staticflickr.com/1/a_ab_b.jpg", "https://live.staticflickr.com/1/1_xy_b.jpg",
                          "https://live.staticflickr.com/1/1_ab_big.jpg",
                          "https://live.staticflickr.com/1/1_ab_b.jpg?x=1", "https://live.staticflickr.com/"}) {
    EXPECT_EQ(small_flickr_image(url), "") << url;
  }
}

TEST(FlickrImage, TheServerIsTreatedGently) {
  EXPECT_EQ(flickr_image_policy().host, "staticflickr.com");
  EXPECT_GT(flickr_image_policy().max_at_once, 0);
  EXPECT_GT(flickr_image_policy().per_second, 0);
}

}  // namespace
}  // namespace lookalike
