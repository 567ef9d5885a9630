#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <span>

#include "cli/output/formats.h"
#include "cli/output/report.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr int kColumns = 79;
constexpr int kWordColumns = 26;
constexpr size_t kTagsShown = 12;

std::string fitted(const std::string& text, int columns) {
  const std::string fit = fit_width(terminal_safe(text), columns);
  return fit + std::string(static_cast<size_t>(std::max(0, columns - display_width(fit))), ' ');
}

// Nine columns as long as the number lets them. What is known are logarithms; people see likeness.
std::string score_column(const SearchReport& report, int photos, double log_score) {
  const std::string text = photos == 0 ? "-" : score_digits(log_score, report.query.likeness);
  return fmt::format("{:>9}", text);
}

std::string time_column(int64_t ms) {
  return fmt::format("{:7}  ", ms);
}

const char* short_reason(AskReason why) {
  switch (why) {
    case AskReason::first_query: return "first";
    case AskReason::general_word: return "general";
    case AskReason::listing: return "listing";
    case AskReason::tag: break;
  }
  return "tag";
}

bool came_to_nothing(const AskedQuery& query) {
  return query.scores.count() == 0 && !query.failed;
}

std::string query_line(const SearchReport& report, const AskedQuery& query, int64_t ms, const Terminal& terminal) {
  const std::string words = query.words + (query.page > 1 ? ", page " + std::to_string(query.page) : "");
  std::string line = time_column(ms) + fitted(words, kWordColumns) + fmt::format(" {:<8}", short_reason(query.why));
  if (query.failed) return line + "failed\n";
  line += fmt::format("{:>8}{:6} ", fmt::format("{}/{}", query.new_photos, query.photos), query.scores.count());
  const int photos = query.scores.count();
  line += score_column(report, photos, query.best_log_score) +
          score_column(report, photos, photos == 0 ? 0 : query.scores.log_mean());
  if (query.times_best == 0) return line + "\n";
  return styled(line + " *", Style::good, terminal) + "\n";
}

// Queries in a row under which nothing was looked at.
std::string folded_line(std::span<const AskedQuery> queries, int64_t ms) {
  std::string words;
  for (const AskedQuery& query : queries)
    words += (words.empty() ? "" : ", ") + terminal_safe(query.words);
  const std::string line =
      time_column(ms) + std::to_string(queries.size()) + " queries without a scored photo: " + words;
  return fit_width(line, kColumns) + "\n";
}

std::string story(const SearchReport& report, const Terminal& terminal) {
  const std::span<const AskedQuery> asked(report.outcome.asked);
  const size_t count = std::min(asked.size(), report.asked_ms.size());
  const std::string title = "queries, in order of time, and their " + terminal_safe(score_name(report.run.score)) +
                            "; * brought the best so far";
  std::string out =
      styled(fit_width(title, kColumns), Style::bold, terminal) + "\n" +
      styled("     ms  asked                      why      new/all  seen     best     mean", Style::dim, terminal) +
      "\n";
  for (size_t i = 0; i < count;) {
    size_t end = i;
    while (end < count && came_to_nothing(asked[end]))
      ++end;
    if (end > i + 1) {
      out += folded_line(asked.subspan(i, end - i), report.asked_ms[i]);
      i = end;
    } else {
      out += query_line(report, asked[i], report.asked_ms[i], terminal);
      ++i;
    }
  }
  return out;
}

std::string tag_means(const SearchReport& report, const Terminal& terminal) {
  std::string out =
      styled("tags, best mean " + terminal_safe(score_name(report.run.score)) + " first", Style::bold, terminal) + "\n";
  size_t shown = 0;
  for (const TagSummary& tag : report.outcome.tags) {
    if (shown++ == kTagsShown) break;
    out += score_column(report, tag.images, tag.log_mean) + "  " +
           fitted(std::to_string(tag.images) + (tag.images == 1 ? " photo" : " photos"), 11) +
           (tag.asked ? "asked  " : "       ") + terminal_safe(tag.tag) + "\n";
  }
  const size_t all = report.outcome.tags.size();
  if (all > kTagsShown)
    out += "          and " + std::to_string(all - kTagsShown) + " more (all are in --format json)\n";
  return out;
}

}  // namespace

std::string explanation(const SearchReport& report, const Terminal& terminal) {
  return story(report, terminal) + tag_means(report, terminal);
}

}  // namespace lookalike
