// A machine that runs out of memory or descriptors, end to end: a message and an exit status, never an abort.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/command/command_fixture.h"

namespace lookalike::test {
namespace {

using testing::HasSubstr;

constexpr int kDied = 128;  // and more: by a signal

class CommandResourcesTest : public CommandTest {
 protected:
  CommandResult limited(const std::string& limit, std::vector<std::string> arguments) const {
    std::vector<std::string> all = {"/bin/sh", "-c", "ulimit " + limit + " && exec \"$@\"", "sh"};
    const auto own = command(std::move(arguments));
    all.insert(all.end(), own.begin(), own.end());
    return run_command(all, options());
  }

  std::vector<std::string> search() const {
    return {query_,          "--model", "tiny.onnx", "--provider",   "folder:" + folder_.path().string(),
            "--no-classify", "--tag",   "thing",     "--max-images", "20"};
  }
};

// Below, the program is not even loaded: that is the loader's to say.
TEST_F(CommandResourcesTest, LittleMemoryIsAnErrorOrEnough) {
  if (program_is_sanitized()) GTEST_SKIP() << "the sanitizer needs more";
  for (int megabytes = 100; megabytes <= 600; megabytes += 50) {
    const CommandResult result = limited("-v " + std::to_string(megabytes * 1024), search());
    EXPECT_LT(result.exit, kDied) << megabytes << " MB: " << result.err;
    if (result.exit != 0) {
      EXPECT_THAT(result.err, Not(testing::IsEmpty())) << megabytes;
    }
  }
}

TEST_F(CommandResourcesTest, FewDescriptorsAreAnErrorOrEnough) {
  start_service();
  for (int descriptors = 4; descriptors <= 40; descriptors += 2) {
    const CommandResult result = limited("-n " + std::to_string(descriptors), flickr({"--max-images", "20"}));
    EXPECT_LT(result.exit, kDied) << descriptors << ": " << result.err;
    if (result.exit != 0) {
      EXPECT_THAT(result.err, Not(testing::IsEmpty())) << descriptors;
    }
  }
}

}  // namespace
}  // namespace lookalike::test
