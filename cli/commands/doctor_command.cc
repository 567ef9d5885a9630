#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <utility>

#include "cli/commands/commands.h"
#include "cli/console/log_writer.h"
#include "cli/console/output_file.h"
#include "cli/options/api_keys.h"
#include "cli/options/command_line.h"
#include "cli/options/option_groups.h"
#include "cli/options/source_choice.h"
#include "cli/wiring/hourly_calls.h"
#include "cli/wiring/http_options.h"
#include "cli/wiring/network_choice.h"
#include "core/base/text/numbers.h"
#include "core/base/text/text.h"
#include "core/vision/inference/embedder.h"
#include "core/vision/inference/embedder_loader.h"

namespace lookalike {
namespace {

using std::chrono::steady_clock;

constexpr int kEmbeddingsTimed = 5;

double milliseconds_since(steady_clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
}

std::string one_decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

// Prints each check as it is done; remembers the first failure for the exit status.
class Findings {
 public:
  Findings(const Terminal& terminal, const LogWriter& log) : terminal_(terminal), log_(log) {}

  void good(const std::string& subject, const std::string& text) {
    print(styled("ok  ", Style::good, terminal_), subject, text);
  }
  void note(const std::string& subject, const std::string& text) { print("note", subject, text); }
  void bad(const std::string& subject, const Error& error, ExitCode exit) {
    print(styled("FAIL", Style::bad, terminal_), subject, error.message);
    if (exit_ == ExitCode::found) exit_ = exit;
  }
  ExitCode exit() const {
    if (written_.ok()) return exit_;
    print_error(written_.error().message);
    return ExitCode::wrong_use;
  }

 private:
  void print(const std::string& mark, const std::string& subject, const std::string& text) {
    const std::string padding(subject.size() < 9 ? 9 - subject.size() : 0, ' ');
    const Status written = write_standard_output(mark + "  " + subject + padding + " " +
                                                 terminal_safe(without_secrets(text, log_.secrets())) + "\n");
    if (written_.ok()) written_ = written;
  }

  Terminal terminal_;
  const LogWriter& log_;
  ExitCode exit_ = ExitCode::found;
  Status written_;
};

void check_network(const ModelOptions& options, Findings& findings) {
  const auto spec = choose_network(options);
  if (!spec.ok()) return findings.bad("network", spec.error(), ExitCode::model_broken);
  const auto loading = steady_clock::now();
  const auto embedder = load_embedder(*spec);
  if (!embedder.ok()) return findings.bad("network", embedder.error(), ExitCode::model_broken);
  const double load_ms = milliseconds_since(loading);
  const int side = spec->input_size;
  const Image grey{.width = side,
                   .height = side,
                   .original_width = side,
                   .original_height = side,
                   .rgb = std::vector<uint8_t>(static_cast<size_t>(side) * static_cast<size_t>(side) * 3, 128)};
  (void)(*embedder)->embed(grey);  // the first pass allocates
  const auto embedding = steady_clock::now();
  for (int i = 0; i < kEmbeddingsTimed; ++i) {
    if (const auto done = (*embedder)->embed(grey); !done.ok()) {
      return findings.bad("network", done.error(), ExitCode::model_broken);
    }
  }
  findings.good("network", spec->name + ", layer " + (*embedder)->spec().feature_layer + " (" +
                               std::to_string((*embedder)->dimensions()) + " values), by " +
                               std::string((*embedder)->engine()) + ", loads in " + one_decimal(load_ms) + " ms, " +
                               one_decimal(milliseconds_since(embedding) / kEmbeddingsTimed) +
                               " ms an image on one core");
  findings.note("network", spec->path);
  if ((*embedder)->engine() == "XNNPACK") return;
  if (const auto fast = load_embedder(*spec, InferenceEngine::xnnpack); !fast.ok())
    findings.note("network", "XNNPACK, several times faster, cannot run it: " + fast.error().message);
}

void check_folders(Findings& findings) {
  const ModelStore store = open_model_store();
  const auto& user = store.folders().user;
  if (user.empty()) return findings.note("folders", "no home directory is known: set HOME or LOOKALIKE_MODELS");
  std::filesystem::path existing = user;
  while (!std::filesystem::exists(existing) && existing.has_relative_path())
    existing = existing.parent_path();
  const bool writable = ::access(existing.c_str(), W_OK | X_OK) == 0;
  findings.note("folders", "networks are put into " + user.string() + (writable ? "" : ", which cannot be written"));
}

std::string used_of(const CallUse& use, int limit) {
  const std::string used = std::to_string(use.used);
  if (limit == 0) return used + " calls in the last hour, without a limit";
  std::string text = used + " of " + std::to_string(limit) + " calls used in the last hour, " +
                     std::to_string(std::max(0, limit - use.used)) + " left";
  if (use.used == 0) return text;
  return text + "; the next call is free in " + duration_text(use.next_free) + ", all in " +
         duration_text(use.all_free);
}

// After the source was asked, so that the doctor's own call is among those counted.
void report_quota(HourlyQuota* quota, Findings& findings) {
  if (quota == nullptr) return findings.note("quota", "calls of this source are not counted");
  const auto use = quota->use();
  if (!use.ok()) return findings.note("quota", "is kept for one process only: " + use.error().message);
  const std::string text = used_of(*use, quota->limit());
  if (quota->limit() > 0 && use->used >= quota->limit()) return findings.note("quota", text);
  findings.good("quota", text);
}

// One search of one photo, as cheap as the service allows.
void ask_source(Provider& provider, Findings& findings) {
  const auto asking = steady_clock::now();
  std::promise<PhotoAnswer> promise;
  // A doctor does not wait for calls to come back.
  provider.search({.text = "cat", .per_page = 1, .patience = std::make_shared<NoPatience>()},
                  [&promise](PhotoAnswer answer) { promise.set_value(std::move(answer)); });
  const PhotoAnswer answer = promise.get_future().get();
  if (!answer.page.ok()) return findings.bad("source", answer.page.error(), exit_code_for(answer.page.error().code));
  findings.good("source", provider.name() + " answers in " + one_decimal(milliseconds_since(asking)) + " ms" +
                              (answer.page->photos.empty() ? ", but knows no photo of a cat" : ""));
}

void check_source(const SourceOptions& options, ProviderSettings& settings, const NetworkOptions& network,
                  const Clock& clock, LogWriter& log, Findings& findings) {
  if (!settings.api_key.empty()) {
    findings.good("key", "a key for " + settings.provider + " is set");
  } else if (options.providers.empty()) {
    findings.note("key", "none for Flickr is set, so " + settings.provider + " is searched, which needs none");
  }
  const auto quota = make_hourly_quota(options, settings, environment_variable, clock, log.sink());
  settings.gate = quota.get();
  const HttpOptions http_options = http_options_for({&settings, 1}, network, 2, log.sink());
  settings.timeout = http_options.timeout;
  HttpClient http(http_options);
  const auto provider = make_provider(settings, http);
  if (!provider.ok()) return findings.bad("source", provider.error(), exit_code_for(provider.error().code));
  ask_source(**provider, findings);
  report_quota(quota.get(), findings);
}

void check_sources(const SourceOptions& options, const NetworkOptions& network, const Clock& clock, LogWriter& log,
                   Findings& findings) {
  auto sources = choose_sources(options, log);
  if (!sources.ok()) {
    const bool key = sources.error().code == ErrorCode::auth;
    return findings.bad(key ? "key" : "source", sources.error(), exit_code_for(sources.error().code));
  }
  for (ProviderSettings& source : *sources)
    check_source(options, source, network, clock, log, findings);
}

void check_terminal(const Terminal& terminal, Findings& findings) {
  if (!terminal.is_terminal)
    return findings.note("terminal", "standard output is no terminal: results come as URLs, without colour");
  findings.good("terminal",
                std::to_string(terminal.columns) + " columns, " + (terminal.color ? "colour" : "no colour"));
}

}  // namespace

ExitCode run_doctor_command(const std::vector<std::string>& arguments) {
  SourceOptions source;
  ModelOptions model;
  NetworkOptions network;
  GeneralOptions general;
  network.timeout_seconds = 10;
  network.retries = 0;
  CLI::App app{"Checks the network, the key, the source and the terminal, and says what to do next.",
               "lookalike doctor"};
  add_source_options(app, source);
  add_model_options(app, model);
  add_network_options(app, network);
  add_general_options(app, general);
  if (const auto stop = parse_command_line(app, arguments, search_option_names())) return *stop;
  const Terminal terminal = inspect_terminal(1, general.color);
  auto log = LogWriter::open(general, inspect_terminal(2, general.color));
  if (!log.ok()) {
    print_error(log.error().message);
    return ExitCode::wrong_use;
  }
  Findings findings(terminal, **log);
  check_network(model, findings);
  check_folders(findings);
  check_sources(source, network, SystemClock(), **log, findings);
  check_terminal(terminal, findings);
  return findings.exit();
}

}  // namespace lookalike
