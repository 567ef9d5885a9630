// `models pull`, `list`, `info` and `path` of the real binary: the network of the original program comes as a tflite
// file in an archive, is converted, and then sees and finds what the reference does. The tflite file is written here,
// from the reference (tests/models/pull/tflite_writer.py).
#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <sstream>

#include "core/base/text/digest.h"
#include "core/base/text/json.h"
#include "tests/command/command_fixture.h"
#include "tests/support/loopback_server.h"

namespace lookalike::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr uintmax_t kReferenceBytes = 13'986'065;

std::optional<fs::path> reference_file() {
  const char* folders = std::getenv("LOOKALIKE_MODELS");
  std::istringstream text(folders != nullptr ? folders : "");
  std::string folder;
  while (std::getline(text, folder, ':')) {
    const fs::path file = fs::path(folder) / "mobilenet_v2_1.0_224.onnx";
    std::error_code error;
    if (fs::file_size(file, error) == kReferenceBytes && !error) return file;
  }
  return std::nullopt;
}

// What a search says, without what differs from run to run.
struct Seen {
  std::map<std::string, double> classes;     // probabilities by name
  std::map<std::string, double> log_scores;  // of the results, by id
};

Seen read_document(const std::string& json) {
  Seen seen;
  const auto document = parse_json(json);
  EXPECT_TRUE(document.ok()) << json;
  if (!document.ok()) return seen;
  for (const auto& named : (*document)["query"]["classes"].GetArray())
    seen.classes[named["name"].GetString()] = named["probability"].GetDouble();
  for (const auto& result : (*document)["results"].GetArray())
    seen.log_scores[result["id"].GetString()] = result["log_score"].GetDouble();
  return seen;
}

void expect_same_scores(const std::map<std::string, double>& found, const std::map<std::string, double>& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (const auto& [name, value] : wanted) {
    ASSERT_TRUE(found.contains(name)) << name;
    EXPECT_NEAR(found.at(name), value, 1e-4 * (1 + std::abs(value))) << name;
  }
}

class CommandModelsTest : public CommandTest {
 protected:
  void TearDown() override { server_.reset(); }

  // Everything of a new user: nothing is installed.
  CommandResult models(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "models");
    return run_command(command(std::move(arguments)), user());
  }
  CommandOptions user() const {
    return {.environment = {{"HOME", (folder_ / "home").string()}, {"XDG_DATA_HOME", (folder_ / "data").string()}}};
  }
  std::string url(const std::string& path) const { return server_->url(path); }

  // The user's catalogue, in which every built-in network that comes before `entry` is replaced by it or has no source.
  void write_catalogue(const std::string& entries) {
    folder_.write("data/lookalike/catalogue.json",
                  R"({"schema": "lookalike-catalogue/1", "networks": [)" + entries + "]}");
  }

  std::optional<LoopbackServer> server_;
};

TEST_F(CommandModelsTest, OriginalNetworkInAnArchiveIsConvertedAndFindsWhatTheReferenceFinds) {
  const auto reference = reference_file();
  if (!reference) GTEST_SKIP() << "mobilenet_v2_1.0_224.onnx of TF-Slim is not in LOOKALIKE_MODELS";
  for (const char* name : {"net.tflite", "net.tgz"}) {
    const CommandResult written =
        run_command({LOOKALIKE_TEST_PYTHON, "-B", LOOKALIKE_SOURCE_DIR "/tests/models/pull/tflite_writer.py",
                     reference->string(), (folder_ / name).string()});
    if (written.exit == 77) GTEST_SKIP() << written.out;
    ASSERT_EQ(written.exit, 0) << written.err;
  }
  const std::string archive = contents(folder_ / "net.tgz");
  server_.emplace([&](httplib::Server& server) {
    server.Get("/net.tgz", [&](const httplib::Request&, httplib::Response& response) {
      response.set_content(archive, "application/gzip");
    });
    server.Get("/net.tflite", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("<!DOCTYPE html><html>We have moved</html>", "text/html");
    });
  });
  const std::string member_digest = *sha256_of_file(folder_ / "net.tflite");
  write_catalogue(
      R"({"name": "mobilenet_v2", "title": "t", "file": "mobilenet_v2_1.0_224.onnx", "bytes": 13986065, "sha256":
      "9a237f3cdf76ec2b485fcc854d9ce32dd42f38713d5a1ad08fbca593a099c9ae", "license": "Apache-2.0", "classes": 1001,
      "feature_layer": "MobilenetV2/expanded_conv_16/project", "logits_layer": "logits", "mean": [0.5, 0.5, 0.5],
      "scale": [0.5, 0.5, 0.5], "sources": [{"location": ")" +
      url("/net.tflite") + R"(", "convert": "tflite", "bytes": 13978596, "sha256": ")" + member_digest +
      R"(", "result_bytes": 13985346}, {"location": ")" + url("/net.tgz") + R"(", "convert": "tflite", "bytes": )" +
      std::to_string(archive.size()) + R"(, "sha256": ")" + sha256_hex(archive) +
      R"(", "member": "mobilenet_v2_1.0_224.tflite", "member_sha256": ")" + member_digest +
      R"(", "result_bytes": 13985346}]})");
  const CommandResult pulled = models({"pull"});
  ASSERT_EQ(pulled.exit, 0) << pulled.err;
  EXPECT_THAT(pulled.out, HasSubstr("mobilenet_v2 fetched, verified and converted: "));
  EXPECT_THAT(pulled.err, HasSubstr("127.0.0.1 gives a web page instead of the file"));
  const CommandResult info = models({"info", "mobilenet_v2"});
  EXPECT_EQ(info.exit, 0) << info.err;
  EXPECT_THAT(info.out, HasSubstr("converted from one of the sources, intact"));
  EXPECT_THAT(models({"list"}).out, HasSubstr("mobilenet_v2         in use"));
  const std::string path = (folder_ / "data/lookalike/models/mobilenet_v2_1.0_224.onnx").string();
  EXPECT_EQ(models({"path"}).out, path + "\n");
  EXPECT_THAT(models({"pull"}).out, HasSubstr("is already installed"));

  const auto search = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {query_,
                                          "--provider",
                                          "folder:" + folder_.path().string(),
                                          "--json",
                                          "--keep-duplicates",
                                          "--tag",
                                          "thing",
                                          "--tag",
                                          "sky",
                                          "--top",
                                          "100",
                                          "--max-images",
                                          "500"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const CommandResult found = run_command(command(arguments), user());
    EXPECT_EQ(found.exit, 0) << found.err;
    return read_document(found.out);
  };
  const Seen converted = search({});
  const Seen wanted = search({"--model", reference->string()});
  EXPECT_FALSE(wanted.log_scores.empty());
  EXPECT_EQ(wanted.classes.size(), 10u);
  expect_same_scores(converted.classes, wanted.classes);
  expect_same_scores(converted.log_scores, wanted.log_scores);
  // The value of a class is the one before the softmax: far above 1.
  const CommandResult daisy =
      run_command(command({"--score", "class:daisy", "--provider", "folder:" + folder_.path().string(), "--json",
                           "--top", "1", "--tag", "thing"}),
                  user());
  EXPECT_EQ(daisy.exit, 0) << daisy.err;
}

TEST_F(CommandModelsTest, PullWithoutInternetSaysSoInOneLine) {
  // The built-in networks are named anew, with an address that refuses.
  std::string entries;
  for (const char* name : {"mobilenet_v2", "mobilenet_v2_zoo", "mobilenet_v2_zoo_10", "mobilenet_v2_zoo_12",
                           "mobilenet_v1", "squeezenet1.1"}) {
    entries += std::string(entries.empty() ? "" : ",") + R"({"name": ")" + name + R"(", "title": "t", "file": ")" +
               name + R"(.onnx", "bytes": 5, "sha256": ")" + std::string(64, 'a') +
               R"(", "license": "MIT", "classes": 1000, "sources": ["http://127.0.0.1:1/a", "http://127.0.0.1:1/b"]})";
  }
  write_catalogue(entries);
  const CommandResult pulled = models({"pull"});
  EXPECT_EQ(pulled.exit, 5);
  EXPECT_EQ(pulled.out, "");
  EXPECT_EQ(std::count(pulled.err.begin(), pulled.err.end(), '\n'), 1) << pulled.err;
  EXPECT_THAT(pulled.err, HasSubstr("cannot get any network: could not reach 127.0.0.1; check the network or --proxy"));
  const CommandResult verbose = models({"pull", "-v"});
  EXPECT_THAT(verbose.err, HasSubstr("cannot get mobilenet_v2: could not connect to 127.0.0.1:1"));
  EXPECT_THAT(verbose.err, HasSubstr("passing over http://127.0.0.1:1/b"));
}

}  // namespace
}  // namespace lookalike::test
