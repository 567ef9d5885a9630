// `lookalike eval` over a small collection of real pictures.
#include <gmock/gmock.h>

#include "core/base/files/file.h"
#include "core/base/text/json.h"
#include "tests/command/command_fixture.h"

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

TEST_F(CommandEvalTest, DrawsAFigureAndMeasuresLabels) {
  const std::string figure = (folder_.path() / "curves.svg").string();
  const CommandResult result =
      eval({"--figure", figure, "--labels", "tags", "--trapped", "--strategy", "adaptive", "--strategy", "random"});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("mAP@10"), HasSubstr("first queries of another photo")));
  EXPECT_THAT(*read_file(figure, 1 << 20), AllOf(HasSubstr("<svg "), HasSubstr(">adaptive<"), HasSubstr("</svg>")));
  EXPECT_EQ(eval({"--figure", "/no/such/folder/curves.svg"}).exit, 2);
}

TEST_F(CommandEvalTest, ReadsLabelFilesOfOpenImages) {
  // The same pictures under ids, as Open Images has them.
  std::string labels = "ImageID,Source,LabelName,Confidence\n";
  const auto photos = folder_.path() / "open";
  std::filesystem::create_directory(photos);
  int count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(manifest_.parent_path())) {
    if (entry.path().extension() != ".jpg") continue;
    const std::string id = "id" + std::to_string(count++);
    std::filesystem::copy_file(entry.path(), photos / (id + ".jpg"));
    labels += id + ",verification,/m/" + std::to_string(count % 3) + ",1\n";
  }
  ASSERT_GT(count, 4);
  const std::string file = folder_.write("labels.csv", labels).string();
  const std::string names = folder_.write("names.csv", "/m/0,Dog\n/m/1,\"Cat, small\"\n").string();
  const CommandResult result = run({"eval", file, "--photos", photos.string(), "--class-names", names, "--model",
                                    "tiny.onnx", "--queries", "3", "--labels", "tags", "--quiet"});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("3 queries x 3 seeds"));
  const CommandResult nowhere = run({"eval", file, "--photos", "/no/such", "--model", "tiny.onnx", "--quiet"});
  EXPECT_EQ(nowhere.exit, 5);
  EXPECT_THAT(nowhere.err, HasSubstr("--photos"));
}

TEST_F(CommandEvalTest, AblationIsOfAdaptive) {
  const CommandResult result = eval({"--ablation"});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("over adaptive"), HasSubstr("\nadaptive-no-probes ")));
}

TEST_F(CommandEvalTest, SaysWhatIsWrong) {
  EXPECT_EQ(run({"eval", "/no/such/manifest.jsonl", "--model", "tiny.onnx"}).exit, 5);
  EXPECT_EQ(eval({"--strategy", "magic"}).exit, 2);
  const std::string empty = folder_.write("empty.jsonl", "\n").string();
  EXPECT_THAT(run({"eval", empty, "--model", "tiny.onnx"}).err, HasSubstr("no photo in this manifest"));
}

}  // namespace
}  // namespace lookalike::test
