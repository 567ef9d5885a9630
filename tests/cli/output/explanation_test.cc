#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/output/formats.h"
#include "cli/output/report.h"
#include "core/base/text/text.h"
#include "tests/cli/output/sample_report.h"

namespace lookalike {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

SearchReport story(std::vector<AskedQuery> asked) {
  SearchReport report = sample_report();
  report.outcome.asked = std::move(asked);
  report.asked_ms.clear();
  for (size_t i = 0; i < report.outcome.asked.size(); ++i)
    report.asked_ms.resize(i + 1, static_cast<int64_t>(100 * i));
  return report;
}

AskedQuery query(const std::string& words, double score, int times_best = 0) {
  AskedQuery asked{.words = words, .photos = 100, .new_photos = 98, .best_log_score = score, .times_best = times_best};
  asked.scores.add(score);
  return asked;
}

std::vector<std::string> lines_of(const SearchReport& report) {
  return split(explanation(report, {}), '\n');
}

TEST(Explanation, TellsWhatWasAskedInOrderOfTime) {
  auto report = story({query("sorrel", 3.5, 2), query("gazelle", 2), query("horse", 12.25, 1)});
  report.outcome.asked[0].why = AskReason::first_query;
  report.outcome.asked[1].why = AskReason::general_word;
  report.outcome.asked[1].page = 2;
  report.outcome.asked[2].scores.add(12.25);
  const auto lines = lines_of(report);
  EXPECT_EQ(lines[1], "     ms  asked                      why      new/all  seen     best     mean");
  EXPECT_EQ(lines[2], "      0  sorrel                     first     98/100     1     3.500    3.500 *");
  EXPECT_EQ(lines[3], "    100  gazelle, page 2            general   98/100     1     2.000    2.000");
  EXPECT_EQ(lines[4], "    200  horse                      tag       98/100     2    12.250   12.250 *");
}

TEST(Explanation, LogarithmsAreShownAsLikeness) {
  auto report = story({query("sorrel", 15)});
  report.query.likeness = Likeness({.self = 50, .span = 50});
  const std::string digits = score_digits(15, report.query.likeness);
  EXPECT_THAT(lines_of(report)[2], HasSubstr("     " + digits + "     " + digits));
  EXPECT_THAT(explanation(report, {}), HasSubstr("tags, best mean likeness first"));
  report.run.score = "class:tabby";
  EXPECT_THAT(explanation(report, {}), HasSubstr("tags, best mean class:tabby first"));
}

TEST(Explanation, QueriesThatCameToNothingAreFolded) {
  const auto report = story({{.words = "a"},
                             query("b", 1),
                             {.words = "c", .photos = 3},
                             {.words = "d"},
                             {.words = "e", .failed = true},
                             {.words = "f"},
                             {.words = std::string(200, 'g')}});
  const auto lines = lines_of(report);
  EXPECT_THAT(lines[2], testing::StartsWith("      0  a  "));
  EXPECT_EQ(lines[4], "    200  2 queries without a scored photo: c, d");
  EXPECT_THAT(lines[5], AllOf(HasSubstr("e  "), HasSubstr("failed")));
  EXPECT_THAT(lines[6], testing::StartsWith("    500  2 queries without a scored photo: f, ggg"));
  for (const std::string& line : lines)
    EXPECT_LE(display_width(line), 79) << line;
}

TEST(Explanation, LongNumbersAndWordsKeepTheirColumns) {
  const auto report = story({query("\xE7\x8C\xAB" + std::string(60, 'x'), -1e30, 1), query("y", 58'000)});
  const auto lines = lines_of(report);
  for (const std::string& line : lines)
    EXPECT_LE(display_width(line), 79) << line;
  EXPECT_THAT(lines[2], AllOf(HasSubstr("…"), HasSubstr("-1e+30")));
}

TEST(Explanation, ThenTheTagsByMean) {
  SearchReport report = sample_report();
  const std::string text = explanation(report, {});
  EXPECT_THAT(text, AllOf(HasSubstr("7.370  9 photos"), HasSubstr("asked  cat"), Not(HasSubstr("more"))));
  EXPECT_LT(text.find("tabby"), text.find("asked  cat"));
  report.outcome.tags.assign(50, {"cat", 1, 1, false});
  EXPECT_THAT(explanation(report, {}), HasSubstr("and 38 more"));
}

TEST(Explanation, NothingFromOutsideSteersTheTerminal) {
  const auto report = story({query("\x1b[2Jsea\xE2\x80\xAE", 1), {.words = "\x1b[1m"}, {.words = "\nx"}});
  const std::string text = explanation(report, {.is_terminal = true, .color = false, .columns = 80});
  EXPECT_THAT(text, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\xE2\x80\xAE"))));
  EXPECT_THAT(explanation(report, {.color = true}), HasSubstr("\x1b[1mqueries"));
}

}  // namespace
}  // namespace lookalike
