#include "core/base/files/input.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int64_t kMost = 1 << 20;

InputPatience a_moment() {
  const auto soon = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  return {.deadline = soon, .read_by = soon};
}

class InputTest : public testing::Test {
 protected:
  std::string pipe() const {
    const std::string path = (owner_ / "pipe").string();
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    return path;
  }

  test::TemporaryFolder owner_;
};

// A pipe or a pair of sockets; what is written into the one end comes out of the other.
struct Pair {
  explicit Pair(bool sockets) {
    EXPECT_EQ(sockets ? ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) : ::pipe(ends.data()), 0);
  }
  ~Pair() {
    ::close(ends[0]);
    close_writer();
  }
  void write(const std::string& text) const {
    EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void close_writer() {
    if (ends[1] >= 0) ::close(ends[1]);
    ends[1] = -1;
  }
  std::string name() const { return "/dev/fd/" + std::to_string(ends[0]); }

  std::array<int, 2> ends{};
};

TEST_F(InputTest, NamesOfDescriptors) {
  EXPECT_EQ(descriptor_named("-"), 0);
  EXPECT_EQ(descriptor_named("/dev/stdin"), 0);
  EXPECT_EQ(descriptor_named("/dev/fd/7"), 7);
  EXPECT_EQ(descriptor_named("/proc/self/fd/12"), 12);
  EXPECT_EQ(descriptor_named("/dev/fd/x"), std::nullopt);
  EXPECT_EQ(descriptor_named("./-"), std::nullopt);
  EXPECT_EQ(descriptor_named("/dev/null"), std::nullopt);
  fs::create_symlink("/dev/stdin", owner_ / "link");
  fs::create_symlink("link", owner_ / "link_to_link");
  fs::create_symlink("round", owner_ / "round");
  EXPECT_EQ(descriptor_named((owner_ / "link_to_link").string()), 0);
  EXPECT_EQ(descriptor_named((owner_ / "round").string()), std::nullopt);
  EXPECT_EQ(input_name("-"), "standard input");
  EXPECT_EQ(input_name("photo.jpg"), "photo.jpg");
}

TEST_F(InputTest, ReadsAFileAndNamesWhatCannotBeRead) {
  const std::string bytes(300'000, 'x');
  const std::string file = owner_.write("file", bytes).string();
  EXPECT_EQ(*read_input(file, kMost), bytes);
  EXPECT_EQ(*read_input("/dev/null", kMost), "");
  EXPECT_EQ(read_input(file, 299'999).error().code, ErrorCode::bad_data);
  EXPECT_TRUE(read_input(file, 300'000).ok());
  EXPECT_EQ(read_input(file + "x", kMost).error().code, ErrorCode::not_found);
  EXPECT_THAT(read_input(owner_.path().string(), kMost).error().message, HasSubstr("is a directory"));
  EXPECT_EQ(read_input("/dev/zero", kMost).error().code, ErrorCode::bad_data);
}

TEST_F(InputTest, AnOpenDescriptorIsReadFromWhereItStands) {
  const std::string file = owner_.write("file", "HEADER\nthe rest").string();
  const int descriptor = ::open(file.c_str(), O_RDONLY);
  ASSERT_EQ(::lseek(descriptor, 7, SEEK_SET), 7);
  EXPECT_EQ(*read_input("/dev/fd/" + std::to_string(descriptor), kMost), "the rest");
  ::close(descriptor);
}

TEST_F(InputTest, ADescriptorNeedNotBeOneThatCouldBeOpened) {
  Pair sockets(true);
  sockets.write("over a socket");
  sockets.close_writer();
  EXPECT_EQ(*read_input(sockets.name(), kMost), "over a socket");

  const std::string secret = owner_.write("secret", "of another user").string();
  const int descriptor = ::open(secret.c_str(), O_RDONLY);
  fs::remove(secret);  // as good as unreadable, for root too
  EXPECT_EQ(*read_input("/dev/fd/" + std::to_string(descriptor), kMost), "of another user");
  ::close(descriptor);
  EXPECT_EQ(read_input("/dev/fd/" + std::to_string(descriptor), kMost).error().code, ErrorCode::not_found);
}

TEST_F(InputTest, ADescriptorThatDoesNotBlockIsWaitedForAllTheSame) {
  Pair pipe(false);
  ASSERT_EQ(::fcntl(pipe.ends[0], F_SETFL, O_NONBLOCK), 0);
  std::thread writer([&pipe] {
    pipe.write("first, ");
    pipe.write("second");
    pipe.close_writer();
  });
  EXPECT_EQ(*read_input(pipe.name(), kMost), "first, second");
  writer.join();
}

TEST_F(InputTest, ANamedPipeIsReadUntilItsWriterLeaves) {
  const std::string path = pipe();
  std::thread writer([&path] {
    const int descriptor = ::open(path.c_str(), O_WRONLY);
    EXPECT_EQ(::write(descriptor, "abc", 3), 3);
    EXPECT_EQ(::write(descriptor, "def", 3), 3);
    ::close(descriptor);
  });
  EXPECT_EQ(*read_input(path, kMost), "abcdef");
  writer.join();
}

TEST_F(InputTest, NobodyWritesIntoANamedPipe) {
  const std::string path = pipe();
  const auto read = read_input(path, kMost, a_moment());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::not_found);
  EXPECT_EQ(read.error().message, path + ": nobody opened this pipe to write into it within the time limit");
}

TEST_F(InputTest, AWriterMayTakeLongerThanToCome) {
  const std::string path = pipe();
  const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
  const int writer = ::open(path.c_str(), O_WRONLY);
  std::thread late([&] {
    EXPECT_EQ(::write(writer, "late", 4), 4);
    ::close(writer);
  });
  EXPECT_EQ(*read_input(path, kMost, {.deadline = std::chrono::steady_clock::now()}), "late");
  late.join();
  ::close(reader);
}

TEST_F(InputTest, AWriterMayBeGoneBeforeItIsRead) {
  const std::string path = pipe();
  const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
  const int writer = ::open(path.c_str(), O_WRONLY);
  EXPECT_EQ(::write(writer, "early", 5), 5);
  ::close(writer);
  EXPECT_EQ(*read_input(path, kMost), "early");
  ::close(reader);
}

TEST_F(InputTest, ASilentPipeIsGivenUp) {
  Pair pipe(false);
  pipe.write("a beginning");
  const auto read = read_input(pipe.name(), kMost, a_moment());
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, HasSubstr("its end did not come within the time limit"));
}

TEST_F(InputTest, AStopEndsEveryWait) {
  Pair silent(false);
  for (const std::string& name : {silent.name(), pipe()}) {
    std::stop_source stop;
    std::thread stopper([&stop] { stop.request_stop(); });
    const auto read = read_input(name, kMost, {.stop = stop.get_token()});
    stopper.join();
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::interrupted);
    EXPECT_EQ(read.error().message, name + ": interrupted");
  }
}

}  // namespace
}  // namespace lookalike
