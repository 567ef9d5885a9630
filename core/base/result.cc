#include "core/base/result.h"

namespace lookalike {

const char* to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage: return "usage";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::auth: return "auth";
    case ErrorCode::quota: return "quota";
    case ErrorCode::network: return "network";
    case ErrorCode::bad_data: return "bad_data";
    case ErrorCode::model: return "model";
    case ErrorCode::interrupted: return "interrupted";
  }
  return "unknown";
}

}  // namespace lookalike
