#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <utility>

#include "cli/commands/commands.h"
#include "cli/console/output_file.h"
#include "cli/console/terminal.h"
#include "cli/options/command_line.h"
#include "cli/options/option_groups.h"
#include "providers/registry.h"

namespace lookalike {
namespace {

std::string line(const char* label, std::string_view text) {
  if (text.empty()) return "";
  char start[32];
  std::snprintf(start, sizeof start, "  %-9s ", label);
  return start + std::string(text) + "\n";
}

std::string key_line(const ProviderInfo& info) {
  if (info.key == KeyNeed::none) return line("key", "none needed");
  const bool named = info.key == KeyNeed::optional;
  std::string text =
      named ? "none needed; for more calls: --api-key " + std::string(info.name) + "=" : "needed: --api-key ";
  text += std::string(info.key_form);
  bool first = true;
  for (const std::string_view variable : info.key_variables)
    text += (std::exchange(first, false) ? ", or $" : ", $") + std::string(variable);
  return line("key", text) + line("get one", info.key_url);
}

std::string described(const ProviderInfo& info, const Terminal& terminal) {
  const std::string name = std::string(info.name) + (info.argument.empty() ? "" : ":" + std::string(info.argument));
  return styled(name, Style::bold, terminal) + "\n" + line("offers", info.description) + line("tags", info.tags) +
         key_line(info) + line("limits", info.limits) + line("licences", info.licences) +
         line("terms", info.terms_url) + line("notice", info.notice);
}

std::string key_cell(const ProviderInfo& info) {
  switch (info.key) {
    case KeyNeed::none: return "none";
    case KeyNeed::optional:
      return "none; `--api-key " + std::string(info.name) + "=" + std::string(info.key_form) + "` for more calls";
    case KeyNeed::required:
      return "`--api-key " + std::string(info.key_form) + "`, `" + std::string(info.key_variables.front()) + "`";
  }
  return "";
}

// The table of docs/providers.md.
std::string markdown() {
  std::string text =
      "| source | what it searches | key | tags | limits | licences | terms |\n|---|---|---|---|---|---|---|\n";
  for (const ProviderInfo& info : provider_infos()) {
    const std::string name = std::string(info.name) + (info.argument.empty() ? "" : ":" + std::string(info.argument));
    const std::string terms = info.terms_url.empty() ? "" : "<" + std::string(info.terms_url) + ">";
    text += "| `" + name + "`";
    for (const std::string& cell : {std::string(info.description), key_cell(info), std::string(info.tags),
                                    std::string(info.limits), std::string(info.licences), terms})
      text += " | " + cell;
    text += " |\n";
  }
  return text;
}

std::string table(const Terminal& terminal) {
  std::string text;
  for (const ProviderInfo& info : provider_infos())
    text += (text.empty() ? "" : "\n") + described(info, terminal);
  return text;
}

}  // namespace

ExitCode run_providers_command(const std::vector<std::string>& arguments) {
  CLI::App app{"What each source offers, needs and allows. Choose one with --provider NAME.", "lookalike providers"};
  std::string format = "table";
  app.add_option("--format", format, "table or markdown")
      ->check(one_of({"table", "markdown"}))
      ->type_name("NAME")
      ->capture_default_str();
  if (const auto stop = parse_command_line(app, arguments)) return *stop;
  const std::string text = format == "markdown" ? markdown() : table(inspect_terminal(1, ColorChoice::automatic));
  return print_answer(text);
}

}  // namespace lookalike
