#include "core/base/text/json.h"

#include <fmt/format.h>
#include <rapidjson/error/en.h>

#include <cmath>

#include "core/base/text/numbers.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseTrailingCommasFlag;

// The deepest nesting of brackets outside strings; cheap, and enough to refuse a bomb before it is built.
bool deeper_than(std::string_view text, int max_depth) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;  // the escaped character is never a closing quote
      in_string = c != '"';
      continue;
    }
    if (c == '"') in_string = true;
    if ((c == '[' || c == '{') && ++depth > max_depth) return true;
    if (c == ']' || c == '}') --depth;
  }
  return false;
}

std::string beginning_of(std::string_view text) {
  constexpr size_t kShown = 60;
  std::string shown = terminal_safe(text.substr(0, kShown));
  return text.size() > kShown ? shown + "…" : shown;
}

}  // namespace

Result<rapidjson::Document> parse_json(std::string_view text, int max_depth) {
  if (trim(text).empty()) return Error{ErrorCode::bad_data, "expected JSON, got an empty answer"};
  if (deeper_than(text, max_depth)) {
    return Error{ErrorCode::bad_data, fmt::format("JSON nested deeper than {} levels", max_depth)};
  }
  rapidjson::Document document;
  document.Parse<kFlags>(text.data(), text.size());
  if (!document.HasParseError()) return document;
  return Error{ErrorCode::bad_data,
               fmt::format("not valid JSON ({} at byte {}): {}", rapidjson::GetParseError_En(document.GetParseError()),
                           document.GetErrorOffset(), beginning_of(text))};
}

const rapidjson::Value* json_member(const rapidjson::Value& value, std::string_view name) {
  if (!value.IsObject()) return nullptr;
  const auto found = value.FindMember(
      rapidjson::Value(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size()))));
  return found == value.MemberEnd() ? nullptr : &found->value;
}

std::optional<std::string> json_text(const rapidjson::Value& value, std::string_view name) {
  const auto* member = json_member(value, name);
  if (member == nullptr) return std::nullopt;
  if (member->IsString()) return valid_utf8({member->GetString(), member->GetStringLength()});
  if (member->IsInt64()) return std::to_string(member->GetInt64());
  if (member->IsUint64()) return std::to_string(member->GetUint64());
  if (member->IsDouble()) return std::to_string(member->GetDouble());
  return std::nullopt;
}

std::optional<int64_t> json_integer(const rapidjson::Value& value, std::string_view name) {
  const auto* member = json_member(value, name);
  if (member == nullptr) return std::nullopt;
  if (member->IsInt64()) return member->GetInt64();
  if (member->IsDouble() && std::abs(member->GetDouble()) < 9e15) return static_cast<int64_t>(member->GetDouble());
  if (!member->IsString()) return std::nullopt;
  const std::string_view text = trim({member->GetString(), member->GetStringLength()});
  return parse_number<int64_t>(text);
}

}  // namespace lookalike
