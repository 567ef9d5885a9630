#include "cli/commands/eval_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/text/json.h"

namespace lookalike {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

SearchMeasure search(double recall) {
  const RetrievalQuality half{.recall_at_10 = recall / 2};
  const RetrievalQuality whole{.recall_at_10 = recall, .log_score_ratio = 0.9};
  return {.quality = whole,
          .calls = 50,
          .images = 96,
          .seconds = 2.5,
          .by_calls = {half, whole},
          .by_images = {half, whole}};
}

EvalReport report() {
  return {.queries = 2,
          .seeds = 1,
          .max_calls = 80,
          .max_images = 96,
          .results = {{"clear", {search(0.1), search(0.2)}}, {"epsilon-greedy", {search(0.3), search(0.4)}}}};
}

TEST(EvalOutput, TableHasARowForEachStrategyInLine) {
  const std::string table = eval_table(report());
  EXPECT_THAT(table, AllOf(HasSubstr("2 queries x 1 seeds, at most 80 calls and 96 images; "), HasSubstr("over clear"),
                           HasSubstr("clear           0.150 +- 0.098  +0.000 +- 0.000"),
                           HasSubstr("epsilon-greedy  0.350 +- 0.098  +0.200 +- 0.000")));
  EXPECT_THAT(table, Not(HasSubstr("mAP")));
}

TEST(EvalOutput, LabelsAndTrapsAreNamedWhereTheyAre) {
  EvalReport labelled = report();
  labelled.trapped = true;
  for (EvalResult& result : labelled.results) {
    for (SearchMeasure& one : result.searches)
      one.labels = LabelQuality{.precision = 0.5, .average_precision = 0.25, .average_recall = 0.75};
  }
  EXPECT_THAT(eval_table(labelled), AllOf(HasSubstr("first queries of another photo"),
                                          HasSubstr("P@10  mAP@10  mAR@10\n"), HasSubstr(" 0.500   0.250   0.750\n")));
  const auto json = parse_json(eval_json(labelled));
  ASSERT_TRUE(json.ok());
  EXPECT_DOUBLE_EQ((*json)["strategies"][0]["label_map_at_10"]["mean"].GetDouble(), 0.25);
  EXPECT_TRUE((*json)["trapped"].GetBool());
}

TEST(EvalOutput, JsonHoldsTheCurves) {
  const auto json = parse_json(eval_json(report()));
  ASSERT_TRUE(json.ok());
  const auto& greedy = (*json)["strategies"][1];
  EXPECT_STREQ(greedy["name"].GetString(), "epsilon-greedy");
  EXPECT_DOUBLE_EQ(greedy["recall_over_first"]["mean"].GetDouble(), 0.2);
  ASSERT_EQ(greedy["by_calls"].Size(), 2u);
  EXPECT_EQ(greedy["by_calls"][0]["calls"].GetInt(), 40);
  EXPECT_EQ(greedy["by_images"][1]["images"].GetInt(), 96);
  EXPECT_DOUBLE_EQ(greedy["by_images"][0]["recall_at_10"]["mean"].GetDouble(), 0.175);
}

TEST(EvalOutput, FigureHasThreeChartsOfEveryStrategy) {
  const std::string figure = eval_figure(report());
  size_t lines = 0;
  for (size_t at = figure.find("<polyline"); at != std::string::npos; at = figure.find("<polyline", at + 1))
    ++lines;
  EXPECT_EQ(lines, 6u);
  EXPECT_THAT(figure, AllOf(HasSubstr(">API calls<"), HasSubstr(">images downloaded<"), HasSubstr(">recall@10<")));
}

}  // namespace
}  // namespace lookalike
