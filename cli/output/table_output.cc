#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/output/formats.h"
#include "cli/output/report.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr int kBarWidth = 10;
constexpr int kMaxColumns = 160;
constexpr size_t kClassesShown = 3;

std::string padded(const std::string& text, int columns) {
  return text + std::string(static_cast<size_t>(std::max(0, columns - display_width(text))), ' ');
}

// Eighths of a block, so that close neighbours still differ.
std::string bar(double share) {
  static constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int eighths = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * kBarWidth * 8));
  std::string blocks;
  for (int i = 0; i < eighths / 8; ++i)
    blocks += "█";
  return padded(blocks + kEighths[eighths % 8], kBarWidth);
}

std::string first_name(const std::string& class_name) {
  return class_name.substr(0, class_name.find(','));
}

std::string headline(const SearchReport& report, const Terminal& terminal) {
  const QueryReport& query = report.query;
  std::string line = styled(terminal_safe(query.source), Style::bold, terminal);
  if (query.width > 0) line += "  " + std::to_string(query.width) + "×" + std::to_string(query.height);
  if (!report.run.score.empty() && query.width > 0) line += "  " + terminal_safe(report.run.score);
  for (size_t i = 0; i < std::min(kClassesShown, query.classes.size()); ++i) {
    line += (i == 0 ? "  looks like " : ", ") + first_name(query.classes[i].name) + " " +
            fmt::format("{:.0f}%", 100 * query.classes[i].probability);
  }
  return line + "\n";
}

std::string credit_of(const Photo& photo) {
  std::string credit;
  if (!photo.owner.empty()) credit = "by " + photo.owner;
  if (!photo.license.name.empty()) credit += (credit.empty() ? "" : ", ") + photo.license.name;
  return terminal_safe(credit);
}

// How long the bar is: the likeness; of a score that has no end, where the photo stands between the first and the last.
double bar_share(const SearchReport& report, const FoundPhoto& found) {
  if (!std::isnan(found.score.likeness)) return found.score.likeness / 100;
  const double first = report.outcome.photos.front().score.order;
  const double last = report.outcome.photos.back().score.order;
  return first > last ? (found.score.order - last) / (first - last) : 1;
}

// Eight columns as long as the number lets them.
std::string score_column(const std::string& text) {
  return std::string(static_cast<size_t>(std::max(0, 8 - display_width(text))), ' ') + text;
}

// What the numbers are.
std::string column_names(const SearchReport& report, const Terminal& terminal) {
  const std::string name = terminal_safe(score_name(report.run.score));
  return styled(fit_width("    " + score_column(name), std::max(20, terminal.columns)), Style::dim, terminal) + "\n";
}

std::string photo_lines(int rank, const FoundPhoto& found, const SearchReport& report, const Terminal& terminal) {
  const std::string start = fmt::format("{:3} ", rank) + score_column(score_digits(found.score)) + " ";
  const std::string indent(static_cast<size_t>(display_width(start)), ' ');
  const int columns = std::min(terminal.columns, kMaxColumns) - display_width(start) - kBarWidth - 1;
  std::string title = terminal_safe(found.photo.title);
  if (title.empty()) title = "(untitled)";
  if (!found.duplicates.empty()) title += "  (+" + std::to_string(found.duplicates.size()) + " alike)";
  std::string lines = start + styled(bar(bar_share(report, found)), Style::good, terminal) + " ";
  const std::string credit = credit_of(found.photo);
  if (credit.empty()) {
    lines += fit_width(title, std::max(20, columns)) + "\n";
  } else if (display_width(title) + 2 + display_width(credit) <= columns) {
    lines += title + "  " + styled(credit, Style::dim, terminal) + "\n";
  } else {
    lines += fit_width(title, std::max(20, columns)) + "\n" + indent + styled(credit, Style::dim, terminal) + "\n";
  }
  return lines + indent + terminal_safe(found.photo.page_url) + "\n";
}

}  // namespace

std::string table_document(const SearchReport& report, const Terminal& terminal) {
  std::string out = headline(report, terminal);
  if (!report.outcome.photos.empty()) out += column_names(report, terminal);
  int rank = 0;
  for (const FoundPhoto& found : report.outcome.photos)
    out += photo_lines(++rank, found, report, terminal);
  if (report.outcome.photos.empty()) out += "  nothing found\n";
  return out;
}

std::string run_summary(const SearchReport& report) {
  const SearchCounts& counts = report.outcome.counts;
  std::string line = std::to_string(counts.images_scored) + " photos scored, " + std::to_string(counts.api_calls) +
                     " calls, " + std::to_string(counts.images_downloaded) + " images, ";
  line += fmt::format("{:.1f} MB, ", static_cast<double>(counts.bytes) / 1e6);
  line += fmt::format("{:.1f} s", static_cast<double>(report.run.elapsed_ms) / 1000);
  line += std::string("; stopped by ") + to_string(report.outcome.stopped_by);
  if (counts.images_failed > 0) line += "; " + std::to_string(counts.images_failed) + " images failed";
  return line;
}

}  // namespace lookalike
