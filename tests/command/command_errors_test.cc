// Wrong input of every kind: a clear message, the right exit status, never a crash.
#include <gmock/gmock.h>
#include <zlib.h>

#include "tests/command/command_fixture.h"
#include "tests/support/raw_server.h"

namespace lookalike::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class CommandErrorsTest : public CommandTest {
 protected:
  void SetUp() override { start_service(); }

  void expect(const std::vector<std::string>& arguments, int exit, const std::string& message) const {
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit, exit) << result.err;
    EXPECT_THAT(result.err, HasSubstr(message));
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, StartsWith(exit == 1 ? "lookalike: warning: " : "lookalike: error: "));
  }

  std::vector<std::string> with_query(const std::string& query) const {
    auto arguments = flickr();
    arguments[0] = query;
    return arguments;
  }

  // `from` replaced by `to` in the usual command.
  std::vector<std::string> flickr_with(const std::string& from, const std::string& to) const {
    auto arguments = flickr();
    std::replace(arguments.begin(), arguments.end(), from, to);
    return arguments;
  }
};

std::string big_endian(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>((value >> shift) & 255);
  return bytes;
}

// The header of a PNG that would take 1.2 GB.
std::string huge_png() {
  const std::string header = "IHDR" + big_endian(20'000) + big_endian(20'000) + std::string("\x08\x02\0\0\0", 5);
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(header.data()), static_cast<uInt>(header.size()));
  return "\x89PNG\r\n\x1a\n" + big_endian(13) + header + big_endian(static_cast<uint32_t>(crc)) + std::string(100, 'x');
}

TEST_F(CommandErrorsTest, UnreadableQueriesExitWith6) {
  expect(with_query((folder_.path() / "none.jpg").string()), 6, "none.jpg");
  expect(with_query(folder_.write("text.jpg", "Just some words.\n").string()), 6, "text.jpg");
  expect(with_query(folder_.write("empty.jpg", "").string()), 6, "empty.jpg");
  const std::string jpeg = make_jpeg(1, 2, 3, 300, 300);
  expect(with_query(folder_.write("cut.jpg", jpeg.substr(0, jpeg.size() / 2)).string()), 6, "truncated");
  expect(with_query(folder_.write("huge.png", huge_png()).string()), 6, "20000");
  std::filesystem::create_directories(folder_.path() / "no photos");
  expect(with_query((folder_.path() / "no photos").string()), 6, "no photos");
}

TEST_F(CommandErrorsTest, AOnePixelImageIsAnImage) {
  const CommandResult result = run(with_query(folder_.write("one.jpg", make_jpeg(200, 100, 50, 1, 1)).string()));
  // One pixel of a gradient is black, which may look like nothing at all to the network: then that is said.
  EXPECT_THAT(result.exit, testing::AnyOf(0, 7)) << result.err;
}

TEST_F(CommandErrorsTest, KeysMissingOrWrongExitWith3) {
  expect({query_, "--model", "tiny.onnx", "--provider", "flickr"}, 3, "--api-key");
  expect({query_, "--model", "tiny.onnx", "--provider", "flickr"}, 3, "--provider openverse");
  expect(flickr_with(kTestKey, "ffffffffffffffffffffffffffffffff"), 3, "key");
}

TEST_F(CommandErrorsTest, WrongUseExitsWith2) {
  expect({}, 2, "no image given");
  expect({query_, "--bogus"}, 2, "--bogus");
  expect({query_, "--strategy", "magic"}, 2, "magic");
  expect({query_, "--model", "tiny.onnx", "--provider", "myspace"}, 2, "myspace");
  expect(flickr({"--license", "beerware"}), 2, "beerware");
  expect(flickr({"--output", "/no/such/folder/out.json"}), 2, "/no/such/folder");
  expect(flickr({"--endpoint", "http://example.org/rest"}), 2, "https");
  expect(flickr({"--crop", "0,0,1000,10"}), 2, "64 x 64");
}

TEST_F(CommandErrorsTest, BrokenModelsExitWith7) {
  expect(flickr_with("tiny.onnx", "nosuchnetwork"), 7, "nosuchnetwork");
  const std::string broken = folder_.write("broken.onnx", "this is no network").string();
  expect(flickr_with("tiny.onnx", broken), 7, "broken.onnx");
  expect(flickr({"--layer", "bottlenec"}), 7, "bottleneck");
}

TEST_F(CommandErrorsTest, AFullDiskIsSaid) {
  CommandOptions full = options();
  full.stdout_path = "/dev/full";
  const CommandResult result = run_command(command(flickr({"--json"})), full);
  EXPECT_EQ(result.exit, 2);
  EXPECT_THAT(result.err, HasSubstr("No space left"));
}

TEST_F(CommandErrorsTest, AServiceThatIsNotThereExitsWith5) {
  const std::string endpoint = "http://127.0.0.1:" + std::to_string(unused_port()) + "/services/rest/";
  auto arguments = flickr_with(service_->endpoint(), endpoint);
  arguments.insert(arguments.end(), {"--retries", "0"});
  expect(arguments, 5, "127.0.0.1");
}

TEST_F(CommandErrorsTest, AServiceThatCannotBeReachedIsReportedOnceAndCostsNothing) {
  const std::string endpoint = "http://127.0.0.1:" + std::to_string(unused_port()) + "/services/rest/";
  auto arguments = flickr_with(service_->endpoint(), endpoint);
  arguments.insert(arguments.end(), {"--hourly-calls", "90", "--json"});
  for (int i = 0; i < 20; ++i)
    arguments.insert(arguments.end(), {"--tag", "word" + std::to_string(i)});
  const CommandResult result = run(arguments);
  EXPECT_EQ(result.exit, 5) << result.err;
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  EXPECT_THAT(result.err, testing::AllOf(HasSubstr("could not connect to 127.0.0.1"), HasSubstr("check the network")));
  EXPECT_THAT(result.out, HasSubstr("\"api_calls\": 0"));
  const CommandResult doctor =
      run({"doctor", "--model", "tiny.onnx", "--endpoint", endpoint, "--api-key", kTestKey, "--hourly-calls", "90"});
  EXPECT_THAT(doctor.out, HasSubstr("0 of 90 calls used"));
}

TEST_F(CommandErrorsTest, ThatHoldsForASourceWithARateToo) {
  const CommandResult result =
      run({query_, "--model", "tiny.onnx", "--provider", "openverse", "--endpoint",
           "http://127.0.0.1:" + std::to_string(unused_port()) + "/", "--no-classify", "--tag", "thing"});
  EXPECT_EQ(result.exit, 5) << result.err;
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  EXPECT_THAT(result.err, testing::Not(HasSubstr("used up")));
}

TEST_F(CommandErrorsTest, NothingFoundExitsWith1) {
  auto arguments = flickr_with("thing", "unheardof");
  expect(arguments, 1, "nothing found");
}

TEST_F(CommandErrorsTest, FoldersThatAreNotThereExitWith5) {
  expect({query_, "--model", "tiny.onnx", "--provider", "folder:/no/such/folder"}, 5, "/no/such/folder");
}

TEST_F(CommandErrorsTest, HelpAndVersionGoToStandardOutput) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"--version"},
                                                    {"models", "--help"},
                                                    {"models", "pull", "--help"},
                                                    {"providers", "--help"},
                                                    {"doctor", "--help"},
                                                    {"search", "--help"}}) {
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit, 0);
    EXPECT_THAT(result.out, HasSubstr("lookalike"));
    EXPECT_EQ(result.err, "");
  }
}

TEST_F(CommandErrorsTest, DoctorFindsWhatIsWrong) {
  const std::vector<std::string> arguments = {"doctor", "--model",    "tiny.onnx",         "--provider",
                                              "flickr", "--endpoint", service_->endpoint()};
  auto good = arguments;
  good.insert(good.end(), {"--api-key", kTestKey});
  const CommandResult well = run(good);
  EXPECT_EQ(well.exit, 0) << well.out;
  EXPECT_THAT(well.out, HasSubstr("flickr answers in"));
  const CommandResult keyless = run(arguments);
  EXPECT_EQ(keyless.exit, 3);
  EXPECT_THAT(keyless.out, HasSubstr("--api-key"));
  auto refused = arguments;
  refused.insert(refused.end(), {"--api-key", "ffffffffffffffffffffffffffffffff"});
  EXPECT_EQ(run(refused).exit, 3);
}

}  // namespace
}  // namespace lookalike::test
