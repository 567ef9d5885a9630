#include <gtest/gtest.h>

#include <cmath>

#include "cli/output/formats.h"
#include "tests/cli/output/sample_report.h"

namespace lookalike {
namespace {

TEST(TableOutput, NothingFromOutsideSteersTheTerminal) {
  const std::string table = table_document(sample_report(), {.is_terminal = true, .color = false, .columns = 80});
  EXPECT_EQ(table.find('\x1b'), std::string::npos);
  EXPECT_EQ(table.find("\xE2\x80\xAE"), std::string::npos);
}

TEST(TableOutput, ShowsLikenessCreditAndTheWholePageAddress) {
  const std::string table = table_document(sample_report(), {.columns = 40});
  EXPECT_NE(table.find("\n    likeness\n"), std::string::npos);
  EXPECT_NE(table.find("\n  1     99.0 "), std::string::npos);
  EXPECT_NE(table.find("\n  2     73.2 "), std::string::npos);
  EXPECT_NE(table.find("by Jane, CC BY 2.0"), std::string::npos);
  EXPECT_NE(table.find("https://www.flickr.com/photos/1@N0/2718"), std::string::npos);
  EXPECT_NE(table.find("looks like tabby 41%"), std::string::npos);
}

TEST(TableOutput, BarsAreAsLongAsTheLikeness) {
  SearchReport report = sample_report();
  report.outcome.photos[0].score = {.order = 5, .cosine = 0.2, .likeness = 50};
  report.outcome.photos[1].score = {.order = 2.5, .cosine = 0.4, .likeness = 25};
  const std::string table = table_document(report, {.columns = 100});
  EXPECT_NE(table.find("50.0 \xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88     "), std::string::npos);
  EXPECT_NE(table.find("25.0 \xE2\x96\x88\xE2\x96\x88\xE2\x96\x8C"), std::string::npos);
}

TEST(TableOutput, AScoreOfOnesOwnHasItsPlaceBetweenFirstAndLast) {
  SearchReport report = sample_report();
  report.query = {.source = "class:tabby"};
  report.run.score = "class:tabby";
  const FoundPhoto photo = report.outcome.photos[1];
  report.outcome.photos.assign(3, photo);
  const double scores[] = {30, -10, -50};
  for (size_t i = 0; i < 3; ++i)
    report.outcome.photos[i].score = {.order = scores[i], .score = scores[i], .cosine = std::nan("")};
  const std::string table = table_document(report, {.columns = 100});
  EXPECT_EQ(table.find("class:tabby\n"), 0u) << "no size of an image that is not there";
  EXPECT_NE(table.find("\n    class:tabby\n"), std::string::npos);
  EXPECT_NE(table.find("  30.000 \xE2\x96\x88"), std::string::npos);
  EXPECT_NE(table.find(" -10.000 \xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88     "),
            std::string::npos);
  EXPECT_NE(table.find(" -50.000           "), std::string::npos);
  EXPECT_EQ(table.find("nan"), std::string::npos);
  report.outcome.photos[0].score.order = 1e30;
  EXPECT_NE(table_document(report, {.columns = 100}).find("   1e+30 "), std::string::npos);
}

TEST(TableOutput, ColoursOnlyWhenAsked) {
  EXPECT_NE(table_document(sample_report(), {.color = true}).find("\x1b[1m"), std::string::npos);
}

TEST(TableOutput, SaysWhenNothingWasFound) {
  SearchReport report = sample_report();
  report.outcome.photos.clear();
  EXPECT_NE(table_document(report, {}).find("nothing found"), std::string::npos);
}

TEST(TableOutput, SumsUpWhatItTook) {
  EXPECT_EQ(run_summary(sample_report()),
            "108 photos scored, 57 calls, 110 images, 3.5 MB, 2.1 s; stopped by max_images; 2 images failed");
}

}  // namespace
}  // namespace lookalike
