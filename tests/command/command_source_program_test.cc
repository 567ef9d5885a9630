// --provider program:CMD, end to end: the samples, programs that name photos of the web, and those that fail.
#include <gmock/gmock.h>
#include <signal.h>

#include <cerrno>
#include <thread>

#include "core/base/text/json.h"
#include "tests/command/command_fixture.h"
#include "tests/support/loopback_server.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class CommandSourceProgramTest : public CommandTest {
 protected:
  static std::string sample(const std::string& name) {
    return std::string(LOOKALIKE_SOURCE_DIR) + "/docs/sources/" + name;
  }

  std::vector<std::string> over(const std::string& program, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {
        query_,  "--model", "tiny.onnx",     "--provider",        "program:" + program,
        "--tag", "thing",   "--no-classify", "--keep-duplicates", "--json",
        "--top", "100"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  rapidjson::Document search(const std::string& program, std::vector<std::string> more = {}, int exit = 0) const {
    const CommandResult result = run(over(program, std::move(more)));
    EXPECT_EQ(result.exit, exit) << result.err;
    auto document = parse_json(result.out);
    EXPECT_TRUE(document.ok()) << result.out << result.err;
    return document.ok() ? std::move(*document) : rapidjson::Document();
  }

  static const rapidjson::Value& results(const rapidjson::Document& document) {
    return *json_member(document, "results");
  }

  static int64_t count(const rapidjson::Document& document, const char* name) {
    return json_integer(*json_member(document, "run"), name).value_or(-1);
  }

  // A shell's loop that answers each question, whose number is $id, with what `members` prints.
  static std::string answering(const std::string& members, const std::string& first = ":") {
    return R"sh(while read -r line; do id=$(printf '%s\n' "$line" | sed 's/.*"id":\([0-9]*\).*/\1/')
)sh" + first +
           "\n" + R"sh(printf '{"id": %s, %s}\n' "$id" )sh" + members + "; done";
  }

  static bool is_gone(pid_t pid) {
    for (int i = 0; i < 2000; ++i) {
      if (::kill(pid, 0) != 0 && errno == ESRCH) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
};

TEST_F(CommandSourceProgramTest, TheSampleInPythonSearchesAManifest) {
  const auto document =
      search("python3 '" + sample("manifest.py") + "' '" + manifest_.string() + "'", {"--similarity", "cosine"});
  EXPECT_EQ(results(document).Size(), 36u);
  EXPECT_EQ(count(document, "images_failed"), 0);
  EXPECT_GT(count(document, "api_calls"), 1) << "tags lead on";
  EXPECT_EQ(json_text(*json_member(document, "run"), "provider"), "program");
  for (rapidjson::SizeType i = 0; i < 5; ++i)
    EXPECT_THAT(*json_text(results(document)[i], "title"), HasSubstr("apple"));
  EXPECT_THAT(*json_text(results(document)[0], "page_url"), HasSubstr("file:///"));
  EXPECT_EQ(json_text(results(document)[0], "owner"), "12@N01");
}

TEST_F(CommandSourceProgramTest, TheSampleInShellSearchesNamesOfFiles) {
  folder_.write("odd/a \"b\\c red.jpg", make_jpeg(200, 30, 30));
  const auto document = search("sh '" + sample("files.sh") + "' '" + folder_.path().string() + "'",
                               {"--tag", "sky", "--tag", "b c", "--tag", "red odd"});
  EXPECT_EQ(results(document).Size(), 13u) << "the skies, and the one with an odd name";
  EXPECT_EQ(count(document, "images_failed"), 0);
  size_t odd_tags = 0;
  for (const auto& photo : results(document).GetArray()) {
    if (json_text(photo, "id") == "odd/a \"b\\c red.jpg") odd_tags = json_member(photo, "tags")->Size();
  }
  EXPECT_EQ(odd_tags, 4u) << "odd, a, bc, red";
}

TEST_F(CommandSourceProgramTest, ImagesOfTheWebAreFetchedWithinTheEndpointsScope) {
  const std::string image = make_jpeg(250, 10, 10);
  LoopbackServer server([&](httplib::Server& routes) {
    routes.Get("/red.jpg", [&](const httplib::Request&, httplib::Response& response) {
      response.set_content(image, "image/jpeg");
    });
  });
  const std::string program = answering("'\"photos\": [{\"id\": 1, \"image_url\": \"" + server.url("/red.jpg") +
                                        R"(", "page_url": "https://a.example/1", "license": "CC0", "owner": "Ann"},)"
                                        R"( {"id": 2, "image_url": "http://169.254.169.254/latest"}]')");
  const auto document = search(program, {"--endpoint", server.url("/")});
  ASSERT_EQ(results(document).Size(), 1u);
  EXPECT_EQ(json_text(results(document)[0], "page_url"), "https://a.example/1");
  EXPECT_EQ(json_text(results(document)[0], "attribution"), "Photo by Ann, CC0");
  EXPECT_EQ(count(document, "images_failed"), 1) << "no answer leads into a private network";
  EXPECT_EQ(results(search(program, {}, 1)).Size(), 0u) << "nor to this machine, unless --endpoint is there";
}

// The first block of Python in docs/providers.md.
std::string example_of_the_documentation() {
  const std::string text = contents(LOOKALIKE_SOURCE_DIR "/docs/providers.md");
  const std::string fence = "```python\n";
  const size_t begin = text.find(fence);
  EXPECT_NE(begin, std::string::npos);
  return text.substr(begin + fence.size(), text.find("```", begin + fence.size()) - begin - fence.size());
}

TEST_F(CommandSourceProgramTest, TheExampleOfTheDocumentationRuns) {
  const std::string image = make_jpeg(250, 10, 10);
  std::string own_url;
  LoopbackServer server([&](httplib::Server& routes) {
    routes.Get("/red.jpg", [&](const httplib::Request&, httplib::Response& response) {
      response.set_content(image, "image/jpeg");
    });
    routes.Get("/find", [&](const httplib::Request& request, httplib::Response& response) {
      if (request.get_param_value("q") != "größe cat") response.status = 429;
      response.set_content(R"({"more": false, "hits": [{"id": "7", "image": ")" + own_url +
                               R"(", "page": "https://a.example/7", "labels": ["dog"]}]})",
                           "application/json");
    });
  });
  own_url = server.url("/red.jpg");
  const std::string program = "python3 '" + folder_.write("aperture.py", example_of_the_documentation()).string() + "'";
  const auto document = search(program, {"--endpoint", server.url("/find"), "--tag", "größe cat"});
  ASSERT_EQ(results(document).Size(), 1u);
  EXPECT_EQ(json_text(results(document)[0], "page_url"), "https://a.example/7");
  const auto& error = (*json_member(document, "errors"))[0];
  EXPECT_EQ(json_text(error, "code"), "quota");
  EXPECT_THAT(*json_text(error, "message"), HasSubstr("429"));
}

TEST_F(CommandSourceProgramTest, WhatItRefusesDecidesTheExitStatus) {
  const auto expect = [&](const std::string& code, int exit) {
    const CommandResult result =
        run(over(answering("'\"error\": {\"code\": \"" + code + R"(", "message": "it is so"}')")));
    EXPECT_EQ(result.exit, exit) << result.err;
    EXPECT_THAT(result.err, HasSubstr("the source program says: it is so"));
  };
  expect("auth", 3);
  expect("quota", 4);
  expect("network", 5);
}

TEST_F(CommandSourceProgramTest, OneThatOnlyFailsExitsWith5) {
  const auto expect = [&](const std::string& program, const std::string& message) {
    const CommandResult result = run(over(program, {"--timeout", "0.3", "--retries", "0"}));
    EXPECT_EQ(result.exit, 5) << result.err;
    EXPECT_THAT(result.err, AllOf(HasSubstr("the source program"), HasSubstr(message)));
  };
  expect("exit 3", "exit status 3");
  expect("/no/such/program 2>/dev/null", "exit status 127");
  expect("exec sleep 1000", "no answer within 0.3 s");
  expect("while read -r line; do echo hello; done", "no JSON object");
}

// Its death ends nothing but its own answers.
TEST_F(CommandSourceProgramTest, WhatWasFoundBeforeItDiedIsShown) {
  const std::string once = (folder_ / "once").string();
  const std::string photo = (folder_ / "apple0.jpg").string();
  const auto document =
      search("[ -e '" + once + "' ] && exit 9; touch '" + once + "'; " +
                 answering("'\"photos\": [{\"id\": 1, \"file\": \"" + photo +
                               R"(", "tags": ["one", "two", "three", "four", "five", "six", "seven"]}]')",
                           R"sh(case $line in *'"query":"thing"'*) ;; *) exit 9;; esac)sh"),
             {"--max-calls", "30"});
  EXPECT_EQ(results(document).Size(), 1u);
  EXPECT_THAT(*json_text((*json_member(document, "errors"))[0], "message"), HasSubstr("exit status 9"));
}

TEST_F(CommandSourceProgramTest, CtrlCEndsTheProgramAndItsChildren) {
  const std::string pids = (folder_ / "pids").string();
  RunningCommand running(command(over("sleep 1000 & echo $$ $! > '" + pids + "'; sleep 1000")), options());
  while (contents(pids).find('\n') == std::string::npos)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  running.signal(SIGINT);
  EXPECT_EQ(running.wait().exit, 130);
  std::ifstream file(pids);
  int ended = 0;
  for (pid_t pid = 0; file >> pid; ++ended)
    EXPECT_TRUE(is_gone(pid)) << pid;
  EXPECT_EQ(ended, 2);
}

TEST_F(CommandSourceProgramTest, TheTimeLimitHoldsForAProgramThatThinks) {
  const CommandResult result = run(over("exec sleep 1000", {"--time-limit", "1"}));
  EXPECT_NE(result.exit, 0);
  EXPECT_THAT(result.out, HasSubstr("\"time_limit\""));
}

TEST_F(CommandSourceProgramTest, TheHourlyBudgetCountsQuestions) {
  const std::string seen = (folder_ / "seen").string();
  const std::string program =
      "tee -a '" + seen + "' | python3 '" + sample("manifest.py") + "' '" + manifest_.string() + "'";
  search(program, {"--hourly-calls", "3", "--time-limit", "10"});
  const std::string questions = contents(seen);
  EXPECT_EQ(std::count(questions.begin(), questions.end(), '\n'), 3);
}

TEST_F(CommandSourceProgramTest, IsListedAndCheckedLikeAnySource) {
  EXPECT_THAT(run({"providers"}).out, HasSubstr("program:CMD"));
  const CommandResult none = run(over(""));
  EXPECT_EQ(none.exit, 2);
  EXPECT_THAT(none.err, AllOf(HasSubstr("program:CMD"), Not(HasSubstr("is not known"))));
  const CommandResult doctor = run({"doctor", "--model", "tiny.onnx", "--provider",
                                    "program:python3 '" + sample("manifest.py") + "' '" + manifest_.string() + "'"});
  EXPECT_THAT(doctor.out, HasSubstr("program answers in"));
}

}  // namespace
}  // namespace lookalike::test
