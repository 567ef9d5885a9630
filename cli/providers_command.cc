#include "cli/providers_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <utility>

#include "cli/command_line.h"
#include "cli/output_file.h"
#include "cli/terminal.h"
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

}  // namespace

ExitCode run_providers_command(std::vector<std::string> arguments) {
  CLI::App app{"What each source offers, needs and allows. Choose one with --provider NAME.", "lookalike providers"};
  if (const auto stop = parse_command_line(app, std::move(arguments))) return *stop;
  const Terminal terminal = inspect_terminal(1, ColorChoice::automatic);
  std::string text;
  for (const ProviderInfo& info : provider_infos())
    text += (text.empty() ? "" : "\n") + described(info, terminal);
  return write_standard_output(text).ok() ? ExitCode::found : ExitCode::wrong_use;
}

}  // namespace lookalike
