#include "core/search/session/result_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A feature vector with places, at this angle's cosine from the first axis, turned towards another axis for each.
Embedding at_cosine(double cosine, size_t axis) {
  Embedding embedding(5000, 0.0f);
  embedding[0] = static_cast<float>(cosine);
  embedding[axis] += static_cast<float>(std::sqrt(1 - cosine * cosine));
  return embedding;
}

FoundPhoto found(const std::string& id, double score, Embedding embedding = {}, const std::string& owner = "") {
  return {.photo = {.provider = "flickr", .id = id, .page_url = "https://example.org/" + id, .owner = owner},
          .score = {.order = score, .score = score, .log_score = score},
          .found_by = "",
          .embedding = std::move(embedding),
          .duplicates = {}};
}

std::vector<std::string> ids(const std::vector<FoundPhoto>& photos) {
  std::vector<std::string> ids;
  for (const FoundPhoto& photo : photos)
    ids.push_back(photo.photo.id);
  return ids;
}

TEST(ResultList, TheBestThatAreGoodEnough) {
  const std::vector<FoundPhoto> photos{found("a", 4), found("b", 3), found("c", 2), found("d", 1)};
  EXPECT_THAT(ids(shown_results(photos, {.top = 2})), ElementsAre("a", "b"));
  EXPECT_THAT(ids(shown_results(photos, {.top = 9, .min_score = 2})), ElementsAre("a", "b", "c"));
  EXPECT_THAT(shown_results({}, {}), IsEmpty());
}

TEST(ResultList, GoodEnoughIsMeantOfTheNumberThatIsShown) {
  std::vector<FoundPhoto> photos{found("a", 11.8), found("b", 9.5), found("c", 5.9)};
  photos[0].score.likeness = 80.04;
  photos[1].score.likeness = 73.16;
  photos[2].score.likeness = 12.3;
  EXPECT_THAT(ids(shown_results(photos, {.min_score = 80})), ElementsAre("a"));
  EXPECT_THAT(ids(shown_results(photos, {.min_score = 73.2})), ElementsAre("a", "b")) << "it shows 73.2";
  EXPECT_THAT(ids(shown_results(photos, {.min_score = 12})), ElementsAre("a", "b", "c"));
}

TEST(ResultList, NearDuplicatesAreFoldedIntoTheBestOfThem) {
  const std::vector<FoundPhoto> photos{found("a", 4, at_cosine(1, 1)), found("other", 3, at_cosine(0.85, 2)),
                                       found("copy", 2, at_cosine(0.92, 3)), found("far", 1, at_cosine(0.1, 4))};
  const auto shown = shown_results(photos, {});
  EXPECT_THAT(ids(shown), ElementsAre("a", "other", "far"));
  ASSERT_EQ(shown[0].duplicates.size(), 1u);
  EXPECT_EQ(shown[0].duplicates[0].id, "copy");
  EXPECT_THAT(shown[1].duplicates, IsEmpty());
  EXPECT_THAT(ids(shown_results(photos, {.keep_duplicates = true})), ElementsAre("a", "other", "copy", "far"));
}

TEST(ResultList, AFoldedPhotoTakesNoPlace) {
  const std::vector<FoundPhoto> photos{found("a", 4, at_cosine(1, 1)), found("copy", 3, at_cosine(0.95, 2)),
                                       found("b", 2, at_cosine(0, 3))};
  EXPECT_THAT(ids(shown_results(photos, {.top = 2})), ElementsAre("a", "b"));
}

TEST(ResultList, OneOwnersShotsOfAMomentNeedLess) {
  std::vector<FoundPhoto> photos{found("a", 4, at_cosine(1, 1), "jane"), found("next", 3, at_cosine(0.8, 2), "jane"),
                                 found("hers", 2, at_cosine(0.5, 3), "jane"),
                                 found("his", 1, at_cosine(0.8, 4), "joe")};
  EXPECT_THAT(ids(shown_results(photos, {})), ElementsAre("a", "hers", "his"));
  photos[1].photo.provider = "openverse";  // her name there may be someone else's
  EXPECT_THAT(ids(shown_results(photos, {})), ElementsAre("a", "next", "hers", "his"));
}

TEST(ResultList, PooledFeaturesNeedMore) {
  const auto pooled = [](double cosine, size_t axis) {
    Embedding embedding = at_cosine(cosine, axis);
    embedding.resize(1280);
    return embedding;
  };
  const std::vector<FoundPhoto> photos{found("a", 4, pooled(1, 1)), found("b", 3, pooled(0.94, 2)),
                                       found("copy", 2, pooled(0.98, 3))};
  EXPECT_THAT(ids(shown_results(photos, {})), ElementsAre("a", "b"));
}

TEST(ResultList, ASingleNumberSaysNothingOfLikeness) {
  const std::vector<FoundPhoto> photos{found("a", 4, {4.0f}), found("b", 3, {3.0f})};
  EXPECT_EQ(shown_results(photos, {}).size(), 2u);
}

TEST(ResultList, TheSamePageInTwoSourcesIsOnePhoto) {
  FoundPhoto here = found("a", 4);
  FoundPhoto there = found("b", 3);
  there.photo.page_url = here.photo.page_url + "/";
  EXPECT_EQ(shown_results({here, there}, {}).size(), 2u);  // of one source: an album's page
  there.photo.provider = "openverse";
  const auto shown = shown_results({here, there}, {});
  ASSERT_EQ(shown.size(), 1u);
  EXPECT_EQ(shown[0].duplicates.at(0).id, "b");
}

TEST(ResultList, SoManyOfAnOwner) {
  const std::vector<FoundPhoto> photos{found("1", 9, {}, "jane"),
                                       found("2", 8, {}, "jane"),
                                       found("3", 7, {}, "jane"),
                                       found("4", 6, {}, "joe"),
                                       found("5", 5),
                                       found("6", 4),
                                       found("7", 3)};
  EXPECT_THAT(ids(shown_results(photos, {.max_per_owner = 2})), ElementsAre("1", "2", "4", "5", "6", "7"));
}

TEST(ResultList, EmbeddingsAreNeededForAFewMoreThanAreShown) {
  EXPECT_EQ(embeddings_needed({.keep_duplicates = true}), 0u);
  EXPECT_GE(embeddings_needed({.top = 20}), 60u);
  EXPECT_LE(embeddings_needed({.top = 1'000'000}), 500u);
}

}  // namespace
}  // namespace lookalike
