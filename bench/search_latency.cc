// How long whole searches take at a service with delays, and how much of that they had to: the real program against
// the Flickr stand-in, one search after the other. Prints a table and writes JSON; docs/performance.md tells what the
// columns mean. Everything the program does between its start and its end counts.
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "core/base/text/json.h"
#include "tests/support/command_runner.h"
#include "tests/support/flickr_stand_in.h"
#include "tests/support/latency_bounds.h"

namespace lookalike::bench {
namespace {

using std::chrono::steady_clock;
using test::ScoredPhoto;

struct Settings {
  std::string program;
  std::vector<std::string> queries;
  std::vector<std::string> strategies = {"clear", "greedy", "adaptive"};
  std::string tag;
  std::string model;
  std::string json;
  int draws = 110;
  int slots = 10;
  test::StandInOptions service{
      .api_delay_ms = 300, .image_delay_ms = 80, .api_delay_sigma = 0.4, .image_delay_sigma = 0.4};
};

// One search; times in ms since the program's start.
struct Run {
  std::string query;
  double wall = 0;
  int calls = 0;
  int images = 0;
  double waiting = 0;
  double flow = 0;
  double rounds = 0;
  double first_request = 0;
  double after_last = 0;  // from the last request's end to the program's
  double idle = 0;
  std::vector<ScoredPhoto> photos;
  std::optional<double> as_good_as_clear;
};

struct Row {
  std::string name;
  std::vector<Run> runs;  // by query
};

double milliseconds(steady_clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

std::map<std::string, std::string> inherited_environment() {
  std::map<std::string, std::string> environment;
  for (const char* name : {"HOME", "XDG_DATA_HOME", "LOOKALIKE_MODELS"}) {
    if (const char* value = std::getenv(name)) environment[name] = value;
  }
  return environment;
}

std::vector<std::string> arguments_of(const Settings& settings, const std::string& query, const std::string& strategy,
                                      const std::string& endpoint) {
  const std::string draws = std::to_string(settings.draws);
  return {settings.program, query,    "--provider",  "flickr",
          "--endpoint",     endpoint, "--api-key",   settings.service.key,
          "--strategy",     strategy, "--max-calls", draws,
          "--max-images",   draws,    "--parallel",  std::to_string(settings.slots),
          "--format",       "json",   "--explain"};
}

// Photos as the report has them, their times counted from the program's start: what came before the report's own
// beginning is taken to be all that the report does not account for.
std::vector<ScoredPhoto> photos_of(const rapidjson::Document& report, double wall) {
  std::vector<ScoredPhoto> photos;
  const auto* run = json_member(report, "run");
  const auto* trace = json_member(report, "trace");
  if (run == nullptr || trace == nullptr || !trace->IsArray()) return photos;
  const double before = wall - static_cast<double>(json_integer(*run, "elapsed_ms").value_or(0));
  for (const auto& step : trace->GetArray()) {
    const auto at = json_integer(step, "elapsed_ms");
    const auto* score = json_member(step, "log_score");
    if (at && score != nullptr) photos.push_back({before + static_cast<double>(*at), score->GetDouble()});
  }
  return photos;
}

// A stand-in of its own, so that the delays are those of this search.
Result<Run> measure(const Settings& settings, const std::string& query, const std::string& strategy,
                    const std::string& tag) {
  auto service = test::FlickrStandIn::start(settings.service);
  if (!service.ok()) return service.error();
  auto arguments = arguments_of(settings, query, strategy, (*service)->endpoint());
  if (!tag.empty()) arguments.insert(arguments.end(), {"--tag", tag});
  if (!settings.model.empty()) arguments.insert(arguments.end(), {"--model", settings.model});
  const auto begin = steady_clock::now();
  const test::CommandResult result = test::run_command(arguments, {.environment = inherited_environment()});
  const auto end = steady_clock::now();
  const auto report = parse_json(result.out);
  if (result.exit != 0 || !report.ok()) {
    return Error{ErrorCode::bad_data,
                 settings.program + " ended with " + std::to_string(result.exit) + ": " + result.err};
  }
  const std::vector<test::StandInDelay> delays = (*service)->delays();
  const auto calls = std::count_if(delays.begin(), delays.end(), [](const auto& delay) { return delay.is_call; });
  Run run{.query = query,
          .wall = milliseconds(end - begin),
          .calls = static_cast<int>(calls),
          .images = static_cast<int>(delays.size()) - static_cast<int>(calls),
          .waiting = test::total_waiting(delays),
          .flow = test::flow_bound(delays, settings.slots),
          .rounds = test::rounds_bound(delays, settings.slots),
          .idle = test::idle_share(delays, settings.slots),
          .photos = photos_of(*report, milliseconds(end - begin)),
          .as_good_as_clear = {}};
  auto last = begin;
  for (const auto& delay : delays)
    last = std::max(last, delay.begun + std::chrono::duration_cast<steady_clock::duration>(delay.delay));
  run.first_request = milliseconds(delays.front().begun - begin);
  run.after_last = milliseconds(end - last);
  return run;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double median_of(const Row& row, double (*value)(const Run&)) {
  std::vector<double> values;
  for (const Run& run : row.runs)
    values.push_back(value(run));
  return median(std::move(values));
}

// "-" when not even half of the searches got there.
std::string clears_quality_text(const Row& row, const Row* clear) {
  std::vector<double> times;
  std::vector<double> shares;
  for (size_t i = 0; i < row.runs.size(); ++i) {
    const auto at = row.runs[i].as_good_as_clear;
    times.push_back(at.value_or(1e12));
    shares.push_back(clear == nullptr ? 1e12 : times.back() / clear->runs[i].wall);
  }
  if (median(times) >= 1e12) return "-";
  char text[64];
  std::snprintf(text, sizeof text, "%.2f s (%.0f %%)", median(times) / 1000, 100 * median(shares));
  return text;
}

void print(const std::vector<Row>& rows, const Row* clear) {
  std::printf("%-22s %7s %6s %7s %8s %7s %10s %9s %9s %8s %6s  %s\n", "", "wall s", "calls", "images", "waiting",
              "flow s", "wall/flow", "rounds s", "first ms", "last ms", "idle", "as good as clear");
  for (const Row& row : rows) {
    std::printf("%-22s %7.2f %6.0f %7.0f %8.1f %7.2f %10.2f %9.2f %9.0f %8.0f %5.0f%%  %s\n", row.name.c_str(),
                median_of(row, [](const Run& run) { return run.wall / 1000; }),
                median_of(row, [](const Run& run) { return static_cast<double>(run.calls); }),
                median_of(row, [](const Run& run) { return static_cast<double>(run.images); }),
                median_of(row, [](const Run& run) { return run.waiting / 1000; }),
                median_of(row, [](const Run& run) { return run.flow / 1000; }),
                median_of(row, [](const Run& run) { return run.wall / run.flow; }),
                median_of(row, [](const Run& run) { return run.rounds / 1000; }),
                median_of(row, [](const Run& run) { return run.first_request; }),
                median_of(row, [](const Run& run) { return run.after_last; }),
                median_of(row, [](const Run& run) { return 100 * run.idle; }), clears_quality_text(row, clear).c_str());
  }
}

std::string json_of(const std::vector<Row>& rows) {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter json(buffer);
  const auto number = [&json](const char* name, double value) {
    json.Key(name);
    json.Double(value);
  };
  json.StartArray();
  for (const Row& row : rows) {
    for (const Run& run : row.runs) {
      json.StartObject();
      json.Key("strategy");
      json.String(row.name);
      json.Key("query");
      json.String(run.query);
      number("wall_ms", run.wall);
      number("calls", run.calls);
      number("images", run.images);
      number("waiting_ms", run.waiting);
      number("flow_bound_ms", run.flow);
      number("rounds_bound_ms", run.rounds);
      number("first_request_ms", run.first_request);
      number("after_last_ms", run.after_last);
      number("idle_share", run.idle);
      number("quality", test::quality(run.photos));
      if (run.as_good_as_clear) number("as_good_as_clear_ms", *run.as_good_as_clear);
      json.EndObject();
    }
  }
  json.EndArray();
  return buffer.GetString();
}

Result<Row> measure_row(const Settings& settings, const std::string& strategy, const std::string& tag) {
  Row row{.name = strategy + (tag.empty() ? "" : " --tag " + tag), .runs = {}};
  for (const std::string& query : settings.queries) {
    auto run = measure(settings, query, strategy, tag);
    if (!run.ok()) return run.error();
    row.runs.push_back(std::move(*run));
  }
  return row;
}

void compare_with(const Row& clear, Row& row) {
  for (size_t i = 0; i < row.runs.size(); ++i)
    row.runs[i].as_good_as_clear = test::time_to_quality(row.runs[i].photos, test::quality(clear.runs[i].photos));
}

Status run_all(const Settings& settings) {
  std::vector<Row> rows;
  for (const std::string& strategy : settings.strategies) {
    auto row = measure_row(settings, strategy, "");
    if (!row.ok()) return row.error();
    rows.push_back(std::move(*row));
  }
  if (!settings.tag.empty()) {
    auto row = measure_row(settings, settings.strategies.back(), settings.tag);
    if (!row.ok()) return row.error();
    rows.push_back(std::move(*row));
  }
  const auto clear = std::find_if(rows.begin(), rows.end(), [](const Row& row) { return row.name == "clear"; });
  const Row* const reference = clear == rows.end() || clear->runs.front().photos.empty() ? nullptr : &*clear;
  for (Row& row : rows)
    if (reference != nullptr) compare_with(*reference, row);
  print(rows, reference);
  if (!settings.json.empty()) std::ofstream(settings.json) << json_of(rows) << '\n';
  return {};
}

}  // namespace
}  // namespace lookalike::bench

int main(int argc, char** argv) {
  lookalike::bench::Settings settings;
  std::string collection;
  CLI::App app("Whole searches at a service with log-normal delays", "search_latency");
  app.add_option("--program", settings.program, "the binary that is measured")->required()->check(CLI::ExistingFile);
  app.add_option("--manifest", collection, "JSON Lines manifest, or a folder of photos")->required();
  app.add_option("--query", settings.queries, "images that are searched for; medians are over them")->required();
  app.add_option("--strategy", settings.strategies, "in this order; the others are compared with clear")
      ->capture_default_str();
  app.add_option("--tag", settings.tag, "the last strategy once more, with this first query");
  app.add_option("--model", settings.model, "the network; a small one shows the waiting where the processor is busy");
  app.add_option("--draws", settings.draws, "--max-calls and --max-images")->capture_default_str();
  app.add_option("--parallel", settings.slots, "requests under way at once")->capture_default_str();
  app.add_option("--api-delay-ms", settings.service.api_delay_ms, "median")->capture_default_str();
  app.add_option("--image-delay-ms", settings.service.image_delay_ms, "median")->capture_default_str();
  app.add_option("--api-delay-sigma", settings.service.api_delay_sigma, "of the logarithm")->capture_default_str();
  app.add_option("--image-delay-sigma", settings.service.image_delay_sigma, "of the logarithm")->capture_default_str();
  app.add_option("--seed", settings.service.seed, "of the delays")->capture_default_str();
  app.add_option("--json", settings.json, "every search, into this file");
  CLI11_PARSE(app, argc, argv);
  settings.service.collection = collection;
  const lookalike::Status done = lookalike::bench::run_all(settings);
  if (!done.ok()) std::cerr << "search_latency: " << done.error().message << '\n';
  return done.ok() ? 0 : 1;
}
