#include "providers/folder/folder_manifest.h"

#include <algorithm>

#include "core/base/files/file.h"
#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "providers/common/answer_fields.h"
#include "providers/common/license_names.h"

namespace lookalike {
namespace {

using rapidjson::Value;

constexpr size_t kMaxLineBytes = 1 << 20;
constexpr size_t kMaxTags = 500;
constexpr size_t kMaxTagBytes = 200;
constexpr size_t kMaxTextCodePoints = 500;
constexpr size_t kMaxIdBytes = 256;

std::string text_member(const Value& photo, std::string_view name) {
  return clip_text(json_text(photo, name).value_or(""), kMaxTextCodePoints);
}

void add_manifest_tag(std::vector<std::string>& tags, std::string_view raw) {
  if (tags.size() >= kMaxTags || raw.size() > kMaxTagBytes) return;
  std::string tag = terminal_safe(raw);
  if (!tag.empty() && std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
}

// A list of tags, or Flickr's way: one text with spaces between.
std::vector<std::string> tags_of(const Value& photo) {
  std::vector<std::string> tags;
  const Value* member = json_member(photo, "tags");
  if (member == nullptr) return tags;
  if (member->IsString()) {
    for (const std::string& word : split(std::string_view(member->GetString(), member->GetStringLength()), ' ')) {
      add_manifest_tag(tags, word);
    }
  }
  if (!member->IsArray()) return tags;
  for (const Value& tag : member->GetArray()) {
    if (tag.IsString()) add_manifest_tag(tags, {tag.GetString(), tag.GetStringLength()});
  }
  return tags;
}

License license_of(const Value& photo) {
  std::string text = text_member(photo, "license");
  if (text.empty()) text = text_member(photo, "licence");
  if (auto known = flickr_license(text)) return *known;
  return License{text, text, text_member(photo, "license_url")};
}

}  // namespace

std::optional<std::string> path_inside(std::string_view file) {
  if (file.empty() || file.front() == '/' || file.back() == '/') return std::nullopt;
  if (file.find('\0') != std::string_view::npos) return std::nullopt;
  std::string inside;
  for (const std::string& part : split(file, '/')) {
    if (part == "..") return std::nullopt;
    if (part.empty() || part == ".") continue;
    inside += (inside.empty() ? "" : "/") + part;
  }
  if (inside.empty()) return std::nullopt;
  return inside;
}

Result<ManifestEntry> parse_manifest_line(std::string_view line) {
  if (line.size() > kMaxLineBytes) return Error{ErrorCode::bad_data, "longer than 1 MiB"};
  const Result<rapidjson::Document> photo = parse_json(line, 8);
  if (!photo) return photo.error();
  const Value* file = json_member(*photo, "file");
  if (file == nullptr || !file->IsString()) return Error{ErrorCode::bad_data, "names no \"file\""};
  const std::string_view named(file->GetString(), file->GetStringLength());
  const std::optional<std::string> inside = path_inside(named);
  if (!inside) {
    return Error{ErrorCode::bad_data, "\"file\" leads out of the folder: " + clip_text(terminal_safe(named), 100)};
  }
  ManifestEntry entry;
  entry.file = *inside;
  entry.id = json_text(*photo, "id").value_or("");
  if (entry.id.size() > kMaxIdBytes) entry.id.clear();
  entry.title = text_member(*photo, "title");
  entry.owner = text_member(*photo, "owner");
  entry.license = license_of(*photo);
  entry.uploaded = json_integer(*photo, "dateupload");
  entry.tags = tags_of(*photo);
  return entry;
}

Manifest parse_manifest(std::string_view text) {
  Manifest manifest;
  int number = 0;
  for (const std::string_view whole_line : text_lines(text)) {
    ++number;
    const std::string_view line = trim(whole_line);
    if (line.empty()) continue;
    Result<ManifestEntry> entry = parse_manifest_line(line);
    if (entry) {
      manifest.entries.push_back(*std::move(entry));
    } else if (manifest.bad_lines++ == 0) {
      manifest.first_problem = "line " + std::to_string(number) + ": " + entry.error().message;
    }
  }
  return manifest;
}

}  // namespace lookalike
