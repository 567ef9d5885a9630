#include "core/eval/line_figure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace lookalike {
namespace {

using testing::HasSubstr;
using testing::Not;

// Whether every element is closed, in order: what an XML reader would insist on first.
bool well_formed(const std::string& text) {
  std::vector<std::string> open;
  for (size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
    const size_t end = text.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = text.substr(at + 1, end - at - 1);
    const std::string name = tag.substr(tag[0] == '/' ? 1 : 0, tag.find_first_of(" /", 1) - (tag[0] == '/' ? 1 : 0));
    if (tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
  }
  return open.empty();
}

LineChart chart() {
  return {.x_label = "API calls",
          .y_label = "recall@10",
          .lines = {{"greedy", {{10, 0.1, 0.02}, {20, 0.2, 0.03}}}, {"clear", {{10, 0.05, 0.01}, {20, 0.08, 0.01}}}}};
}

TEST(LineFigure, ShowsEachLineWithItsBandAndName) {
  const std::vector<LineChart> charts = {chart(), chart()};
  const std::string svg = line_figure("two strategies", charts);
  EXPECT_TRUE(well_formed(svg)) << svg;
  EXPECT_THAT(svg, HasSubstr(">two strategies</text>"));
  EXPECT_THAT(svg, HasSubstr(">API calls</text>"));
  EXPECT_THAT(svg, HasSubstr(">greedy</text>"));
  EXPECT_THAT(svg, HasSubstr("<title>clear: 0.08</title>"));
  size_t lines = 0, bands = 0;
  for (size_t at = svg.find("<polyline"); at != std::string::npos; at = svg.find("<polyline", at + 1))
    ++lines;
  for (size_t at = svg.find("<polygon"); at != std::string::npos; at = svg.find("<polygon", at + 1))
    ++bands;
  EXPECT_EQ(lines, 4u);
  EXPECT_EQ(bands, 4u);
}

TEST(LineFigure, PutsPointsWhereTheirNumbersSay) {
  const std::vector<LineChart> charts = {{.lines = {{"a", {{0, 0, 0}, {10, 1, 0}}}}}};
  // The plot's corners: bottom left and top right.
  EXPECT_THAT(line_figure("", charts), HasSubstr("<polyline points=\"62.0,264.0 402.0,44.0\""));
}

TEST(LineFigure, EscapesText) {
  const std::vector<LineChart> charts = {{.lines = {{"<script>&\"\n", {{1, 1, 0}}}}}};
  const std::string svg = line_figure("a < b & c", charts);
  EXPECT_THAT(svg, Not(HasSubstr("<script>")));
  EXPECT_THAT(svg, HasSubstr("a &lt; b &amp; c"));
  EXPECT_TRUE(well_formed(svg));
}

TEST(LineFigure, OfNothingIsStillAFigure) {
  EXPECT_TRUE(well_formed(line_figure("", {})));
  const std::vector<LineChart> charts = {{.lines = {{"flat", {{1, 0, 0}, {2, 0, 0}}}, {"none", {}}}}};
  EXPECT_TRUE(well_formed(line_figure("", charts)));
}

}  // namespace
}  // namespace lookalike
