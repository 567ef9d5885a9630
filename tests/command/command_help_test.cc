// What the real binary answers when it is asked for help, or mistyped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/command/command_fixture.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class CommandHelpTest : public CommandTest {
 protected:
  std::string refusal(const std::vector<std::string>& arguments) const {
    const auto result = run(arguments);
    EXPECT_EQ(result.exit, 2) << result.err;
    EXPECT_EQ(result.out, "");
    return result.err;
  }
};

TEST_F(CommandHelpTest, HelpIsACommand) {
  const auto help = run({"--help"});
  EXPECT_EQ(help.exit, 0);
  EXPECT_THAT(help.out, HasSubstr("--max-images"));
  EXPECT_EQ(run({"help"}).out, help.out);
  EXPECT_EQ(run({"help", "search"}).out, help.out);
  EXPECT_EQ(run({"help", "help"}).out, help.out);
  for (const char* command : {"models", "eval", "doctor", "cache", "providers"}) {
    const auto of_it = run({"help", command});
    EXPECT_EQ(of_it.exit, 0);
    EXPECT_EQ(of_it.out, run({command, "--help"}).out);
  }
  EXPECT_EQ(run({"help", "models", "pull"}).out, run({"models", "pull", "--help"}).out);
  EXPECT_THAT(run({"help", "models", "pull"}).out, HasSubstr("--from"));
  EXPECT_THAT(refusal({"help", "modles"}), HasSubstr("did you mean models?"));
}

TEST_F(CommandHelpTest, VersionIsACommand) {
  const auto version = run({"version"});
  EXPECT_EQ(version.exit, 0);
  EXPECT_THAT(version.out, StartsWith("lookalike "));
  EXPECT_EQ(version.out, run({"--version"}).out);
  EXPECT_EQ(run({"version", "x"}).exit, 2);
}

TEST_F(CommandHelpTest, AMistypedCommandIsToldFromAPhoto) {
  EXPECT_THAT(refusal({"serach", query_}), HasSubstr("did you mean lookalike search?"));
  EXPECT_THAT(refusal({"modles", "list"}), HasSubstr("did you mean lookalike models?"));
  EXPECT_THAT(refusal({"models", "lsit"}), HasSubstr("did you mean list?"));
  EXPECT_EQ(run({"no-such-photo.jpg", "--model", "tiny.onnx", "--provider", "folder:" + folder_.path().string()}).exit,
            6);
}

TEST_F(CommandHelpTest, AMistypedNameIsAnsweredWithTheNearest) {
  EXPECT_THAT(refusal({query_, "--max-image", "5"}), HasSubstr("did you mean --max-images?"));
  EXPECT_THAT(refusal({query_, "--strategy", "adaptiv"}), HasSubstr("did you mean adaptive?"));
  EXPECT_THAT(refusal({query_, "--format", "htlm"}), HasSubstr("did you mean html?"));
  EXPECT_THAT(refusal({query_, "--similarity", "cosin"}), HasSubstr("did you mean cosine?"));
  EXPECT_THAT(refusal({query_, "--on-quota", "stpo"}), HasSubstr("did you mean stop?"));
  EXPECT_THAT(refusal({query_, "--model", "tiny.onnx", "--provider", "flikr"}), HasSubstr("did you mean flickr?"));
  EXPECT_THAT(refusal({query_, "--model", "tiny.onnx", "--provider", "flder:x"}), HasSubstr("did you mean folder?"));
  EXPECT_THAT(refusal({"providers", "--format", "tabel"}), HasSubstr("did you mean table?"));
  const auto network = run({query_, "--model", "mobilnet_v2"});
  EXPECT_EQ(network.exit, 7);
  EXPECT_THAT(network.err, HasSubstr("did you mean mobilenet_v2"));
}

TEST_F(CommandHelpTest, SettingsMayComeFromWindows) {
  start_service();
  const std::string file =
      folder_
          .write("settings.ini", "\xEF\xBB\xBF# mine\r\nmodel = tiny.onnx\r\nendpoint = " + service_->endpoint() +
                                     "\r\napi-key = " + kTestKey +
                                     "\r\nno-classify\r\ntag = [\"thing\"]\r\ntop = 3\r\n")
          .string();
  const auto result = run({query_, "--config", file, "--keep-duplicates"});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 3);
  EXPECT_EQ(run({"doctor", "--config", file}).exit, 0) << "with options that only a search has";
}

TEST_F(CommandHelpTest, AnUnknownSettingIsAnError) {
  const std::string file = folder_.write("settings.toml", "top = 5\nmax_image = 7\n").string();
  EXPECT_THAT(refusal({query_, "--config", file}),
              AllOf(HasSubstr("settings.toml, line 2"), HasSubstr("did you mean max-images?")));
  EXPECT_THAT(refusal({"doctor", "--config", file}), HasSubstr("did you mean max-images?"));
}

}  // namespace
}  // namespace lookalike::test
