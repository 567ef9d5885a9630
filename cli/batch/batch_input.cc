#include "cli/batch/batch_input.h"

#include <filesystem>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "cli/query/query_image.h"
#include "core/base/files/file.h"
#include "core/base/files/input.h"
#include "core/base/text/text.h"
#include "providers/folder/folder_tree.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMostListBytes = int64_t{1} << 30;
constexpr int64_t kMostImages = 10'000'000;

class Collector {
 public:
  Collector(const SearchCommandOptions& options, const InputPatience& patience)
      : options_(options), patience_(patience) {}

  Status add_argument(const std::string& argument) {
    if (argument == "-" || is_web_address(argument) || !is_directory(argument)) {
      add(argument, argument);
      return {};
    }
    return add_directory(argument);
  }

  Status add_list(const std::string& list) {
    const bool has_lines = !options_.batch.nul_separated;
    const auto text =
        has_lines ? read_text(list, kMostListBytes, patience_) : read_input(list, kMostListBytes, patience_);
    if (!text.ok()) return cannot_list(text.error());
    input_.from_folders = true;
    const size_t before = seen_.size();
    if (has_lines) {
      for (const std::string_view line : text_lines(*text))
        add_listed(name_in_line(line));
    } else {
      for (const std::string& name : split(*text, '\0'))
        add_listed(name);
    }
    if (seen_.size() > before || input_.repeated > 0) return {};
    return Error{ErrorCode::not_found, "--input " + list + ": the list names no image"};
  }

  BatchInput take() { return std::move(input_); }

 private:
  static bool is_directory(const std::string& path) {
    std::error_code error;
    return fs::is_directory(path, error);
  }

  static Error cannot_list(const Error& error) {
    const bool maybe_nul = error.code == ErrorCode::bad_data && error.message.find("NUL") != std::string::npos;
    return {error.code, "--input: " + error.message + (maybe_nul ? ", or give -0 if NUL ends each name" : "")};
  }

  // A name may end in blanks; but when there is no such file, they are an editor's.
  static std::string name_in_line(std::string_view line) {
    const std::string name(line);
    const std::string trimmed(trim(line));
    std::error_code error;
    return trimmed.size() < name.size() && !trimmed.empty() && fs::exists(name, error) ? name : trimmed;
  }

  // A list may hold what `find` prints, directories among it.
  void add_listed(const std::string& name) {
    if (name.empty()) return;
    if (!is_web_address(name) && is_directory(name)) {
      ++input_.no_images;
      return;
    }
    add(name, name);
  }

  Status add_directory(const std::string& directory) {
    const auto tree = walk_folder(directory, kMostImages, options_.recursive);
    if (!tree.ok()) return tree.error();
    input_.from_folders = true;
    input_.hidden += tree->hidden;
    input_.no_images += tree->others;
    input_.unreadable += tree->unreadable;
    if (tree->photos == 0) {
      return Error{ErrorCode::not_found, directory +
                                             ": no photos in this directory (looked for .jpg, .png, .webp, .gif" +
                                             (options_.recursive ? ")" : "; --recursive looks below it too)")};
    }
    for (const TreeFolder& folder : tree->folders) {
      for (const std::string& name : folder.photos) {
        const std::string below = folder.path.empty() ? name : folder.path + "/" + name;
        add((fs::path(directory) / below).string(), below);
      }
    }
    return {};
  }

  void add(const std::string& source, const std::string& relative) {
    if (!seen_.insert(source).second) {
      ++input_.repeated;
    } else if (!options_.batch.shard.holds(relative)) {
      ++input_.elsewhere;
    } else {
      input_.images.push_back(source);
    }
  }

  const SearchCommandOptions& options_;
  const InputPatience& patience_;
  std::unordered_set<std::string> seen_;
  BatchInput input_;
};

void add_count(std::string& text, int64_t count, const char* what) {
  if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
}

}  // namespace

std::string BatchInput::skipped() const {
  std::string text;
  add_count(text, hidden, "hidden");
  add_count(text, no_images, "that are not images");
  add_count(text, unreadable, "folders that cannot be opened");
  add_count(text, repeated, "named twice");
  return text;
}

Result<BatchInput> collect_images(const SearchCommandOptions& options, const InputPatience& patience) {
  Collector collector(options, patience);
  for (const std::string& argument : options.images) {
    if (const Status added = collector.add_argument(argument); !added.ok()) return added.error();
  }
  for (const std::string& list : options.batch.inputs) {
    if (const Status added = collector.add_list(list); !added.ok()) return added.error();
  }
  return collector.take();
}

}  // namespace lookalike
