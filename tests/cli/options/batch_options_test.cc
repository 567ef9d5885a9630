#include "cli/options/batch_options.h"

#include <gtest/gtest.h>

#include <vector>

namespace lookalike {
namespace {

TEST(Shard, EveryNameIsInExactlyOne) {
  std::vector<int> sizes(5);
  for (int i = 0; i < 2000; ++i) {
    const std::string name = "below/photo " + std::to_string(i) + ".jpg";
    int holders = 0;
    for (uint64_t number = 1; number <= 5; ++number) {
      if (!Shard{number, 5}.holds(name)) continue;
      ++holders;
      ++sizes[number - 1];
    }
    EXPECT_EQ(holders, 1) << name;
  }
  for (const int size : sizes)
    EXPECT_GT(size, 320);  // 400 each, by and large
}

// A promise between machines and versions: SHA-256 of "a.jpg" begins with 509b0d4641a7c3ba.
TEST(Shard, TheRuleIsTheDigestsFirstEightBytes) {
  EXPECT_EQ(0x509b0d4641a7c3ba % 7, 4u);
  EXPECT_TRUE((Shard{5, 7}.holds("a.jpg")));
  EXPECT_FALSE((Shard{6, 7}.holds("a.jpg")));
  EXPECT_TRUE((Shard{1, 1}.holds("a.jpg")));
}

TEST(Shard, IsParsed) {
  const auto shard = parse_shard("2/4");
  ASSERT_TRUE(shard.ok());
  EXPECT_EQ(shard->number, 2u);
  EXPECT_EQ(shard->of, 4u);
  for (const char* wrong : {"", "2", "0/4", "5/4", "2/", "/4", "a/b", "1/4x", "-1/4", "1/0", "1//4"})
    EXPECT_FALSE(parse_shard(wrong).ok()) << wrong;
}

TEST(BatchOptions, WithoutTheirCompanionsAreRefused) {
  const auto is_fine = [](const BatchOptions& batch, bool is_jsonl, bool has_output) {
    return check_batch_options(batch, is_jsonl, has_output).ok();
  };
  EXPECT_TRUE(is_fine({}, false, false));
  EXPECT_TRUE(is_fine({.resume = true, .retry_failed = true}, true, true));
  EXPECT_FALSE(is_fine({.resume = true}, true, false)) << "standard output cannot be read again";
  EXPECT_FALSE(is_fine({.resume = true}, false, true)) << "only JSON Lines can be gone on with";
  EXPECT_FALSE(is_fine({.retry_failed = true}, true, true));
  EXPECT_FALSE(is_fine({.nul_separated = true}, false, false));
  EXPECT_TRUE(is_fine({.inputs = {"-"}, .nul_separated = true}, false, false));
}

}  // namespace
}  // namespace lookalike
