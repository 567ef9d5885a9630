// providers/stop_tags.txt as it was when the program was built; made by cmake/embed_text.cmake.
#pragma once

#include <string_view>

namespace lookalike::embedded {

extern const std::string_view kStopTags;

}  // namespace lookalike::embedded
