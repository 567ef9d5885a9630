#include "core/pipeline/score_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/text/json.h"

namespace lookalike {
namespace {

using testing::HasSubstr;
using testing::Not;

const Photo kOnePhoto{.provider = "flickr",
                      .id = "2718",
                      .page_url = "https://www.flickr.com/photos/1@N0/2718",
                      .title = "A \"cat\"\n{\"id\": \"1\"}\x1b[2J \xff",
                      .tags = {"cat", "it's; rm -rf $HOME `id`"}};

std::string fault(std::string_view line) {
  const auto answer = parse_score_answer(line, kOnePhoto);
  EXPECT_FALSE(answer.ok()) << line.substr(0, 100);
  if (answer.ok()) return "";
  EXPECT_EQ(answer.error().code, ErrorCode::bad_data);
  return answer.error().message;
}

TEST(ScoreProtocol, ARequestIsOneLineOfJson) {
  const std::string line = score_request(kOnePhoto, "/tmp/a b.jpg");
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_TRUE(line.ends_with("}\n"));
  const auto request = parse_json(line);
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(json_text(*request, "schema"), "lookalike-score/1");
  EXPECT_EQ(json_text(*request, "id"), "2718");
  EXPECT_EQ(json_text(*request, "file"), "/tmp/a b.jpg");
  EXPECT_EQ(json_text(*request, "page_url"), kOnePhoto.page_url);
  EXPECT_EQ(json_text(*request, "title"), "A \"cat\"\n{\"id\": \"1\"}\x1b[2J \xEF\xBF\xBD");
  const auto& tags = *json_member(*request, "tags");
  ASSERT_EQ(tags.Size(), 2u);
  EXPECT_EQ(tags[1].GetString(), kOnePhoto.tags[1]);
}

TEST(ScoreProtocol, TakesAnyFiniteNumber) {
  const auto score = [](const std::string& number) {
    const auto answer = parse_score_answer("{\"id\": \"2718\", \"score\": " + number + ", \"more\": [1]}", kOnePhoto);
    EXPECT_TRUE(answer.ok()) << number;
    return answer.ok() ? std::get<double>(*answer) : -99;
  };
  EXPECT_EQ(score("0.1"), 0.1);
  EXPECT_EQ(score("-3"), -3);
  EXPECT_EQ(score("0"), 0);
  EXPECT_EQ(score("1e30"), 1e30);
  EXPECT_EQ(score("18446744073709551615"), 18446744073709551615.0);
  EXPECT_TRUE(parse_score_answer("{\"score\":1,\"id\":2718}", kOnePhoto).ok())
      << "an id of digits may come as a number";
}

TEST(ScoreProtocol, AProgramMayHaveNoScoreForAPhoto) {
  const auto answer = parse_score_answer("{\"id\": \"2718\", \"error\": \"no face\\u001b in it\"}", kOnePhoto);
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(std::get<ScoreRefusal>(*answer).why, HasSubstr("in it"));
  EXPECT_THAT(std::get<ScoreRefusal>(*answer).why, Not(HasSubstr("\x1b")));
}

TEST(ScoreProtocol, LiesAreNamed) {
  EXPECT_THAT(fault(""), HasSubstr("no JSON object"));
  EXPECT_THAT(fault("0.7"), HasSubstr("no JSON object: \"0.7\""));
  EXPECT_THAT(fault("loading model..."), HasSubstr("loading model"));
  EXPECT_THAT(fault("[{\"id\": \"2718\", \"score\": 1}]"), HasSubstr("no JSON object"));
  EXPECT_THAT(fault("{\"id\": \"2718\", \"score\": NaN}"), HasSubstr("no JSON object"));
  EXPECT_THAT(fault("{\"id\": \"2718\", \"score\": 1e999}"), HasSubstr("no JSON object"));
  EXPECT_THAT(fault("{\"id\": \"2718\", \"score\": 1e31}"), HasSubstr("1e30"));
  EXPECT_THAT(fault("{\"id\": \"2718\", \"score\": \"0.7\"}"), HasSubstr("without a number"));
  EXPECT_THAT(fault("{\"id\": \"2718\", \"score\": null}"), HasSubstr("without a number"));
  EXPECT_THAT(fault("{\"id\": \"2718\"}"), HasSubstr("without a number"));
  EXPECT_THAT(fault("{\"score\": 1}"), HasSubstr("without an \"id\""));
  EXPECT_THAT(fault("{\"id\": \"3\", \"score\": 1}"), HasSubstr("answered for \"3\" when asked for \"2718\""));
  EXPECT_THAT(fault("\x1b[2J\xff"), Not(HasSubstr("\x1b")));
  EXPECT_LT(fault(std::string(100'000, 'x')).size(), 500u);
  EXPECT_THAT(fault(std::string(60'000, '[')), HasSubstr("no JSON object"));
}

}  // namespace
}  // namespace lookalike
