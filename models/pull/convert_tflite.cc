#include <fmt/format.h>

#include <string>
#include <system_error>
#include <utility>

#include "core/base/files/file.h"
#include "models/embedded.h"
#include "models/pull/convert.h"

namespace lookalike {

Status can_convert_tflite(const ProgramEnvironment& environment) {
  if (find_program("python3", environment)) return {};
  return Error{ErrorCode::model, "python3, which converts tflite files, is not installed; install the package python3"};
}

Status convert_tflite(const std::filesystem::path& tflite, const std::string& member, const std::filesystem::path& onnx,
                      const std::filesystem::path& folder, const ProgramEnvironment& environment,
                      std::stop_token stop) {
  if (const Status can = can_convert_tflite(environment); !can.ok()) return can;
  const auto python = find_program("python3", environment);
  const std::filesystem::path script = folder / "tflite_to_onnx.py";
  if (const Status written = write_file_atomically(script, embedded::kTfliteToOnnxScript); !written.ok())
    return written;
  // -I: whatever the user's Python is set up with stays out of it.
  ProgramRun run{.program = *python,
                 .arguments = {"-I", "-B", script.string(), tflite.string(), onnx.string()},
                 .folder = folder,
                 .environment = environment,
                 .time_limit = std::chrono::minutes(2)};
  if (!member.empty()) run.arguments.insert(run.arguments.end(), {"--member", member});
  const auto exit = run_program(run, std::move(stop));
  if (!exit.ok()) return exit.error();
  if (exit->status != 0) {
    return Error{ErrorCode::model,
                 fmt::format("converting {} with {} failed (exit status {}): {}", tflite.filename().string(),
                             python->string(), exit->status, exit->error_lines)};
  }
  std::error_code error;
  if (std::filesystem::file_size(onnx, error) > 0 && !error) return {};
  return Error{ErrorCode::model, "converting " + tflite.filename().string() + " gave an empty file"};
}

}  // namespace lookalike
