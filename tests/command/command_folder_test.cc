// A folder of one's own pictures, whatever they are called, over real processes.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include "core/base/text/json.h"
#include "tests/command/command_fixture.h"
#include "tests/support/score_programs.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class CommandFolderTest : public CommandTest {
 protected:
  // As a camera names them. The query is among them, under such a name.
  void take_photos(int count, int query_at) {
    for (int i = 0; i < count; ++i) {
      char name[40];
      std::snprintf(name, sizeof name, "Camera/IMG_%04d.jpg", i);
      folder_.write(name, i == query_at ? make_jpeg(250, 20, 20)
                                        : make_jpeg(i * 37 % 251, i * 91 % 241, i * 53 % 239, 40 + i % 5, 40));
    }
  }
  // By cosine nothing is more like the query than itself, also to a network of chance.
  std::vector<std::string> search(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {query_,   "--model",           "tiny.onnx",    "--provider",
                                          camera(), "--keep-duplicates", "--similarity", "cosine"};
    if (std::ranges::find(more, "--format") == more.end()) arguments.push_back("--json");
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::string camera() const { return "folder:" + (folder_.path() / "Camera").string(); }
  static std::string results(const CommandResult& result) {
    const size_t begin = result.out.find("\"results\"");
    const size_t end = result.out.find("\"tags\": [\n    {\n      \"tag\"");
    return begin == std::string::npos ? "none" : result.out.substr(begin, end - begin);
  }
  static std::string run_member(const CommandResult& result, const char* name) {
    const auto document = parse_json(result.out);
    if (!document.ok()) return "no JSON: " + result.err;
    const auto* member = json_member(*json_member(*document, "run"), name);
    if (member == nullptr) return "none";
    return member->IsString() ? member->GetString() : std::to_string(member->GetInt64());
  }
  static std::string first_id(const CommandResult& result) {
    const auto document = parse_json(result.out);
    if (!document.ok() || (*document)["results"].Empty()) return "none";
    return (*document)["results"][0]["id"].GetString();
  }
  std::filesystem::path kept() const { return folder_.path() / ".cache" / "lookalike" / "photos.db"; }
};

TEST_F(CommandFolderTest, SixtyPhotosWithoutANameAreAllSearched) {
  take_photos(60, 42);
  const CommandResult result = run(search());
  EXPECT_EQ(result.exit, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(first_id(result), "IMG_0042.jpg");
  EXPECT_EQ(run_member(result, "strategy"), "all");
  EXPECT_EQ(run_member(result, "images_scored"), "60");
  EXPECT_EQ(run_member(result, "local_photos"), "60");
  EXPECT_EQ(run_member(result, "api_calls"), "0");
  EXPECT_EQ(run_member(result, "stopped_by"), "exhausted");
  EXPECT_THAT(run(search({"--format", "urls"})).out, HasSubstr("IMG_0042.jpg\n"));
}

TEST_F(CommandFolderTest, ExplicitOptionsWin) {
  take_photos(60, 42);
  const CommandResult few = run(search({"--max-images", "10"}));
  EXPECT_EQ(few.exit, 0) << few.err;
  EXPECT_EQ(run_member(few, "images_scored"), "10");
  EXPECT_EQ(run_member(few, "strategy"), "adaptive");
  EXPECT_EQ(first_id(few), "IMG_0042.jpg");  // the same file is looked at in any case
  EXPECT_EQ(few.err, "");
  const CommandResult greedy = run(search({"--strategy", "greedy"}));
  EXPECT_EQ(run_member(greedy, "strategy"), "greedy");
  EXPECT_EQ(run_member(greedy, "images_scored"), "1");
  EXPECT_EQ(run_member(run(search({"--strategy", "all", "--max-images", "20"})), "images_scored"), "20");
}

TEST_F(CommandFolderTest, TheNextSearchDecodesNothingAndFindsTheSame) {
  take_photos(60, 42);
  const CommandResult first = run(search());
  const CommandResult second = run(search());
  EXPECT_EQ(results(second), results(first));
  EXPECT_EQ(run_member(first, "cache_hits"), "0");
  EXPECT_EQ(run_member(second, "cache_hits"), "60");
  EXPECT_EQ(run_member(second, "images_downloaded"), "0");
  EXPECT_EQ(run_member(second, "images_scored"), "60");
  struct stat info {};
  ASSERT_EQ(::stat(kept().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_THAT(run({"cache", "info"}).out, HasSubstr("60 embeddings of your own files"));
  EXPECT_EQ(run({"cache", "clear"}).exit, 0);
  EXPECT_FALSE(std::filesystem::exists(kept()));
  EXPECT_EQ(results(run(search())), results(first));
}

TEST_F(CommandFolderTest, CacheOffKeepsNothingAndAFolderOfOnesOwnIsUsed) {
  take_photos(10, 4);
  const CommandResult off = run(search({"--cache", "off"}));
  EXPECT_EQ(off.exit, 0) << off.err;
  EXPECT_FALSE(std::filesystem::exists(kept()));
  const std::string own = (folder_.path() / "own").string();
  const CommandResult first = run(search({"--cache", own}));
  const CommandResult second = run(search({"--cache", own}));
  EXPECT_EQ(run_member(second, "cache_hits"), "10");
  EXPECT_EQ(results(second), results(off));
  EXPECT_EQ(results(first), results(off));
  EXPECT_FALSE(std::filesystem::exists(kept()));
}

TEST_F(CommandFolderTest, AChangedPhotoIsLookedAtAnew) {
  take_photos(10, 4);
  EXPECT_EQ(first_id(run(search())), "IMG_0004.jpg");
  folder_.write("Camera/IMG_0004.jpg", make_jpeg(10, 10, 200));
  folder_.write("Camera/IMG_0007.jpg", make_jpeg(250, 20, 20));
  const CommandResult changed = run(search());
  EXPECT_EQ(first_id(changed), "IMG_0007.jpg");
  EXPECT_EQ(run_member(changed, "images_scored"), "10");
  EXPECT_EQ(results(changed), results(run(search({"--cache", "off"}))));
}

TEST_F(CommandFolderTest, ADamagedOrUnusableCacheStopsNoSearch) {
  take_photos(5, 2);
  std::filesystem::create_directories(kept().parent_path());
  std::ofstream(kept()) << std::string(9000, '#');
  const CommandResult damaged = run(search());
  EXPECT_EQ(damaged.exit, 0);
  EXPECT_EQ(damaged.err, "");
  EXPECT_EQ(first_id(damaged), "IMG_0002.jpg");
}

TEST_F(CommandFolderTest, SeveralImagesShareWhatIsKnownOfThePhotos) {
  take_photos(60, 42);
  const std::string other = folder_.write("other.jpg", make_jpeg(20, 250, 20)).string();
  auto arguments = search({"--jobs", "2", "--cache", "off"});
  arguments.push_back(other);
  const CommandResult result = run(arguments);
  EXPECT_EQ(result.exit, 0) << result.err;
  const auto documents = parse_json(result.out);
  ASSERT_TRUE(documents.ok()) << result.out;
  int64_t made = 0;
  int64_t scored = 0;
  for (const auto& document : documents->GetArray()) {
    made += json_integer(document["run"], "images_downloaded").value_or(-1);
    scored += json_integer(document["run"], "images_scored").value_or(-1);
  }
  EXPECT_EQ(scored, 120);
  EXPECT_EQ(made, 60);
}

TEST_F(CommandFolderTest, InALargeFolderTheSameFileIsFoundAndTheRestSaidNotToBe) {
  take_photos(40, 41);
  // Links are files as good as any; only one is the query.
  for (int i = 40; i < 2100; ++i) {
    std::filesystem::create_hard_link(folder_.path() / "Camera" / ("IMG_00" + std::to_string(10 + i % 30) + ".jpg"),
                                      folder_.path() / "Camera" / ("IMG_" + std::to_string(1000 + i) + ".jpg"));
  }
  folder_.write("Camera/IMG_9999.jpg", make_jpeg(250, 20, 20));
  const CommandResult result = run(search());
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_EQ(first_id(result), "IMG_9999.jpg");
  EXPECT_EQ(run_member(result, "strategy"), "adaptive");
  EXPECT_EQ(run_member(result, "images_scored"), "2000");
  EXPECT_EQ(run_member(result, "local_photos"), "2101");
  EXPECT_THAT(result.err, AllOf(HasSubstr("2000 of the folder's 2101 photos"), HasSubstr("--strategy all")));
  const CommandResult all = run(search({"--strategy", "all"}));
  EXPECT_EQ(run_member(all, "images_scored"), "2101");
  EXPECT_EQ(all.err, "");
}

TEST_F(CommandFolderTest, CtrlCPrintsWhatIsThere) {
  take_photos(20, 4);
  // The sixth photo is never done with. The pause lets slow machines read the five answers before it.
  const std::string mark = (folder_.path() / "mark").string();
  const std::string program =
      "n=0; " + scoring_loop("$n", "n=$((n+1)); if [ $n = 6 ]; then sleep 1; : > '" + mark + "'; sleep 1000; fi");
  RunningCommand running(command(search({"--strategy", "all", "--score", "likeness", "--score", "program:" + program})),
                         options());
  while (!std::filesystem::exists(mark))
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  running.signal(SIGINT);
  const CommandResult result = running.wait();
  EXPECT_EQ(result.exit, 130) << result.err;
  EXPECT_EQ(run_member(result, "stopped_by"), "interrupted");
  EXPECT_GE(std::stoi(run_member(result, "images_scored")), 4);
  EXPECT_NE(first_id(result), "none");
  EXPECT_THAT(result.err, HasSubstr("of the folder's 20 photos"));
}

TEST_F(CommandFolderTest, BesideAServiceTheFolderIsSearchedWhole) {
  take_photos(30, 12);
  start_service();
  const auto arguments = search({"--provider", "flickr", "--endpoint", "flickr=" + service_->endpoint(), "--api-key",
                                 kTestKey, "--no-classify", "--tag", "thing"});
  const CommandResult result = run(arguments);
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_EQ(run_member(result, "strategy"), "all+adaptive");
  EXPECT_EQ(first_id(result), "IMG_0012.jpg");
  EXPECT_EQ(run_member(result, "local_photos"), "30");
  EXPECT_GT(std::stoi(run_member(result, "images_scored")), 30);
}

TEST_F(CommandFolderTest, AllIsForFolders) {
  start_service();
  const CommandResult result = run(flickr({"--strategy", "all"}));
  EXPECT_EQ(result.exit, 2);
  EXPECT_THAT(result.err, HasSubstr("folder:DIR"));
}

}  // namespace
}  // namespace lookalike::test
