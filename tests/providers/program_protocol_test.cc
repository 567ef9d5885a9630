#include "providers/program_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/text/json.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// The answer to question 7 with these members.
std::string answer_line(const std::string& members) {
  return "{\"id\": 7, " + members + "}";
}

SourceAnswer read(const std::string& line) {
  auto answer = parse_source_answer(line, 7);
  EXPECT_TRUE(answer.ok()) << answer.error().message;
  return answer.ok() ? *std::move(answer) : SourceAnswer{.page = Error{}, .first_problem = {}};
}

std::string fault(const std::string& line) {
  const auto answer = parse_source_answer(line, 7);
  EXPECT_FALSE(answer.ok()) << line;
  if (answer.ok()) return "";
  EXPECT_EQ(answer.error().code, ErrorCode::bad_data);
  EXPECT_THAT(answer.error().message, StartsWith("answered "));
  EXPECT_EQ(terminal_safe(answer.error().message), answer.error().message);
  return answer.error().message;
}

// What is said of a page with a good photo and this one.
std::string problem(const std::string& photo) {
  const SourceAnswer answer =
      read(answer_line(R"("photos": [{"id": 1, "image_url": "https://a.example/1.jpg"}, )" + photo + "]"));
  EXPECT_EQ(answer.dropped, 1) << photo;
  EXPECT_EQ(answer.page->photos.size(), 1u);
  EXPECT_THAT(answer.first_problem, StartsWith("photos[1] "));
  return answer.first_problem;
}

TEST(ProgramProtocol, AQuestionIsOneLineWithAllThatIsKnown) {
  SourceQuestion question{.id = 7, .query = {.text = "tabby \"cat\"\n", .page = 2, .per_page = 50}, .safe = "strict"};
  EXPECT_EQ(source_question(question),
            R"({"schema":"lookalike-source/1","id":7,"query":"tabby \"cat\"\n","page":2,"per_page":50,)"
            R"("max_requests":4,"safe":"strict"})"
            "\n");
  question.licenses = {"cc0", "by"};
  question.endpoint = "https://photos.example/";
  question.query.uploaded_before = std::chrono::system_clock::from_time_t(1'700'000'000);
  EXPECT_THAT(source_question(question),
              HasSubstr(R"("license":["cc0","by"],"uploaded_before":1700000000,"endpoint":"https://photos.example/")"));
}

TEST(ProgramProtocol, AQuestionsNumbersAreWithinBounds) {
  const auto asked = parse_json(source_question({.query = {.text = "\xFF", .page = -3, .per_page = 100'000}}));
  ASSERT_TRUE(asked.ok());
  EXPECT_EQ(json_integer(*asked, "page"), 1);
  EXPECT_EQ(json_integer(*asked, "per_page"), 500);
  EXPECT_EQ(json_text(*asked, "query"), "\xEF\xBF\xBD");
}

TEST(ProgramProtocol, APhotoOfTheWebHasAllItsFields) {
  const SourceAnswer answer = read(answer_line(R"("schema": "lookalike-source/1", "has_more": true, "requests": 3,
      "at_once": 4, "new": {"x": 1}, "photos": [{"id": "a1", "title": "A cat", "tags": ["cat", "-dog", "cat", " "],
      "page_url": "https://a.example/1", "image_url": "https://a.example/1.jpg", "owner": "Ann",
      "owner_url": "https://a.example/ann", "attribution": "by Ann",
      "license": {"id": "by", "name": "CC BY 2.0", "url": "https://creativecommons.org/licenses/by/2.0/"}}])"));
  EXPECT_EQ(answer.requests, 3);
  EXPECT_EQ(answer.at_once, 4);
  EXPECT_EQ(answer.dropped, 0);
  ASSERT_TRUE(answer.page.ok());
  EXPECT_TRUE(answer.page->has_more);
  ASSERT_EQ(answer.page->photos.size(), 1u);
  const Photo& photo = answer.page->photos[0];
  EXPECT_EQ(photo.provider, "program");
  EXPECT_EQ(photo.id, "a1");
  EXPECT_EQ(photo.page_url, "https://a.example/1");
  EXPECT_EQ(photo.image_url, "https://a.example/1.jpg");
  EXPECT_EQ(photo.local_path, "");
  EXPECT_EQ(photo.title, "A cat");
  EXPECT_THAT(photo.tags, ElementsAre("cat", "dog"));
  EXPECT_EQ(photo.owner, "Ann");
  EXPECT_EQ(photo.owner_url, "https://a.example/ann");
  EXPECT_EQ(photo.license.id, "by");
  EXPECT_EQ(photo.license.name, "CC BY 2.0");
  EXPECT_EQ(photo.license.url, "https://creativecommons.org/licenses/by/2.0/");
  EXPECT_EQ(photo.attribution, "by Ann");
}

TEST(ProgramProtocol, WhatIsLeftOutIsMadeUp) {
  const SourceAnswer answer = read(answer_line(
      R"("photos": [{"id": 5, "image_url": "https://a.example/1.jpg", "title": "T", "owner": "Ann", "license": "CC0",
                     "page_url": null, "owner_url": "javascript:x"}])"));
  EXPECT_EQ(answer.requests, 1);
  EXPECT_EQ(answer.at_once, 1);
  EXPECT_FALSE(answer.page->has_more);
  const Photo& photo = answer.page->photos.at(0);
  EXPECT_EQ(photo.id, "5");
  EXPECT_EQ(photo.page_url, "https://a.example/1.jpg") << "something to open";
  EXPECT_EQ(photo.owner_url, "");
  EXPECT_EQ(photo.license.id, "CC0");
  EXPECT_EQ(photo.attribution, "\"T\" by Ann, CC0");
}

TEST(ProgramProtocol, AFileOnThisDiskIsNamedByItsPath) {
  const SourceAnswer answer = read(answer_line(R"("photos": [{"id": 1, "file": "/my pics/\u00e9.jpg"},
      {"id": 2, "file": "/)" + std::string("\xFF") +
                                               R"(.jpg", "page_url": "https://a.example/2"}])"));
  ASSERT_EQ(answer.page->photos.size(), 2u);
  EXPECT_EQ(answer.page->photos[0].local_path, "/my pics/\u00e9.jpg");
  EXPECT_EQ(answer.page->photos[0].page_url, "file:///my%20pics/%C3%A9.jpg");
  EXPECT_EQ(answer.page->photos[0].image_url, "file:///my%20pics/%C3%A9.jpg");
  EXPECT_EQ(answer.page->photos[1].local_path, "/\xFF.jpg") << "a name need not be UTF-8";
  EXPECT_EQ(answer.page->photos[1].page_url, "https://a.example/2");
}

TEST(ProgramProtocol, APhotoThatCannotBeUsedIsDroppedAndSaid) {
  EXPECT_THAT(problem("7"), HasSubstr("is a number, no object"));
  EXPECT_THAT(problem(R"({"image_url": "https://a.example/1.jpg"})"), HasSubstr("has no \"id\""));
  EXPECT_THAT(problem(R"({"id": [], "image_url": "https://a.example/1.jpg"})"), HasSubstr("\"id\" is a list"));
  EXPECT_THAT(problem("{\"id\": \"" + std::string(257, 'x') + "\", \"file\": \"/x\"}"), HasSubstr("256 bytes"));
  EXPECT_THAT(problem(R"({"id": 2})"), HasSubstr("neither \"image_url\" nor \"file\""));
  EXPECT_THAT(problem(R"({"id": 2, "image_url": "file:///etc/passwd"})"), HasSubstr("\"image_url\" is no http(s)"));
  EXPECT_THAT(problem(R"({"id": 2, "image_url": "/x.jpg"})"), HasSubstr("\"image_url\" is no http(s) address: \"/x"));
  EXPECT_THAT(problem(R"({"id": 2, "image_url": {"u": 1}})"), HasSubstr("an object where text belongs"));
  EXPECT_THAT(problem(R"({"id": 2, "file": "x.jpg"})"), HasSubstr("no absolute path: \"x.jpg\""));
  EXPECT_THAT(problem(R"({"id": 2, "file": "/x\u0000y"})"), HasSubstr("no absolute path"));
  EXPECT_THAT(problem(R"({"id": 2, "file": 5})"), HasSubstr("\"file\" is a number where text belongs"));
  EXPECT_THAT(problem(R"({"id": 2, "file": "/x", "tags": "a b"})"), HasSubstr("\"tags\" is text where a list"));
  EXPECT_THAT(problem(R"({"id": 2, "file": "/x", "tags": ["a", 5]})"), HasSubstr("\"tags\" is a number where text"));
  EXPECT_THAT(problem(R"({"id": 2, "file": "/x", "title": ["a"]})"), HasSubstr("\"title\" is a list where text"));
  EXPECT_THAT(problem(R"({"id": 2, "file": "/x", "page_url": "javascript:x"})"), HasSubstr("\"page_url\" is no"));
  EXPECT_THAT(problem(R"({"id": 2, "file": "/x", "license": [4]})"), HasSubstr("\"license\" is a list"));
}

TEST(ProgramProtocol, APhotoCountsOnceOnAPage) {
  const SourceAnswer answer = read(answer_line(R"("photos": [{"id": 1, "file": "/a"}, {"id": "1", "file": "/b"}])"));
  ASSERT_EQ(answer.page->photos.size(), 1u);
  EXPECT_EQ(answer.page->photos[0].local_path, "/a");
  EXPECT_EQ(answer.dropped, 0);
}

TEST(ProgramProtocol, MorePhotosThanAPageHoldsArePassedOver) {
  std::string photos;
  for (int i = 0; i < 600; ++i)
    photos += (i == 0 ? "" : ",") + ("{\"id\": " + std::to_string(i)) + R"(, "file": "/x"})";
  EXPECT_EQ(read(answer_line("\"photos\": [" + photos + "]")).page->photos.size(), 500u);
}

TEST(ProgramProtocol, TextIsMendedAndCut) {
  const std::string long_title(2'000, 'x');
  const SourceAnswer answer =
      read(answer_line("\"photos\": [{\"id\": 1, \"file\": \"/x\", \"title\": \"" + long_title +
                       "\", \"owner\": \"\xFF\", \"tags\": [\"\\u001B[31mred\", \"\xC0\x80\"]}]"));
  const Photo& photo = answer.page->photos.at(0);
  EXPECT_EQ(photo.title.size(), 500u);
  EXPECT_EQ(photo.owner, "\xEF\xBF\xBD");
  for (const std::string& tag : photo.tags)
    EXPECT_EQ(terminal_safe(tag), tag);
}

TEST(ProgramProtocol, NothingFoundIsAnEmptyPageButNothingUsableIsNot) {
  const SourceAnswer answer = read(answer_line("\"photos\": []"));
  ASSERT_TRUE(answer.page.ok());
  EXPECT_TRUE(answer.page->photos.empty());
  EXPECT_THAT(fault(answer_line(R"("photos": [{"url": "x"}, {"id": 2}])")),
              HasSubstr("2 photos of which none can be used: photos[0] has no \"id\""));
}

TEST(ProgramProtocol, WhatIsNoAnswerIsSaidToBeNone) {
  EXPECT_THAT(fault(""), HasSubstr("no JSON object"));
  EXPECT_THAT(fault("Traceback (most recent call last):"), HasSubstr("Traceback"));
  EXPECT_THAT(fault(std::string(100'000, '[')), HasSubstr("deeper than 8"));
  EXPECT_THAT(fault("[]"), HasSubstr("a list where an object belongs"));
  EXPECT_THAT(fault("{}"), HasSubstr("without the number of the question"));
  EXPECT_THAT(fault(R"({"id": "seven", "photos": []})"), HasSubstr("without the number"));
  EXPECT_THAT(fault(R"({"id": 8, "photos": []})"), HasSubstr("question 8 when asked 7"));
  EXPECT_THAT(fault(R"({"id": 7})"), HasSubstr("without \"photos\" and without \"error\""));
  EXPECT_THAT(fault(R"({"id": 7, "schema": "lookalike-source/2", "photos": []})"), HasSubstr("lookalike-source/2"));
  EXPECT_THAT(fault(answer_line(R"("photos": {})")), HasSubstr("\"photos\" is an object where a list belongs"));
  EXPECT_THAT(fault(answer_line(R"("photos": [], "has_more": 1)")), HasSubstr("\"has_more\" is a number where true"));
  EXPECT_THAT(fault(answer_line(R"("photos": [], "requests": "many")")), HasSubstr("\"requests\" is text where a"));
  EXPECT_THAT(fault(answer_line(R"("photos": [], "at_once": [1])")), HasSubstr("\"at_once\" is a list where a"));
}

TEST(ProgramProtocol, CountsAreHeldWithinBounds) {
  const SourceAnswer low = read(answer_line(R"("photos": [], "requests": -5, "at_once": 0)"));
  EXPECT_EQ(low.requests, 1) << "an answer that costs nothing could be asked for without end";
  EXPECT_EQ(low.at_once, 1);
  const SourceAnswer high = read(answer_line(R"("photos": [], "requests": 9000000000000000000, "at_once": 1e9)"));
  EXPECT_EQ(high.requests, std::numeric_limits<int>::max());
  EXPECT_EQ(high.at_once, kMaxProgramsAtOnce);
}

TEST(ProgramProtocol, AnErrorOfItsOwnHasACode) {
  for (const ErrorCode code :
       {ErrorCode::quota, ErrorCode::auth, ErrorCode::network, ErrorCode::bad_data, ErrorCode::usage}) {
    const SourceAnswer answer =
        read(answer_line(std::string(R"("requests": 2, "error": {"code": ")") + to_string(code) +
                         R"(", "message": "come\u001B[31m back\n tomorrow"})"));
    ASSERT_FALSE(answer.page.ok());
    EXPECT_EQ(answer.page.error().code, code);
    EXPECT_EQ(answer.page.error().message, "come[31m back tomorrow");
    EXPECT_EQ(answer.requests, 2);
  }
  EXPECT_EQ(read(answer_line(R"("error": {"code": "network"})")).page.error().message, "gave no reason");
  EXPECT_THAT(fault(answer_line(R"("error": {"code": "interrupted", "message": "why"})")),
              testing::AllOf(HasSubstr("\"interrupted\": use quota, auth"), HasSubstr("why")));
  EXPECT_THAT(fault(answer_line(R"("error": "no")")), HasSubstr("\"error\" is text where an object belongs"));
}

}  // namespace
}  // namespace lookalike
