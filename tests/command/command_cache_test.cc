// The cache, over real processes: what it saves, what it holds, and that it never stands in the way.
#include <gmock/gmock.h>

#include "core/base/text/json.h"
#include "tests/command/command_fixture.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class CommandCacheTest : public CommandTest {
 protected:
  void SetUp() override { start_service(); }

  std::string cache() const { return (folder_.path() / "kept").string(); }
  // One at a time, so that a second run asks the same questions in the same order.
  std::vector<std::string> cached(std::vector<std::string> more = {}) const {
    auto arguments = flickr({"--cache", cache(), "--parallel", "1", "--json", "--max-images", "15"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  static int64_t number(const CommandResult& result, const char* name) {
    const auto document = parse_json(result.out);
    return document.ok() ? json_integer(*json_member(*document, "run"), name).value_or(-1) : -1;
  }
  static std::string results(const CommandResult& result) {
    return result.out.substr(std::min(result.out.size(), result.out.find("\"results\"")));
  }
};

TEST_F(CommandCacheTest, TheSameSearchAgainCostsNothingAndFindsTheSame) {
  for (const char* strategy : {"greedy", "clear"}) {
    const CommandResult first = run(cached({"--strategy", strategy}));
    ASSERT_EQ(first.exit, 0) << first.err;
    const StandInCounts before = service_->counts();
    const CommandResult second = run(cached({"--strategy", strategy}));
    EXPECT_EQ(second.exit, 0) << second.err;
    EXPECT_EQ(service_->counts().api_calls, before.api_calls) << strategy;
    EXPECT_EQ(service_->counts().image_calls, before.image_calls) << strategy;
    EXPECT_EQ(number(second, "api_calls"), 0);
    EXPECT_EQ(number(second, "images_downloaded"), 0);
    EXPECT_EQ(number(second, "bytes"), 0);
    EXPECT_GE(number(second, "cache_hits"), 6);
    EXPECT_EQ(results(second), results(first)) << strategy;
  }
}

TEST_F(CommandCacheTest, AnotherLicenceOrNetworkAsksAnew) {
  EXPECT_EQ(run(cached()).exit, 0);
  const int calls = service_->counts().api_calls;
  EXPECT_EQ(run(cached({"--license", "by"})).exit, 0);
  EXPECT_GT(service_->counts().api_calls, calls);
  const int images = service_->counts().image_calls;
  EXPECT_EQ(run(cached({"--layer", "logits"})).exit, 0);
  EXPECT_GT(service_->counts().image_calls, images);
}

TEST_F(CommandCacheTest, SeveralProcessesMayUseItAtOnce) {
  RunningCommand one(command(cached()), options());
  RunningCommand two(command(cached({"--seed", "2"})), options());
  const CommandResult first = one.wait();
  const CommandResult second = two.wait();
  EXPECT_EQ(first.exit, 0) << first.err;
  EXPECT_EQ(second.exit, 0) << second.err;
  EXPECT_EQ(first.err + second.err, "");
}

TEST_F(CommandCacheTest, InfoAndClear) {
  EXPECT_THAT(run({"cache", "info", "--cache", cache()}).out, HasSubstr("there is no cache"));
  EXPECT_EQ(run({"cache", "clear", "--cache", cache()}).exit, 0);
  EXPECT_EQ(run(cached()).exit, 0);
  const CommandResult info = run({"cache", "info", "--cache", cache()});
  EXPECT_EQ(info.exit, 0) << info.err;
  EXPECT_THAT(info.out, AllOf(HasSubstr("answers"), HasSubstr("15 embeddings"), HasSubstr("24 h")));
  EXPECT_EQ(run({"cache", "clear", "--cache", cache()}).exit, 0);
  EXPECT_FALSE(std::filesystem::exists(cache() + "/cache.db"));
  EXPECT_EQ(run({"cache"}).exit, 2);
  EXPECT_THAT(run({"cache", "info"}).out, HasSubstr(".cache/lookalike"));
}

TEST_F(CommandCacheTest, ADamagedCacheStopsNoSearch) {
  std::filesystem::create_directories(cache());
  std::ofstream(cache() + "/cache.db") << std::string(9000, '#');
  const CommandResult result = run(cached());
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("warning"), HasSubstr("lookalike cache clear")));
  EXPECT_EQ(run({"cache", "info", "--cache", cache()}).exit, 2);
  EXPECT_EQ(run({"cache", "clear", "--cache", cache()}).exit, 0);
  EXPECT_EQ(run(cached()).err, "");
}

TEST_F(CommandCacheTest, AFileInTheWayStopsNoSearch) {
  folder_.write("kept", "not a folder");
  const CommandResult result = run(cached());
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("searching without it"));
}

TEST_F(CommandCacheTest, TheKeyStandsNowhereInIt) {
  EXPECT_EQ(run(cached({"--hourly-calls", "500"})).exit, 0);
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(cache())) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    EXPECT_THAT(bytes, Not(HasSubstr(kTestKey))) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 1);
}

TEST_F(CommandCacheTest, SeveralImagesOfOneRunShareWhatTheyMeet) {
  auto arguments = flickr({"--parallel", "1", "--json", "--max-images", "15"});
  arguments.push_back(folder_.write("again.jpg", make_jpeg(250, 20, 20)).string());
  const CommandResult result = run(arguments);
  ASSERT_EQ(result.exit, 0) << result.err;
  const auto documents = parse_json(result.out);
  ASSERT_TRUE(documents.ok());
  const auto& second = *json_member((*documents)[1], "run");
  EXPECT_EQ(json_integer(second, "api_calls"), 0);
  EXPECT_EQ(json_integer(second, "images_downloaded"), 0);
  EXPECT_FALSE(std::filesystem::exists(cache()));
}

TEST_F(CommandCacheTest, FaultsAreNotKept) {
  start_service({.fault_rate = 0.5});
  (void)run(cached({"--retries", "0"}));
  start_service();
  const CommandResult result = run(cached());
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_EQ(number(result, "images_failed"), 0);
}

TEST_F(CommandCacheTest, SizesAreChecked) {
  EXPECT_EQ(run(cached({"--cache-size", "2M"})).exit, 0);
  EXPECT_EQ(run(cached({"--cache-size", "10"})).exit, 2);
  EXPECT_EQ(run(cached({"--cache-size", "lots"})).exit, 2);
  EXPECT_EQ(run(flickr({"--cache", ""})).exit, 2);
}

}  // namespace
}  // namespace lookalike::test
