#include "providers/folder/folder_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> photos_in(const FolderTree& tree) {
  std::vector<std::string> paths;
  for (const TreeFolder& folder : tree.folders) {
    for (const std::string& name : folder.photos)
      paths.push_back(folder.path.empty() ? name : folder.path + "/" + name);
  }
  return paths;
}

FolderTree walked(const fs::path& root, int64_t max_photos = 1'000'000) {
  Result<FolderTree> tree = walk_folder(root, max_photos);
  EXPECT_TRUE(tree.ok()) << (tree.ok() ? "" : tree.error().message);
  return tree.ok() ? *std::move(tree) : FolderTree{};
}

TEST(FolderTree, FindsPhotosByTheirEndings) {
  const TemporaryFolder folder;
  for (const char* name :
       {"a.jpg", "b.JPEG", "c.png", "d.webp", "e.Gif", "f.svg", "g.txt", "jpg", ".jpg", "h.jpg.bak"}) {
    folder.write(name);
  }
  const FolderTree tree = walked(folder.path());
  EXPECT_THAT(photos_in(tree), ElementsAre("a.jpg", "b.JPEG", "c.png", "d.webp", "e.Gif"));
  EXPECT_EQ(tree.photos, 5);
  EXPECT_EQ(tree.hidden, 1);
  EXPECT_EQ(tree.others, 4);
  EXPECT_THAT(tree.folders[0].sidecars, ElementsAre("g.txt"));
}

TEST(FolderTree, GoesDownInOrder) {
  const TemporaryFolder folder;
  for (const char* name : {"z.jpg", "b/2.jpg", "b/1.jpg", "a/x/3.jpg", "a/m.jsonl", "a/s.xmp"})
    folder.write(name);
  const FolderTree tree = walked(folder.path());
  EXPECT_THAT(photos_in(tree), ElementsAre("z.jpg", "a/x/3.jpg", "b/1.jpg", "b/2.jpg"));
  EXPECT_THAT(tree.folders[1].manifests, ElementsAre("m.jsonl"));
}

TEST(FolderTree, SkipsWhatIsHidden) {
  const TemporaryFolder folder;
  for (const char* name : {".git/a.jpg", ".b.jpg", "c/.thumbs/d.jpg", "c/e.jpg"})
    folder.write(name);
  EXPECT_THAT(photos_in(walked(folder.path())), ElementsAre("c/e.jpg"));
}

TEST(FolderTree, LoopsOfLinksEnd) {
  const TemporaryFolder folder;
  folder.write("a/b/c.jpg");
  fs::create_directory_symlink("..", folder.path() / "a/up");
  fs::create_directory_symlink(folder.path(), folder.path() / "a/b/root");
  fs::create_symlink("self", folder.path() / "self");
  fs::create_symlink("nowhere.jpg", folder.path() / "dangling.jpg");
  EXPECT_THAT(photos_in(walked(folder.path())), ElementsAre("a/b/c.jpg"));
}

TEST(FolderTree, FollowsLinksToOtherPlacesOnce) {
  const TemporaryFolder elsewhere;
  elsewhere.write("far.jpg");
  const TemporaryFolder folder;
  folder.write("near.jpg");
  fs::create_directory_symlink(elsewhere.path(), folder.path() / "link1");
  fs::create_directory_symlink(elsewhere.path(), folder.path() / "link2");
  fs::create_symlink("near.jpg", folder.path() / "same.jpg");
  EXPECT_THAT(photos_in(walked(folder.path())), ElementsAre("near.jpg", "same.jpg", "link1/far.jpg"));
}

TEST(FolderTree, AFolderIsKnownByItsOwnPathNotByALink) {
  const TemporaryFolder folder;
  folder.write("real/photo.jpg");
  fs::create_directory_symlink("real", folder.path() / "alias");
  EXPECT_THAT(photos_in(walked(folder.path())), ElementsAre("real/photo.jpg"));
}

TEST(FolderTree, TakesAnyBytesInNames) {
  const TemporaryFolder folder;
  folder.write("\xFF\xFE.jpg");
  folder.write("new\nline/\x1B[31m.png");
  EXPECT_THAT(photos_in(walked(folder.path())), ElementsAre("\xFF\xFE.jpg", "new\nline/\x1B[31m.png"));
}

// Root may read every folder, so the tests become somebody else for a while.
class WithoutPrivileges {
 public:
  WithoutPrivileges() : was_root_(::geteuid() == 0) {
    if (was_root_) dropped_ = ::seteuid(65534) == 0;
  }
  ~WithoutPrivileges() {
    if (was_root_ && dropped_ && ::seteuid(0) != 0) std::abort();
  }
  WithoutPrivileges(const WithoutPrivileges&) = delete;
  WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;
  bool dropped() const { return dropped_; }

 private:
  bool was_root_;
  bool dropped_ = true;
};

TEST(FolderTree, CountsFoldersThatCannotBeRead) {
  const TemporaryFolder folder;
  folder.write("open/a.jpg");
  folder.write("closed/b.jpg");
  fs::permissions(folder.path(), fs::perms(0755));
  fs::permissions(folder.path() / "closed", fs::perms::none);
  FolderTree tree;
  {
    const WithoutPrivileges nobody;
    if (!nobody.dropped()) GTEST_SKIP() << "root may read every folder, and this system lets it become no other user";
    tree = walked(folder.path());
  }
  fs::permissions(folder.path() / "closed", fs::perms::owner_all);
  EXPECT_THAT(photos_in(tree), ElementsAre("open/a.jpg"));
  EXPECT_EQ(tree.unreadable, 1);
}

TEST(FolderTree, StopsAtTheLimits) {
  const TemporaryFolder folder;
  for (int i = 0; i < 10; ++i)
    folder.write("d" + std::to_string(i / 2) + "/" + std::to_string(i) + ".jpg");
  const FolderTree cut = walked(folder.path(), 3);
  EXPECT_EQ(cut.photos, 3);
  EXPECT_TRUE(cut.cut_short);
  EXPECT_FALSE(walked(folder.path(), 11).cut_short);
  std::string deep;
  for (int i = 0; i < 80; ++i)
    deep += "d/";
  folder.write(deep + "x.jpg");
  EXPECT_TRUE(walked(folder.path()).cut_short);
}

TEST(FolderTree, SaysWhatIsNoFolder) {
  const TemporaryFolder folder;
  for (const fs::path& path : {folder.path() / "missing", folder.write("file.jpg")}) {
    const auto tree = walk_folder(path);
    ASSERT_FALSE(tree.ok());
    EXPECT_EQ(tree.error().code, ErrorCode::not_found);
    EXPECT_THAT(tree.error().message, HasSubstr(path.filename().string()));
  }
}

TEST(FolderTree, KnowsPhotoNames) {
  EXPECT_TRUE(is_photo_name("IMG_1.JPG"));
  EXPECT_TRUE(is_photo_name("scan.jfif"));
  EXPECT_FALSE(is_photo_name("cat.svg"));
  EXPECT_FALSE(is_photo_name("cat"));
  EXPECT_FALSE(is_photo_name(""));
}

}  // namespace
}  // namespace lookalike
