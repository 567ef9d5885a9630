#include "cli/options/api_keys.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

Environment environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
}

TEST(ApiKeys, OptionsComeBeforeTheEnvironment) {
  const auto both = environment({{"LOOKALIKE_FLICKR_KEY", "own"}, {"FLICKR_API_KEY", "usual"}});
  EXPECT_EQ(*find_api_key({.api_keys = {"given"}}, "", "flickr", both), "given");
  EXPECT_EQ(*find_api_key({}, "", "flickr", both), "own");
  EXPECT_EQ(*find_api_key({}, "", "flickr", environment({{"FLICKR_API_KEY", " usual\n"}})), "usual");
  EXPECT_EQ(*find_api_key({}, "", "flickr", environment({})), "");
  EXPECT_EQ(*find_api_key({}, "", "pixabay", both), "");
}

TEST(ApiKeys, NamedKeysGoToTheirSource) {
  const SourceOptions options{.api_keys = {"flickr=f1", "pixabay=p1"}};
  EXPECT_EQ(*find_api_key(options, "", "flickr", environment({})), "f1");
  EXPECT_EQ(*find_api_key(options, "", "pixabay", environment({})), "p1");
}

TEST(ApiKeys, AKeyMayHoldAnEqualsSign) {
  EXPECT_EQ(*find_api_key({.api_keys = {"AB12=="}}, "", "flickr", environment({})), "AB12==");
}

TEST(ApiKeys, SeveralBareKeysAreRefused) {
  const auto key = find_api_key({.api_keys = {"a", "b"}}, "", "flickr", environment({}));
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().code, ErrorCode::usage);
}

TEST(ApiKeys, FilesGiveTheirFirstLine) {
  const test::TemporaryFolder folder;
  const std::string path = folder.write("key", "  secret \nsecond line\n").string();
  const SourceOptions options{.api_key_file = path};
  EXPECT_EQ(*read_key_file(options), "secret");
  EXPECT_EQ(*find_api_key(options, "secret", "flickr", environment({{"FLICKR_API_KEY", "other"}})), "secret");
  EXPECT_EQ(*find_api_key({.api_keys = {"given"}, .api_key_file = path}, "secret", "flickr", environment({})), "given");
  folder.write("key", "\xEF\xBB\xBFsecret\r\n");
  EXPECT_EQ(*read_key_file(options), "secret");
  for (const char* no_key : {"\n", "", " \r\nsecond line"}) {
    folder.write("key", no_key);
    EXPECT_EQ(read_key_file(options).error().code, ErrorCode::usage);
  }
  EXPECT_EQ(read_key_file({.api_key_file = path + "x"}).error().code, ErrorCode::usage);
  EXPECT_EQ(*read_key_file({}), "");
}

TEST(ApiKeys, AClientsIdAndSecretMakeOneKey) {
  const auto both =
      environment({{"LOOKALIKE_OPENVERSE_CLIENT_ID", " id "}, {"LOOKALIKE_OPENVERSE_CLIENT_SECRET", "secret\n"}});
  EXPECT_EQ(*find_api_key({}, "", "openverse", both), "id:secret");
  EXPECT_EQ(*find_api_key({.api_keys = {"openverse=a:b"}}, "", "openverse", both), "a:b");
  EXPECT_EQ(*find_api_key({}, "", "flickr", both), "");
  EXPECT_EQ(*find_api_key({}, "", "openverse", environment({{"LOOKALIKE_OPENVERSE_CLIENT_ID", "id"}})), "");
}

TEST(ApiKeys, TheSecretOfAKeyIsOneByItself) {
  EXPECT_EQ(secrets_of_key("key"), std::vector<std::string>{"key"});
  EXPECT_EQ(secrets_of_key("id:secret"), (std::vector<std::string>{"id:secret", "secret"}));
  EXPECT_EQ(secrets_of_key("id:"), std::vector<std::string>{"id:"});
}

}  // namespace
}  // namespace lookalike
