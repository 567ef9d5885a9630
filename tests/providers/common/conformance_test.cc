// What every source owes, whatever it asks: run over each one of the registry by its real protocol, against a stand-in
// on the loopback address. conformance_fixture.h lists the sources; service_conformance_test.cc has the faults.
#include <atomic>
#include <thread>

#include "tests/providers/common/conformance_fixture.h"

namespace lookalike::test {
namespace {

TEST_P(Conformance, PagesHoldEveryPhotoOnce) {
  const auto provider = make();
  ASSERT_TRUE(provider);
  std::set<std::string> ids;
  bool more = true;
  int pages = 0;
  while (more) {
    const PhotoAnswer answer = ask(*provider, query_for("thing", ++pages, 10));
    ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
    expect_sound(*answer.page, GetParam().provider);
    for (const Photo& photo : answer.page->photos)
      EXPECT_TRUE(ids.insert(photo.id).second) << photo.id << " on two pages";
    more = answer.page->has_more;
    ASSERT_LE(pages, kPhotos) << "it never ends";
  }
  EXPECT_EQ(ids.size(), static_cast<size_t>(kPhotos));
  EXPECT_EQ(pages, 5);
  EXPECT_TRUE(ask(*provider, query_for("thing", 6, 10)).page->photos.empty());
}

TEST_P(Conformance, PhotosCarryWhatResultsShow) {
  const auto provider = make();
  const PhotoAnswer answer = ask(*provider, query_for("tag7"));
  ASSERT_TRUE(answer.page.ok());
  ASSERT_EQ(answer.page->photos.size(), 1u);
  const Photo& photo = answer.page->photos[0];
  EXPECT_FALSE(photo.owner.empty());
  EXPECT_FALSE(photo.license.name.empty());
  EXPECT_FALSE(photo.attribution.empty());
  std::set<std::string> keys;
  for (const std::string& tag : photo.tags)
    keys.insert(tag_key(tag));
  EXPECT_EQ(keys, (std::set<std::string>{"thing", "tag7", tag_key("größe")}));
}

TEST_P(Conformance, NonLatinTagsCanBeAskedFor) {
  const auto provider = make();
  const PhotoAnswer answer = ask(*provider, query_for("Größe", 1, 10));
  ASSERT_TRUE(answer.page.ok());
  EXPECT_EQ(answer.page->photos.size(), 10u);
}

TEST_P(Conformance, NothingFoundIsAnEmptyPageAndNoError) {
  const auto provider = make();
  const PhotoAnswer answer = ask(*provider, query_for("unicorn"));
  ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
  EXPECT_TRUE(answer.page->photos.empty());
  EXPECT_FALSE(answer.page->has_more);
  EXPECT_GE(answer.cost.requests, 1);
}

TEST_P(Conformance, WithoutARequestNothingIsSent) {
  const auto provider = make();
  const PhotoAnswer answer = ask(*provider, query_for("thing", 1, 10, 0));
  ASSERT_FALSE(answer.page.ok());
  EXPECT_EQ(answer.page.error().code, ErrorCode::quota);
  EXPECT_EQ(answer.cost.requests, 0);
}

TEST_P(Conformance, OddQueriesHarmNothing) {
  const auto provider = make();
  const std::string long_text(20'000, 'x');
  for (const char* text :
       {"-", "\"", "thing -", "a\x1B[31mb", "(((((", "*", "title:~2 OR", long_text.c_str(), "\xE2\x80\xAE"}) {
    const PhotoAnswer answer = ask(*provider, query_for(text));
    if (answer.page.ok())
      expect_sound(*answer.page, GetParam().provider);
    else
      EXPECT_EQ(answer.page.error().code, ErrorCode::usage) << text << ": " << answer.page.error().message;
  }
}

TEST_P(Conformance, ManySearchesAtOnceAllAnswer) {
  const auto provider = make();
  std::atomic<int> found = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 3; ++n) {
        const PhotoAnswer answer = ask(*provider, query_for("tag" + std::to_string(i * 3 + n)));
        if (answer.page.ok() && answer.page->photos.size() == 1) ++found;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(found, 18);
}

INSTANTIATE_TEST_SUITE_P(Sources, Conformance, testing::ValuesIn(kSources),
                         [](const auto& source) { return std::string(source.param.label); });

TEST(ConformanceList, HoldsEverySourceOfTheRegistry) {
  for (const ProviderInfo& info : provider_infos()) {
    const bool listed = std::any_of(kSources.begin(), kSources.end(),
                                    [&](const Source& source) { return info.name == source.provider; });
    EXPECT_TRUE(listed) << info.name << " lacks a line in kSources";
  }
}

}  // namespace
}  // namespace lookalike::test
