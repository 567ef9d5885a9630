#include "core/eval/line_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace lookalike {
namespace {

// Layout in SVG units.
constexpr double kChartWidth = 430;
constexpr double kChartHeight = 320;
constexpr double kLeft = 62;  // of the plot inside its chart
constexpr double kTop = 44;
constexpr double kPlotWidth = 340;
constexpr double kPlotHeight = 220;
constexpr double kLegendRow = 18;
constexpr int kLegendColumns = 4;

// Told apart also by those who do not see red and green as others do (Okabe and Ito, "Color Universal Design", 2008),
// and where there are more lines than colours by their dashes.
constexpr std::array kColours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"};
constexpr std::array kDashes = {"none", "7 3", "2 3"};

std::string number(double value) {
  return fmt::format("{:.6g}", value);
}

std::string coordinate(double value) {
  return fmt::format("{:.1f}", value);
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return result;
}

// The smallest of 1, 2 and 5 times a power of ten that divides the span into at most `steps`.
double tick_distance(double span, int steps) {
  const double rough = span / steps;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

// From 0 to a round number above all values.
struct Axis {
  double end = 1;
  double distance = 1;
};

Axis axis_for(double largest, int steps) {
  if (largest <= 0) return {};
  const double distance = tick_distance(largest, steps);
  return {std::ceil(largest / distance - 1e-9) * distance, distance};
}

class ChartWriter {
 public:
  ChartWriter(const LineChart& chart, double left, std::span<const std::string> names, std::string& out)
      : chart_(chart), left_(left), names_(names), out_(out) {
    double largest_x = 0, largest_y = 0;
    for (const Line& line : chart.lines) {
      for (const LinePoint& point : line.points) {
        largest_x = std::max(largest_x, point.x);
        largest_y = std::max(largest_y, point.y + point.half_width);
      }
    }
    x_axis_ = axis_for(largest_x, 6);
    y_axis_ = axis_for(largest_y, 6);
  }

  void write() {
    write_axes();
    for (const Line& line : chart_.lines)
      write_band(line);
    for (const Line& line : chart_.lines)
      write_line(line);
  }

 private:
  double x(double value) const { return left_ + kLeft + value / x_axis_.end * kPlotWidth; }
  double y(double value) const { return kTop + kPlotHeight - value / y_axis_.end * kPlotHeight; }
  size_t place(const Line& line) const {
    return static_cast<size_t>(std::find(names_.begin(), names_.end(), line.name) - names_.begin());
  }

  void text(double at_x, double at_y, const std::string& words, const std::string& attributes) {
    out_ += "<text x=\"" + coordinate(at_x) + "\" y=\"" + coordinate(at_y) + "\" " + attributes + ">" + escaped(words) +
            "</text>\n";
  }

  void rule(double x1, double y1, double x2, double y2) {
    out_ += "<line x1=\"" + coordinate(x1) + "\" y1=\"" + coordinate(y1) + "\" x2=\"" + coordinate(x2) + "\" y2=\"" +
            coordinate(y2) + "\" stroke=\"#ddd\"/>\n";
  }

  void write_axes() {
    for (double value = 0; value <= y_axis_.end * (1 + 1e-9); value += y_axis_.distance) {
      rule(x(0), y(value), x(x_axis_.end), y(value));
      text(x(0) - 6, y(value) + 4, number(value), "text-anchor=\"end\"");
    }
    for (double value = 0; value <= x_axis_.end * (1 + 1e-9); value += x_axis_.distance) {
      rule(x(value), y(0), x(value), y(y_axis_.end));
      text(x(value), y(0) + 16, number(value), "text-anchor=\"middle\"");
    }
    text(x(x_axis_.end / 2), y(0) + 36, chart_.x_label, "text-anchor=\"middle\"");
    text(x(0) - 40, y(y_axis_.end) - 8, chart_.y_label, "font-weight=\"bold\"");
  }

  void write_band(const Line& line) {
    if (line.points.size() < 2) return;
    std::string points;
    for (const LinePoint& point : line.points)
      points += coordinate(x(point.x)) + "," + coordinate(y(std::min(point.y + point.half_width, y_axis_.end))) + " ";
    for (auto point = line.points.rbegin(); point != line.points.rend(); ++point)
      points += coordinate(x(point->x)) + "," + coordinate(y(std::max(point->y - point->half_width, 0.0))) + " ";
    points.pop_back();
    out_ += "<polygon points=\"" + points + "\" fill=\"" + kColours[place(line) % kColours.size()] +
            "\" fill-opacity=\"0.12\"/>\n";
  }

  void write_line(const Line& line) {
    if (line.points.empty()) return;
    std::string points;
    for (const LinePoint& point : line.points)
      points += coordinate(x(point.x)) + "," + coordinate(y(point.y)) + " ";
    points.pop_back();
    out_ += "<polyline points=\"" + points + "\" fill=\"none\" stroke=\"" + kColours[place(line) % kColours.size()] +
            "\" stroke-width=\"2\" stroke-dasharray=\"" + kDashes[place(line) / kColours.size() % kDashes.size()] +
            "\"><title>" + escaped(line.name) + ": " + number(line.points.back().y) + "</title></polyline>\n";
  }

  const LineChart& chart_;
  double left_;
  std::span<const std::string> names_;
  std::string& out_;
  Axis x_axis_, y_axis_;
};

std::vector<std::string> all_names(std::span<const LineChart> charts) {
  std::vector<std::string> names;
  for (const LineChart& chart : charts) {
    for (const Line& line : chart.lines) {
      if (std::find(names.begin(), names.end(), line.name) == names.end()) names.push_back(line.name);
    }
  }
  return names;
}

void write_legend(std::span<const std::string> names, double top, double width, std::string& out) {
  const double column_width = (width - kLeft) / kLegendColumns;
  for (size_t i = 0; i < names.size(); ++i) {
    const double x = kLeft + static_cast<double>(i % kLegendColumns) * column_width;
    const double y = top + static_cast<double>(i / kLegendColumns) * kLegendRow;
    out += "<line x1=\"" + coordinate(x) + "\" y1=\"" + coordinate(y) + "\" x2=\"" + coordinate(x + 28) + "\" y2=\"" +
           coordinate(y) + "\" stroke=\"" + kColours[i % kColours.size()] +
           "\" stroke-width=\"2\" stroke-dasharray=\"" + kDashes[i / kColours.size() % kDashes.size()] + "\"/>\n";
    out += "<text x=\"" + coordinate(x + 34) + "\" y=\"" + coordinate(y + 4) + "\">" + escaped(names[i]) + "</text>\n";
  }
}

}  // namespace

std::string line_figure(const std::string& title, std::span<const LineChart> charts) {
  const std::vector<std::string> names = all_names(charts);
  const double width = kChartWidth * static_cast<double>(std::max<size_t>(1, charts.size()));
  const double rows = std::ceil(static_cast<double>(names.size()) / kLegendColumns);
  const double height = kChartHeight + rows * kLegendRow + 10;
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + coordinate(width) + " " +
                    coordinate(height) + "\" width=\"" + coordinate(width) + "\" height=\"" + coordinate(height) +
                    "\" font-family=\"sans-serif\" font-size=\"12\">\n";
  out += "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  out += "<text x=\"22\" y=\"18\" font-size=\"13\">" + escaped(title) + "</text>\n";
  for (size_t i = 0; i < charts.size(); ++i)
    ChartWriter(charts[i], kChartWidth * static_cast<double>(i), names, out).write();
  write_legend(names, kChartHeight, width, out);
  return out + "</svg>\n";
}

}  // namespace lookalike
