#include "models/labels.h"

#include "models/embedded.h"

namespace lookalike {
std::vector<std::string_view> lines_without_comments(std::string_view text) {
  std::vector<std::string_view> lines;
  lines.reserve(1000);
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.empty() && line.front() != '#') lines.push_back(line);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::span<const std::string_view> imagenet_labels() {
  static const std::vector<std::string_view> labels = lines_without_comments(embedded::kImagenetLabels);
  return labels;
}

std::vector<std::string> labels_for_classes(int classes) {
  if (classes != 1000 && classes != 1001) return {};
  std::vector<std::string> labels;
  labels.reserve(static_cast<size_t>(classes));
  if (classes == 1001) labels.emplace_back("background");
  for (const std::string_view label : imagenet_labels())
    labels.emplace_back(label);
  return labels;
}

}  // namespace lookalike
