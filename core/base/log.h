// How a layer says something to the user's log without knowing who listens.
// Threads: a LogSink may be called from any thread.
#pragma once

#include <functional>
#include <string_view>

namespace lookalike {

enum class LogLevel { debug, info, warning, error };

// REQUIRES of every caller: no secret in the text (core/http/url.h has redacted_url).
using LogSink = std::function<void(LogLevel, std::string_view)>;

}  // namespace lookalike
