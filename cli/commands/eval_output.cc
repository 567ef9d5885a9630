#include "cli/commands/eval_output.h"

#include <algorithm>
#include <cstdio>
#include <functional>

#include "core/base/text/json_writer.h"
#include "core/eval/line_figure.h"

namespace lookalike {
namespace {

using Value = std::function<double(const SearchMeasure&)>;

struct Measure {
  const char* name;    // in JSON
  const char* header;  // of the table; null: not in it
  int precision;
  Value value;
};

const std::vector<Measure>& measures() {
  static const std::vector<Measure> all = {
      {"recall_at_10", nullptr, 3, [](const SearchMeasure& m) { return m.quality.recall_at_10; }},
      {"best_at_1", "best@1", 3, [](const SearchMeasure& m) { return m.quality.best_found; }},
      {"log_score_ratio", "log score", 3, [](const SearchMeasure& m) { return m.quality.log_score_ratio; }},
      {"ndcg_at_20", "nDCG@20", 3, [](const SearchMeasure& m) { return m.quality.ndcg_at_20; }},
      {"median_rank", "median rank", 1, [](const SearchMeasure& m) { return m.quality.median_rank; }},
      {"api_calls", "calls", 1, [](const SearchMeasure& m) { return m.calls; }},
      {"images", "images", 1, [](const SearchMeasure& m) { return m.images; }},
      {"seconds", "seconds", 2, [](const SearchMeasure& m) { return m.seconds; }},
  };
  return all;
}

const std::vector<Measure>& label_measures() {
  static const std::vector<Measure> all = {
      {"label_precision_at_10", "P@10", 3, [](const SearchMeasure& m) { return m.labels->precision; }},
      {"label_map_at_10", "mAP@10", 3, [](const SearchMeasure& m) { return m.labels->average_precision; }},
      {"label_mar_at_10", "mAR@10", 3, [](const SearchMeasure& m) { return m.labels->average_recall; }},
  };
  return all;
}

std::vector<double> values(const EvalResult& result, const Value& value) {
  std::vector<double> all;
  for (const SearchMeasure& search : result.searches)
    all.push_back(value(search));
  return all;
}

Estimate estimated(const EvalResult& result, const Value& value) {
  return estimate(values(result, value));
}

double recall(const SearchMeasure& search) {
  return search.quality.recall_at_10;
}

// Of one strategy over another, on the same queries and seeds.
Estimate paired_difference(const EvalResult& a, const EvalResult& b) {
  std::vector<double> differences = values(a, recall);
  for (size_t i = 0; i < differences.size(); ++i)
    differences[i] -= recall(b.searches[i]);
  return estimate(differences);
}

bool has_labels(const EvalReport& report) {
  return !report.results.empty() && !report.results.front().searches.empty() &&
         report.results.front().searches.front().labels.has_value();
}

std::string column(double value, const char* header, int precision) {
  char text[64];
  std::snprintf(text, sizeof text, "  %*.*f",
                static_cast<int>(std::max<size_t>(6, std::char_traits<char>::length(header))), precision, value);
  return text;
}

std::string header(const Measure& measure) {
  char text[64];
  std::snprintf(text, sizeof text, "  %6s", measure.header);
  return text;
}

std::string interval(const Estimate& estimate, const char* format) {
  char text[64];
  std::snprintf(text, sizeof text, format, estimate.mean, estimate.half_width);
  return text;
}

std::string title(const EvalReport& report) {
  char text[200];
  std::snprintf(text, sizeof text, "%zu queries x %d seeds, at most %d calls and %d images%s", report.queries,
                report.seeds, report.max_calls, report.max_images,
                report.trapped ? ", first queries of another photo" : "");
  return text;
}

std::string padded(std::string text, size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

void write_estimate(JsonWriter& out, const char* name, const Estimate& estimate) {
  out.object(name, [&] {
    out.number("mean", estimate.mean);
    out.number("half_width", estimate.half_width);
  });
}

using Curve = std::vector<RetrievalQuality> SearchMeasure::*;

std::vector<LinePoint> curve_points(const EvalResult& result, Curve curve, int whole,
                                    double RetrievalQuality::*quality) {
  std::vector<LinePoint> points;
  if (result.searches.empty()) return points;
  const int count = static_cast<int>((result.searches.front().*curve).size());
  for (int i = 0; i < count; ++i) {
    const Estimate at = estimated(
        result, [&](const SearchMeasure& search) { return (search.*curve)[static_cast<size_t>(i)].*quality; });
    points.push_back({static_cast<double>(curve_budget(i, count, whole)), at.mean, at.half_width});
  }
  return points;
}

void write_curve(JsonWriter& out, const char* name, const char* unit, const EvalResult& result, Curve curve,
                 int whole) {
  const auto recalls = curve_points(result, curve, whole, &RetrievalQuality::recall_at_10);
  const auto log_scores = curve_points(result, curve, whole, &RetrievalQuality::log_score_ratio);
  size_t number = 0;
  out.array(name, recalls, [&](const LinePoint& recall) {
    const LinePoint& log_score = log_scores[number++];
    out.integer(unit, static_cast<int>(recall.x));
    write_estimate(out, "recall_at_10", {recall.y, recall.half_width});
    write_estimate(out, "log_score_ratio", {log_score.y, log_score.half_width});
  });
}

void write_result(JsonWriter& out, const EvalReport& report, const EvalResult& result) {
  out.text("name", result.strategy);
  for (const Measure& measure : measures())
    write_estimate(out, measure.name, estimated(result, measure.value));
  if (has_labels(report)) {
    for (const Measure& measure : label_measures())
      write_estimate(out, measure.name, estimated(result, measure.value));
  }
  write_estimate(out, "recall_over_first", paired_difference(result, report.results.front()));
  write_curve(out, "by_calls", "calls", result, &SearchMeasure::by_calls, report.max_calls);
  write_curve(out, "by_images", "images", result, &SearchMeasure::by_images, report.max_images);
}

LineChart chart(const EvalReport& report, const char* x_label, const char* y_label, Curve curve, int whole,
                double RetrievalQuality::*quality) {
  LineChart chart{.x_label = x_label, .y_label = y_label, .lines = {}};
  for (const EvalResult& result : report.results)
    chart.lines.push_back({result.strategy, curve_points(result, curve, whole, quality)});
  return chart;
}

}  // namespace

std::string eval_table(const EvalReport& report) {
  const EvalResult& base = report.results.front();
  size_t width = 10;
  for (const EvalResult& result : report.results)
    width = std::max(width, result.strategy.size());
  std::string text = title(report) + "; +- is the 95% interval\n";
  text += padded("strategy", width) + "  " + padded("recall@10", 15) + "  " + padded("over " + base.strategy, 16);
  std::vector<Measure> columns;
  for (const Measure& measure : measures())
    if (measure.header != nullptr) columns.push_back(measure);
  if (has_labels(report)) columns.insert(columns.end(), label_measures().begin(), label_measures().end());
  for (const Measure& measure : columns)
    text += header(measure);
  text += '\n';
  for (const EvalResult& result : report.results) {
    text += padded(result.strategy, width) + "  " + interval(estimated(result, recall), "%.3f +- %.3f") + "  " +
            interval(paired_difference(result, base), "%+.3f +- %.3f");
    for (const Measure& measure : columns)
      text += column(estimated(result, measure.value).mean, measure.header, measure.precision);
    text += '\n';
  }
  return text;
}

std::string eval_json(const EvalReport& report) {
  JsonWriter out(JsonStyle::pretty);
  out.object([&] {
    out.text("schema", "lookalike-eval/1");
    out.integer("queries", static_cast<int64_t>(report.queries));
    out.integer("seeds", report.seeds);
    out.integer("max_calls", report.max_calls);
    out.integer("max_images", report.max_images);
    out.boolean("trapped", report.trapped);
    out.array("strategies", report.results, [&](const EvalResult& result) { write_result(out, report, result); });
  });
  return out.take() + "\n";
}

std::string eval_figure(const EvalReport& report) {
  const std::vector<LineChart> charts = {
      chart(report, "API calls", "recall@10", &SearchMeasure::by_calls, report.max_calls,
            &RetrievalQuality::recall_at_10),
      chart(report, "images downloaded", "recall@10", &SearchMeasure::by_images, report.max_images,
            &RetrievalQuality::recall_at_10),
      chart(report, "images downloaded", "log score of the ten best, over the best there is", &SearchMeasure::by_images,
            report.max_images, &RetrievalQuality::log_score_ratio)};
  return line_figure(title(report) + "; bands are 95% intervals", charts);
}

}  // namespace lookalike
