// What the user names as input, end to end: standard input of every kind, pipes that nobody writes into, signals and
// time limits while the program waits, and text files from Windows.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "core/base/files/file.h"
#include "tests/command/command_fixture.h"

namespace lookalike::test {
namespace {

using namespace std::string_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kInterrupted = 130;
constexpr int kQueryUnreadable = 6;

// Of this process, which a shell can name: it knows one digit.
constexpr int kHandedOn = 9;

// Open until this goes. Not handed on to programs.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) { ::fcntl(descriptor_, F_SETFD, FD_CLOEXEC); }
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_;
};

// Takes a descriptor's place among those that programs get.
class HandedOn {
 public:
  explicit HandedOn(int descriptor) {
    EXPECT_EQ(::fcntl(kHandedOn, F_GETFD), -1) << "it is in use";
    EXPECT_EQ(::dup2(descriptor, kHandedOn), kHandedOn);
  }
  ~HandedOn() { ::close(kHandedOn); }
  HandedOn(const HandedOn&) = delete;
  HandedOn& operator=(const HandedOn&) = delete;
};

class CommandInputTest : public CommandTest {
 protected:
  // A search of the pictures in the folder.
  std::vector<std::string> here(std::vector<std::string> arguments) const {
    const std::vector<std::string> more = {
        "--model", "tiny.onnx",    "--provider", "folder:" + folder_.path().string(), "--no-classify", "--tag",
        "thing",   "--max-images", "3"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return command(arguments);
  }

  CommandResult search(std::vector<std::string> arguments, std::string input = "") const {
    CommandOptions with = options();
    with.input = std::move(input);
    return run_command(here(std::move(arguments)), with);
  }

  // With what is handed on as standard input.
  std::vector<std::string> from_handed_on(std::vector<std::string> arguments) const {
    std::vector<std::string> all = {"/bin/sh", "-c", "exec \"$@\" <&" + std::to_string(kHandedOn), "sh"};
    const auto own = here(std::move(arguments));
    all.insert(all.end(), own.begin(), own.end());
    return all;
  }

  std::string pipe(const std::string& name = "pipe") const {
    const std::string path = (folder_ / name).string();
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    return path;
  }

  // Returns once the program has opened the pipe to read from it.
  static int open_writer(const std::string& pipe) {
    while (true) {
      const int writer = ::open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
      if (writer >= 0 || errno != ENXIO) return writer;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

  std::string query_bytes() const { return make_jpeg(250, 20, 20); }

  // The list, or whatever file, as different systems write it.
  static std::vector<std::string> as_written(const std::string& text) {
    std::string windows, utf16 = "\xFF\xFE";
    for (const char c : text)
      windows += c == '\n' ? "\r\n" : std::string(1, c);
    for (const char c : windows)
      utf16 += std::string{c, '\0'};
    return {text, windows, "\xEF\xBB\xBF" + windows, utf16, text.substr(0, text.size() - 1) + "  "};
  }
};

TEST_F(CommandInputTest, StandardInputIsWhateverDescriptorZeroIs) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const Descriptor reader(ends[0]);
  Descriptor writer(ends[1]);
  std::thread feeding([&] {
    const std::string bytes = query_bytes();
    EXPECT_EQ(::write(writer.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    writer.close();
  });
  const HandedOn standard_input(reader.get());
  const CommandResult from_socket = run_command(from_handed_on({"-"}), options());
  feeding.join();
  EXPECT_EQ(from_socket.exit, 0) << from_socket.err;
  EXPECT_THAT(from_socket.out, Not(IsEmpty()));
}

TEST_F(CommandInputTest, StandardInputIsReadFromWhereItStands) {
  const std::string file = folder_.write("headed", "HEADER\n" + query_bytes()).string();
  for (const char* name : {"-", "/dev/stdin", "/dev/fd/0"}) {
    const Descriptor open_file(::open(file.c_str(), O_RDONLY));
    ASSERT_EQ(::lseek(open_file.get(), 7, SEEK_SET), 7);
    const HandedOn standard_input(open_file.get());
    const CommandResult rest = run_command(from_handed_on({name}), options());
    EXPECT_EQ(rest.exit, 0) << name << rest.err;
  }
  const CommandResult list = search({"--input", "-"}, query_ + "\n");
  EXPECT_EQ(list.exit, 0) << list.err;
}

TEST_F(CommandInputTest, StandardInputCanBeReadOnce) {
  const CommandResult twice = search({"-", "--like", "/dev/stdin"}, query_bytes());
  EXPECT_EQ(twice.exit, 2);
  EXPECT_THAT(twice.err, HasSubstr("standard input can be read only once, but IMAGE and --like both read it"));
  const CommandResult empty = search({"-"});
  EXPECT_EQ(empty.exit, kQueryUnreadable);
  EXPECT_THAT(empty.err, HasSubstr("standard input is empty"));
}

TEST_F(CommandInputTest, OneSignalEndsAWaitForStandardInput) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const Descriptor reader(ends[0]);
  const Descriptor silent(ends[1]);
  const HandedOn standard_input(reader.get());
  RunningCommand running(from_handed_on({"-"}), options());
  running.signal(SIGINT);
  EXPECT_EQ(running.wait().exit, kInterrupted);
}

TEST_F(CommandInputTest, OneSignalEndsAWaitForAnyInput) {
  const std::vector<std::vector<std::string>> uses = {
      {"PIPE"},
      {query_, "--like", "PIPE"},
      {query_, "--unlike", "PIPE"},
      {"--input", "PIPE"},
      {query_, "--stop-tags", "PIPE"},
      {query_, "--api-key-file", "PIPE", "--provider", "flickr"},
  };
  int number = 0;
  for (std::vector<std::string> arguments : uses) {
    const std::string path = pipe("pipe" + std::to_string(number++));
    std::ranges::replace(arguments, std::string("PIPE"), path);
    const std::string what = arguments[arguments.size() > 1 ? 1 : 0];
    RunningCommand running(here(arguments), options());
    const Descriptor silent(open_writer(path));
    running.signal(SIGTERM);
    const CommandResult result = running.wait();
    EXPECT_EQ(result.exit, kInterrupted) << what << result.err;
    EXPECT_THAT(result.out, IsEmpty()) << what;
  }
}

TEST_F(CommandInputTest, OneSignalEndsAWaitInABatchAndKeepsWhatWasFound) {
  const std::string path = pipe();
  CommandOptions with = options();
  with.input = query_ + "\n" + path + "\n";
  RunningCommand running(here({"--input", "-", "--format", "jsonl"}), with);
  const Descriptor silent(open_writer(path));
  running.signal(SIGINT);
  const CommandResult result = running.wait();
  EXPECT_EQ(result.exit, kInterrupted) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr(query_), HasSubstr("\"results\":[{")));
}

TEST_F(CommandInputTest, TheTimeLimitEndsAWaitForAWriter) {
  const std::string path = pipe();
  const CommandResult result = search({path, "--time-limit", "0.1"});
  EXPECT_EQ(result.exit, kQueryUnreadable);
  EXPECT_THAT(result.err, HasSubstr(path + ": nobody opened this pipe to write into it within the time limit"));
  EXPECT_EQ(search({query_, "--like", path, "--time-limit", "0.1"}).exit, kQueryUnreadable);
  EXPECT_EQ(search({"--input", path, "--time-limit", "0.1"}).exit, kQueryUnreadable);
  EXPECT_EQ(search({query_, "--stop-tags", path, "--time-limit", "0.1"}).exit, 2);
}

TEST_F(CommandInputTest, TheTimeLimitAndTheTimeOutEndAWaitForSilentInput) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const Descriptor reader(ends[0]);
  const Descriptor silent(ends[1]);
  const HandedOn standard_input(reader.get());
  const CommandResult result = run_command(from_handed_on({"-", "--time-limit", "0.1", "--timeout", "0.1"}), options());
  EXPECT_EQ(result.exit, kQueryUnreadable);
  EXPECT_THAT(result.err, HasSubstr("standard input: its end did not come within the time limit"));
}

TEST_F(CommandInputTest, APipeMayNameImagesAndWords) {
  const std::string list = pipe("list");
  std::thread writing([&] {
    const Descriptor writer(open_writer(list));
    const std::string name = query_ + "\n";
    EXPECT_EQ(::write(writer.get(), name.data(), name.size()), static_cast<ssize_t>(name.size()));
  });
  const CommandResult result = search({"--input", list});
  writing.join();
  EXPECT_EQ(result.exit, 0) << result.err;
}

TEST_F(CommandInputTest, TextFilesMayComeFromWindows) {
  for (const std::string& list : as_written(query_ + "\n")) {
    const CommandResult result = search({"--input", folder_.write("list.txt", list).string()});
    EXPECT_EQ(result.exit, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr(query_ + "\t"));
  }
  start_service();
  for (const std::string& key : as_written(kTestKey + "\n"s)) {
    const std::string file = folder_.write("key.txt", key).string();
    const CommandResult result =
        run({query_, "--model", "tiny.onnx", "--endpoint", service_->endpoint(), "--provider", "flickr",
             "--api-key-file", file, "--no-classify", "--tag", "thing", "--max-images", "3"});
    EXPECT_EQ(result.exit, 0) << result.err;
  }
  for (const std::string& words : as_written("thing\nshade%\n")) {
    const std::string file = folder_.write("stop.txt", words).string();
    const CommandResult result = search({query_, "--stop-tags", file, "--tag", "apple", "--explain"});
    EXPECT_EQ(result.exit, 0) << result.err;
    EXPECT_THAT(result.err, Not(HasSubstr("shade1")));
  }
}

TEST_F(CommandInputTest, AManifestMayComeFromWindows) {
  const std::string text = *read_file(manifest_, 1 << 20);
  for (const std::string& manifest : as_written(text)) {
    std::ofstream(manifest_, std::ios::binary) << manifest;
    const CommandResult result = search({query_, "--json"});
    EXPECT_EQ(result.exit, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("\"owner\": \"12@N01\""));
  }
}

TEST_F(CommandInputTest, AListThatIsNoTextSaysWhatToDo) {
  const CommandResult result = search({"--input", folder_.write("list", query_ + "\0"s).string()});
  EXPECT_EQ(result.exit, 2);
  EXPECT_THAT(result.err, AllOf(HasSubstr("save it as UTF-8"), HasSubstr("-0")));
}

}  // namespace
}  // namespace lookalike::test
