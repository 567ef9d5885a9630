#include "cli/options/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "cli/options/option_groups.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::internal::CaptureStderr;
using testing::internal::GetCapturedStderr;

enum class Colour { red, green };

struct Values {
  std::vector<std::string> names;
  std::vector<std::string> tags;
  std::vector<std::string> list;
  std::vector<int> box;
  std::string text = "untouched";
  Colour colour = Colour::red;
  int number = 0;
  int verbosity = 0;
  bool flag = false;
  std::string config;
};

class CommandLineTest : public testing::Test {
 protected:
  CommandLineTest() {
    app_.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app_.add_option("NAME", values_.names)->take_all();
    app_.add_option("--tag,-t", values_.tags)->take_all()->type_name("WORD");
    app_.add_option("--list", values_.list)->take_all()->delimiter(',');
    app_.add_option("--box", values_.box)->delimiter(',')->take_all()->expected(4);
    app_.add_option("--text", values_.text);
    app_.add_option("--colour", values_.colour)
        ->transform(one_of(std::map<std::string, Colour>{{"red", Colour::red}, {"green", Colour::green}}));
    auto* number = app_.add_option("--max-number", values_.number);
    app_.add_flag("-v,--verbose", values_.verbosity);
    app_.add_flag("--flag,-f", values_.flag)->excludes(number);
    app_.add_option("--config", values_.config);
  }

  bool parse(const std::vector<std::string>& arguments) { return !parse_command_line(app_, arguments, {"elsewhere"}); }
  std::string refusal(const std::vector<std::string>& arguments) {
    CaptureStderr();
    const auto exit = parse_command_line(app_, arguments, {"elsewhere"});
    EXPECT_EQ(exit, ExitCode::wrong_use);
    return GetCapturedStderr();
  }
  std::string settings(const std::string& text) { return folder_.write("settings", text).string(); }

  test::TemporaryFolder folder_;
  Values values_;
  CLI::App app_{"A test.", "tool"};
};

// Every value, in every place, in each way to write it.
TEST_F(CommandLineTest, ArgumentsArriveAsTyped) {
  const std::string odd[] = {"[x]",  "[a,b]", "[2019] Trip [raw]", "[]",  "a,b", "\"q\"", "'q'",  "{}", "%%", "++",
                             "50 %", "",      " blank ",           "a=b", "\\",  "#1",    "\x01", "ü",  "/x", "[-1]"};
  std::vector<std::string> arguments, expected;
  for (const std::string& value : odd) {
    for (const auto& piece : {std::string("--tag"), value, "--tag=" + value, std::string("-t"), value, value})
      arguments.push_back(piece);
    if (!value.empty()) arguments.push_back("-t" + value);
    expected.insert(expected.end(), value.empty() ? 3 : 4, value);
  }
  ASSERT_TRUE(parse(arguments));
  EXPECT_EQ(values_.tags, expected);
  EXPECT_THAT(values_.names, testing::ElementsAreArray(odd));
}

TEST_F(CommandLineTest, AnOptionTakesOneValueAndNoMore) {
  ASSERT_TRUE(parse({"--box", "1,2,3,4", "photo.jpg", "--text=", "b.jpg", "--list", "a,b", "c.jpg", "-vvf", "-v"}));
  EXPECT_THAT(values_.box, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(values_.names, ElementsAre("photo.jpg", "b.jpg", "c.jpg"));
  EXPECT_EQ(values_.text, "");
  EXPECT_THAT(values_.list, ElementsAre("a", "b"));
  EXPECT_EQ(values_.verbosity, 3);
  EXPECT_TRUE(values_.flag);
}

TEST_F(CommandLineTest, BehindTwoDashesAllAreNames) {
  ASSERT_TRUE(parse({"--text", "--", "-", "--", "--tag", "-x", "[a,b]", "--"}));
  EXPECT_EQ(values_.text, "--");
  EXPECT_THAT(values_.names, ElementsAre("-", "--tag", "-x", "[a,b]", "--"));
}

TEST_F(CommandLineTest, WhatWasMeantIsSaid) {
  EXPECT_THAT(refusal({"a", "--max-numbr", "5"}),
              HasSubstr("tool has no option --max-numbr; did you mean --max-number?"));
  EXPECT_THAT(refusal({"--nubmer=5"}), HasSubstr("no option --nubmer"));
  EXPECT_THAT(refusal({"--number=5"}), HasSubstr("did you mean --max-number?"));
  EXPECT_THAT(refusal({"-x"}), HasSubstr("no option -x (see tool --help)"));
  EXPECT_THAT(refusal({"-vx"}), HasSubstr("no option -vx"));
  EXPECT_THAT(refusal({"--colour", "gren"}), HasSubstr("\"gren\" is none of green, red; did you mean green?"));
  EXPECT_THAT(refusal({"--max-number"}), HasSubstr("--max-number needs a value"));
  EXPECT_THAT(refusal({"-t"}), HasSubstr("-t needs a value: -t WORD"));
}

TEST_F(CommandLineTest, MessagesShowWhatWasTyped) {
  const std::string message = refusal({"--max-number", "[5]"});
  EXPECT_THAT(message, HasSubstr("[5]"));
  EXPECT_EQ(message.find('\x01'), std::string::npos);
}

TEST_F(CommandLineTest, ChoicesAreConverted) {
  ASSERT_TRUE(parse({"--colour", "green"}));
  EXPECT_EQ(values_.colour, Colour::green);
}

TEST_F(CommandLineTest, SettingsFillInWhatWasNotTyped) {
  const auto file = settings(
      "\xEF\xBB\xBFtag = [\"[x]\", \"a,b\"]\r\ntext = Me, [myself] # comment\r\nmax-number = 7\r\n"
      "verbose = 2\r\nNAME = \"[c,d]\"\r\nelsewhere = 1\r\nbox = 1,2,3,4\r\n");
  ASSERT_TRUE(parse({"--config", file, "--text", "typed"}));
  EXPECT_THAT(values_.tags, ElementsAre("[x]", "a,b"));
  EXPECT_EQ(values_.text, "typed");
  EXPECT_EQ(values_.number, 7);
  EXPECT_EQ(values_.verbosity, 2);
  EXPECT_THAT(values_.names, ElementsAre("[c,d]"));
  EXPECT_THAT(values_.box, ElementsAre(1, 2, 3, 4));
}

TEST_F(CommandLineTest, WhatIsTypedOverrulesSettings) {
  ASSERT_TRUE(parse({"--tag", "typed", "-f", "--config=" + settings("tag = file\nmax-number = 7\nflag = false\n")}));
  EXPECT_THAT(values_.tags, ElementsAre("typed"));
  EXPECT_EQ(values_.number, 0) << "the flag that was typed excludes it";
  EXPECT_TRUE(values_.flag);
}

TEST_F(CommandLineTest, SettingsSayWhatIsWrongAndWhere) {
  const auto unknown = refusal({"--config", settings("\nmax-numer = 5\n")});
  EXPECT_THAT(unknown, HasSubstr("settings, line 2: there is no option \"max-numer\"; did you mean max-number?"));
  EXPECT_THAT(refusal({"--config", settings("elsewher = 5\n")}), HasSubstr("did you mean elsewhere?"));
  EXPECT_THAT(refusal({"--config", settings("[search]\n")}), HasSubstr("line 1: [search] begins a section"));
  EXPECT_THAT(refusal({"--config", settings("config = other\n")}), HasSubstr("works only on the command line"));
  EXPECT_THAT(refusal({"--config", "/no/such/file"}), HasSubstr("--config: cannot open /no/such/file"));
}

TEST(CommandLine, CommandsWithinCommandsAreNamedToo) {
  CLI::App app{"A test.", "tool models"};
  app.require_subcommand(1);
  std::string name;
  app.add_subcommand("list", "");
  app.add_subcommand("path", "")->add_option("NAME", name);
  CaptureStderr();
  EXPECT_EQ(parse_command_line(app, {"lsit"}), ExitCode::wrong_use);
  EXPECT_THAT(GetCapturedStderr(), HasSubstr("tool models has no command \"lsit\"; did you mean list?"));
  CaptureStderr();
  EXPECT_EQ(parse_command_line(app, {"list", "x"}), ExitCode::wrong_use);
  EXPECT_THAT(GetCapturedStderr(), HasSubstr("tool models list takes no argument, but \"x\" was given"));
}

TEST(CommandLine, ANameMayBeThatOfACommand) {
  CLI::App app{"A test.", "tool models"};
  std::string name;
  app.add_subcommand("list", "");
  app.add_subcommand("path", "")->add_option("NAME", name);
  EXPECT_FALSE(parse_command_line(app, {"path", "list"}));
  EXPECT_EQ(name, "list");
}

}  // namespace
}  // namespace lookalike
