// `lookalike eval` over a small collection of real pictures.
#include <gmock/gmock.h>

#include "core/base/json.h"
#include "tests/cli/command_fixture.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class CommandEvalTest : public CommandTest {
 protected:
  CommandResult eval(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"eval", manifest_.string(), "--model", "tiny.onnx", "--queries",
                                          "4",    "--seeds",          "2",       "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(CommandEvalTest, PrintsARowForEachStrategy) {
  const CommandResult result = eval({});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("4 queries x 2 seeds"), HasSubstr("\nclear "), HasSubstr("\ngreedy "),
                                HasSubstr("\nadaptive ")));
}

TEST_F(CommandEvalTest, IsTheSameTwiceAndWithStoredEmbeddings) {
  const std::string stored = (folder_.path() / "embeddings").string();
  const CommandResult first = eval({"--json", "--embeddings", stored});
  EXPECT_EQ(first.exit, 0) << first.err;
  EXPECT_TRUE(std::filesystem::exists(stored));
  EXPECT_EQ(eval({"--json", "--embeddings", stored}).out, first.out);
  EXPECT_EQ(eval({"--json"}).out, first.out);
  EXPECT_EQ(json_text(*parse_json(first.out), "schema"), "lookalike-eval/1");
}

TEST_F(CommandEvalTest, SaysWhatIsWrong) {
  EXPECT_EQ(run({"eval", "/no/such/manifest.jsonl", "--model", "tiny.onnx"}).exit, 5);
  EXPECT_EQ(eval({"--strategy", "magic"}).exit, 2);
  const std::string empty = folder_.write("empty.jsonl", "\n").string();
  EXPECT_THAT(run({"eval", empty, "--model", "tiny.onnx"}).err, HasSubstr("no photo in this manifest"));
}

}  // namespace
}  // namespace lookalike::test
