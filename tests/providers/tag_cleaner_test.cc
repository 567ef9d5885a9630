#include "providers/tag_cleaner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lookalike {
namespace {

TEST(TagCleaner, KnowsMachineTags) {
  for (const char* tag : {"geo:lat=51.5", "uploaded:by=instagram", "flickriosapp:filter=nofilter", "bio:taxon=a=b"})
    EXPECT_TRUE(is_machine_tag(tag)) << tag;
  for (const char* tag : {"cat", "a:b", "a=b", "=:", ":x=", "2+2=4:x", ":=", "x:=y"})
    EXPECT_FALSE(is_machine_tag(tag)) << tag;
}

TEST(TagCleaner, DropsWhatSaysNothingOfThePhoto) {
  const TagCleaner cleaner;
  for (const char* tag : {"canon",
                          "Nikon",
                          "Canon EOS 5D Mark II",
                          "eos5d",
                          "EOS 5D",
                          "nikon d90",
                          "NikonD7000",
                          "iphoneography",
                          "iPhone 6s",
                          "instagramapp",
                          "squareformat",
                          "Square Format",
                          "50mm",
                          "f28",
                          "2012",
                          "365",
                          "12-05",
                          "the",
                          "und",
                          "avec",
                          "della",
                          "и",
                          "の",
                          "geo:lon=4",
                          "photo",
                          "flickrmobile",
                          "flickriosapp",
                          "DSC 0012",
                          "!!!"}) {
    EXPECT_TRUE(cleaner.drops(tag)) << tag;
  }
}

TEST(TagCleaner, KeepsWhatDoes) {
  const TagCleaner cleaner;
  for (const char* tag :
       {"cat",      "van",  "den",       "canonical", "installation", "sunset", "square",     "camera",
        "ca",       "東京", "猫",        "кот",       "größe",        "القط",   "sports car", "mmm",
        "route 66", "b52",  "boeing747", "😀",         "dscovr",       "iris",   "foggy",      "f"}) {
    EXPECT_FALSE(cleaner.drops(tag)) << tag;
  }
}

TEST(TagCleaner, AddsTheUsersList) {
  TagCleaner cleaner;
  cleaner.add("# mine\nMy Holiday  # a comment\nparty%*\n\n*\n  \r\nкрасиво\r\n");
  for (const char* tag : {"myholiday", "My-Holiday", "party2012", "party 7 berlin", "Красиво"})
    EXPECT_TRUE(cleaner.drops(tag)) << tag;
  for (const char* tag : {"holiday", "party", "cat"})
    EXPECT_FALSE(cleaner.drops(tag)) << tag;
}

TEST(TagCleaner, WordsThatTheUserGaveAreKept) {
  TagCleaner cleaner;
  const std::vector<std::string> given{"Canon", "eos 5d", "1984"};
  cleaner.exempt(given);
  for (const char* tag : {"canon", "EOS5D", "1984"})
    EXPECT_FALSE(cleaner.drops(tag)) << tag;
  EXPECT_TRUE(cleaner.drops("nikon"));
}

TEST(TagCleaner, HostileListsAndTagsTakeNoLongTime) {
  TagCleaner cleaner;
  cleaner.add(std::string(1'000, '%') + "\n" + std::string(1'000, '*') + "\n\xFF\xFE\n");
  EXPECT_FALSE(cleaner.drops(std::string(100'000, 'a')));
  EXPECT_TRUE(cleaner.drops(std::string(100'000, '1')));
}

}  // namespace
}  // namespace lookalike
