// Prints what each fault of faults.cc does to a real search, as a table in Markdown: `./dev faults`.
// Every fault twice: at every request of its kind, and at three of ten after one good call; then all of them mixed.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/base/text/json.h"
#include "tests/support/command_runner.h"
#include "tests/support/fault_service.h"

namespace lookalike::test {
namespace {

constexpr const char* kKey = "0123456789abcdef0123456789abcdef";

struct TableOptions {
  std::string binary;
  std::string collection;
  std::string query;
  std::vector<std::string> faults;  // empty: all
};

struct Measured {
  int exit = 0;
  double seconds = 0;
  int64_t results = 0;
  int64_t failures = 0;
  double peak_mb = 0;
};

int64_t sum_of_errors(const rapidjson::Value& errors) {
  int64_t sum = 0;
  for (const auto& error : errors.GetArray())
    sum += json_integer(error, "count").value_or(0);
  return sum;
}

Measured measure(const TableOptions& options, const FaultPlan& plan) {
  FaultService service(options.collection, kKey, plan);
  const char* models = std::getenv("LOOKALIKE_MODELS");
  CommandOptions command{.environment = {{"HOME", "/nonexistent"}, {"LOOKALIKE_MODELS", models ? models : ""}}};
  const auto begin = std::chrono::steady_clock::now();
  const CommandResult result =
      run_command({options.binary, options.query, "--endpoint", service.endpoint(), "--api-key", kKey, "--json",
                   "--timeout", "1", "--retries", "0", "--time-limit", "10", "--max-images", "40", "--top", "100"},
                  command);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  Measured measured{
      .exit = result.exit, .seconds = elapsed.count(), .peak_mb = static_cast<double>(result.peak_kib) * 1024 / 1e6};
  const auto document = parse_json(result.out);
  if (!document.ok()) return measured;
  if (const auto* results = json_member(*document, "results")) measured.results = results->Size();
  if (const auto* errors = json_member(*document, "errors")) measured.failures = sum_of_errors(*errors);
  return measured;
}

void print_row(const std::string& name, const Measured& all, const Measured& some) {
  std::printf("| `%s` | %d | %.1f | %ld | %d | %.1f | %ld | %ld | %.0f |\n", name.c_str(), all.exit, all.seconds,
              static_cast<long>(all.failures), some.exit, some.seconds, static_cast<long>(some.results),
              static_cast<long>(some.failures), std::max(all.peak_mb, some.peak_mb));
  std::fflush(stdout);
}

void print_table(const TableOptions& options) {
  std::puts("| fault | exit | s | failures | exit at 30% | s | results | failures | peak MB |");
  std::puts("|---|---|---|---|---|---|---|---|---|");
  print_row("none", measure(options, {}), measure(options, {}));
  std::vector<std::string> names;
  for (const Fault& fault : all_faults()) {
    names.push_back(fault.name);
    const auto& asked = options.faults;
    if (!asked.empty() && std::find(asked.begin(), asked.end(), fault.name) == asked.end()) continue;
    print_row(fault.name, measure(options, {.faults = {fault.name}}),
              measure(options, {.faults = {fault.name}, .rate = 0.3, .spared_calls = 1}));
  }
  if (options.faults.empty()) {
    print_row("all mixed", measure(options, {.faults = names}),
              measure(options, {.faults = names, .rate = 0.3, .spared_calls = 1}));
  }
}

}  // namespace
}  // namespace lookalike::test

int main(int argc, char** argv) {
  lookalike::test::TableOptions options;
  CLI::App app("Prints what each fault of a photo service does to a search", "fault_table");
  app.add_option("BINARY", options.binary, "the program")->required();
  app.add_option("COLLECTION", options.collection, "JSON Lines manifest, or a folder of photos")->required();
  app.add_option("QUERY", options.query, "the photo to search for")->required();
  app.add_option("FAULT", options.faults, "only these");
  CLI11_PARSE(app, argc, argv);
  lookalike::test::print_table(options);
  return 0;
}
