// A word for a family of the classes that a network tells apart: "dog" for 116 breeds.
#pragma once

#include <string_view>

namespace lookalike {

struct ClassFamily {
  std::string_view word;
  int classes = 0;  // how many belong to it
};

}  // namespace lookalike
