#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/options/command_line.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::internal::CaptureStderr;
using testing::internal::GetCapturedStderr;

std::optional<SearchCommandOptions> parse(const std::vector<std::string>& arguments) {
  ExitCode exit = ExitCode::found;
  return parse_search(arguments, exit);
}

std::string refusal(const std::vector<std::string>& arguments, ExitCode expected = ExitCode::wrong_use) {
  ExitCode exit = ExitCode::found;
  CaptureStderr();
  EXPECT_FALSE(parse_search(arguments, exit));
  EXPECT_EQ(exit, expected);
  return GetCapturedStderr();
}

TEST(SearchArguments, HaveTheDefaultsOfTheContract) {
  const auto options = parse({"photo.jpg"});
  ASSERT_TRUE(options);
  EXPECT_THAT(options->images, ElementsAre("photo.jpg"));
  EXPECT_FALSE(options->strategy);
  EXPECT_EQ(strategy_name(*options), "adaptive");
  EXPECT_FALSE(options->max_calls);
  EXPECT_FALSE(options->max_images);
  EXPECT_EQ(options->effort, Effort::normal);
  EXPECT_EQ(options->parallel, 10);
  EXPECT_EQ(options->top, 20);
  EXPECT_EQ(options->seed, 1u);
  EXPECT_EQ(options->similarity, "dot");
  EXPECT_FALSE(options->scale);
  EXPECT_FALSE(options->format);
  EXPECT_FALSE(options->no_classify);
}

TEST(SearchArguments, TakeEverythingOnOneLine) {
  const auto options =
      parse({"a.jpg", "--tag", "cat", "-", "--tag", "tabby", "--json", "--top", "5", "--api-key", "flickr=K", "b.jpg",
             "--license", "cc0,by", "--crop", "1,2,30,40", "--no-classify", "-v", "-v"});
  ASSERT_TRUE(options);
  EXPECT_THAT(options->images, ElementsAre("a.jpg", "-", "b.jpg"));
  EXPECT_THAT(options->tags, ElementsAre("cat", "tabby"));
  EXPECT_EQ(options->format, OutputFormat::json);
  EXPECT_EQ(options->top, 5);
  EXPECT_THAT(options->source.api_keys, ElementsAre("flickr=K"));
  EXPECT_THAT(options->source.licenses, ElementsAre("cc0", "by"));
  EXPECT_THAT(options->crop, ElementsAre(1, 2, 30, 40));
  EXPECT_TRUE(options->no_classify);
  EXPECT_EQ(options->general.verbosity, 2);
}

TEST(SearchArguments, SayWhatAGoodPhotoIs) {
  const auto liking = parse({"a.jpg", "--like", "b.jpg", "--unlike", "c.jpg", "--like", "d.jpg", "e.jpg"});
  ASSERT_TRUE(liking);
  EXPECT_THAT(liking->images, ElementsAre("a.jpg", "e.jpg"));
  EXPECT_THAT(liking->liked, ElementsAre("b.jpg", "d.jpg"));
  EXPECT_THAT(liking->unliked, ElementsAre("c.jpg"));
  EXPECT_EQ(liking->like_mode, LikeMode::mean);
  EXPECT_THAT(liking->scores, testing::IsEmpty());
  const auto scoring = parse({"--score", "class:sports car"});
  ASSERT_TRUE(scoring);
  EXPECT_THAT(scoring->images, testing::IsEmpty());
  EXPECT_EQ(scoring->scores.at(0).argument, "sports car");
  const auto program = parse({"--score", "program:sh -c 'x, y'", "--tag", "cat", "--like-mode", "best"});
  ASSERT_TRUE(program);
  EXPECT_EQ(program->scores.at(0).argument, "sh -c 'x, y'");
  EXPECT_EQ(program->like_mode, LikeMode::best);
}

TEST(SearchArguments, ScoresMayBeMixed) {
  const auto mixed = parse({"a.jpg", "--score", "0.7*likeness", "b.jpg", "--score", "-0.5*class:tabby",
                            "--score=-.5*class:dog", "--like", "c.jpg", "--layer", "pool"});
  ASSERT_TRUE(mixed);
  EXPECT_THAT(mixed->images, ElementsAre("a.jpg", "b.jpg"));
  ASSERT_EQ(mixed->scores.size(), 3u);
  EXPECT_EQ(mixed->scores[0].kind, ScoreKind::likeness);
  EXPECT_EQ(mixed->scores[0].weight, 0.7);
  EXPECT_EQ(mixed->scores[1].weight, -0.5);
  EXPECT_EQ(mixed->scores[2].argument, "dog");
  EXPECT_TRUE(compares_images(*mixed));
  EXPECT_FALSE(compares_images(*parse({"--score", "class:tabby"})));
}

TEST(SearchArguments, ValuesArriveAsTyped) {
  const auto options = parse({"[2019] Trip [raw]", "[a,b]",     "--tag",   "[x]",    "--tag=",        "--crop",
                              "1,2,3,4",           "b.jpg",     "--like",  "[c,d]",  "--user-agent",  "me, [myself]",
                              "--score",           "likeness",  "--input", "[list]", "--exclude-tag", "50 % \"off\"",
                              "--provider",        "folder:[x]"});
  ASSERT_TRUE(options);
  EXPECT_THAT(options->images, ElementsAre("[2019] Trip [raw]", "[a,b]", "b.jpg"));
  EXPECT_THAT(options->tags, ElementsAre("[x]", ""));
  EXPECT_THAT(options->liked, ElementsAre("[c,d]"));
  EXPECT_EQ(options->network.user_agent, "me, [myself]");
  EXPECT_THAT(options->batch.inputs, ElementsAre("[list]"));
  EXPECT_THAT(options->excluded_tags, ElementsAre("50 % \"off\""));
  EXPECT_THAT(options->source.providers, ElementsAre("folder:[x]"));
}

TEST(SearchArguments, OtherCommandsKnowTheNamesOfASearchs) {
  const auto names = search_option_names();
  EXPECT_THAT(names, testing::IsSupersetOf({"top", "max-images", "tag", "timeout", "cache", "color"}));
}

TEST(SearchArguments, StandardOutputByAnyNameIsNoFile) {
  EXPECT_EQ(parse({"a.jpg", "-o", "/dev/stdout"})->output, "");
  EXPECT_EQ(parse({"a.jpg", "-o", "/dev/null"})->output, "/dev/null");
}

TEST(SearchArguments, ABatchIsReadAndChecked) {
  ExitCode exit = ExitCode::found;
  const auto options = parse_search({"--input",
                                     "-",
                                     "-0",
                                     "--format",
                                     "jsonl",
                                     "-o",
                                     "out",
                                     "--resume",
                                     "--retry-failed",
                                     "--jobs",
                                     "3",
                                     "--shard",
                                     "2/5",
                                     "--on-quota",
                                     "stop",
                                     "--total-calls",
                                     "900",
                                     "--memory",
                                     "1G",
                                     "--ordered",
                                     "--keep-going"},
                                    exit);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->batch.inputs, std::vector<std::string>{"-"});
  EXPECT_TRUE(options->batch.nul_separated && options->batch.resume && options->batch.retry_failed);
  EXPECT_TRUE(options->batch.ordered && !options->batch.fail_fast && has_query_images(*options));
  EXPECT_EQ(options->batch.jobs, 3);
  EXPECT_EQ(options->batch.shard.number, 2u);
  EXPECT_EQ(options->batch.on_quota, OnQuota::stop);
  EXPECT_EQ(options->batch.total_calls, 900);
  EXPECT_EQ(options->cache.memory_bytes, uint64_t{1} << 30);
  EXPECT_THAT(refusal({"d", "--resume", "-o", "out"}), HasSubstr("--format jsonl --output FILE"));
  EXPECT_THAT(refusal({"d", "--retry-failed"}), HasSubstr("--resume"));
  EXPECT_THAT(refusal({"d", "--shard", "3/2"}), HasSubstr("I/N"));
  EXPECT_THAT(refusal({"d", "--quota", "redis:x"}), HasSubstr("redis://HOST"));
  EXPECT_THAT(refusal({"d", "-0"}), HasSubstr("--input"));
}

TEST(SearchArguments, WrongUseIsExplained) {
  EXPECT_THAT(refusal({}), HasSubstr("no image given"));
  EXPECT_THAT(refusal({"a.jpg", "--bogus"}), HasSubstr("--bogus"));
  EXPECT_THAT(refusal({"a.jpg", "--strategy", "magic"}), HasSubstr("unknown strategy 'magic'"));
  EXPECT_THAT(refusal({"a.jpg", "--top", "0"}), HasSubstr("--top"));
  EXPECT_THAT(refusal({"a.jpg", "--top", "many"}), HasSubstr("--top"));
  EXPECT_THAT(refusal({"a.jpg", "--format", "xml"}), HasSubstr("--format"));
  EXPECT_THAT(refusal({"a.jpg", "--scale", "-1"}), HasSubstr("--scale"));
  EXPECT_THAT(refusal({"a.jpg", "--no-classify"}), HasSubstr("--tag"));
  EXPECT_THAT(refusal({"a.jpg", "--json", "--format", "table"}), HasSubstr("--json"));
  EXPECT_THAT(refusal({"a.jpg", "--like-mode", "worst"}), HasSubstr("--like-mode"));
  EXPECT_THAT(refusal({"a.jpg", "--score", "beauty"}), HasSubstr("class:NAME"));
  EXPECT_THAT(refusal({"a.jpg", "--score", "class:cat", "--unlike", "b.jpg"}), HasSubstr("--unlike"));
  EXPECT_THAT(refusal({"--score", "program:true"}), HasSubstr("--tag"));
  EXPECT_THAT(refusal({"--score", "-1*class:cat"}), HasSubstr("--tag"));
  EXPECT_THAT(refusal({"--score", "likeness", "--tag", "cat"}), HasSubstr("give one"));
  EXPECT_THAT(refusal({"a.jpg", "--score", "0*likeness"}), HasSubstr("other than 0"));
  EXPECT_THAT(refusal({"a.jpg", "--crop", "1,2,3"}), HasSubstr("--crop"));
  EXPECT_THAT(refusal({"a.jpg", "--crop", "1,2,3,4,5"}), HasSubstr("--crop"));
  EXPECT_THAT(refusal({"a.jpg", "--crop", "0,0,0,5"}), HasSubstr("--crop"));
}

TEST(SearchArguments, HelpStartsWithThreeExamples) {
  testing::internal::CaptureStdout();
  ExitCode exit = ExitCode::wrong_use;
  EXPECT_FALSE(parse_search({"--help"}, exit));
  EXPECT_EQ(exit, ExitCode::found);
  const std::string help = testing::internal::GetCapturedStdout();
  const size_t first_option = help.find("--provider TEXT");
  size_t examples = 0;
  for (size_t at = help.find("\n  lookalike "); at != std::string::npos && at < first_option;
       at = help.find("\n  lookalike ", at + 1)) {
    ++examples;
  }
  EXPECT_EQ(examples, 3u);
}

}  // namespace
}  // namespace lookalike
