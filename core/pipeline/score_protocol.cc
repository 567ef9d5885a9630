#include "core/pipeline/score_protocol.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>

#include "core/base/number_embedding.h"
#include "core/base/text/json.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr int kShownColumns = 100;
constexpr int kMaxAnswerDepth = 8;

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_text(Writer& json, const char* key, std::string_view value) {
  json.Key(key);
  json.String(valid_utf8(value));
}

std::string shown(std::string_view text) {
  return "\"" + fit_width(terminal_safe(text.substr(0, 1000)), kShownColumns) + "\"";
}

Error wrong(const std::string& what) {
  return {ErrorCode::bad_data, what};
}

}  // namespace

std::string score_request(const Photo& photo, std::string_view file) {
  rapidjson::StringBuffer buffer;
  Writer json(buffer);
  json.StartObject();
  write_text(json, "schema", "lookalike-score/1");
  write_text(json, "id", photo.id);
  write_text(json, "file", file);
  write_text(json, "title", photo.title);
  json.Key("tags");
  json.StartArray();
  for (const std::string& tag : photo.tags)
    json.String(valid_utf8(tag));
  json.EndArray();
  write_text(json, "page_url", photo.page_url);
  write_text(json, "image_url", photo.image_url);
  write_text(json, "provider", photo.provider);
  write_text(json, "owner", photo.owner);
  write_text(json, "license", photo.license.name);
  json.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

Result<ScoreAnswer> parse_score_answer(std::string_view line, const Photo& photo) {
  const auto answer = parse_json(line, kMaxAnswerDepth);
  if (!answer.ok() || !answer->IsObject()) return wrong("answered with no JSON object: " + shown(line));
  const auto id = json_text(*answer, "id");
  if (!id) return wrong("answered without an \"id\": " + shown(line));
  if (*id != valid_utf8(photo.id)) return wrong("answered for " + shown(*id) + " when asked for " + shown(photo.id));
  if (const auto why = json_text(*answer, "error"))
    return ScoreAnswer(ScoreRefusal{terminal_safe(why->substr(0, 500))});
  const rapidjson::Value* const score = json_member(*answer, "score");
  if (score == nullptr || !score->IsNumber()) return wrong("answered without a number as \"score\": " + shown(line));
  const double value = score->GetDouble();
  if (std::isfinite(value) && std::abs(value) <= kLargestNumber) return ScoreAnswer(value);
  return wrong("gave a score beyond 1e30: " + shown(line));
}

}  // namespace lookalike
