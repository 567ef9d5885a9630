// Where the results of the real binary end up: devices, pipes, links, closed streams, pages.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <thread>

#include "core/base/text/text.h"
#include "tests/command/command_fixture.h"

namespace lookalike::test {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

size_t count(const std::string& text, const std::string& what) {
  size_t found = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size()))
    ++found;
  return found;
}

class CommandOutputTest : public CommandTest {
 protected:
  // A search of the folder; "{}" stands for the binary with its arguments in the shell's line.
  std::vector<std::string> local(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {
        query_,  "--model", "tiny.onnx",         "--provider",   "folder:" + folder_.path().string(), "--tag", "thing",
        "--top", "5",       "--keep-duplicates", "--no-classify"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  CommandResult run_in_shell(const std::vector<std::string>& arguments, const std::string& redirections) const {
    std::vector<std::string> all = {"/bin/sh", "-c", "\"$@\" " + redirections, "sh", program_under_test()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_command(std::move(all), options());
  }

  void SetUp() override {
    usual_ = run(local({"--format", "urls"}));
    ASSERT_EQ(usual_.exit, 0) << usual_.err;
    ASSERT_EQ(count(usual_.out, "\n"), 5u);
  }

  CommandResult usual_;
};

TEST_F(CommandOutputTest, ADeviceAndAFifoAreWrittenThrough) {
  EXPECT_EQ(run(local({"-o", "/dev/null"})).exit, 0);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  const fs::path fifo = folder_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::string got;
  std::thread reader([&] { got = content_of(fifo); });
  EXPECT_EQ(run(local({"--format", "urls", "-o", fifo.string()})).exit, 0);
  reader.join();
  EXPECT_EQ(got, usual_.out);
  EXPECT_TRUE(fs::is_fifo(fifo));
  const auto full = run(local({"--format", "urls", "-o", "/dev/full"}));
  EXPECT_EQ(full.exit, 2);
  EXPECT_EQ(full.out, usual_.out) << "what was found is not lost with the file";
}

TEST_F(CommandOutputTest, CtrlCEndsTheWaitForAReader) {
  const fs::path fifo = folder_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  RunningCommand running(
      command(local({"--format", "urls", "-o", fifo.string(), "-v", "--log-file", (folder_ / "log").string()})),
      options());
  running.signal(SIGINT);
  const auto result = running.wait();
  EXPECT_TRUE(result.exit == 2 || result.exit == 130) << result.exit << result.err;
  EXPECT_TRUE(fs::is_fifo(fifo));
}

TEST_F(CommandOutputTest, OtherNamesOfStandardOutputAreStandardOutput) {
  fs::create_symlink("/proc/self/fd/1", folder_ / "out");
  for (const std::string& name : {std::string("/dev/stdout"), std::string("/dev/fd/1"), (folder_ / "out").string()})
    EXPECT_EQ(run(local({"--format", "urls", "-o", name})).out, usual_.out) << name;
  EXPECT_TRUE(fs::is_symlink(folder_ / "out"));
  // What stands in the file that the shell opened is not overwritten.
  const std::string file = folder_.write("all.txt", "before\n").string();
  EXPECT_EQ(run_in_shell(local({"--format", "urls", "-o", "/dev/stdout"}), ">> " + file).exit, 0);
  EXPECT_EQ(content_of(file), "before\n" + usual_.out);
  const auto third = run_in_shell(local({"--format", "urls", "-o", "/dev/fd/3"}), "3>> " + file);
  EXPECT_EQ(third.exit, 0) << third.err;
  EXPECT_EQ(content_of(file), "before\n" + usual_.out + usual_.out);
  EXPECT_EQ(run_in_shell(local({"-o", "/dev/fd/3"}), "3< " + file).exit, 2);
}

TEST_F(CommandOutputTest, ALinkIsFollowedAndTheModeKept) {
  const fs::path real = folder_.write("real", "old\n");
  ASSERT_EQ(::chmod(real.c_str(), 0600), 0);
  fs::create_symlink("real", folder_ / "link");
  fs::create_hard_link(real, folder_ / "second");
  const std::string link = (folder_ / "link").string();
  EXPECT_EQ(run(local({"--format", "urls", "-o", link})).exit, 2) << "without --force";
  EXPECT_EQ(content_of(real), "old\n");
  EXPECT_EQ(run(local({"--format", "urls", "--force", "-o", link})).exit, 0);
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(content_of(folder_ / "second"), usual_.out);
  fs::remove(folder_ / "second");
  EXPECT_EQ(run(local({"--format", "jsonl", "--force", "-o", link})).exit, 0);
  EXPECT_THAT(content_of(real), StartsWith("{"));
  EXPECT_EQ(fs::status(real).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("born", folder_ / "dangling");
  EXPECT_EQ(run(local({"--format", "urls", "-o", (folder_ / "dangling").string()})).exit, 0);
  EXPECT_EQ(content_of(folder_ / "born"), usual_.out);
}

TEST_F(CommandOutputTest, LongNamesAreNames) {
  for (const size_t length : {249u, 252u, 255u}) {
    const std::string name = (folder_ / std::string(length, 'a')).string();
    EXPECT_EQ(run(local({"--format", "urls", "-o", name})).exit, 0) << length;
    EXPECT_EQ(content_of(name), usual_.out);
  }
  const auto too_long = run(local({"-o", (folder_ / std::string(256, 'a')).string()}));
  EXPECT_EQ(too_long.exit, 2);
  EXPECT_THAT(too_long.err, HasSubstr("File name too long"));
}

TEST_F(CommandOutputTest, RetriedLinesStayBehindTheirLink) {
  const fs::path real = folder_.write("lines.jsonl", "");
  ASSERT_EQ(::chmod(real.c_str(), 0640), 0);
  const std::string link = (folder_ / std::string(252, 'l')).string();
  fs::create_symlink("lines.jsonl", link);
  const std::string missing = (folder_ / "late.jpg").string();
  EXPECT_EQ(run(local({missing, "--format", "jsonl", "-o", link})).exit, 8);
  folder_.write("late.jpg", make_jpeg(1, 2, 200));
  EXPECT_EQ(run(local({missing, "--format", "jsonl", "-o", link, "--resume", "--retry-failed"})).exit, 0);
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(fs::status(real).permissions() & fs::perms::mask, static_cast<fs::perms>(0640));
  EXPECT_EQ(count(content_of(real), "\n"), 2u);
  EXPECT_THAT(content_of(real), Not(HasSubstr("\"error\"")));
}

TEST_F(CommandOutputTest, AClosedStreamGetsIntoNoFile) {
  const std::string lines = (folder_ / "lines.jsonl").string();
  const auto batch = local({(folder_ / "none.jpg").string(), "--format", "jsonl", "-o", lines});
  EXPECT_EQ(run_in_shell(batch, "2>&-").exit, 8);
  for (const std::string& line : split(content_of(lines), '\n'))
    EXPECT_TRUE(line.empty() || line.starts_with("{")) << line;
  auto again = batch;
  again.push_back("--resume");
  EXPECT_EQ(run(again).exit, 8);

  const std::string log = (folder_ / "log.txt").string();
  const auto lost = run_in_shell(local({"--format", "urls", "--log-file", log}), ">&-");
  EXPECT_EQ(lost.exit, 2);
  EXPECT_THAT(lost.err, HasSubstr("standard output: it is closed"));
  EXPECT_THAT(content_of(log), Not(HasSubstr("\nfile:")));
  EXPECT_EQ(run_in_shell(local({"--format", "urls", "-o", (folder_ / "kept").string()}), ">&- 2>&- <&-").exit, 0);
  EXPECT_EQ(content_of(folder_ / "kept"), usual_.out);
  EXPECT_EQ(run_in_shell(local({"--format", "urls"}), "<&-").out, usual_.out);
}

TEST_F(CommandOutputTest, LostTextIsAnErrorOfEveryCommand) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"},
        {"help"},
        {"version"},
        {"--version"},
        {"providers"},
        {"models", "list"},
        {"cache", "info"},
        {"doctor", "--provider", "folder:" + folder_.path().string(), "--model", "tiny.onnx"}}) {
    for (const char* redirection : {">&-", "> /dev/full"}) {
      const auto result = run_in_shell(arguments, redirection);
      EXPECT_EQ(result.exit, 2) << arguments.front() << redirection;
      EXPECT_THAT(result.err, HasSubstr("standard output")) << arguments.front() << redirection;
    }
  }
}

TEST_F(CommandOutputTest, OtherSourcesShowAllOnOnePage) {
  const auto page = run(local({"--format", "html", "--top", "36", "--max-images", "200"}));
  ASSERT_EQ(page.exit, 0) << page.err;
  EXPECT_EQ(count(page.out, "<li>"), 36u);
  EXPECT_THAT(page.out, Not(HasSubstr("<nav>")));
}

TEST_F(CommandOutputTest, FlickrsPhotosComeInPagesOfThirty) {
  start_service();
  const std::string file = (folder_ / "found it.html").string();
  const auto pages = flickr({"--format", "html", "--top", "36", "-o", file});
  ASSERT_EQ(run(pages).exit, 0);
  const std::string first = content_of(file), second = content_of(folder_ / "found it-2.html");
  EXPECT_EQ(count(first, "<li>"), 30u);
  EXPECT_EQ(count(second, "<li>"), 6u);
  EXPECT_THAT(first, HasSubstr("href=\"./found%20it-2.html\""));
  EXPECT_THAT(second, HasSubstr("href=\"./found%20it.html\""));
  for (const std::string& page : {first, second})
    EXPECT_THAT(page, HasSubstr("not endorsed or certified by SmugMug"));

  fs::remove(file);
  const auto refused = run(pages);
  EXPECT_EQ(refused.exit, 2) << "the second page is in the way";
  EXPECT_THAT(refused.err, HasSubstr("found it-2.html: it exists"));
  auto forced = pages;
  forced.push_back("--force");
  EXPECT_EQ(run(forced).exit, 0);

  const auto shown = run(flickr({"--format", "html", "--top", "36"}));
  EXPECT_EQ(count(shown.out, "<li>"), 30u);
  EXPECT_THAT(shown.out, HasSubstr("the first 30 of 36 photos"));
  EXPECT_THAT(shown.out, HasSubstr("--output FILE"));
}

TEST_F(CommandOutputTest, NamesInBracketsAreNames) {
  fs::create_directories(folder_ / "[2019] Trip [raw]");
  fs::copy_file(query_, folder_ / "[2019] Trip [raw]/a.jpg");
  fs::copy_file(query_, folder_ / "[a,b]");
  for (const std::string name : {"[2019] Trip [raw]", "[a,b]"}) {
    auto arguments = local({"--format", "urls"});
    arguments[0] = (folder_ / name).string();
    EXPECT_EQ(run(arguments).exit, 0) << name;
    arguments.insert(arguments.begin(), "search");
    auto here = arguments;
    here[1] = name;
    const auto result = run_command({"/bin/sh",
                                     "-c",
                                     "cd \"$1\" && shift && \"$@\"",
                                     "sh",
                                     folder_.path().string(),
                                     program_under_test(),
                                     "--model",
                                     (folder_ / "tiny.onnx").string(),
                                     "--provider",
                                     "folder:" + folder_.path().string(),
                                     "--strategy",
                                     "greedy",
                                     "--tag",
                                     "[x]",
                                     "--tag",
                                     "thing",
                                     "--no-classify",
                                     "--json",
                                     "--explain",
                                     name},
                                    options());
    EXPECT_EQ(result.exit, 0) << name << result.err;
    EXPECT_THAT(result.out, HasSubstr("\"[x]\""));
  }
}

TEST_F(CommandOutputTest, PeopleSeeOneNumber) {
  start_service();
  const auto json = run(flickr({"--json", "--top", "12"}));
  ASSERT_EQ(json.exit, 0) << json.err;
  std::vector<double> likeness;
  for (const std::string& line : split(json.out, '\n')) {
    const size_t at = line.find("\"likeness\": ");
    if (at != std::string::npos) likeness.push_back(std::stod(line.substr(at + 12)));
  }
  ASSERT_EQ(likeness.size(), 12u);
  EXPECT_TRUE(std::is_sorted(likeness.rbegin(), likeness.rend()));
  const auto digits = [](double value) {
    char text[16];
    std::snprintf(text, sizeof text, "%.1f", value);
    return std::string(text);
  };
  const auto table = run(flickr({"--format", "table", "--top", "12", "--explain"}));
  const auto page = run(flickr({"--format", "html", "--top", "12"}));
  for (const double value : likeness) {
    EXPECT_THAT(table.out, HasSubstr("  " + digits(value) + " "));
    EXPECT_THAT(page.out, HasSubstr("likeness " + digits(value) + " "));
  }
  EXPECT_THAT(table.err, HasSubstr("  " + digits(likeness[0]) + "  "));
  const auto cut = run(flickr({"--format", "urls", "--top", "100", "--min-score", digits(likeness[4])}));
  EXPECT_EQ(count(cut.out, "\n"),
            static_cast<size_t>(std::count_if(likeness.begin(), likeness.end(), [&](double value) {
              return std::stod(digits(value)) >= std::stod(digits(likeness[4]));
            })));
}

}  // namespace
}  // namespace lookalike::test
