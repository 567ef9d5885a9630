// The classes that a network tells apart: which are most probable in its last output, and which one a person means.
// Threads: free functions without state.
// Tested by tests/core/vision/inference/network_classes_test.cc
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/network_spec.h"
#include "core/base/result.h"

namespace lookalike {

struct ClassProbability {
  int index = 0;     // in the labels, so 0 is the background where there is one
  std::string name;  // "tabby, tabby cat"
  double probability = 0;
};

// A network trained on ImageNet with a class for "nothing of these" has 1001 outputs, the first of them that one.
inline constexpr int kClassesWithBackground = 1001;

// Errors: model, when `outputs` classes cannot carry spec.labels. No labels fit any number.
Status check_labels(const NetworkSpec& spec, int outputs);

// The `top` most probable classes, most probable first, the background left out before the softmax, as the original
// program does; equal ones in the order of the labels. Sums and exponentials are in double.
// REQUIRES: check_labels() passed for outputs.size(); all values finite
std::vector<ClassProbability> most_probable(std::span<const float> outputs, const NetworkSpec& spec, int top);

// Which class a person means: by its number, its name or one of its synonyms.
struct NamedClass {
  size_t index = 0;  // in the labels; without labels, of the output
  std::string name;  // "tabby, tabby cat"; "class 7" without labels
};

// `text`: "tabby", "Tabby, tabby cat" or "#281". A whole name goes before synonyms of other classes.
// Errors: usage: no such class, with the nearest names; several with that name, with their numbers; a network without
// names, of which only numbers can be given. Without labels the number is not checked.
Result<NamedClass> find_class(std::span<const std::string> labels, std::string_view text);

}  // namespace lookalike
