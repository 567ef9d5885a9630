#include "core/search/session/tag_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TagQueriesTest : public testing::Test {
 protected:
  std::optional<TagId> add(TagQueries::Words words) {
    return queries_.add_first_query(std::move(words), tags_, excluded_);
  }

  TagTable tags_;
  std::unordered_set<TagId> excluded_;
  TagQueries queries_{{}, 1};
};

TEST_F(TagQueriesTest, AFirstQueryIsTheFirstOfItsWordsThatIsNewAndAllowed) {
  excluded_.insert(*tags_.intern("pet"));
  const auto cat = add({"pet", "cat", "feline"});
  EXPECT_EQ(tags_.text(*cat), "cat");
  EXPECT_EQ(add({"cat"}), std::nullopt) << "it is one already";
  EXPECT_EQ(queries_.first_queries(), 1);
}

TEST_F(TagQueriesTest, WordsThatBroughtNothingHaveAlternatives) {
  const TagId tabby = *add({"tabby", "tabby cat", "house cat"});
  (void)queries_.begin(tabby);
  queries_.on_answer(tabby, 0, 0);
  EXPECT_THAT(queries_.alternatives_if_empty(tabby), ElementsAre("tabby cat", "house cat"));
  EXPECT_THAT(queries_.alternatives_if_empty(tabby), IsEmpty()) << "they are given once";
  const TagId dog = *add({"dog", "hound"});
  queries_.on_answer(dog, 3, 1);
  EXPECT_THAT(queries_.alternatives_if_empty(dog), IsEmpty());
  EXPECT_THAT(queries_.take_alternatives(dog), ElementsAre("hound"));
}

TEST_F(TagQueriesTest, EachAnswerIsFollowedByTheNextPage) {
  const TagId dog = *add({"dog"});
  EXPECT_FALSE(queries_.was_asked(dog));
  EXPECT_EQ(queries_.begin(dog).page, 1);
  EXPECT_TRUE(queries_.was_asked(dog));
  queries_.on_answer(dog, 3, 7);
  EXPECT_EQ(queries_.last_answer(dog), 7u);
  EXPECT_EQ(queries_.begin(dog).page, 2);
}

TEST_F(TagQueriesTest, SaysWhyATagIsAsked) {
  const TagId dog = *add({"dog"});
  const TagId nature = *tags_.intern("nature");
  queries_.add_general_word(nature);
  EXPECT_EQ(queries_.reason(dog, true), AskReason::first_query);
  EXPECT_EQ(queries_.reason(nature, false), AskReason::general_word);
  EXPECT_EQ(queries_.reason(nature, true), AskReason::tag);
  EXPECT_EQ(queries_.reason(*tags_.intern("beach"), true), AskReason::tag);
}

TEST_F(TagQueriesTest, UploadDatesAreWholeDaysAndStayTheSameForATag) {
  using namespace std::chrono_literals;
  const auto now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + 13h;
  TagQueries queries({.now = now, .span = 24h * 30}, 5);
  const auto before = queries.begin(3).uploaded_before;
  ASSERT_TRUE(before);
  EXPECT_EQ(*before, std::chrono::floor<std::chrono::days>(*before));
  EXPECT_LE(*before, now);
  EXPECT_GE(*before, now - 24h * 32);
  EXPECT_EQ(queries.begin(3).uploaded_before, before);
  EXPECT_EQ(queries_.begin(3).uploaded_before, std::nullopt);
}

}  // namespace
}  // namespace lookalike
