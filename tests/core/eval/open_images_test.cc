#include "core/eval/open_images.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr std::string_view kLabels =
    "ImageID,Source,LabelName,Confidence\r\n"
    "000a1249af2bc5f0,verification,/m/0199g,1\r\n"
    "000a1249af2bc5f0,verification,/m/04hgtk,0\r\n"
    "0001eeaf4aed83f9,crowdsource-verification,/m/0cmf2,1.0\r\n"
    "000a1249af2bc5f0,verification,/m/unknown,1\r\n"
    "000a1249af2bc5f0,crowdsource,/m/0199g,1\r\n";

TEST(OpenImages, GathersTheConfirmedLabelsOfEachImageByName) {
  const auto images = parse_open_images(kLabels, "/m/0199g,Bicycle\n/m/0cmf2,\"Airplane, jet\"\n");
  ASSERT_TRUE(images.ok());
  ASSERT_THAT(*images, SizeIs(2));
  EXPECT_EQ((*images)[0].id, "000a1249af2bc5f0");
  EXPECT_THAT((*images)[0].labels, ElementsAre("Bicycle", "/m/unknown"));
  EXPECT_THAT((*images)[1].labels, ElementsAre("Airplane, jet"));
}

TEST(OpenImages, LeavesOutWhatIsNoLineOfItsKind) {
  const auto images = parse_open_images("../../etc/passwd,v,/m/1,1\n,v,/m/1,1\nab,v\nab,v,/m/2,1\nab,v,/m/3,0.7\n", "");
  ASSERT_TRUE(images.ok());
  ASSERT_THAT(*images, SizeIs(1));
  EXPECT_THAT((*images)[0].labels, ElementsAre("/m/2"));
}

TEST(OpenImages, SaysWhenThereIsNoLabel) {
  EXPECT_EQ(parse_open_images("", "").error().code, ErrorCode::bad_data);
  EXPECT_FALSE(parse_open_images("ImageID,Source,LabelName,Confidence\n", "").ok());
}

TEST(CsvFields, KnowQuotes) {
  EXPECT_THAT(csv_fields("a,\"b,c\",\"d\"\"e\","), ElementsAre("a", "b,c", "d\"e", ""));
  EXPECT_THAT(csv_fields(""), ElementsAre(""));
  EXPECT_THAT(csv_fields("\"never closed,x"), ElementsAre("never closed,x"));
}

}  // namespace
}  // namespace lookalike
