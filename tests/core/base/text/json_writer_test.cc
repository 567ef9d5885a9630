#include "core/base/text/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lookalike {
namespace {

TEST(JsonWriter, ClosesWhatItOpens) {
  JsonWriter json(JsonStyle::line);
  const std::vector<int> numbers{1, 2};
  json.object([&] {
    json.text("schema", "x/1");
    json.object("inner", [&] { json.boolean("yes", true); });
    json.array("numbers", numbers, [&](int number) { json.integer("n", number); });
    json.array("none", std::vector<int>(), [](int) {});
    json.texts("words", {"a", "b"});
  });
  EXPECT_EQ(json.take(),
            R"({"schema":"x/1","inner":{"yes":true},"numbers":[{"n":1},{"n":2}],"none":[],"words":["a","b"]})");
}

TEST(JsonWriter, IsIndentedForPeople) {
  JsonWriter json(JsonStyle::pretty);
  json.object([&] { json.integer("n", -1); });
  EXPECT_EQ(json.take(), "{\n  \"n\": -1\n}");
}

TEST(JsonWriter, WritesNothingThatIsNoJson) {
  JsonWriter json(JsonStyle::line);
  json.object([&] {
    json.number("finite", 0.5);
    json.number("infinite", std::numeric_limits<double>::infinity());
    json.number("none", std::nan(""));
    json.text("text", "\xFF\"\n");
    json.text_or_null("empty", "");
    json.unsigned_integer("seed", std::numeric_limits<uint64_t>::max());
  });
  EXPECT_EQ(json.take(),
            "{\"finite\":0.5,\"infinite\":null,\"none\":null,\"text\":\"\xEF\xBF\xBD\\\"\\n\",\"empty\":null,"
            "\"seed\":18446744073709551615}");
}

}  // namespace
}  // namespace lookalike
