#include "core/pipeline/gone_picture.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

constexpr const char* kPhoto = "https://live.staticflickr.com/65535/2718_ab12_n.jpg";

TEST(GonePicture, IsKnownByAnUnmistakableNameWithOrWithoutARedirect) {
  for (const char* gone :
       {"https://combo.staticflickr.com/pw/images/en-us/photo_unavailable.png",
        "https://s.yimg.com/pw/images/en-us/photo_unavailable_n.png?v=3", "https://a.example/x/Photo-Unavailable.GIF",
        "https://a.example/image%20not%20found.png", "https://a.example/no_image_available.svg"}) {
    EXPECT_TRUE(is_gone_picture(kPhoto, gone)) << gone;
    EXPECT_TRUE(is_gone_picture(gone, gone)) << gone;
  }
}

TEST(GonePicture, NamesThatAPhotoMayHaveCountOnlyAfterARedirect) {
  EXPECT_TRUE(is_gone_picture("https://i.example/a1b2.jpg", "https://i.example/removed.png"));
  EXPECT_TRUE(is_gone_picture("https://i.example/a1b2.jpg", "https://i.example/errors/404.png"));
  EXPECT_FALSE(is_gone_picture("https://i.example/removed.png", "https://i.example/removed.png"));
  EXPECT_FALSE(is_gone_picture("https://i.example/File:Missing_cat.jpg", "https://u.example/a/ab/Missing_cat.jpg"));
}

TEST(GonePicture, OtherPhotosAreNone) {
  for (const char* fine : {kPhoto, "https://u.example/a/ab/Notre_Dame.jpg", "https://i.example/full/843,/0/default.jpg",
                           "https://i.example/unremovedly.jpg", "https://i.example/", "no address"})
    EXPECT_FALSE(is_gone_picture("https://i.example/7.jpg", fine)) << fine;
}

TEST(GonePictures, WhereTwoPhotosAreLedIsNone) {
  GonePictures gone;
  const std::string nothing = "https://i.example/x.png";
  EXPECT_FALSE(gone.is_one("https://i.example/1.jpg", nothing)) << "not to be told from a move yet";
  EXPECT_FALSE(gone.is_one("https://i.example/1.jpg", nothing)) << "the same again";
  EXPECT_TRUE(gone.is_one("https://i.example/2.jpg", nothing));
  EXPECT_FALSE(gone.is_one("https://i.example/3.jpg", "https://i.example/3.jpg"));
}

}  // namespace
}  // namespace lookalike
