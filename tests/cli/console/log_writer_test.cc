#include "cli/console/log_writer.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/base/files/file.h"

namespace lookalike {
namespace {

TEST(LogWriter, MasksSecrets) {
  EXPECT_EQ(without_secrets("key 0123456789ab twice 0123456789ab", {"0123456789ab"}), "key *** twice ***");
  EXPECT_EQ(without_secrets("nothing here", {"", "abc"}), "nothing here");
}

TEST(LogWriter, NeverWritesASecretToItsFile) {
  const auto path = std::filesystem::path(testing::TempDir()) / "log_test.log";
  std::filesystem::remove(path);
  {
    auto log = LogWriter::open({.quiet = true, .log_file = path.string()}, {});
    ASSERT_TRUE(log.ok());
    (*log)->add_secret("0123456789abcdef");
    (*log)->sink()(LogLevel::debug, "asking https://api.example/?api_key=0123456789abcdef\x1b[2J");
  }
  const std::string text = *read_file(path, 10'000);
  EXPECT_NE(text.find("asking https://api.example/?api_key=***"), std::string::npos);
  EXPECT_EQ(text.find("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  std::filesystem::remove(path);
}

TEST(LogWriter, SaysWhenItsFileCannotBeWritten) {
  const auto log = LogWriter::open({.log_file = "/proc/none/x.log"}, {});
  ASSERT_FALSE(log.ok());
  EXPECT_EQ(log.error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace lookalike
