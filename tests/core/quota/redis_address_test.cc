#include <gtest/gtest.h>

#include "core/quota/redis_ledger.h"

namespace lookalike {
namespace {

TEST(RedisAddress, IsTakenApart) {
  const auto full = parse_redis_address("redis://me:s3cr@t@redis.example:6380/4");
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(full->host, "redis.example");
  EXPECT_EQ(full->port, 6380);
  EXPECT_EQ(full->database, 4);
  EXPECT_EQ(full->user, "me");
  EXPECT_EQ(full->password, "s3cr@t");
  EXPECT_EQ(full->shown(), "redis.example:6380/4");
  const auto plain = parse_redis_address("redis://[::1]");
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->host, "::1");
  EXPECT_EQ(plain->shown(), "[::1]:6379/0");
  EXPECT_TRUE(parse_redis_address("redis://host/").ok());
  for (const char* wrong : {"", "redis://", "host:6379", "http://host", "redis://host:0", "redis://host:70000",
                            "redis://host:x", "redis://host/x", "redis://host/-1", "redis://word@host"})
    EXPECT_FALSE(parse_redis_address(wrong).ok()) << wrong;
}

}  // namespace
}  // namespace lookalike
