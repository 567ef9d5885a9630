#include "cli/batch/batch_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class BatchInputTest : public testing::Test {
 protected:
  BatchInputTest() {
    for (const char* name : {"b.JPG", "a.png", ".hidden.jpg", "notes.txt", "sub/c.webp", ".thumbs/d.jpg"})
      folder_.write(name);
    options_.images = {folder_.path().string()};
  }
  std::string at(const char* name) const { return (folder_ / name).string(); }

  test::TemporaryFolder folder_;
  SearchCommandOptions options_;
};

TEST_F(BatchInputTest, DirectoriesStandForTheImagesInThem) {
  options_.images.insert(options_.images.end(), {"x.jpg", "-", "https://example.org/y.jpg"});
  const auto flat = collect_images(options_);
  ASSERT_TRUE(flat.ok());
  EXPECT_THAT(flat->images, ElementsAre(at("a.png"), at("b.JPG"), "x.jpg", "-", "https://example.org/y.jpg"));
  EXPECT_TRUE(flat->from_folders);
  EXPECT_EQ(flat->skipped(), "2 hidden, 1 that are not images");
  options_.recursive = true;
  options_.images.resize(1);
  const auto deep = collect_images(options_);
  ASSERT_TRUE(deep.ok());
  EXPECT_THAT(deep->images, ElementsAre(at("a.png"), at("b.JPG"), at("sub/c.webp")));
}

TEST_F(BatchInputTest, LoopsOfLinksEnd) {
  fs::create_directory_symlink("..", folder_ / "sub/up");
  fs::create_directory_symlink(".", folder_ / "itself");
  options_.recursive = true;
  const auto deep = collect_images(options_);
  ASSERT_TRUE(deep.ok());
  EXPECT_EQ(deep->images.size(), 3u);
}

TEST_F(BatchInputTest, ADirectoryWithoutPhotosIsAnError) {
  fs::create_directories(folder_ / "empty");
  options_.images = {at("empty")};
  const auto none = collect_images(options_);
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().message, HasSubstr("no photos"));
}

TEST_F(BatchInputTest, ListsNameImagesByLineOrByNul) {
  options_.images.clear();
  options_.batch.inputs = {folder_.write("list", "one.jpg\ntwo \xff.jpg\n\n" + at("sub") + "\none.jpg\n").string()};
  const auto lines = collect_images(options_);
  ASSERT_TRUE(lines.ok());
  EXPECT_THAT(lines->images, ElementsAre("one.jpg", "two \xff.jpg"));
  EXPECT_EQ(lines->skipped(), "1 that are not images, 1 named twice");
  options_.batch.nul_separated = true;
  options_.batch.inputs = {folder_.write("nuls", std::string("new\nline.jpg\0other.jpg\0", 23)).string()};
  const auto nuls = collect_images(options_);
  ASSERT_TRUE(nuls.ok());
  EXPECT_THAT(nuls->images, ElementsAre("new\nline.jpg", "other.jpg"));
}

TEST_F(BatchInputTest, AListMustBeThereAndNameSomething) {
  options_.images.clear();
  options_.batch.inputs = {at("none")};
  EXPECT_FALSE(collect_images(options_).ok());
  options_.batch.inputs = {folder_.write("empty.txt", "\n\n").string()};
  EXPECT_FALSE(collect_images(options_).ok());
}

// Wherever the collection is mounted, the same images are in the same shard.
TEST_F(BatchInputTest, ShardsGoByThePathBelowTheArgument) {
  const test::TemporaryFolder other;
  std::vector<std::string> in_shard[2];
  const test::TemporaryFolder* folders[2] = {&folder_, &other};
  for (int f = 0; f < 2; ++f) {
    for (int i = 0; i < 40; ++i)
      folders[f]->write("many/" + std::to_string(i) + ".jpg");
    SearchCommandOptions options;
    options.images = {(*folders[f] / "many").string()};
    options.batch.shard = {2, 3};
    const auto input = collect_images(options);
    ASSERT_TRUE(input.ok());
    EXPECT_EQ(input->images.size() + static_cast<size_t>(input->elsewhere), 40u);
    for (const std::string& image : input->images)
      in_shard[f].push_back(fs::path(image).filename().string());
  }
  EXPECT_EQ(in_shard[0], in_shard[1]);
  EXPECT_GT(in_shard[0].size(), 3u);
}

}  // namespace
}  // namespace lookalike
