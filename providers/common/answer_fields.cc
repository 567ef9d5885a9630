#include "providers/common/answer_fields.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "core/http/url.h"

namespace lookalike {
namespace {

constexpr size_t kMaxTagBytes = 100;
constexpr size_t kMaxTextCodePoints = 500;
constexpr size_t kMaxIdBytes = 64;
constexpr size_t kMaxUrlBytes = 2048;

bool is_id_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

const rapidjson::Value* step_to(const rapidjson::Value& value, std::string_view name) {
  if (!value.IsArray()) return json_member(value, name);
  rapidjson::SizeType index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  const bool is_index = error == std::errc() && end == name.data() + name.size();
  return is_index && index < value.Size() ? &value[index] : nullptr;
}

// A field and the object that holds it; null when there is none.
struct Place {
  const rapidjson::Value* object;
  std::string_view name;
};

Place place_of(const rapidjson::Value& value, std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {&value, path};
  return {value_at(value, path.substr(0, slash)), path.substr(slash + 1)};
}

// Empty for anything but text and numbers.
std::string text_at(const rapidjson::Value& value, std::string_view path) {
  const auto [object, name] = place_of(value, path);
  return object == nullptr ? std::string() : json_text(*object, name).value_or("");
}

}  // namespace

const rapidjson::Value* value_at(const rapidjson::Value& value, std::string_view path) {
  const rapidjson::Value* found = &value;
  while (found != nullptr && !path.empty()) {
    const std::string_view name = path.substr(0, path.find('/'));
    found = step_to(*found, name);
    path.remove_prefix(std::min(path.size(), name.size() + 1));
  }
  return found;
}

std::span<const rapidjson::Value> list_at(const rapidjson::Value& value, std::string_view path) {
  const rapidjson::Value* list = value_at(value, path);
  if (list == nullptr || !list->IsArray()) return {};
  return {list->Begin(), list->Size()};
}

int64_t number_at(const rapidjson::Value& value, std::string_view path) {
  const auto [object, name] = place_of(value, path);
  return object == nullptr ? 0 : json_integer(*object, name).value_or(0);
}

bool is_web_url(std::string_view url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) return false;
  if (url.size() > kMaxUrlBytes) return false;
  return std::all_of(url.begin(), url.end(), [](unsigned char c) { return c > ' ' && c < 0x7F; });
}

std::string web_url(const rapidjson::Value& value, std::string_view path) {
  std::string url = text_at(value, path);
  const bool is_ascii = std::all_of(url.begin(), url.end(), [](unsigned char c) { return c < 0x80; });
  if (!is_ascii && url.size() <= kMaxUrlBytes) {
    const auto parsed = parse_url(url);
    if (parsed.ok()) url = parsed->address;
  }
  return is_web_url(url) ? url : std::string();
}

std::string file_url(std::string_view path) {
  std::string url = "file://";
  bool first = true;
  for (const std::string& part : split(path, '/')) {
    url += (first ? "" : "/") + percent_encode(part);
    first = false;
  }
  return url;
}

std::string clip_text(std::string_view utf8, size_t count) {
  size_t at = 0;
  for (; at < utf8.size(); ++at) {
    const bool starts_character = (static_cast<unsigned char>(utf8[at]) & 0xC0) != 0x80;
    if (starts_character && count-- == 0) break;
  }
  return std::string(utf8.substr(0, at));
}

std::string short_text(const rapidjson::Value& value, std::string_view path) {
  return clip_text(text_at(value, path), kMaxTextCodePoints);
}

bool is_plain_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxIdBytes && std::all_of(id.begin(), id.end(), is_id_character);
}

void add_tag(std::vector<std::string>& tags, std::string_view raw) {
  if (tags.size() >= kMaxAnswerTags || raw.size() > kMaxTagBytes) return;
  std::string tag = terminal_safe(raw);
  // Looked for last, since what has been taken out may have hidden it.
  tag.erase(0, tag.find_first_not_of("- "));
  const bool is_new = std::find(tags.begin(), tags.end(), tag) == tags.end();
  if (!tag.empty() && tag.size() <= kMaxTagBytes && is_new) tags.push_back(std::move(tag));
}

void add_tags(std::vector<std::string>& tags, const rapidjson::Value& value, std::string_view path, char separator) {
  const rapidjson::Value* field = value_at(value, path);
  if (field == nullptr) return;
  const auto add = [&tags, separator](const rapidjson::Value& text) {
    if (!text.IsString()) return;
    for (const std::string& tag : split({text.GetString(), text.GetStringLength()}, separator))
      add_tag(tags, trim(tag));
  };
  add(*field);
  for (const rapidjson::Value& text : list_at(value, path))
    add(text);
}

std::string attribution_line(const std::string& title, const std::string& owner, const std::string& license) {
  if (license.empty() || owner.empty()) return {};
  return (title.empty() ? "Photo" : "\"" + title + "\"") + " by " + owner + ", " + license;
}

}  // namespace lookalike
