#include <gtest/gtest.h>

#include <cmath>

#include "cli/output/formats.h"
#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "tests/cli/output/sample_report.h"

namespace lookalike {
namespace {

TEST(JsonOutput, HasTheFieldsOfTheContract) {
  const auto document = parse_json(json_document(sample_report(), JsonStyle::pretty));
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(json_text(*document, "schema"), "lookalike/1");
  const auto& query = *json_member(*document, "query");
  EXPECT_EQ(json_text(query, "source"), "photo <1>.jpg");
  EXPECT_EQ(json_integer(query, "width"), 640);
  EXPECT_EQ(json_text((*json_member(query, "classes"))[0], "name"), "tabby, tabby cat");
  const auto& run = *json_member(*document, "run");
  EXPECT_EQ(json_text(run, "provider"), "flickr");
  EXPECT_EQ(json_integer(run, "api_calls"), 57);
  EXPECT_EQ(json_integer(run, "images_downloaded"), 110);
  EXPECT_EQ(json_integer(run, "images_scored"), 108);
  EXPECT_EQ(json_integer(run, "images_failed"), 2);
  EXPECT_EQ(json_integer(run, "bytes"), 3'456'789);
  EXPECT_EQ(json_integer(run, "elapsed_ms"), 2100);
  EXPECT_EQ(json_text(run, "stopped_by"), "max_images");
  const auto& results = *json_member(*document, "results");
  ASSERT_EQ(results.Size(), 2u);
  const auto& plain = results[1];
  EXPECT_EQ(json_integer(plain, "rank"), 2);
  EXPECT_DOUBLE_EQ(json_member(plain, "score")->GetDouble(), 1590.12);
  EXPECT_DOUBLE_EQ(json_member(plain, "cosine")->GetDouble(), 0.61);
  EXPECT_DOUBLE_EQ(json_member(plain, "likeness")->GetDouble(), 73.16);
  EXPECT_EQ(json_text(plain, "id"), "2718");
  EXPECT_EQ(json_text(*json_member(plain, "license"), "name"), "CC BY 2.0");
  EXPECT_EQ(json_text(plain, "found_by"), "tabby");
  const auto& tags = *json_member(*document, "tags");
  EXPECT_EQ(json_integer(tags[0], "images"), 9);
  EXPECT_TRUE(json_member(tags[0], "asked")->GetBool());
  EXPECT_TRUE(json_member(tags[1], "mean_score")->IsNull());
  EXPECT_EQ(json_integer((*json_member(*document, "errors"))[0], "count"), 2);
}

TEST(JsonOutput, ANameThatIsNoTextIsThereInBytesToo) {
  SearchReport report = sample_report();
  report.query.source = "caf\xe9.jpg";
  const FailedQuery failure{report.query.source, {ErrorCode::bad_data, "torn"}, "abcd"};
  for (const std::string& text : {json_document(report, JsonStyle::line), json_document(failure, JsonStyle::line)}) {
    const auto document = parse_json(text);
    ASSERT_TRUE(document.ok());
    const auto& query = *json_member(*document, "query");
    EXPECT_EQ(json_text(query, "source"), "caf\xEF\xBF\xBD.jpg");
    EXPECT_EQ(json_text(query, "source_base64"), "Y2Fm6S5qcGc=");
  }
  const auto failed = parse_json(json_document(failure, JsonStyle::line));
  EXPECT_EQ(json_text(*json_member(*failed, "query"), "sha256"), "abcd");
  EXPECT_EQ(json_document(sample_report(), JsonStyle::line).find("base64"), std::string::npos);
}

TEST(JsonOutput, FoldedPhotosAreListedWithTheOneThatIsShown) {
  SearchReport report = sample_report();
  report.outcome.photos[1].duplicates = {{.provider = "openverse", .id = "9", .page_url = "https://example.org/9"}};
  const auto document = parse_json(json_document(report, JsonStyle::line));
  ASSERT_TRUE(document.ok());
  const auto& results = *json_member(*document, "results");
  EXPECT_EQ(json_member(results[0], "duplicates")->Size(), 0u);
  const auto& duplicates = *json_member(results[1], "duplicates");
  ASSERT_EQ(duplicates.Size(), 1u);
  EXPECT_EQ(json_text(duplicates[0], "provider"), "openverse");
  EXPECT_EQ(json_text(duplicates[0], "id"), "9");
  EXPECT_EQ(json_text(duplicates[0], "page_url"), "https://example.org/9");
}

TEST(JsonOutput, TheTraceIsThereWhenItWasAskedFor) {
  SearchReport report = sample_report();
  const auto traced = parse_json(json_document(report, JsonStyle::line));
  const auto& trace = *json_member(*traced, "trace");
  ASSERT_EQ(trace.Size(), 2u);
  EXPECT_EQ(json_integer(trace[0], "elapsed_ms"), 530);
  EXPECT_EQ(json_text(trace[0], "id"), "2718");
  EXPECT_DOUBLE_EQ(json_member(trace[1], "log_score")->GetDouble(), 58'000);
  report.trace.clear();
  report.asked_ms.clear();
  const auto plain = parse_json(json_document(report, JsonStyle::line));
  EXPECT_EQ(json_member(*plain, "trace"), nullptr);
  EXPECT_EQ(json_member(*plain, "asked"), nullptr);
}

TEST(JsonOutput, SoIsTheStoryOfTheQueries) {
  const auto document = parse_json(json_document(sample_report(), JsonStyle::line));
  const auto& asked = *json_member(*document, "asked");
  ASSERT_EQ(asked.Size(), 2u);
  EXPECT_EQ(json_integer(asked[0], "elapsed_ms"), 12);
  EXPECT_EQ(json_text(asked[0], "query"), "tabby");
  EXPECT_EQ(json_text(asked[0], "why"), "first query");
  EXPECT_EQ(json_integer(asked[0], "page"), 1);
  EXPECT_EQ(json_integer(asked[0], "new_photos"), 12);
  EXPECT_EQ(json_integer(asked[0], "scored"), 1);
  EXPECT_DOUBLE_EQ(json_member(asked[0], "best_log_score")->GetDouble(), 7.37);
  EXPECT_DOUBLE_EQ(json_member(asked[0], "log_mean_score")->GetDouble(), 7.37);
  EXPECT_EQ(json_integer(asked[0], "times_best"), 1);
  EXPECT_TRUE(json_member(asked[0], "tag_log_mean_score")->IsNull());
  EXPECT_EQ(json_text(asked[1], "why"), "general word");
  EXPECT_EQ(json_integer(asked[1], "scored_before"), 2);
  EXPECT_TRUE(json_member(asked[1], "failed")->GetBool());
  EXPECT_TRUE(json_member(asked[1], "best_log_score")->IsNull());
  EXPECT_TRUE(json_member(asked[1], "log_mean_score")->IsNull());
}

TEST(JsonOutput, OverflowingScoresAreNullAndTheirLogarithmIsThere) {
  const auto document = parse_json(json_document(sample_report(), JsonStyle::line));
  ASSERT_TRUE(document.ok());
  const auto& hostile = (*json_member(*document, "results"))[0];
  EXPECT_TRUE(json_member(hostile, "score")->IsNull());
  EXPECT_DOUBLE_EQ(json_member(hostile, "log_score")->GetDouble(), 58'000);
}

TEST(JsonOutput, IsValidUtf8OnOneLine) {
  const std::string line = json_document(sample_report(), JsonStyle::line);
  EXPECT_EQ(line, valid_utf8(line));
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST(JsonOutput, FailuresHaveAnErrorAndNoResults) {
  const auto document = parse_json(
      json_document(FailedQuery{"bad\xff.jpg", {ErrorCode::bad_data, "text, not an image"}}, JsonStyle::line));
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(json_text(*json_member(*document, "error"), "code"), "bad_data");
  EXPECT_EQ(json_member(*document, "results"), nullptr);
}

TEST(JsonOutput, NamesTheImagesThatWereLikedAndNot) {
  SearchReport report = sample_report();
  report.query.liked = {"a.jpg", "b \xff.jpg"};
  const auto document = parse_json(json_document(report, JsonStyle::line));
  ASSERT_TRUE(document.ok());
  const auto& query = *json_member(*document, "query");
  ASSERT_EQ(json_member(query, "like")->Size(), 2u);
  EXPECT_STREQ((*json_member(query, "like"))[1].GetString(), "b \xEF\xBF\xBD.jpg");
  EXPECT_EQ(json_member(query, "unlike")->Size(), 0u);
  EXPECT_TRUE(json_member(*json_member(*document, "run"), "score")->IsNull());
}

TEST(JsonOutput, WithoutAnImageWhatThereIsNotIsNull) {
  SearchReport report = sample_report();
  report.query = {.source = "class:tabby"};
  report.run.score = "class:tabby";
  report.run.similarity = "";
  report.outcome.photos[1].score = {.order = -2, .score = -2, .log_score = -2, .cosine = std::nan("")};
  report.outcome.tags = {{"cat", -2, 1, true}};
  const auto document = parse_json(json_document(report, JsonStyle::pretty));
  ASSERT_TRUE(document.ok());
  const auto& query = *json_member(*document, "query");
  EXPECT_EQ(json_text(query, "source"), "class:tabby");
  for (const char* name : {"sha256", "width", "height"})
    EXPECT_TRUE(json_member(query, name)->IsNull()) << name;
  const auto& run = *json_member(*document, "run");
  EXPECT_EQ(json_text(run, "score"), "class:tabby");
  EXPECT_TRUE(json_member(run, "similarity")->IsNull());
  const auto& photo = (*json_member(*document, "results"))[1];
  EXPECT_EQ(json_member(photo, "score")->GetDouble(), -2);
  EXPECT_TRUE(json_member(photo, "cosine")->IsNull());
  EXPECT_TRUE(json_member(photo, "likeness")->IsNull());
  EXPECT_EQ(json_member((*json_member(*document, "tags"))[0], "mean_score")->GetDouble(), -2);
}

TEST(JsonOutput, AMixedScoreTellsItsParts) {
  SearchReport report = sample_report();
  report.run.score = "0.5*likeness - class:tabby";
  report.run.mixed = {{ScoreKind::likeness, "", "likeness", 0.5},
                      {ScoreKind::class_output, "tabby", "class:tabby", -1}};
  report.outcome.photos[0].score.parts = {8, std::numeric_limits<double>::infinity()};
  report.outcome.photos[1].score.parts = {7.5, -2};
  const auto document = parse_json(json_document(report, JsonStyle::line));
  ASSERT_TRUE(document.ok());
  const auto& run = *json_member(*document, "run");
  EXPECT_EQ(json_text(run, "similarity"), "dot");
  EXPECT_EQ(json_text((*json_member(run, "score_parts"))[1], "score"), "class:tabby");
  EXPECT_EQ(json_member((*json_member(run, "score_parts"))[1], "weight")->GetDouble(), -1);
  const auto& results = *json_member(*document, "results");
  EXPECT_EQ(json_text((*json_member(results[1], "parts"))[0], "score"), "likeness");
  EXPECT_EQ(json_member((*json_member(results[1], "parts"))[0], "value")->GetDouble(), 7.5);
  EXPECT_TRUE(json_member((*json_member(results[0], "parts"))[1], "value")->IsNull());
}

}  // namespace
}  // namespace lookalike
