#include "core/eval/open_images.h"

#include <algorithm>
#include <unordered_map>

#include "core/base/files/file.h"

namespace lookalike {
namespace {

// An id becomes a file's name.
bool is_image_id(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

}  // namespace

std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

Result<std::vector<LabelledImage>> parse_open_images(std::string_view labels, std::string_view class_names) {
  std::unordered_map<std::string, std::string> names;
  for (const std::string_view line : text_lines(class_names)) {
    const auto fields = csv_fields(line);
    if (fields.size() >= 2) names[fields[0]] = fields[1];
  }
  std::vector<LabelledImage> images;
  std::unordered_map<std::string, size_t> image_of_id;
  for (const std::string_view line : text_lines(labels)) {
    const auto fields = csv_fields(line);
    if (fields.size() < 4 || !is_image_id(fields[0]) || (fields[3] != "1" && fields[3] != "1.0")) continue;
    const auto [entry, is_new] = image_of_id.emplace(fields[0], images.size());
    if (is_new) images.push_back({.id = fields[0], .labels = {}});
    const auto name = names.find(fields[2]);
    auto& own = images[entry->second].labels;
    const std::string& label = name == names.end() ? fields[2] : name->second;
    if (std::find(own.begin(), own.end(), label) == own.end()) own.push_back(label);
  }
  if (images.empty()) {
    return Error{ErrorCode::bad_data, "no confirmed label in this file (lines \"ImageID,Source,LabelName,1\")"};
  }
  return images;
}

}  // namespace lookalike
