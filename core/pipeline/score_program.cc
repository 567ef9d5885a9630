#include "core/pipeline/score_program.h"

#include <cmath>
#include <variant>

#include "core/base/feature_source.h"
#include "core/base/text/json.h"
#include "core/base/text/json_writer.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr int kShownColumns = 100;
constexpr int kMaxAnswerDepth = 8;

std::string shown(std::string_view text) {
  return "\"" + fit_width(terminal_safe(text.substr(0, 1000)), kShownColumns) + "\"";
}

Error wrong(const std::string& what) {
  return {ErrorCode::bad_data, what};
}

}  // namespace

ScoreProgram::ScoreProgram(const Options& options)
    : failures_(options.command, ErrorCode::model),
      program_({.command = options.command,
                .time_limit = options.time_limit,
                .max_line_bytes = kMaxAnswerBytes,
                .stop = options.stop}) {}

Result<double> ScoreProgram::score(const Photo& photo, const std::string& file) {
  if (failures_.given_up()) return *failures_.given_up();
  const auto line = program_.ask(score_request(photo, file));
  if (!line.ok()) return no_answer(line.error(), photo);
  const auto answer = parse_score_answer(*line, photo);
  if (!answer.ok()) return failure(ErrorCode::bad_data, answer.error().message);
  failures_.succeeded();
  if (const auto* refusal = std::get_if<ScoreRefusal>(&*answer)) {
    return Error{ErrorCode::bad_data,
                 "the scoring program has no score for photo " + terminal_safe(photo.id) + ": " + refusal->why};
  }
  return std::get<double>(*answer);
}

Error ScoreProgram::no_answer(const Error& error, const Photo& photo) {
  if (error.code == ErrorCode::interrupted) return {error.code, "the scoring program " + error.message};
  if (error.code == ErrorCode::not_found) return failures_.give_up("the scoring program " + error.message);
  return failure(error.code, error.message + " for photo " + terminal_safe(photo.id));
}

Error ScoreProgram::failure(ErrorCode code, const std::string& what) {
  Error error = failures_.failed({code, "the scoring program " + what});
  if (failures_.given_up()) program_.end();
  return error;
}

std::string score_request(const Photo& photo, std::string_view file) {
  JsonWriter json(JsonStyle::line);
  json.object([&] {
    json.text("schema", "lookalike-score/1");
    json.text("id", photo.id);
    json.text("file", file);
    json.text("title", photo.title);
    json.texts("tags", photo.tags);
    json.text("page_url", photo.page_url);
    json.text("image_url", photo.image_url);
    json.text("provider", photo.provider);
    json.text("owner", photo.owner);
    json.text("license", photo.license.name);
  });
  return json.take() + "\n";
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
