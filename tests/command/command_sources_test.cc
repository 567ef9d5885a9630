// The real binary at sources other than Flickr: without a key, with credentials, with licences, with what each asks
// for.
#include <gmock/gmock.h>

#include "core/base/text/json.h"
#include "tests/command/command_fixture.h"
#include "tests/support/service_stand_in.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

constexpr const char* kSecret = "s3cr3t-s3cr3t-s3cr3t";

class CommandSourcesTest : public CommandTest {
 protected:
  void start(const std::string& protocol, ServiceStandInOptions service = {}) {
    service.collection = manifest_;
    auto started = ServiceStandIn::start(protocol, service);
    ASSERT_TRUE(started.ok()) << started.error().message;
    source_ = std::move(*started);
  }
  std::vector<std::string> search(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {query_,  "--model", "tiny.onnx",     "--endpoint",       source_->endpoint(),
                                          "--tag", "thing",   "--no-classify", "--keep-duplicates"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  CommandResult run_with(const std::vector<std::string>& arguments,
                         std::map<std::string, std::string> variables) const {
    CommandOptions with = options();
    with.environment.insert(variables.begin(), variables.end());
    return run_command(command(arguments), with);
  }
  // Photos of the query's own kind among the first `count` results.
  static int apples_among(const CommandResult& result, int count) {
    const auto document = parse_json(result.out);
    EXPECT_TRUE(document.ok()) << result.out;
    if (!document.ok()) return -1;
    int apples = 0;
    for (const auto& photo : (*document)["results"].GetArray()) {
      if (count-- > 0 && json_text(photo, "title").value_or("").starts_with("apple")) ++apples;
    }
    return apples;
  }

  std::unique_ptr<ServiceStandIn> source_;
};

TEST_F(CommandSourcesTest, ASearchWithResultsDoesNotWaitForTheServicesRate) {
  start("openverse", {.calls_per_minute = 3});
  const CommandResult result = run(search({"--json", "--max-calls", "50", "--strategy", "clear"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  const auto document = parse_json(result.out);
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(json_text((*document)["run"], "stopped_by"), "rate") << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("ended early and shows what it has found"), HasSubstr("--on-quota wait")));
}

TEST_F(CommandSourcesTest, TotalCallsOfSeveralSourcesDoNotDependOnRetries) {
  start("openverse");
  start_service();
  for (const char* retries : {"0", "3"}) {
    const int before = service_->counts().api_calls + static_cast<int>(source_->calls().size());
    const CommandResult result = run({query_,
                                      "--model",
                                      "tiny.onnx",
                                      "--provider",
                                      "openverse",
                                      "--endpoint",
                                      "openverse=" + source_->endpoint(),
                                      "--provider",
                                      "flickr",
                                      "--endpoint",
                                      "flickr=" + service_->endpoint(),
                                      "--api-key",
                                      std::string("flickr=") + kTestKey,
                                      "--no-classify",
                                      "--tag",
                                      "thing",
                                      "--total-calls",
                                      "5",
                                      "--strategy",
                                      "clear",
                                      "--retries",
                                      retries});
    EXPECT_THAT(result.exit, testing::AnyOf(0, 4)) << result.err;
    const int made = service_->counts().api_calls + static_cast<int>(source_->calls().size()) - before;
    EXPECT_EQ(made, 5) << "--retries " << retries << ": " << result.err;
  }
}

TEST_F(CommandSourcesTest, WithoutAnyKeyOpenverseIsSearched) {
  start("openverse");
  const CommandResult result = run(search({"--json", "--max-images", "36", "--similarity", "cosine"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("\"provider\": \"openverse\""), HasSubstr("https://photos.example/"),
                                HasSubstr("CC BY 2.0"), HasSubstr("is openly licensed.")));
  EXPECT_GE(apples_among(result, 5), 4) << "a whole search: tags lead to photos of the query's kind";
  EXPECT_GT(source_->image_calls(), 20);
  for (const auto& call : source_->calls())
    EXPECT_THAT(call, Not(Contains(Pair("authorization", testing::_))));
}

class SeveralSourcesTest : public CommandSourcesTest {
 protected:
  SeveralSourcesTest() {
    start_service();
    start("openverse");
  }

  std::vector<std::string> all_three(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {query_,
                                          "--model",
                                          "tiny.onnx",
                                          "--no-classify",
                                          "--tag",
                                          "thing",
                                          "--json",
                                          "--top",
                                          "200",
                                          "--provider",
                                          "flickr",
                                          "--provider",
                                          "openverse",
                                          "--provider",
                                          "folder:" + folder_.path().string(),
                                          "--endpoint",
                                          "flickr=" + service_->endpoint(),
                                          "--endpoint",
                                          "openverse=" + source_->endpoint(),
                                          "--max-images",
                                          "200"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  rapidjson::Document document_of(const CommandResult& result) const {
    EXPECT_EQ(result.exit, 0) << result.err;
    auto document = parse_json(result.out);
    EXPECT_TRUE(document.ok()) << result.out;
    return document.ok() ? std::move(*document) : rapidjson::Document();
  }

  static std::map<std::string, int> results_by_source(const rapidjson::Document& document) {
    std::map<std::string, int> count;
    for (const auto& photo : document["results"].GetArray())
      ++count[json_text(photo, "provider").value_or("")];
    return count;
  }
};

TEST_F(SeveralSourcesTest, OneSearchOverAllOfThem) {
  const auto document = document_of(run(all_three({"--api-key", kTestKey, "--keep-duplicates"})));
  const auto count = results_by_source(document);
  EXPECT_EQ(count.size(), 3u);
  for (const char* source : {"flickr", "openverse", "folder"})
    EXPECT_GE(count.at(source), kPhotosOfAKind) << source;
  const auto& run = document["run"];
  EXPECT_EQ(json_text(run, "provider"), "flickr,openverse,folder");
  ASSERT_EQ(run["sources"].Size(), 3u);
  int64_t calls = 0;
  for (const auto& source : run["sources"].GetArray()) {
    EXPECT_GT(*json_integer(source, "photos_listed"), 0);
    EXPECT_EQ(json_integer(source, "failures"), 0);
    EXPECT_LE(*json_integer(source, "api_calls"), 110);
    calls += *json_integer(source, "api_calls");
  }
  EXPECT_EQ(json_integer(run, "api_calls"), calls);
}

TEST_F(SeveralSourcesTest, TheSamePhotoInThreeSourcesIsShownOnce) {
  const auto document = document_of(run(all_three({"--api-key", kTestKey, "--top", "3"})));
  size_t folded = 0;
  for (const auto& photo : document["results"].GetArray())
    folded += photo["duplicates"].Size();
  EXPECT_GE(folded, 3u);
}

TEST_F(SeveralSourcesTest, ARefusedKeyLeavesTheOthers) {
  const CommandResult result = run(all_three({"--api-key", "flickr=wrong0123456789", "--keep-duplicates"}));
  const auto count = results_by_source(document_of(result));
  EXPECT_EQ(count.count("flickr"), 0u);
  EXPECT_GE(count.at("openverse"), kPhotosOfAKind);
  EXPECT_THAT(result.err, HasSubstr("flickr is not asked any more"));
  EXPECT_THAT(result.err, Not(HasSubstr("wrong0123456789")));
}

TEST_F(CommandSourcesTest, WithAFlickrKeyFlickrIsTheDefault) {
  start_service();
  const CommandResult result = run_with({query_, "--model", "tiny.onnx", "--endpoint", service_->endpoint(), "--tag",
                                         "thing", "--no-classify", "--max-images", "3"},
                                        {{"LOOKALIKE_FLICKR_KEY", kTestKey}});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("https://www.flickr.com/photos/"));
}

TEST_F(CommandSourcesTest, OpenverseCredentialsComeFromTheCommandLineOrTheEnvironment) {
  start("openverse", {.key = std::string("id:") + kSecret});
  const auto with_token = Contains(Pair("authorization", "Bearer stand-in-token"));
  const CommandResult named =
      run(search({"-vv", "--max-images", "3", "--api-key", std::string("openverse=id:") + kSecret}));
  EXPECT_EQ(named.exit, 0) << named.err;
  const size_t calls = source_->calls().size();
  ASSERT_GE(calls, 1u);
  const CommandResult variables =
      run_with(search({"-vv", "--max-images", "3"}),
               {{"LOOKALIKE_OPENVERSE_CLIENT_ID", "id"}, {"LOOKALIKE_OPENVERSE_CLIENT_SECRET", kSecret}});
  EXPECT_EQ(variables.exit, 0) << variables.err;
  EXPECT_GT(source_->calls().size(), calls);
  EXPECT_THAT(source_->calls(), Each(with_token));
  for (const CommandResult* result : {&named, &variables})
    EXPECT_THAT(result->out + result->err, AllOf(Not(HasSubstr(kSecret)), Not(HasSubstr("stand-in-token"))));
}

TEST_F(CommandSourcesTest, RefusedCredentialsExitWith3) {
  start("openverse", {.key = "id:other"});
  const CommandResult result = run(search({"--api-key", std::string("openverse=id:") + kSecret}));
  EXPECT_EQ(result.exit, 3) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("credentials"), Not(HasSubstr(kSecret))));
}

TEST_F(CommandSourcesTest, WhatOpenverseSaysIsLeftIsKeptTo) {
  start("openverse", {.calls_per_minute = 2});
  const CommandResult result = run(search({"--time-limit", "3", "--json"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("Openverse allows 2 calls in 1 min"));
  EXPECT_LE(source_->calls().size(), 12u) << "those under way before the first answer, and none later";
}

TEST_F(CommandSourcesTest, CommonsIsSearchedWithoutAKey) {
  start("commons");
  const CommandResult result =
      run(search({"--provider", "commons", "--json", "--max-images", "36", "--similarity", "cosine"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_GE(apples_among(result, 5), 4);
  EXPECT_THAT(result.out, AllOf(HasSubstr("\"provider\": \"commons\""), HasSubstr("via Wikimedia Commons"),
                                Not(HasSubstr("Self-published"))));
  EXPECT_THAT(result.err, Not(HasSubstr("--contact"))) << "a stand-in need not know";
}

TEST_F(CommandSourcesTest, NatureAndSpaceAreSearchedWithoutAKey) {
  for (const auto& [source, page] : {std::pair("inaturalist", "https://www.inaturalist.org/observations/"),
                                     std::pair("nasa", "https://images.nasa.gov/details/STAND-IN%20")}) {
    start(source);
    const CommandResult result = run(search({"--provider", source, "--format", "urls", "--max-images", "10"}));
    EXPECT_EQ(result.exit, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr(page));
    EXPECT_GE(source_->image_calls(), 5) << source;
  }
}

TEST_F(CommandSourcesTest, PixabayIsSearchedWithItsKey) {
  start("pixabay", {.key = kTestKey});
  const CommandResult result =
      run(search({"--provider", "pixabay", "--api-key", kTestKey, "--format", "html", "--max-images", "10"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("https://pixabay.example/"), HasSubstr("Images from Pixabay")));
  const CommandResult keyless = run(search({"--provider", "pixabay"}));
  EXPECT_EQ(keyless.exit, 3);
  EXPECT_THAT(keyless.err, AllOf(HasSubstr("LOOKALIKE_PIXABAY_KEY"), HasSubstr("--provider openverse")));
  EXPECT_EQ(run_with(search({"--provider", "pixabay", "--max-images", "3"}), {{"PIXABAY_API_KEY", kTestKey}}).exit, 0);
}

TEST_F(CommandSourcesTest, PixabaysAnswersAreKeptAsItsTermsAsk) {
  start("pixabay", {.key = kTestKey});
  const auto arguments =
      search({"--provider", "pixabay", "--api-key", kTestKey, "--max-images", "5", "--parallel", "1"});
  EXPECT_EQ(run(arguments).exit, 0);
  const size_t calls = source_->calls().size();
  EXPECT_GE(calls, 1u);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / ".cache/lookalike/cache.db"));
  EXPECT_EQ(run(arguments).exit, 0);
  EXPECT_EQ(source_->calls().size(), calls) << "the second search asks nothing";
}

TEST_F(CommandSourcesTest, LicencesMeanTheSameEverywhere) {
  start("openverse");
  EXPECT_EQ(run(search({"--license", "by-nc", "--max-images", "3"})).exit, 1) << "the collection is CC BY";
  EXPECT_EQ(run(search({"--license", "by,cc0", "--max-images", "3"})).exit, 0);
  EXPECT_EQ(run(search({"--license", "gpl"})).exit, 2);
  EXPECT_EQ(run(search({"--provider", "pixabay", "--api-key", kTestKey, "--license", "by"})).exit, 2);
  const std::string folder = "folder:" + folder_.path().string();
  const std::vector<std::string> local = {query_, "--model", "tiny.onnx", "--provider",
                                          folder, "--tag",   "thing",     "--license"};
  auto some = local;
  some.emplace_back("commercial");
  EXPECT_EQ(run(some).exit, 0);
  auto none = local;
  none.emplace_back("by-nc-nd");
  EXPECT_EQ(run(none).exit, 2);
}

TEST_F(CommandSourcesTest, TagsThatSayNothingAreNotFollowed) {
  start("openverse");
  const auto asked = [this](const std::vector<std::string>& more) {
    const size_t before = source_->calls().size();
    auto arguments = search({"--strategy", "greedy", "--max-calls", "40", "--max-images", "30"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(run(arguments).exit, 0);
    std::string texts;
    const auto calls = source_->calls();
    for (size_t i = before; i < calls.size(); ++i) {
      for (const char* parameter : {"tags", "q"}) {
        const auto asked_for = calls[i].find(parameter);
        if (asked_for != calls[i].end()) texts += "[" + asked_for->second + "]";
      }
    }
    return texts;
  };
  const std::string list = folder_.write("stop.txt", "# mine\nApple\nshade%\n").string();
  EXPECT_THAT(asked({}), AllOf(HasSubstr("[thing]"), HasSubstr("[apple]")));
  EXPECT_THAT(asked({"--stop-tags", list}),
              AllOf(HasSubstr("[thing]"), Not(HasSubstr("apple")), Not(HasSubstr("shade"))));
  EXPECT_THAT(asked({"--stop-tags", list, "--tag", "apple"}), HasSubstr("[apple]")) << "what the user says counts";
  const CommandResult results = run(search({"--stop-tags", list, "--json", "--top", "1"}));
  EXPECT_THAT(results.out, HasSubstr("shade")) << "results show what the service gave";
  EXPECT_EQ(run(search({"--stop-tags", "/no/such/file"})).exit, 2);
  EXPECT_EQ(run(search({"--stop-tags", "off", "--max-images", "3"})).exit, 0);
}

TEST_F(CommandSourcesTest, TheDoctorAsksTheSourceThatWouldBeSearched) {
  start("openverse");
  const CommandResult result = run({"doctor", "--model", "tiny.onnx", "--endpoint", source_->endpoint()});
  EXPECT_EQ(result.exit, 0) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("openverse answers in"), HasSubstr("none for Flickr is set")));
}

TEST_F(CommandSourcesTest, TheDocumentationHoldsTheTableThatTheCommandPrints) {
  const CommandResult table = run({"providers", "--format", "markdown"});
  EXPECT_EQ(table.exit, 0) << table.err;
  EXPECT_THAT(contents(std::filesystem::path(LOOKALIKE_SOURCE_DIR) / "docs/providers.md"), HasSubstr(table.out))
      << "run 'lookalike providers --format markdown' and put its table into docs/providers.md";
  const CommandResult text = run({"providers"});
  for (const char* name :
       {"flickr\n", "openverse\n", "commons\n", "pixabay\n", "inaturalist\n", "nasa\n", "folder:DIR\n"})
    EXPECT_THAT(text.out, HasSubstr(name));
  EXPECT_THAT(text.out, AllOf(HasSubstr("$LOOKALIKE_OPENVERSE_CLIENT_SECRET"), HasSubstr("openverse=ID:SECRET")));
}

}  // namespace
}  // namespace lookalike::test
