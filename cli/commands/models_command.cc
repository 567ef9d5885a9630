#include <CLI/CLI.hpp>
#include <cstdio>
#include <utility>

#include "cli/commands/commands.h"
#include "cli/commands/process_end.h"
#include "cli/console/log_writer.h"
#include "cli/console/output_file.h"
#include "cli/options/command_line.h"
#include "cli/options/option_groups.h"
#include "cli/wiring/http_options.h"
#include "cli/wiring/network_choice.h"
#include "core/base/text/text.h"
#include "core/vision/inference/embedder_loader.h"
#include "models/pull/pull.h"

namespace lookalike {
namespace {

struct ModelsOptions {
  std::string name;
  std::string from;
  bool layers = false;
  NetworkOptions network;
  GeneralOptions general;
};

std::string megabytes(int64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
  return text;
}

ExitCode fail(const Error& error) {
  print_error(error.message);
  // A name or file that is not there is the model's fault here, not a source's.
  const bool model = error.code == ErrorCode::not_found || error.code == ErrorCode::bad_data;
  return model ? ExitCode::model_broken : exit_code_for(error.code);
}

bool is_network(const CatalogueEntry& entry) {
  return entry.kind == CatalogueEntry::Kind::network;
}

std::string state_of(const ModelStatus& status) {
  if (status.damaged) return "damaged";
  if (status.path.empty()) return "-";
  return status.preferred ? "in use" : "installed";
}

std::string list_line(const ModelStatus& status) {
  char start[96];
  std::snprintf(start, sizeof start, "%-20s %-10s %9s  ", status.name.c_str(), state_of(status).c_str(),
                megabytes(status.entry != nullptr ? status.entry->bytes : status.bytes).c_str());
  return start + terminal_safe(status.entry != nullptr ? status.entry->title : status.path.string()) + "\n";
}

ExitCode run_list() {
  const ModelStore store = open_model_store();
  const auto networks = store.list();
  if (!networks.ok()) return fail(networks.error());
  std::string text;
  for (const ModelStatus& status : *networks)
    text += list_line(status);
  return print_answer(text);
}

std::string joined_sources(const CatalogueEntry& entry) {
  std::string text;
  for (const ModelSource& source : entry.sources) {
    text += "\n    " + source.location + (source.member.empty() ? "" : " (" + source.member + " in it)") +
            (source.last_resort ? " (a last resort)" : "");
  }
  return text.empty() ? " none: put the file in place with 'lookalike models pull " + entry.spec.name + " --from FILE'"
                      : text;
}

std::string triple(const std::array<float, 3>& values) {
  char text[64];
  std::snprintf(text, sizeof text, "%g %g %g", static_cast<double>(values[0]), static_cast<double>(values[1]),
                static_cast<double>(values[2]));
  return text;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

std::string network_description(const CatalogueEntry& entry) {
  const NetworkSpec& spec = entry.spec;
  return "\n  input          " + std::to_string(spec.input_size) + " x " + std::to_string(spec.input_size) +
         (spec.rgb ? " RGB" : " BGR") + ", mean " + triple(spec.mean) + ", scale " + triple(spec.scale) +
         "\n  feature layer  " + (spec.feature_layer.empty() ? "found by shape" : spec.feature_layer) +
         "\n  score scale    " + number(spec.score_scale) + (entry.score_scale_estimated ? " (an estimate)" : "") +
         "\n  classes        " + std::to_string(entry.classes);
}

std::string description(const CatalogueEntry& entry) {
  return entry.spec.name + ": " + entry.title + "\n  origin         " + entry.origin + ", " + entry.license +
         "\n  file           " + entry.file + ", " + megabytes(entry.bytes) + "\n  sha256         " + entry.sha256 +
         (is_network(entry) ? network_description(entry) : "") + "\n  sources       " + joined_sources(entry) + "\n";
}

std::string shape_text(const std::vector<int>& shape) {
  std::string text;
  for (const int side : shape)
    text += (text.empty() ? "" : " x ") + std::to_string(side);
  return text;
}

ExitCode print_layers(const ModelStore& store, const std::string& name) {
  const auto spec = store.resolve(name);
  if (!spec.ok()) return fail(spec.error());
  const auto layers = list_layers(*spec);
  if (!layers.ok()) return fail(layers.error());
  std::string text = "  layers, as --layer takes them\n";
  for (const LayerInfo& layer : *layers) {
    text += "    " + shape_text(layer.shape) + "  " + layer.type + "  " + terminal_safe(layer.name) + "\n";
  }
  return print_answer(text);
}

ExitCode run_info(const ModelsOptions& options) {
  const ModelStore store = open_model_store();
  const auto status = store.status(options.name);
  if (!status.ok()) {
    // Not in the catalogue: a file of the user's own has layers all the same.
    const auto spec = store.resolve(options.name);
    return spec.ok() ? print_layers(store, options.name) : fail(status.error());
  }
  if (status->entry == nullptr) return print_layers(store, options.name);
  std::string text = description(*status->entry);
  if (status->path.empty()) return print_answer(text + "  not installed: lookalike models pull " + options.name + "\n");
  const Status verified = store.verify(*status);
  const std::string intact =
      status->bytes == status->entry->bytes ? ", digest verified" : ", converted from one of the sources, intact";
  text += "  installed      " + status->path.string() + (verified.ok() ? intact : "") + "\n";
  const ExitCode printed = print_answer(text);
  if (!verified.ok()) return fail(verified.error());
  return options.layers && is_network(*status->entry) ? print_layers(store, options.name) : printed;
}

ExitCode run_path(const ModelsOptions& options) {
  const ModelStore store = open_model_store();
  const auto status = store.status(options.name);
  const bool words = status.ok() && status->entry != nullptr && !is_network(*status->entry);
  if (words && !status->path.empty()) return print_answer(status->path.string() + "\n");
  if (words) return fail({ErrorCode::model, options.name + " is not installed: lookalike models pull " + options.name});
  const auto spec = store.resolve(options.name);
  return spec.ok() ? print_answer(spec->path + "\n") : fail(spec.error());
}

std::string described(const PullProgress& progress) {
  return std::string(progress.network) + ": " + megabytes(progress.bytes) +
         (progress.total > 0 ? " of " + megabytes(progress.total) : "");
}

const char* word_for(PullOutcome outcome) {
  switch (outcome) {
    case PullOutcome::already_there: return "is already installed";
    case PullOutcome::downloaded: return "downloaded and verified";
    case PullOutcome::converted: return "fetched, verified and converted";
    case PullOutcome::imported: return "copied and verified";
  }
  return "";
}

ExitCode run_pull(const ModelsOptions& options) {
  InterruptListener interrupts;
  const Terminal terminal = inspect_terminal(2, options.general.color);
  auto log = LogWriter::open(options.general, terminal);
  if (!log.ok()) return fail(log.error());
  StatusLine line(terminal);
  PullSettings settings{.http = http_options(options.network, 1, (*log)->sink()),
                        .environment = process_environment(),
                        .on_progress = [&line](const PullProgress& progress) { line.show(described(progress)); },
                        .log = (*log)->sink(),
                        .stop = interrupts.token()};
  // Who knows that the network is slow says so with --timeout.
  if (options.network.timeout_seconds != NetworkOptions{}.timeout_seconds) {
    settings.connect_limit = settings.later_connect_limit = settings.http.connect_timeout;
    settings.npm.answer = settings.http.timeout;
    settings.npm.question = settings.http.timeout + std::chrono::seconds(5);
  }
  const ModelStore store = open_model_store();
  interrupts.end_at_once(!options.from.empty());  // a file may be a pipe that nobody writes into
  const auto report = !options.from.empty()  ? import_network(store, options.name, options.from, settings)
                      : options.name.empty() ? pull_default(store, settings)
                                             : pull_network(store, options.name, settings);
  line.clear();
  if (!report.ok()) return fail(report.error());
  for (const std::string& note : report->notes)
    std::fprintf(stderr, "lookalike: %s\n", terminal_safe(note).c_str());
  return print_answer(report->network + " " + word_for(report->outcome) + ": " + report->path.string() + "\n");
}

}  // namespace

ExitCode run_models_command(const std::vector<std::string>& arguments) {
  ModelsOptions options;
  CLI::App app{"Networks and word vectors: which there are, and which are on this machine.", "lookalike models"};
  app.require_subcommand(1);
  const auto* list = app.add_subcommand("list", "list all networks, and mark the one in use");
  auto* pull = app.add_subcommand("pull", "get a network; without NAME the best one available");
  pull->add_option("NAME", options.name, "a name from 'list'");
  pull->add_option("--from", options.from, "copy it from this file or folder instead")->type_name("FILE|DIR");
  add_network_options(*pull, options.network);
  add_general_options(*pull, options.general);
  auto* info = app.add_subcommand("info", "show what a network is, and check that its file is intact");
  info->add_option("NAME", options.name, "a name, or an ONNX file")->required();
  info->add_flag("--layers", options.layers, "also list every layer with its shape");
  auto* path = app.add_subcommand("path", "print where the file is; without NAME that of the network in use");
  path->add_option("NAME", options.name);
  if (const auto stop = parse_command_line(app, arguments, search_option_names())) return *stop;
  if (list->parsed()) return run_list();
  if (pull->parsed()) return run_pull(options);
  if (info->parsed()) return run_info(options);
  return run_path(options);
}

}  // namespace lookalike
