#include "cli/batch/result_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "core/base/files/file.h"
#include "core/base/text/text.h"
#include "tests/cli/output/sample_report.h"

namespace lookalike {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing::internal::CaptureStdout;
using testing::internal::GetCapturedStdout;

Searched found() {
  return {.report = sample_report()};
}

Searched failed() {
  return {.error = Error{ErrorCode::bad_data, "b.jpg: truncated JPEG"}, .exit = ExitCode::query_unreadable};
}

// What reaches standard output of a run over two images, of which the second fails.
std::string printed(OutputFormat format, bool several) {
  SearchCommandOptions options;
  options.format = format;
  CaptureStdout();
  ResultWriter writer(options, {}, several);
  EXPECT_TRUE(writer.write("a.jpg", found()).ok());
  EXPECT_TRUE(writer.write("b.jpg", failed()).ok());
  EXPECT_TRUE(writer.finish().ok());
  return GetCapturedStdout();
}

TEST(ResultWriter, TakesTheTableForATerminalAndUrlsElsewhere) {
  const SearchCommandOptions options;
  EXPECT_EQ(ResultWriter(options, {.is_terminal = true}, false).format(), OutputFormat::table);
  EXPECT_EQ(ResultWriter(options, {}, false).format(), OutputFormat::urls);
  SearchCommandOptions to_file;
  to_file.output = "results.txt";
  EXPECT_EQ(ResultWriter(to_file, {.is_terminal = true}, false).format(), OutputFormat::urls);
}

TEST(ResultWriter, AUrlNamesItsQueryWhenThereAreSeveral) {
  const std::string query = terminal_safe(sample_report().query.source);
  EXPECT_THAT(printed(OutputFormat::urls, true), HasSubstr("\n" + query + "\thttps://"));
  EXPECT_THAT(printed(OutputFormat::urls, false), HasSubstr("\nhttps://"));
}

TEST(ResultWriter, SeveralJsonDocumentsAreAnArrayAndSeveralLinesAreNot) {
  const std::string array = printed(OutputFormat::json, true);
  EXPECT_THAT(array, StartsWith("[\n{"));
  EXPECT_TRUE(array.ends_with("}\n]\n")) << array;
  EXPECT_THAT(array, HasSubstr("},\n{"));
  const std::string lines = printed(OutputFormat::jsonl, true);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
  EXPECT_THAT(lines, HasSubstr("\"error\":{\"code\":\"bad_data\""));
}

TEST(ResultWriter, NothingAtAllIsAnEmptyArray) {
  SearchCommandOptions options;
  options.format = OutputFormat::json;
  CaptureStdout();
  EXPECT_TRUE(ResultWriter(options, {}, true).finish().ok());
  EXPECT_EQ(GetCapturedStdout(), "[]\n");
}

TEST(ResultWriter, AFileIsThereOnlyWhenItIsWhole) {
  const auto path = std::filesystem::path(testing::TempDir()) / "result_writer_test.txt";
  std::filesystem::remove(path);
  SearchCommandOptions options;
  options.output = path.string();
  ResultWriter writer(options, {}, false);
  EXPECT_TRUE(writer.write("a.jpg", found()).ok());
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(writer.finish().ok());
  EXPECT_THAT(*read_file(path, 10'000), HasSubstr("\nhttps://"));
  std::filesystem::remove(path);
}

TEST(ResultWriter, WhatCannotBeWrittenToItsFileGoesToStandardOutput) {
  SearchCommandOptions options;
  options.output = "/no/such/folder/results.txt";
  CaptureStdout();
  ResultWriter writer(options, {}, false);
  EXPECT_TRUE(writer.write("a.jpg", found()).ok());
  EXPECT_FALSE(writer.finish().ok());
  EXPECT_THAT(GetCapturedStdout(), HasSubstr("\nhttps://"));
}

}  // namespace
}  // namespace lookalike
