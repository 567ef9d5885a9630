#include "cli/options/option_groups.h"

#include <CLI/CLI.hpp>
#include <map>

#include "cli/options/word_choice.h"
#include "cli/version.h"
#include "cli/wiring/hourly_calls.h"

namespace lookalike {
namespace {

const std::map<std::string, ColorChoice> kColors = {
    {"auto", ColorChoice::automatic}, {"always", ColorChoice::always}, {"never", ColorChoice::never}};

}  // namespace

void add_source_options(CLI::App& app, SourceOptions& source) {
  const char* group = "Source";
  app.add_option("--provider", source.providers,
                 "flickr (when its key is known), openverse, commons, pixabay, inaturalist, nasa, folder:DIR or "
                 "program:CMD (see 'lookalike providers'); repeat it to search several at once")
      ->type_name("NAME")
      ->take_all()
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--api-key", source.api_keys, "the source's key, or PROVIDER=KEY")
      ->type_name("KEY")
      ->take_all()
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--api-key-file", source.api_key_file, "read the key from this file")->type_name("FILE")->group(group);
  app.add_option("--endpoint", source.endpoints, "the service's address instead of the usual one, or PROVIDER=URL")
      ->type_name("URL")
      ->take_all()
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--license", source.licenses, "only these licences: cc0,pdm,by,by-sa,..., or commercial,modify")
      ->type_name("LIST")
      ->take_all()
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--safe", source.safe, "strict, moderate or off")
      ->check(one_of({"strict", "moderate", "off"}))
      ->type_name("LEVEL")
      ->capture_default_str()
      ->group(group);
  app.add_option("--hourly-calls", source.hourly_calls,
                 "calls an hour at most, of all processes with the same key (the service's own limit), or off")
      ->check(CLI::Validator([](std::string& text) { return hourly_calls_fault(text); }, ""))
      ->type_name("N|off")
      ->group(group);
  app.add_option("--quota", source.quota,
                 "a Redis server that keeps that budget for many machines: redis://HOST[:PORT][/DB]")
      ->check(CLI::Validator([](std::string& text) { return quota_address_fault(text); }, ""))
      ->type_name("ADDRESS")
      ->envname("LOOKALIKE_QUOTA")
      ->group(group);
}

void add_model_options(CLI::App& app, ModelOptions& model) {
  const char* group = "Scoring";
  app.add_option("--model", model.model, "a network's name ('lookalike models list') or an ONNX file")
      ->type_name("NAME|FILE")
      ->group(group);
  app.add_option("--layer", model.layer, "the layer whose values are compared")->type_name("NAME")->group(group);
}

void add_network_options(CLI::App& app, NetworkOptions& network) {
  const char* group = "Network";
  app.add_option("--timeout", network.timeout_seconds, "for one request")
      ->check(CLI::Range(0.05, 86400.0).description(""))
      ->type_name("SECONDS")
      ->capture_default_str()
      ->group(group);
  app.add_option("--retries", network.retries, "of a request that failed for a passing reason")
      ->check(CLI::Range(0, 20).description(""))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--proxy", network.proxy, "instead of the usual environment variables")
      ->type_name("URL")
      ->group(group);
  app.add_option("--user-agent", network.user_agent, "what to call ourselves")->type_name("TEXT")->group(group);
  app.add_option("--contact", network.contact, "an address at which services may reach you, sent with each request")
      ->type_name("MAIL|URL")
      ->envname("LOOKALIKE_CONTACT")
      ->group(group);
  app.add_option("--cacert", network.ca_file, "certificates to trust instead of the system's")
      ->type_name("FILE")
      ->group(group);
}

void add_cache_options(CLI::App& app, CacheOptions& cache) {
  const char* group = "Network";
  app.add_option("--cache", cache.folder,
                 "keep answers and embeddings there for 24 hours, those of your own files longer; without it those of "
                 "your own files are kept in the usual folder, which off turns off")
      ->type_name("DIR|off")
      ->group(group);
  app.add_option("--cache-size", cache.max_bytes, "of what is kept on disk at most, such as 500M")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(uint64_t{1} << 20, uint64_t{1} << 50).description(""))
      ->type_name("BYTES")
      ->default_str("1GiB")
      ->group(group);
  app.add_option("--memory", cache.memory_bytes, "without --cache: for what the images of one run share, at most")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(uint64_t{1} << 20, uint64_t{1} << 40).description(""))
      ->type_name("BYTES")
      ->default_str("256MiB")
      ->group(group);
}

void add_general_options(CLI::App& app, GeneralOptions& general) {
  const char* group = "General";
  app.add_option("--config", general.config, "read options from this file, a line each: name = value")
      ->type_name("FILE")
      ->group(group);
  app.add_flag("-q,--quiet", general.quiet, "only errors on standard error")->group(group);
  app.add_flag("-v,--verbose", general.verbosity, "say what happens; -vv says more")->group(group);
  app.add_option("--log-file", general.log_file, "write the log there as well")->type_name("FILE")->group(group);
  app.add_option("--color", general.color, "auto, always or never")
      ->transform(one_of(kColors))
      ->type_name("WHEN")
      ->group(group);
  app.set_help_flag("-h,--help", "this text")->group(group);
  app.set_version_flag("--version", std::string("lookalike ") + kVersion)->group(group);
}

}  // namespace lookalike
