#include "cli/html_output.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/cli/sample_report.h"

namespace lookalike {
namespace {

TEST(HtmlOutput, EscapesEverythingFromOutside) {
  const SearchReport report = sample_report();
  const std::string page = html_page({&report, 1});
  EXPECT_EQ(page.find("<script>"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
  EXPECT_EQ(page.find("javascript:"), std::string::npos);
  EXPECT_NE(page.find("photo &lt;1&gt;.jpg"), std::string::npos);
  EXPECT_NE(page.find("&quot;quoted&quot; &amp; co"), std::string::npos);
}

TEST(HtmlOutput, LinksToThePageAndCarriesLicenceAndNotice) {
  const SearchReport report = sample_report();
  const std::string page = html_page({&report, 1});
  EXPECT_NE(page.find("href=\"https://www.flickr.com/photos/1@N0/2718\""), std::string::npos);
  EXPECT_NE(page.find("CC BY 2.0"), std::string::npos);
  EXPECT_NE(page.find("not endorsed or certified by SmugMug"), std::string::npos);
}

TEST(HtmlOutput, ShowsThirtyPhotosAtMost) {
  SearchReport report = sample_report();
  report.outcome.photos.assign(50, report.outcome.photos[1]);
  const std::string page = html_page({&report, 1});
  size_t shown = 0;
  for (size_t at = page.find("<li>"); at != std::string::npos; at = page.find("<li>", at + 1))
    ++shown;
  EXPECT_EQ(shown, 30u);
}

TEST(HtmlOutput, ShowsTheScoreWhereThereIsNoLikeness) {
  SearchReport report = sample_report();
  report.run.score = "class:<tabby>";
  report.outcome.photos = {report.outcome.photos[1]};
  report.outcome.photos[0].score = {.order = -12.5, .score = -12.5, .log_score = -12.5, .cosine = std::nan("")};
  const std::string page = html_page({&report, 1});
  EXPECT_NE(page.find("<h1>Photos of the best class:&lt;tabby&gt;, beginning with photo &lt;1&gt;.jpg</h1>"),
            std::string::npos);
  EXPECT_NE(page.find("<p class=\"credit\">-12.5 "), std::string::npos);
  report.query = {.source = report.run.score};
  EXPECT_NE(html_page({&report, 1}).find("<h1>Photos of the best class:&lt;tabby&gt;</h1>"), std::string::npos);
}

}  // namespace
}  // namespace lookalike
