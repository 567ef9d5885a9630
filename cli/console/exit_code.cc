#include "cli/console/exit_code.h"

namespace lookalike {

ExitCode exit_code_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage: return ExitCode::wrong_use;
    case ErrorCode::not_found: return ExitCode::source_failed;
    case ErrorCode::auth: return ExitCode::key_refused;
    case ErrorCode::quota: return ExitCode::quota_used_up;
    case ErrorCode::network: return ExitCode::source_failed;
    case ErrorCode::bad_data: return ExitCode::source_failed;
    case ErrorCode::model: return ExitCode::model_broken;
    case ErrorCode::interrupted: return ExitCode::interrupted;
  }
  return ExitCode::source_failed;
}

}  // namespace lookalike
