#include "providers/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/base/files/file.h"
#include "tests/providers/common/provider_fixture.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using testing::HasSubstr;

ProviderSettings settings_for(const std::string& provider) {
  ProviderSettings settings;
  settings.provider = provider;
  settings.api_key = "key";
  return settings;
}

TEST(Registry, TellsUsersAboutEverySource) {
  std::set<std::string_view> names;
  for (const ProviderInfo& info : provider_infos()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_FALSE(info.description.empty()) << info.name;
    EXPECT_FALSE(info.limits.empty()) << info.name;
    EXPECT_FALSE(info.licences.empty()) << info.name;
    EXPECT_FALSE(info.tags.empty()) << info.name;
    EXPECT_EQ(info.key != KeyNeed::none, !info.key_variables.empty()) << info.name;
    EXPECT_EQ(info.key != KeyNeed::none, !info.key_url.empty()) << info.name;
  }
  EXPECT_TRUE(names.contains("flickr"));
  EXPECT_TRUE(names.contains("folder"));
}

TEST(Registry, FlickrReadsBothVariablesAndShowsItsNotice) {
  const auto info = find_provider("flickr");
  ASSERT_TRUE(info.ok());
  ASSERT_EQ((*info)->key_variables.size(), 2u);
  EXPECT_EQ((*info)->key_variables[0], "LOOKALIKE_FLICKR_KEY");
  EXPECT_EQ((*info)->key_variables[1], "FLICKR_API_KEY");
  EXPECT_EQ((*info)->notice, "This product uses the Flickr API but is not endorsed or certified by SmugMug, Inc.");
}

TEST(Registry, MakesEverySource) {
  HttpClient http({});
  const auto flickr = make_provider(settings_for("flickr"), http);
  ASSERT_TRUE(flickr.ok()) << flickr.error().message;
  EXPECT_EQ((*flickr)->name(), "flickr");
  const test::TemporaryFolder folder;
  folder.write("a:b/cat.jpg");
  const auto local = make_provider(settings_for("folder:" + folder.path().string() + "/a:b"), http);
  ASSERT_TRUE(local.ok()) << local.error().message;
  EXPECT_EQ((*local)->name(), "folder");
}

TEST(Registry, AnUnknownSourceIsAUsageErrorThatListsThose) {
  HttpClient http({});
  for (const char* name : {"", "flick", "Flickr", ":", "flickr ", "\x1B[31m"}) {
    const auto provider = make_provider(settings_for(name), http);
    ASSERT_FALSE(provider.ok()) << name;
    EXPECT_EQ(provider.error().code, ErrorCode::usage);
    EXPECT_THAT(provider.error().message, HasSubstr("flickr, openverse, "));
    EXPECT_THAT(provider.error().message, testing::Not(HasSubstr("\x1B")));
  }
}

TEST(Registry, ArgumentsAreWhereTheyBelong) {
  EXPECT_THAT(find_provider("folder").error().message, HasSubstr("folder:DIR"));
  EXPECT_THAT(find_provider("folder:").error().message, HasSubstr("folder:DIR"));
  EXPECT_EQ(find_provider("flickr:x").error().code, ErrorCode::usage);
  EXPECT_TRUE(find_provider("folder:/nowhere").ok());
}

TEST(Registry, AProgramIsAllThatFollowsTheFirstColon) {
  EXPECT_THAT(find_provider("program").error().message, HasSubstr("program:CMD"));
  HttpClient http({});
  const auto provider = make_provider(
      settings_for(R"(program:read -r line; printf '{"id": 1, "photos": [{"id": "%s", "file": "/x"}]}\n' a:b)"), http);
  ASSERT_TRUE(provider.ok());
  EXPECT_EQ((*provider)->name(), "program");
  EXPECT_EQ(test::ask(**provider, {.text = "cat"}).page->photos.at(0).id, "a:b");
}

TEST(Registry, PassesOnWhatTheSourceSays) {
  HttpClient http({});
  ProviderSettings settings = settings_for("flickr");
  settings.api_key = "";
  EXPECT_EQ(make_provider(settings, http).error().code, ErrorCode::auth);
  EXPECT_EQ(make_provider(settings_for("folder:/no/such/folder"), http).error().code, ErrorCode::not_found);
}

TEST(Registry, AFolderFiltersWhatItsManifestSays) {
  const test::TemporaryFolder folder;
  for (const char* name : {"by.jpg", "nc.jpg", "words.jpg", "none.jpg"})
    folder.write(name);
  folder.write("m.jsonl", R"({"file": "by.jpg", "tags": ["cat"], "license": "4"}
{"file": "nc.jpg", "tags": ["cat"], "license": "2"}
{"file": "words.jpg", "tags": ["cat"], "license": "CC BY-SA 4.0"})");
  HttpClient http({});
  const auto found = [&](const std::string& licenses) {
    ProviderSettings settings = settings_for("folder:" + folder.path().string());
    settings.licenses = licenses;
    const auto provider = make_provider(settings, http);
    if (!provider.ok()) return std::string(to_string(provider.error().code));
    std::set<std::string> names;
    (*provider)->search({.text = "cat"}, [&](const PhotoAnswer& answer) {
      for (const Photo& photo : answer.page->photos)
        names.insert(photo.id);
    });
    std::string text;
    for (const std::string& name : names)
      text += name + " ";
    return text;
  };
  EXPECT_EQ(found(""), "by.jpg nc.jpg words.jpg ");
  EXPECT_EQ(found("commercial"), "by.jpg words.jpg ");
  EXPECT_EQ(found("by-sa,2"), "nc.jpg words.jpg ");
  EXPECT_EQ(found("cc0"), "usage");
  EXPECT_EQ(found("gpl"), "usage");
}

TEST(Registry, ImagesReachNoFartherThanTheEndpoint) {
  ProviderSettings settings = settings_for("flickr");
  EXPECT_EQ(image_scope(settings), AddressScope::internet);
  settings.endpoint = "http://127.0.0.1:8080/services/rest/";
  EXPECT_EQ(image_scope(settings), AddressScope::loopback);
  settings.endpoint = "https://192.168.1.9/";
  EXPECT_EQ(image_scope(settings), AddressScope::any);
  settings.endpoint = "http://192.168.1.9/";
  EXPECT_EQ(image_scope(settings), AddressScope::internet) << "refused, so nothing is opened";
  EXPECT_EQ(image_scope(settings_for("folder:/x")), AddressScope::internet);
  EXPECT_EQ(image_scope(settings_for("program:x")), AddressScope::internet);
  settings.provider = "program:x";
  settings.endpoint = "https://192.168.1.9/";
  EXPECT_EQ(image_scope(settings), AddressScope::any) << "the service that it asks is said to be there";
  EXPECT_EQ(image_scope(settings_for("unknown")), AddressScope::internet);
}

TEST(Registry, TheExampleOfTheDocumentationIsTheOneThatIsTested) {
  const auto text_of = [](const std::string& path) {
    const auto text = read_file(std::string(LOOKALIKE_SOURCE_DIR "/docs/") + path, 1 << 20);
    EXPECT_TRUE(text.ok()) << path;
    return text.ok() ? *text : "";
  };
  const std::string document = text_of("providers.md");
  for (const char* file : {"sources/aperture.cc", "sources/aperture_test.cc"})
    EXPECT_THAT(document, HasSubstr("```cpp\n" + text_of(file) + "```")) << file;
}

}  // namespace
}  // namespace lookalike
