#include "core/eval/frozen_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<size_t> numbers(const PhotoPage& page) {
  std::vector<size_t> result;
  for (const Photo& photo : page.photos)
    result.push_back(FrozenService::number_of(photo));
  return result;
}

class FrozenServiceTest : public testing::Test {
 protected:
  FrozenService service_{{
      {.photo = {.title = "A dog on grass", .tags = {"Dog", "lawn"}}, .uploaded = 100},
      {.photo = {.title = "Cat", .tags = {"tabby cat", "lawn"}}, .uploaded = 300},
      {.photo = {.title = "", .tags = {"dog", "black dog"}}, .uploaded = 200},
      {.photo = {.title = "Dog!", .tags = {}}, .uploaded = 50},
  }};
  static constexpr size_t kNone = 1000;
};

TEST_F(FrozenServiceTest, EveryWordMustMatchNewestFirst) {
  EXPECT_THAT(numbers(service_.search({.text = "DOG"}, kNone)), ElementsAre(2, 0, 3));
  EXPECT_THAT(numbers(service_.search({.text = "dog lawn"}, kNone)), ElementsAre(0));
  EXPECT_THAT(numbers(service_.search({.text = "lawn"}, kNone)), ElementsAre(1, 0));
  EXPECT_THAT(numbers(service_.search({.text = "dog unheard"}, kNone)), IsEmpty());
  EXPECT_THAT(numbers(service_.search({.text = " !"}, kNone)), IsEmpty());
}

TEST_F(FrozenServiceTest, PagesAndUploadDates) {
  const auto first = service_.search({.text = "dog", .page = 1, .per_page = 2}, kNone);
  EXPECT_THAT(numbers(first), ElementsAre(2, 0));
  EXPECT_TRUE(first.has_more);
  const auto second = service_.search({.text = "dog", .page = 2, .per_page = 2}, kNone);
  EXPECT_THAT(numbers(second), ElementsAre(3));
  EXPECT_FALSE(second.has_more);
  const std::chrono::system_clock::time_point before(std::chrono::seconds(150));
  EXPECT_THAT(numbers(service_.search({.text = "dog", .uploaded_before = before}, kNone)), ElementsAre(0, 3));
}

TEST_F(FrozenServiceTest, TheQueryItselfCanBeHidden) {
  EXPECT_THAT(numbers(service_.search({.text = "dog"}, 2)), ElementsAre(0, 3));
}

}  // namespace
}  // namespace lookalike
