// A figure of line charts side by side, with bands for intervals, as SVG text that a browser shows.
// Threads: free functions without state.
// Tested by tests/core/eval/line_figure_test.cc
#pragma once

#include <span>
#include <string>
#include <vector>

namespace lookalike {

struct LinePoint {
  double x = 0;
  double y = 0;
  double half_width = 0;  // of the interval around y
};

struct Line {
  std::string name;  // lines of one name have one colour in all charts
  std::vector<LinePoint> points;
};

struct LineChart {
  std::string x_label;
  std::string y_label;
  std::vector<Line> lines;
};

// `title` and all names are any text: they are escaped. REQUIRES: numbers are finite
std::string line_figure(const std::string& title, std::span<const LineChart> charts);

}  // namespace lookalike
