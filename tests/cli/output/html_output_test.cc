#include <gtest/gtest.h>

#include <cmath>

#include "cli/output/formats.h"
#include "tests/cli/output/sample_report.h"

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
  EXPECT_NE(page.find(">likeness 73.2 \xC2\xB7 by "), std::string::npos);
  EXPECT_NE(page.find("not endorsed or certified by SmugMug"), std::string::npos);
}

size_t photos_on(const std::string& page) {
  size_t shown = 0;
  for (size_t at = page.find("<li>"); at != std::string::npos; at = page.find("<li>", at + 1))
    ++shown;
  return shown;
}

SearchReport report_of(size_t photos, const std::string& provider = "flickr") {
  SearchReport report = sample_report();
  report.run.provider = provider;
  report.outcome.photos.assign(photos, report.outcome.photos[1]);
  return report;
}

TEST(HtmlOutput, OnePageHasThirtyOfFlickrsPhotosAndAllOfOthers) {
  for (const char* provider : {"flickr", "openverse,flickr"}) {
    const SearchReport report = report_of(50, provider);
    const std::string page = html_page({&report, 1});
    EXPECT_EQ(photos_on(page), 30u) << provider;
    EXPECT_NE(page.find("the first 30 of 50 photos"), std::string::npos) << provider;
  }
  for (const char* provider : {"openverse", "folder:/tmp/x", "commons,pixabay"}) {
    const SearchReport report = report_of(50, provider);
    EXPECT_EQ(photos_on(html_page({&report, 1})), 50u) << provider;
    EXPECT_EQ(html_page({&report, 1}).find("<nav>"), std::string::npos) << provider;
    EXPECT_EQ(html_files({&report, 1}, "x.html").size(), 1u) << provider;
  }
  const SearchReport thirty = report_of(30);
  EXPECT_EQ(html_page({&thirty, 1}).find("<nav>"), std::string::npos);
}

// The terms speak of a page, not of a search.
TEST(HtmlOutput, SeveralSearchesShareThePages) {
  const std::vector<SearchReport> reports = {report_of(20), report_of(0), report_of(45), report_of(1)};
  const auto files = html_files(reports, "a b.html");
  ASSERT_EQ(files.size(), 3u);
  size_t sections = 0;
  for (const HtmlFile& file : files) {
    EXPECT_LE(photos_on(file.page), 30u);
    for (size_t at = file.page.find("<h1>"); at != std::string::npos; at = file.page.find("<h1>", at + 1))
      ++sections;
  }
  EXPECT_EQ(photos_on(files[0].page) + photos_on(files[1].page) + photos_on(files[2].page), 66u);
  EXPECT_EQ(sections, 6u) << "one is in three pieces";
  EXPECT_EQ(files[0].name, "a b.html");
  EXPECT_EQ(files[2].name, "a b-3.html");
  EXPECT_NE(files[2].page.find("<a href=\"./a%20b-2.html\">2</a> <b>3</b>"), std::string::npos);
  EXPECT_NE(files[1].page.find("continued"), std::string::npos);
}

TEST(HtmlOutput, FurtherPagesHaveNamesOfTheirOwn) {
  EXPECT_EQ(html_file_name("found.html", 1), "found.html");
  EXPECT_EQ(html_file_name("found.html", 12), "found-12.html");
  EXPECT_EQ(html_file_name("found", 2), "found-2");
  EXPECT_EQ(html_file_name(".hidden", 2), ".hidden-2");
  const std::string longest = std::string(250, 'a') + ".html";
  EXPECT_EQ(html_file_name(longest, 2), std::string(248, 'a') + "-2.html");
  std::string wide;
  for (int i = 0; i < 127; ++i)
    wide += "\xC3\xA9";
  EXPECT_EQ(html_file_name(wide, 2), wide.substr(0, 252) + "-2");
}

TEST(HtmlOutput, ShowsTheScoreWhereThereIsNoLikeness) {
  SearchReport report = sample_report();
  report.run.score = "class:<tabby>";
  report.outcome.photos = {report.outcome.photos[1]};
  report.outcome.photos[0].score = {.order = -12.5, .score = -12.5, .log_score = -12.5, .cosine = std::nan("")};
  const std::string page = html_page({&report, 1});
  EXPECT_NE(page.find("<h1>Photos of the best class:&lt;tabby&gt;, beginning with photo &lt;1&gt;.jpg</h1>"),
            std::string::npos);
  EXPECT_NE(page.find("<p class=\"credit\">class:&lt;tabby&gt; -12.500 "), std::string::npos);
  report.query = {.source = report.run.score};
  EXPECT_NE(html_page({&report, 1}).find("<h1>Photos of the best class:&lt;tabby&gt;</h1>"), std::string::npos);
}

}  // namespace
}  // namespace lookalike
