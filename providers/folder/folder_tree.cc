#include "providers/folder/folder_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>
#include <utility>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::array<std::string_view, 7> kPhotoEndings{"jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif"};
constexpr std::array<std::string_view, 3> kSidecarEndings{"txt", "json", "xmp"};

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

std::string ending_of(std::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string() : ascii_lower(name.substr(dot + 1));
}

template <size_t N>
bool is_one_of(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

unsigned char type_of(DIR* directory, const dirent& entry) {
  if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return entry.d_type;
  struct stat info {};
  if (::fstatat(::dirfd(directory), entry.d_name, &info, 0) != 0) return DT_UNKNOWN;
  if (S_ISDIR(info.st_mode)) return DT_DIR;
  return S_ISREG(info.st_mode) ? DT_REG : DT_UNKNOWN;
}

class Walk {
 public:
  Walk(std::filesystem::path root, int64_t max_photos, bool recursive)
      : root_(std::move(root)), max_photos_(max_photos), recursive_(recursive) {}

  // False when the root cannot be opened; errno says why.
  bool run() {
    if (!enter("", 0)) return false;
    // Links last, so that a folder that is also reached by a link is known by its own path.
    for (size_t i = 0; i < links_.size(); ++i) {
      const auto [path, depth] = links_[i];
      enter_child(path, depth);
    }
    return true;
  }

  FolderTree take() { return std::move(tree_); }

 private:
  struct Names {
    std::vector<std::string> folders;
    std::vector<std::string> links;  // to folders
  };

  bool enter(const std::string& path, int depth) {
    Directory directory(::opendir(path.empty() ? root_.c_str() : (root_ / path).c_str()));
    struct stat info {};
    if (directory == nullptr || ::fstat(::dirfd(directory.get()), &info) != 0) return false;
    if (!visited_.emplace(info.st_dev, info.st_ino).second) return true;
    TreeFolder folder;
    folder.path = path;
    const Names below = read_names(directory.get(), folder);
    directory.reset();
    add(std::move(folder));
    if (!recursive_) return true;
    const std::string prefix = path.empty() ? "" : path + "/";
    for (const std::string& name : below.links)
      links_.emplace_back(prefix + name, depth + 1);
    for (const std::string& name : below.folders)
      enter_child(prefix + name, depth + 1);
    return true;
  }

  void enter_child(const std::string& path, int depth) {
    if (depth > kMaxDepth || tree_.photos >= max_photos_) {
      tree_.cut_short = true;
    } else if (!enter(path, depth)) {
      ++tree_.unreadable;
    }
  }

  // Puts the files into `folder` by kind; returns what lies below.
  Names read_names(DIR* directory, TreeFolder& folder) {
    Names below;
    while (const dirent* entry = ::readdir(directory)) {
      const std::string_view name = entry->d_name;
      if (name.starts_with('.')) {
        tree_.hidden += name != "." && name != ".." ? 1 : 0;
        continue;
      }
      const unsigned char type = type_of(directory, *entry);
      if (type == DT_DIR) (entry->d_type == DT_LNK ? below.links : below.folders).emplace_back(name);
      if (type != DT_REG) continue;
      const std::string ending = ending_of(name);
      if (is_one_of(kPhotoEndings, ending))
        folder.photos.emplace_back(name);
      else
        ++tree_.others;
      if (is_one_of(kSidecarEndings, ending)) folder.sidecars.emplace_back(name);
      if (ending == "jsonl") folder.manifests.emplace_back(name);
    }
    for (auto* names : {&below.folders, &below.links, &folder.photos, &folder.sidecars, &folder.manifests}) {
      std::sort(names->begin(), names->end());
    }
    return below;
  }

  void add(TreeFolder folder) {
    const auto room = static_cast<size_t>(std::max<int64_t>(max_photos_ - tree_.photos, 0));
    if (folder.photos.size() > room) {
      folder.photos.resize(room);
      tree_.cut_short = true;
    }
    tree_.photos += static_cast<int64_t>(folder.photos.size());
    tree_.folders.push_back(std::move(folder));
  }

  std::filesystem::path root_;
  int64_t max_photos_;
  bool recursive_;
  std::set<std::pair<dev_t, ino_t>> visited_;
  std::vector<std::pair<std::string, int>> links_;  // path and depth
  FolderTree tree_;
};

}  // namespace

bool is_photo_name(std::string_view name) {
  return is_one_of(kPhotoEndings, ending_of(name));
}

Result<FolderTree> walk_folder(const std::filesystem::path& root, int64_t max_photos, bool recursive) {
  Walk walk(root, max_photos, recursive);
  if (walk.run()) return walk.take();
  return Error{ErrorCode::not_found,
               "cannot open the folder " + terminal_safe(root.string()) + ": " + std::strerror(errno)};
}

}  // namespace lookalike
