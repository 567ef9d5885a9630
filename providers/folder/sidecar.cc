#include <algorithm>
#include <initializer_list>

#include "core/base/files/file.h"
#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "providers/common/answer_fields.h"
#include "providers/folder/photo_words.h"

namespace lookalike {
namespace {

using rapidjson::Value;

constexpr size_t kMaxTags = 500;
constexpr size_t kMaxTagBytes = 200;
constexpr size_t kMaxTextCodePoints = 500;
constexpr size_t kMaxWordsOfATag = 3;

// "xx.utf8=…" and "xx_YY.utf8=…": a description in another language.
bool is_translation(std::string_view line) {
  const size_t equals = line.find('=');
  return equals != std::string_view::npos && line.substr(0, equals).ends_with(".utf8");
}

std::string_view first_line(std::string_view text) {
  for (const std::string_view whole_line : text_lines(text)) {
    const std::string_view line = trim(whole_line);
    if (!line.empty()) return is_translation(line) ? std::string_view() : line;
  }
  return {};
}

// "dog, golden retriever, beach" is a list of tags; "A dog, which barks at the postman." is a sentence.
bool is_list(const std::string& line) {
  const std::vector<std::string> parts = split(line, ',');
  if (parts.size() < 2 || line.ends_with('.') || line.ends_with('!') || line.ends_with('?')) return false;
  return std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
    return split(std::string(trim(part)), ' ').size() <= kMaxWordsOfATag;
  });
}

std::string first_text(const Value& object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    std::string text = clip_text(terminal_safe(json_text(object, name).value_or("")), kMaxTextCodePoints);
    if (!text.empty()) return text;
  }
  return {};
}

// Exports write tags as ["cat"], as "cat, dog", or as [{"tag": "cat"}].
void add_json_tags(PhotoWords& words, const Value& tags) {
  if (tags.IsString()) {
    const std::string_view text(tags.GetString(), tags.GetStringLength());
    const char separator = text.find(',') != std::string_view::npos ? ',' : ' ';
    for (const std::string& tag : split(text, separator))
      add_tag(words, tag);
  }
  if (!tags.IsArray()) return;
  for (const Value& tag : tags.GetArray()) {
    if (tag.IsString()) add_tag(words, {tag.GetString(), tag.GetStringLength()});
    if (tag.IsObject()) add_tag(words, first_text(tag, {"tag", "name", "_content"}));
  }
}

}  // namespace

void add_tag(PhotoWords& words, std::string_view raw) {
  if (words.tags.size() >= kMaxTags || raw.size() > kMaxTagBytes) return;
  std::string tag = terminal_safe(raw);
  const bool is_new = std::find(words.tags.begin(), words.tags.end(), tag) == words.tags.end();
  if (!tag.empty() && is_new) words.tags.push_back(std::move(tag));
}

PhotoWords parse_text_sidecar(std::string_view text) {
  PhotoWords words;
  const std::string line = clip_text(terminal_safe(first_line(text)), kMaxTextCodePoints);
  if (is_list(line)) {
    for (const std::string& tag : split(line, ','))
      add_tag(words, tag);
  } else {
    words.description = line;
  }
  return words;
}

Result<PhotoWords> parse_json_sidecar(std::string_view text) {
  const Result<rapidjson::Document> document = parse_json(text);
  if (!document) return document.error();
  if (!document->IsObject()) return Error{ErrorCode::bad_data, "no JSON object"};
  PhotoWords words;
  words.title = first_text(*document, {"title", "name"});
  words.description = first_text(*document, {"description", "caption"});
  for (const std::string_view name : {"tags", "keywords"}) {
    if (const Value* tags = json_member(*document, name)) add_json_tags(words, *tags);
  }
  return words;
}

Result<PhotoWords> parse_xmp_sidecar(std::string_view text) {
  // The text is UTF-8 by now (core/base/files/file.h), whatever its declaration says.
  if (text.starts_with("<?xml")) text.remove_prefix(std::min(text.find("?>"), text.size() - 2) + 2);
  return parse_xmp_packet(text);
}

}  // namespace lookalike
