// Which class of a network a person means: by its number, its name or one of its synonyms.
// Threads: free functions without state.
// Tested by tests/core/vision/inference/class_finder_test.cc
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lookalike {

struct NamedClass {
  size_t index = 0;  // in the labels; without labels, of the output
  std::string name;  // "tabby, tabby cat"; "class 7" without labels
};

// `text`: "tabby", "Tabby, tabby cat" or "#281". A whole name goes before synonyms of other classes.
// Errors: usage: no such class, with the nearest names; several with that name, with their numbers; a network without
// names, of which only numbers can be given. Without labels the number is not checked.
Result<NamedClass> find_class(std::span<const std::string> labels, std::string_view text);

}  // namespace lookalike
