#include "cli/batch/json_lines_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/base/text/digest.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::contents;
using test::TemporaryFolder;
using testing::HasSubstr;
using Mode = JsonLinesFile::Mode;

std::string line(const std::string& name, const std::string& rest) {
  return R"({"schema":"lookalike/1","query":{"source":")" + name + R"(","sha256":"ab"},)" + rest + "}";
}
const char* const kFound = R"("results":[{"rank":1}])";
const char* const kNothing = R"("results":[])";
const char* const kFailed = R"("error":{"code":"bad_data","message":"torn"})";

class JsonLinesFileTest : public testing::Test {
 protected:
  Earlier result_of(const JsonLinesFile& file, const std::string& name) const {
    const auto* done = file.done(name);
    EXPECT_NE(done, nullptr) << name;
    return done == nullptr ? Earlier::failed : done->front().result;
  }
  std::string error(Mode mode) const {
    const auto file = JsonLinesFile::open(path_, mode);
    return file.ok() ? "" : file.error().message;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "out.jsonl";
};

TEST_F(JsonLinesFileTest, WhatWasAppendedIsDoneForTheNext) {
  {
    auto file = JsonLinesFile::open(path_, Mode::fresh);
    ASSERT_TRUE(file.ok()) << file.error().message;
    EXPECT_TRUE(file->append(line("a.jpg", kFound)).ok());
    EXPECT_TRUE(file->append(line("b.jpg", kNothing)).ok());
    EXPECT_TRUE(file->append(line("c.jpg", kFailed)).ok());
    EXPECT_TRUE(file->sync().ok());
  }
  const auto file = JsonLinesFile::open(path_, Mode::resume);
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(result_of(*file, "a.jpg"), Earlier::found);
  EXPECT_EQ(result_of(*file, "b.jpg"), Earlier::nothing_found);
  EXPECT_EQ(result_of(*file, "c.jpg"), Earlier::failed);
  EXPECT_EQ(file->done("a.jpg")->front().sha256, "ab");
  EXPECT_EQ(file->done("d.jpg"), nullptr);
}

TEST_F(JsonLinesFileTest, AnExistingFileIsNotTouched) {
  folder_.write("out.jsonl", "old\n");
  EXPECT_THAT(error(Mode::fresh), HasSubstr("--resume"));
  EXPECT_EQ(contents(path_), "old\n");
  EXPECT_EQ(error(Mode::overwrite), "");
  EXPECT_EQ(contents(path_), "");
}

TEST_F(JsonLinesFileTest, ASecondRunIsRefusedWhileTheFirstGoesOn) {
  {
    const auto first = JsonLinesFile::open(path_, Mode::fresh);
    ASSERT_TRUE(first.ok());
    for (const Mode mode : {Mode::overwrite, Mode::resume, Mode::retry_failed})
      EXPECT_THAT(error(mode), HasSubstr("another run"));
  }
  EXPECT_EQ(error(Mode::resume), "");
}

TEST_F(JsonLinesFileTest, WhereverALineIsTornItIsDropped) {
  const std::string whole = line("a.jpg", kFound) + "\n";
  const std::string next = line("b.jpg", kFound);
  for (size_t length = 1; length < next.size(); ++length) {
    folder_.write("out.jsonl", whole + next.substr(0, length));
    const auto file = JsonLinesFile::open(path_, Mode::resume);
    ASSERT_TRUE(file.ok()) << file.error().message;
    EXPECT_TRUE(file->lost_a_torn_line());
    EXPECT_EQ(file->done("b.jpg"), nullptr);
    EXPECT_NE(file->done("a.jpg"), nullptr);
    EXPECT_EQ(contents(path_), whole) << length;
  }
}

TEST_F(JsonLinesFileTest, AWholeLastLineOnlyGetsItsNewline) {
  folder_.write("out.jsonl", line("a.jpg", kFound));
  auto file = JsonLinesFile::open(path_, Mode::resume);
  ASSERT_TRUE(file.ok());
  EXPECT_NE(file->done("a.jpg"), nullptr);
  EXPECT_TRUE(file->append(line("b.jpg", kFound)).ok());
  EXPECT_EQ(contents(path_), line("a.jpg", kFound) + "\n" + line("b.jpg", kFound) + "\n");
}

TEST_F(JsonLinesFileTest, ZerosOfAPowerCutAreDropped) {
  const std::string whole = line("a.jpg", kFound) + "\n";
  folder_.write("out.jsonl", whole + std::string(300, '\0'));
  EXPECT_EQ(error(Mode::resume), "");
  EXPECT_EQ(contents(path_), whole);
}

TEST_F(JsonLinesFileTest, AFileOfSomethingElseIsLeftAlone) {
  for (const std::string& text : {std::string("shopping list\nmilk\n"), std::string("{\"a\":1}\n"),
                                  line("a.jpg", kFound) + "\n{\"broken\n" + line("b.jpg", kFound) + "\n"}) {
    folder_.write("out.jsonl", text);
    EXPECT_THAT(error(Mode::resume), HasSubstr("--resume")) << text;
    EXPECT_EQ(contents(path_), text);
  }
}

TEST_F(JsonLinesFileTest, FailedLinesAreTakenOutToBeDoneAgain) {
  folder_.write("out.jsonl",
                line("a.jpg", kFound) + "\n" + line("b.jpg", kFailed) + "\n" + line("c.jpg", kFound) + "\n");
  ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
  auto file = JsonLinesFile::open(path_, Mode::retry_failed);
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file->done("b.jpg"), nullptr);
  EXPECT_NE(file->done("c.jpg"), nullptr);
  EXPECT_THAT(error(Mode::resume), HasSubstr("another run"));  // the new file is locked like the old one
  EXPECT_TRUE(file->append(line("b.jpg", kFound)).ok());
  EXPECT_EQ(contents(path_),
            line("a.jpg", kFound) + "\n" + line("c.jpg", kFound) + "\n" + line("b.jpg", kFound) + "\n");
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
}

TEST_F(JsonLinesFileTest, NamesOfAnyBytesAreKnownAgain) {
  const std::string name = "caf\xe9\n.jpg";
  folder_.write("out.jsonl", R"({"schema":"lookalike/1","query":{"source":"caf?","source_base64":")" +
                                 base64_encode(name) + R"("},)" + kFound + "}\n");
  const auto file = JsonLinesFile::open(path_, Mode::resume);
  ASSERT_TRUE(file.ok());
  EXPECT_NE(file->done(name), nullptr);
}

TEST_F(JsonLinesFileTest, AFullDiskIsAnErrorAndSoIsAFolder) {
  auto full = JsonLinesFile::open("/dev/full", Mode::fresh);
  ASSERT_TRUE(full.ok()) << full.error().message;
  EXPECT_FALSE(full->append("{}").ok());
  EXPECT_FALSE(JsonLinesFile::open(folder_.path(), Mode::overwrite).ok());
  EXPECT_FALSE(JsonLinesFile::open(folder_ / "none/out.jsonl", Mode::fresh).ok());
}

}  // namespace
}  // namespace lookalike
