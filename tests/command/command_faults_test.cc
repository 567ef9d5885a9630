// Every fault of tests/support/faults.cc against the real binary: alone, after a good beginning, and all mixed.
// Never a crash or a hang, nothing found before is lost, every failure is counted, and the exit status is right.
#include <gmock/gmock.h>

#include <chrono>
#include <map>
#include <set>

#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "tests/command/command_fixture.h"
#include "tests/support/fault_service.h"

namespace lookalike::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

constexpr unsigned kPhotos = 36;                  // of the fixture
constexpr auto kHang = std::chrono::seconds(60);  // far beyond the limits given to the command

// What the command says when every request of the fault's kind meets it.
struct Verdict {
  int exit;
  const char* code;  // in errors[]; empty: the fault is borne
};

constexpr Verdict kBorne{0, ""};
constexpr Verdict kNothingUsable{1, ""};  // answered, but no photo in it
constexpr Verdict kSourceFailed{5, "network"};
constexpr Verdict kSourceSpeaksNonsense{5, "bad_data"};
constexpr Verdict kKeyRefused{3, "auth"};
constexpr Verdict kQuotaUsedUp{4, "quota"};
constexpr Verdict kNoImageCame{1, "network"};
constexpr Verdict kNoImageUsable{1, "bad_data"};
constexpr Verdict kNoImageThere{1, "not_found"};

const std::map<std::string, Verdict> kVerdicts = {
    {"api_refused", kSourceFailed},
    {"api_unknown_host", kSourceFailed},
    {"api_reset_before_headers", kSourceFailed},
    {"api_reset_mid_body", kSourceFailed},
    {"api_closed_mid_body", kSourceFailed},
    {"api_hang_before_headers", kSourceFailed},
    {"api_hang_mid_body", kSourceFailed},
    {"api_one_byte_a_second", kSourceFailed},
    {"api_redirect_loop", kSourceFailed},
    {"api_redirect_to_file", kSourceFailed},
    {"api_redirect_to_metadata", kSourceFailed},
    {"api_redirect_to_gopher", kSourceFailed},
    {"api_status_400", kSourceSpeaksNonsense},
    {"api_status_401", kKeyRefused},
    {"api_status_403", kKeyRefused},
    {"api_status_404", kSourceSpeaksNonsense},
    {"api_status_429", kQuotaUsedUp},
    {"api_status_429_retry_now", kQuotaUsedUp},
    {"api_status_429_retry_in_an_hour", kQuotaUsedUp},
    {"api_status_429_retry_in_2065", kQuotaUsedUp},
    {"api_status_500", kSourceFailed},
    {"api_status_503", kSourceFailed},
    {"api_status_503_retry_in_20_s", kSourceFailed},
    {"api_status_503_retry_nonsense", kSourceFailed},
    {"api_no_answer_at_all", kSourceFailed},
    {"api_not_http", kSourceSpeaksNonsense},
    {"api_endless_headers", kSourceSpeaksNonsense},
    {"api_empty_body", kSourceSpeaksNonsense},
    {"api_zero_bytes", kSourceSpeaksNonsense},
    {"api_html", kSourceSpeaksNonsense},
    {"api_huge_body_announced", kSourceSpeaksNonsense},
    {"api_huge_body_chunked", kSourceSpeaksNonsense},
    {"api_gzip_bomb", kSourceSpeaksNonsense},
    {"api_broken_gzip", kSourceSpeaksNonsense},
    {"api_wrong_content_type", kBorne},
    {"api_truncated_json", kSourceSpeaksNonsense},
    {"api_trailing_comma", kBorne},
    {"api_nested_arrays", kSourceSpeaksNonsense},
    {"api_nested_photos", kSourceSpeaksNonsense},
    {"api_no_photos_member", kSourceSpeaksNonsense},
    {"api_wrong_types", kNothingUsable},
    {"api_invalid_utf8", kBorne},
    {"api_duplicate_ids", kBorne},
    {"api_long_tags", kBorne},
    {"api_long_title", kBorne},
    {"api_dash_tags", kBorne},
    {"api_quote_tags", kBorne},
    {"api_nul_tags", kBorne},
    {"api_newline_texts", kBorne},
    {"api_escape_texts", kBorne},
    {"api_emoji_tags", kBorne},
    {"api_right_to_left_texts", kBorne},
    {"image_refused", kNoImageCame},
    {"image_unknown_host", kNoImageCame},
    {"image_reset_before_headers", kNoImageCame},
    {"image_reset_mid_body", kNoImageCame},
    {"image_closed_mid_body", kNoImageCame},
    {"image_hang_before_headers", kNoImageCame},
    {"image_hang_mid_body", kNoImageCame},
    {"image_one_byte_a_second", kNoImageCame},
    {"image_redirect_loop", kNoImageCame},
    {"image_redirect_to_file", kNoImageCame},
    {"image_redirect_to_metadata", kNoImageCame},
    {"image_redirect_to_gopher", kNoImageCame},
    {"image_status_400", kNoImageCame},
    {"image_status_401", kNoImageCame},
    {"image_status_403", kNoImageCame},
    {"image_status_404", kNoImageThere},
    {"image_status_429", kNoImageCame},
    {"image_status_429_retry_now", kNoImageCame},
    {"image_status_429_retry_in_an_hour", kNoImageCame},
    {"image_status_429_retry_in_2065", kNoImageCame},
    {"image_status_500", kNoImageCame},
    {"image_status_503", kNoImageCame},
    {"image_status_503_retry_in_20_s", kNoImageCame},
    {"image_status_503_retry_nonsense", kNoImageCame},
    {"image_no_answer_at_all", kNoImageCame},
    {"image_not_http", kNoImageUsable},
    {"image_endless_headers", kNoImageUsable},
    {"image_empty_body", kNoImageUsable},
    {"image_zero_bytes", kNoImageUsable},
    {"image_html", kNoImageUsable},
    {"image_huge_body_announced", kNoImageUsable},
    {"image_huge_body_chunked", kNoImageUsable},
    {"image_gzip_bomb", kNoImageUsable},
    {"image_broken_gzip", kNoImageUsable},
    {"image_wrong_content_type", kBorne},
    {"image_truncated_jpeg", kNoImageUsable},
    {"image_png_bomb", kNoImageUsable},
    {"image_html_as_jpeg", kNoImageUsable},
    {"image_svg", kNoImageUsable},
    {"image_animated_webp", kBorne},
};

// What one run of the command came to, with its JSON read.
struct Outcome {
  CommandResult result;
  FaultCounts seen;
  rapidjson::Document document;

  int64_t number(const char* name) const {
    const auto* run = json_member(document, "run");
    return run == nullptr ? -1 : json_integer(*run, name).value_or(-1);
  }
  const rapidjson::Value& results() const { return *json_member(document, "results"); }
  const rapidjson::Value& errors() const { return *json_member(document, "errors"); }
  int64_t failures() const {
    int64_t sum = 0;
    for (const auto& error : errors().GetArray())
      sum += json_integer(error, "count").value_or(0);
    return sum;
  }
};

class CommandFaultsTest : public CommandTest {
 protected:
  std::vector<std::string> arguments(const FaultService& service, std::vector<std::string> more = {}) const {
    std::vector<std::string> all = {program_under_test(),
                                    query_,
                                    "--keep-duplicates",
                                    "--model",
                                    "tiny.onnx",
                                    "--endpoint",
                                    service.endpoint(),
                                    "--api-key",
                                    kTestKey,
                                    "--no-classify",
                                    "--tag",
                                    "thing",
                                    "--json",
                                    "--top",
                                    "100",
                                    "--retries",
                                    "0",
                                    "--time-limit",
                                    "30"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  void search(const FaultPlan& plan, Outcome& run, std::vector<std::string> more = {}) const {
    FaultService service(manifest_, kTestKey, plan);
    RunningCommand command(arguments(service, std::move(more)), options());
    run.result = command.wait(kHang);
    run.seen = service.counts();
    auto document = parse_json(run.result.out);
    ASSERT_TRUE(document.ok()) << document.error().message << "\n" << run.result.err;
    run.document = std::move(*document);
    ASSERT_TRUE(run.document.IsObject());
    ASSERT_NE(json_member(run.document, "results"), nullptr) << run.result.out << run.result.err;
    expect_clean(run);
  }

  // Whatever happened: what stands in the output is safe to show and belongs together.
  static void expect_clean(const Outcome& run) {
    EXPECT_THAT(run.result.out + run.result.err, Not(HasSubstr(kTestKey)));
    for (const std::string& line : split(run.result.err, '\n'))
      EXPECT_EQ(line, terminal_safe(line));
    EXPECT_LE(run.number("images_scored") + run.number("images_failed"), run.number("images_downloaded"));
    EXPECT_EQ(run.results().Size(), run.number("images_scored"));
    std::set<std::string> ids;
    for (const auto& photo : run.results().GetArray())
      EXPECT_TRUE(ids.insert(json_text(photo, "id").value()).second);
  }

  // With --retries 0.
  static void expect_counted(const Outcome& run) {
    EXPECT_EQ(run.number("images_scored") + run.number("images_failed"), run.number("images_downloaded"));
    // Images that never reached a host are no requests, and no failed ones.
    EXPECT_LE(run.number("images_failed"), run.seen.failed_images);
    // Calls that a resting host was spared are failures that it has not seen.
    const bool rests = (run.result.err + run.result.out).find("asks for a pause") != std::string::npos;
    if (!rests) EXPECT_EQ(run.failures(), run.seen.failed_calls + run.seen.failed_images);
  }

  // libcurl asks again by itself when a connection that it used before ends without a byte.
  static bool asked_twice(const std::string& fault) {
    return fault.ends_with("_reset_before_headers") || fault.ends_with("_no_answer_at_all");
  }

  static bool hangs(const std::string& fault) {
    return fault.find("_hang_") != std::string::npos || fault.ends_with("_one_byte_a_second");
  }
};

class EveryFaultTest : public CommandFaultsTest, public testing::WithParamInterface<Fault> {};

TEST_P(EveryFaultTest, Alone) {
  const std::string& name = GetParam().name;
  const Verdict verdict = kVerdicts.at(name);
  const bool api = GetParam().target == FaultTarget::api;
  // While nothing is known of a tag its photos are looked at one after the other: a hang of each would take long.
  const std::vector<std::string> more = {"--max-images", api ? "100" : "3", "--timeout",
                                         !hangs(name) ? "10" : (api ? "0.2" : "1")};
  Outcome alone;
  ASSERT_NO_FATAL_FAILURE(search({.faults = {name}}, alone, more));
  EXPECT_EQ(alone.result.exit, verdict.exit) << alone.result.err;
  EXPECT_EQ(alone.result.err.empty(), verdict.exit == 0) << alone.result.err;
  const bool unseen = !GetParam().address.empty();
  if (!unseen && !asked_twice(name)) expect_counted(alone);
  const bool borne = *verdict.code == '\0';
  ASSERT_EQ(alone.errors().Size(), borne ? 0u : 1u) << alone.result.out;
  if (!borne) {
    EXPECT_EQ(json_text(alone.errors()[0], "code"), verdict.code);
  }
}

// The first call is answered well; then every call meets the fault, or every fourth image.
TEST_P(EveryFaultTest, AfterAGoodBeginningLosesNothing) {
  const std::string& name = GetParam().name;
  const bool api = GetParam().target == FaultTarget::api;
  Outcome later;
  ASSERT_NO_FATAL_FAILURE(search({.faults = {name}, .rate = api ? 1 : 0.25, .spared_calls = 1}, later,
                                 // One word first: of several asked at once any could be the call that is spared.
                                 {"--strategy", "greedy", "--timeout", hangs(name) ? "1" : "10"}));
  EXPECT_EQ(later.result.exit, 0) << later.result.err;
  EXPECT_GT(later.results().Size(), 0u);
  if (asked_twice(name)) return;
  expect_counted(later);
  if (!api) {
    // A host that rests for an hour ends the search, with what was found before.
    if (later.result.out.find("\"rate\"") == std::string::npos)
      EXPECT_EQ(later.results().Size(), kPhotos - static_cast<unsigned>(later.seen.failed_images));
  }
}

INSTANTIATE_TEST_SUITE_P(Fault, EveryFaultTest, testing::ValuesIn(all_faults()),
                         [](const auto& fault) { return fault.param.name; });

TEST(Faults, EachHasItsVerdict) {
  for (const Fault& fault : all_faults())
    EXPECT_EQ(kVerdicts.count(fault.name), 1u) << fault.name;
  EXPECT_EQ(kVerdicts.size(), all_faults().size());
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const Fault& fault : all_faults())
    names.push_back(fault.name);
  return names;
}

// Three of ten requests meet one fault of all of them, another set of them with each seed.
class MixedFaultsTest : public CommandFaultsTest, public testing::WithParamInterface<int> {};

TEST_P(MixedFaultsTest, AtThreeOfTenRequestsTheSearchGoesOn) {
  const FaultPlan plan{
      .faults = all_names(), .rate = 0.3, .spared_calls = 1, .seed = static_cast<uint64_t>(GetParam())};
  Outcome mixed;
  ASSERT_NO_FATAL_FAILURE(search(plan, mixed, {"--strategy", "greedy", "--timeout", "1", "--retries", "1"}));
  EXPECT_EQ(mixed.result.exit, 0) << mixed.result.err;
  EXPECT_GT(mixed.results().Size(), 0u);
  EXPECT_GT(mixed.seen.failed_images + mixed.seen.failed_calls, 0);
  EXPECT_GT(mixed.errors().Size(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seed, MixedFaultsTest, testing::Range(1, 7));

// With no --timeout to speak of, --time-limit alone must end whatever hangs.
class HangTest : public CommandFaultsTest, public testing::WithParamInterface<std::string> {};

TEST_P(HangTest, EndsAtTheTimeLimit) {
  const bool api = GetParam().starts_with("api_");
  const auto begin = std::chrono::steady_clock::now();
  Outcome hanging;
  ASSERT_NO_FATAL_FAILURE(
      search({.faults = {GetParam()}}, hanging, {"--timeout", "600", "--time-limit", "1", "--retries", "5"}));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(hanging.result.exit, api ? 5 : 1) << hanging.result.err;
  EXPECT_THAT(hanging.result.err, HasSubstr(api ? "lookalike: error: " : "lookalike: warning: "));
  const auto* run = json_member(hanging.document, "run");
  EXPECT_EQ(json_text(*run, "stopped_by"), "time_limit");
}

INSTANTIATE_TEST_SUITE_P(Fault, HangTest,
                         testing::Values("api_hang_before_headers", "api_hang_mid_body", "api_one_byte_a_second",
                                         "api_status_503_retry_in_20_s", "image_hang_before_headers",
                                         "image_hang_mid_body", "image_one_byte_a_second"),
                         [](const auto& fault) { return fault.param; });

TEST_F(CommandFaultsTest, AQueryAddressThatHangsEndsAtTheTimeLimit) {
  FaultService service(manifest_, kTestKey, {.faults = {"image_hang_before_headers"}});
  auto all = arguments(service, {"--timeout", "600", "--time-limit", "1"});
  std::string images = service.endpoint();
  images.replace(images.find("services/rest/"), std::string::npos, "img/");
  start_service();
  all[1] = images + service_->photos().front().id + "_n.jpg";
  const auto begin = std::chrono::steady_clock::now();
  RunningCommand command(all, options());
  const CommandResult result = command.wait(kHang);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(service.counts().image_calls, 1);
  EXPECT_EQ(result.exit, 6) << result.err;
  EXPECT_THAT(result.err, HasSubstr("--time-limit"));
}

// ---- What must never be seen ----

std::string all_files_below(const std::filesystem::path& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    all += entry.path().string() + "\n";
    if (entry.is_regular_file()) all += contents(entry.path());
  }
  return all;
}

TEST_F(CommandFaultsTest, TheKeyIsNowhereWhateverFails) {
  TemporaryFolder home;
  CommandOptions with_home = options();
  for (const char* name : {"HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"})
    with_home.environment[name] = home.path().string();
  const std::string key(kTestKey);
  const std::string log = (home / "log.txt").string();
  int runs = 0;
  for (const std::vector<std::string>& faults :
       {all_names(), std::vector<std::string>{"api_redirect_loop"}, {"api_refused"}, {"api_status_401"}}) {
    FaultService service(manifest_, key, {.faults = faults, .rate = faults.size() == 1 ? 1 : 0.4});
    auto all = arguments(service, {"--timeout", "1", "-vv", "--explain", "--log-file", log});
    const CommandResult result = RunningCommand(all, with_home).wait(kHang);
    EXPECT_THAT(result.out + result.err, Not(HasSubstr(key)));
    ++runs;
  }
  EXPECT_EQ(runs, 4);
  const std::string left_behind = all_files_below(home.path());
  EXPECT_THAT(left_behind, HasSubstr("log.txt"));
  EXPECT_THAT(left_behind, Not(HasSubstr(key)));
}

// The formats that people see: no byte of a title, owner, tag or error message may steer their terminal.
class HostileTextTest : public CommandFaultsTest, public testing::WithParamInterface<std::string> {};

TEST_P(HostileTextTest, DoesNotReachTheTerminal) {
  FaultService service(manifest_, kTestKey, {.faults = {GetParam()}});
  for (const char* format : {"table", "urls"}) {
    auto all = arguments(service, {"--explain", "-vv", "--top", "5", "--color", "never"});
    std::replace(all.begin(), all.end(), std::string("--json"), std::string("--format=") + format);
    const CommandResult result = RunningCommand(all, options()).wait(kHang);
    EXPECT_EQ(result.exit, 0) << result.err;
    for (const std::string& line : split(result.out + "\n" + result.err, '\n')) {
      // Columns are parted by several blanks, which terminal_safe would join.
      const std::string safe = terminal_safe(line);
      std::string joined;
      for (const std::string& word : split(line, ' '))
        if (!word.empty()) joined += (joined.empty() ? "" : " ") + word;
      EXPECT_EQ(joined, safe) << format;
      EXPECT_FALSE(line.starts_with("lookalike: error: forged"));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Fault, HostileTextTest,
                         testing::Values("api_newline_texts", "api_escape_texts", "api_right_to_left_texts",
                                         "api_nul_tags", "api_invalid_utf8"),
                         [](const auto& fault) { return fault.param; });

}  // namespace
}  // namespace lookalike::test
