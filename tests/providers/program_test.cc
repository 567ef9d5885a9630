#include "providers/program.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <atomic>
#include <cerrno>
#include <future>
#include <semaphore>
#include <thread>

#include "core/process/line_program.h"
#include "tests/providers/common/provider_fixture.h"

namespace lookalike {
namespace {

using test::ask;
using test::query_for;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// A shell's loop that answers each question, whose number is $id, with what `members` prints.
std::string answering(const std::string& members, const std::string& first = ":") {
  return R"sh(while read -r line; do id=$(printf '%s\n' "$line" | sed 's/.*"id":\([0-9]*\).*/\1/')
)sh" + first +
         "\n" + R"sh(printf '{"id": %s, %s}\n' "$id" )sh" + members + "; done";
}

const std::string kOnePhoto = R"sh('"photos": [{"id": "a", "image_url": "https://a.example/1.jpg"}]')sh";

class ProgramTest : public testing::Test {
 protected:
  std::unique_ptr<ProgramProvider> make(ProgramOptions options) {
    options.log = [this](LogLevel level, std::string_view text) {
      const std::lock_guard lock(mutex_);
      if (level == LogLevel::warning) warnings_.emplace_back(text);
    };
    auto provider = ProgramProvider::create(std::move(options));
    EXPECT_TRUE(provider.ok()) << provider.error().message;
    return provider.ok() ? *std::move(provider) : nullptr;
  }
  std::unique_ptr<ProgramProvider> make(const std::string& command, int time_limit_ms = 20'000) {
    return make({.command = command, .time_limit = std::chrono::milliseconds(time_limit_ms)});
  }

  static Error fault(Provider& provider, int max_requests = 4) {
    const PhotoAnswer answer = ask(provider, query_for("cat", 1, 30, max_requests));
    EXPECT_FALSE(answer.page.ok());
    return answer.page.ok() ? Error{} : answer.page.error();
  }

  static void wait_for_line(const std::filesystem::path& file) {
    while (test::contents(file).find('\n') == std::string::npos)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  static bool is_gone(pid_t pid) {
    for (int i = 0; i < 2000; ++i) {
      if (::kill(pid, 0) != 0 && errno == ESRCH) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

  static size_t lines_in(const std::string& text) {
    return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  test::TemporaryFolder folder_;
  std::string log_ = (folder_ / "log").string();
  std::mutex mutex_;
  std::vector<std::string> warnings_;
};

TEST_F(ProgramTest, IsAskedALineAndStartedOnce) {
  const auto provider = make("echo started >> " + log_ + "; " + answering(kOnePhoto));
  EXPECT_EQ(provider->name(), "program");
  EXPECT_FALSE(std::filesystem::exists(log_)) << "nothing is started before it is needed";
  for (int i = 0; i < 5; ++i) {
    const PhotoAnswer answer = ask(*provider, query_for("cat"));
    ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
    ASSERT_EQ(answer.page->photos.size(), 1u);
    EXPECT_EQ(answer.page->photos[0].id, "a");
    EXPECT_EQ(answer.cost.requests, 1);
  }
  EXPECT_EQ(test::contents(log_), "started\n");
}

TEST_F(ProgramTest, TheQuestionHoldsTheWishesAndPlainWords) {
  const auto provider = make({.command = "tee " + log_ + " | " + answering(kOnePhoto),
                              .endpoint = "https://photos.example/",
                              .licenses = "by-sa,cc0",
                              .safe = "off"});
  (void)ask(*provider, query_for("-tabby \"cat\" $(touch x)", 3, 20, 2));
  EXPECT_THAT(test::contents(log_),
              AllOf(HasSubstr(R"("query":"tabby cat touch x","page":3,"per_page":20,"max_requests":2,"safe":"off")"),
                    HasSubstr(R"("license":["cc0","by-sa"])"), HasSubstr(R"("endpoint":"https://photos.example/")")));
}

TEST_F(ProgramTest, WrongWishesAreRefused) {
  const auto refused = [](ProgramOptions options) {
    const auto provider = ProgramProvider::create(std::move(options));
    return !provider.ok() && provider.error().code == ErrorCode::usage;
  };
  EXPECT_TRUE(refused({.command = "x", .licenses = "gpl"}));
  EXPECT_TRUE(refused({.command = "x", .licenses = "by-nc,commercial"}));
  EXPECT_TRUE(refused({.command = "x", .safe = "very"}));
  EXPECT_TRUE(refused({.command = "x", .endpoint = "ftp://a.example"}));
  EXPECT_TRUE(refused({.command = "x", .endpoint = "http://a.example"})) << "plain http over a network";
}

TEST_F(ProgramTest, LicencesAreFilteredHereToo) {
  const std::string photos = R"sh('"photos": [{"id": 1, "file": "/1", "license": "CC BY 2.0"}, )sh"
                             R"sh({"id": 2, "file": "/2", "license": "CC BY-NC 2.0"}, {"id": 3, "file": "/3"}, )sh"
                             R"sh({"id": 4, "file": "/4", "license": {"id": "cc0", "name": "No rights reserved"}}]')sh";
  const auto provider = make({.command = answering(photos), .licenses = "commercial"});
  const PhotoAnswer answer = ask(*provider, query_for("cat"));
  ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
  std::vector<std::string> ids;
  for (const Photo& photo : answer.page->photos)
    ids.push_back(photo.id);
  EXPECT_THAT(ids, ElementsAre("1", "4"));
}

TEST_F(ProgramTest, ItsErrorsAreTheSourcesErrorsAndNoFailures) {
  const auto provider =
      make(answering(R"sh('"requests": 2, "error": {"code": "auth", "message": "the key has expired"}')sh"));
  for (int i = 0; i < 2 * ConsecutiveFailures::kMost; ++i) {
    const PhotoAnswer answer = ask(*provider, query_for("cat"));
    ASSERT_FALSE(answer.page.ok());
    EXPECT_EQ(answer.page.error().code, ErrorCode::auth);
    EXPECT_EQ(answer.page.error().message, "the source program says: the key has expired");
    EXPECT_EQ(answer.cost.requests, 2);
  }
}

TEST_F(ProgramTest, ItsRequestsNeverCountForMoreThanAllowed) {
  const auto provider = make(answering(R"sh('"photos": [], "requests": 100')sh"));
  EXPECT_EQ(ask(*provider, query_for("cat", 1, 30, 3)).cost.requests, 3);
}

TEST_F(ProgramTest, PhotosThatCannotBeUsedAreWarnedOfOnce) {
  const auto provider =
      make(answering(R"sh('"photos": [{"id": 1, "file": "/1"}, {"id": 2}, {"image_url": "https://a.example/"}]')sh"));
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ask(*provider, query_for("cat")).page->photos.size(), 1u);
  EXPECT_THAT(warnings_, ElementsAre("the source program gave 2 photos that cannot be used: photos[1] has neither "
                                     "\"image_url\" nor \"file\""));
}

TEST_F(ProgramTest, OneThatOnlyFailsIsGivenUp) {
  struct Failing {
    const char* command;
    ErrorCode code;
    const char* message;
  };
  for (const Failing& failing : {
           Failing{"read -r line; exit 3", ErrorCode::bad_data, "exit status 3"},
           Failing{"/no/such/program 2>/dev/null", ErrorCode::bad_data, "exit status 127"},
           Failing{"exec sleep 1000", ErrorCode::network, "no answer within 0.2 s"},
           Failing{"while read -r line; do echo hello; done", ErrorCode::bad_data, "no JSON object"},
           Failing{"while read -r line; do echo '{\"id\": 0, \"photos\": []}'; done", ErrorCode::bad_data,
                   "question 0"},
           Failing{"head -c 9000000 /dev/zero | tr '\\0' x; sleep 1000", ErrorCode::bad_data, "4096 KiB in a line"},
       }) {
    const auto provider = make(failing.command, 200);
    for (int i = 1; i < ConsecutiveFailures::kMost; ++i) {
      const Error error = fault(*provider);
      EXPECT_TRUE(error.code == failing.code || error.code == ErrorCode::network) << error.message;
      const bool as_expected = error.message.find(failing.message) != std::string::npos;
      EXPECT_TRUE(as_expected || error.code == ErrorCode::network) << error.message;
    }
    const Error last = fault(*provider);
    EXPECT_EQ(last.code, ErrorCode::network);
    EXPECT_THAT(last.message, AllOf(HasSubstr("the source program "), HasSubstr("given up")));
    EXPECT_EQ(fault(*provider).message, last.message);
  }
}

TEST_F(ProgramTest, ACrashCostsOneSearch) {
  const auto provider = make(answering(kOnePhoto, R"sh(case $line in *bad*) exit 1;; esac)sh"));
  for (int i = 0; i < 2 * ConsecutiveFailures::kMost; ++i) {
    EXPECT_FALSE(ask(*provider, query_for("bad")).page.ok());
    EXPECT_TRUE(ask(*provider, query_for("good")).page.ok());
  }
}

TEST_F(ProgramTest, WithoutAWordItIsNotAsked) {
  const auto provider = make("echo started >> " + log_ + "; " + answering(kOnePhoto));
  EXPECT_EQ(ask(*provider, query_for("-")).page.error().code, ErrorCode::usage);
  EXPECT_EQ(fault(*provider, 0).code, ErrorCode::quota);
  EXPECT_FALSE(std::filesystem::exists(log_));
}

// Sends so many searches and waits for all of their answers.
int answered(Provider& provider, int count) {
  std::atomic<int> good = 0;
  std::vector<std::promise<void>> promises(static_cast<size_t>(count));
  for (auto& promise : promises) {
    provider.search(query_for("cat"), [&](const PhotoAnswer& answer) {
      if (answer.page.ok()) ++good;
      promise.set_value();
    });
  }
  for (auto& promise : promises)
    promise.get_future().wait();
  return good;
}

TEST_F(ProgramTest, OneCopyRunsUnlessItAllowsMore) {
  const auto one = make("echo started >> " + log_ + "; " + answering(kOnePhoto));
  EXPECT_EQ(answered(*one, 12), 12);
  EXPECT_EQ(lines_in(test::contents(log_)), 1u);
  std::filesystem::remove(log_);
  // Each copy waits until three are there, so that three there must be.
  const std::string together =
      R"sh(case $id in 1) ;; *) while [ "$(wc -l < )sh" + log_ + R"sh()" -lt 3 ]; do sleep 0.01; done;; esac)sh";
  const auto three =
      make("echo started >> " + log_ + "; " + answering(R"sh('"photos": [], "at_once": 3')sh", together));
  EXPECT_EQ(answered(*three, 12), 12);
  EXPECT_EQ(lines_in(test::contents(log_)), 3u);
}

TEST_F(ProgramTest, DestroyedAtWorkItEndsAtOnceWithItsChildren) {
  auto provider = make("sleep 1000 & echo $$ $! > " + log_ + "; sleep 1000");
  std::atomic<int> told = 0;
  for (int i = 0; i < 3; ++i)
    provider->search(query_for("cat"), [&](const PhotoAnswer&) { ++told; });
  wait_for_line(log_);
  provider.reset();
  EXPECT_EQ(told, 0);
  std::ifstream file(log_);
  int pids = 0;
  for (pid_t pid = 0; file >> pid; ++pids)
    EXPECT_TRUE(is_gone(pid)) << pid;
  EXPECT_EQ(pids, 2);
}

TEST_F(ProgramTest, DestroyedIdleItMayFinish) {
  auto provider = make(answering(kOnePhoto) + "; echo done > " + log_);
  EXPECT_TRUE(ask(*provider, query_for("cat")).page.ok());
  provider.reset();
  EXPECT_EQ(test::contents(log_), "done\n");
}

TEST_F(ProgramTest, DestroyedAtAnyMomentNothingIsToldLater) {
  for (int round = 0; round < 20; ++round) {
    auto provider = make(answering(R"sh('"photos": [], "at_once": 4')sh"));
    std::atomic<bool> gone = false;
    std::atomic<int> late = 0;
    for (int i = 0; i < 6; ++i) {
      provider->search(query_for("cat"), [&](const PhotoAnswer&) {
        if (gone) ++late;
      });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(round));
    provider.reset();
    gone = true;
    EXPECT_EQ(late, 0);
  }
}

class Budget : public CallGate {
 public:
  explicit Budget(int calls) : left_(calls) {}
  Admission admit() override {
    ++asked_;
    if (asked_ % 2 == 1) return {.wait = std::chrono::milliseconds(1), .refusal = {}};
    if (left_-- > 0) return {};
    return {.wait = {}, .refusal = Error{ErrorCode::quota, "used up"}};
  }

 private:
  std::atomic<int> left_;
  std::atomic<int> asked_ = 0;
};

TEST_F(ProgramTest, TheUsersBudgetIsAskedBeforeEachQuestion) {
  Budget budget(2);
  const auto provider = make({.command = answering(kOnePhoto), .gate = &budget});
  EXPECT_TRUE(ask(*provider, query_for("cat")).page.ok());
  EXPECT_TRUE(ask(*provider, query_for("cat")).page.ok());
  const PhotoAnswer refused = ask(*provider, query_for("cat"));
  ASSERT_FALSE(refused.page.ok());
  EXPECT_EQ(refused.page.error().code, ErrorCode::quota);
  EXPECT_EQ(refused.cost.requests, 0);
}

class Closed : public CallGate {
 public:
  Admission admit() override {
    asked.release();
    return {.wait = std::chrono::hours(1), .refusal = {}};
  }
  std::binary_semaphore asked{0};
};

TEST_F(ProgramTest, AWaitForTheBudgetEndsWithTheProvider) {
  Closed gate;
  auto provider = make({.command = answering(kOnePhoto), .gate = &gate});
  std::atomic<int> told = 0;
  provider->search(query_for("cat"), [&](const PhotoAnswer&) { ++told; });
  gate.asked.acquire();
  provider.reset();
  EXPECT_EQ(told, 0);
}

}  // namespace
}  // namespace lookalike
