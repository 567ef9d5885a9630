#include "core/pipeline/score_program.h"

#include <variant>

#include "core/base/text/text.h"
#include "core/pipeline/score_protocol.h"

namespace lookalike {

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

}  // namespace lookalike
