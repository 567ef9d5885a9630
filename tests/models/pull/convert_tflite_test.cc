#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/embedded.h"
#include "models/pull/convert.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::contents;
using test::TemporaryFolder;
using testing::HasSubstr;

class ConvertTfliteTest : public testing::Test {
 protected:
  // The stand-in's folder goes before the system's.
  ProgramEnvironment environment() const { return {"PATH=" + (folder_ / "bin").string() + ":/usr/bin:/bin"}; }
  Status convert(const ProgramEnvironment& environment, std::stop_token stop = {}) {
    return convert_tflite(folder_ / "in.tflite", member_, folder_ / "out.onnx", folder_.path(), environment, stop);
  }
  TemporaryFolder folder_;
  std::string member_;
};

TEST_F(ConvertTfliteTest, RunsTheBuiltInScriptInIsolation) {
  folder_.write("in.tflite", "bytes");
  folder_.write_program("bin/python3", R"(echo "$1 $2" > options; cat "$3" > script; cp "$4" "$5")");
  const Status converted = convert(environment());
  ASSERT_TRUE(converted.ok()) << converted.error().message;
  EXPECT_EQ(contents(folder_ / "out.onnx"), "bytes");
  EXPECT_EQ(contents(folder_ / "options"), "-I -B\n");
  EXPECT_EQ(contents(folder_ / "script"), embedded::kTfliteToOnnxScript);
}

TEST_F(ConvertTfliteTest, MemberOfAnArchiveIsNamed) {
  folder_.write("in.tflite", "bytes");
  folder_.write_program("bin/python3", R"(echo "$6 $7" > options; cp "$4" "$5")");
  member_ = "net.tflite";
  ASSERT_TRUE(convert(environment()).ok());
  EXPECT_EQ(contents(folder_ / "options"), "--member net.tflite\n");
}

TEST_F(ConvertTfliteTest, MissingPythonNamesThePackage) {
  const Status converted = convert({"PATH=" + folder_.path().string()});
  ASSERT_FALSE(converted.ok());
  EXPECT_EQ(converted.error().code, ErrorCode::model);
  EXPECT_THAT(converted.error().message, HasSubstr("install the package python3"));
  EXPECT_EQ(can_convert_tflite({"PATH=" + folder_.path().string()}).error().message, converted.error().message);
  EXPECT_TRUE(can_convert_tflite(environment()).ok() || !find_program("python3", environment()));
}

TEST_F(ConvertTfliteTest, FailureCarriesWhatPythonSays) {
  folder_.write_program("bin/python3", "echo 'something is wrong' >&2; exit 5");
  const Status converted = convert(environment());
  ASSERT_FALSE(converted.ok());
  EXPECT_EQ(converted.error().code, ErrorCode::model);
  EXPECT_THAT(converted.error().message, HasSubstr("something is wrong"));
  EXPECT_THAT(converted.error().message, HasSubstr("exit status 5"));
}

TEST_F(ConvertTfliteTest, EmptyResultIsRefused) {
  folder_.write_program("bin/python3", ": > \"$5\"");
  const Status converted = convert(environment());
  ASSERT_FALSE(converted.ok());
  EXPECT_THAT(converted.error().message, HasSubstr("empty file"));
}

TEST_F(ConvertTfliteTest, RealScriptRefusesWhatIsNoTflite) {
  if (!find_program("python3", environment())) GTEST_SKIP() << "python3 is not installed";
  folder_.write("in.tflite", "this is no FlatBuffer at all");
  const Status converted = convert(environment());
  ASSERT_FALSE(converted.ok());
  EXPECT_THAT(converted.error().message, HasSubstr("not a TensorFlow Lite file"));
}

}  // namespace
}  // namespace lookalike
