#include "cli/options/option_groups.h"

#include <algorithm>
#include <charconv>

#include "cli/version.h"
#include "core/base/text/nearest_word.h"
#include "core/base/text/text.h"
#include "core/quota/redis_ledger.h"

namespace lookalike {
namespace {

const std::map<std::string, ColorChoice> kColors = {
    {"auto", ColorChoice::automatic}, {"always", ColorChoice::always}, {"never", ColorChoice::never}};

const std::map<std::string, OnQuota> kOnQuota = {{"wait", OnQuota::wait}, {"stop", OnQuota::stop}};

// Empty when there is none.
std::string fault_of(const std::string& typed, const std::vector<std::string>& words) {
  if (std::find(words.begin(), words.end(), typed) != words.end()) return "";
  std::string list;
  for (const std::string& word : words)
    list += (list.empty() ? "" : ", ") + word;
  return "\"" + terminal_safe(typed) + "\" is none of " + list + did_you_mean(typed, words);
}

constexpr int kMostHourlyCalls = 1'000'000'000;
constexpr const char* kNoLimit = "off";

// Why --quota cannot be used; empty when it can.
std::string quota_address_fault(const std::string& text) {
  const auto address = parse_redis_address(text);
  if (!address.ok()) return address.error().message;
  const auto ledger = open_redis_ledger(*address);
  return ledger.ok() ? "" : ledger.error().message;
}

void add_inputs(CLI::App& app, BatchOptions& batch, const char* group) {
  app.add_option("--input", batch.inputs, "a file that names images, one on each line; -: standard input")
      ->type_name("FILE|-")
      ->take_all()
      ->allow_extra_args(false)
      ->group(group);
  app.add_flag("-0,--null", batch.nul_separated, "names in --input end with NUL, as 'find -print0' writes them")
      ->group(group);
  app.add_option_function<std::string>(
         "--shard",
         [&batch](const std::string& text) {
           const auto shard = parse_shard(text);
           if (!shard.ok()) throw CLI::ValidationError(shard.error().message);
           batch.shard = *shard;
         },
         "search only for the I-th of N shares of the images, which are the same on every machine")
      ->type_name("I/N")
      ->group(group);
}

void add_budgets(CLI::App& app, BatchOptions& batch, const char* group) {
  app.add_option("--total-calls", batch.total_calls, "at most N search calls in the whole run")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000'000}).description(""))
      ->type_name("N")
      ->group(group);
  app.add_option(
         "--on-quota", batch.on_quota,
         "whether to wait or to stop when a rate or budget of calls is used up; by default a search for one image "
         "waits up to a minute if it has found nothing yet, and a run over several images waits")
      ->transform(one_of(kOnQuota))
      ->type_name("wait|stop")
      ->group(group);
}

}  // namespace

CLI::Validator one_of(std::vector<std::string> words) {
  return {[words = std::move(words)](std::string& value) { return fault_of(value, words); }, ""};
}

CLI::Validator one_of_numbers(std::map<std::string, int> words) {
  return {[words = std::move(words)](std::string& value) {
            std::vector<std::string> names;
            for (const auto& [word, number] : words)
              names.push_back(word);
            std::string fault = fault_of(value, names);
            if (fault.empty()) value = std::to_string(words.at(value));
            return fault;
          },
          ""};
}

std::optional<int> parse_hourly_calls(std::string_view text) {
  if (text == kNoLimit) return 0;
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < 1 || number > kMostHourlyCalls) return std::nullopt;
  return number;
}

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
  app.add_option_function<std::string>(
         "--hourly-calls",
         [&source](const std::string& text) {
           source.hourly_calls = parse_hourly_calls(text);
           if (!source.hourly_calls)
             throw CLI::ValidationError("--hourly-calls takes a number of calls, such as 3600, or off");
         },
         "at most N calls an hour, of all processes with the same key (the service's own limit); off: no limit")
      ->type_name("N|off")
      ->group(group);
  app.add_option("--quota", source.quota,
                 "share the hourly budget with other machines by this Redis server: redis://HOST[:PORT][/DB]")
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
  app.add_option("--layer", model.layer, "compare photos by the values of this layer")->type_name("NAME")->group(group);
}

void add_network_options(CLI::App& app, NetworkOptions& network) {
  const char* group = "Network";
  app.add_option("--timeout", network.timeout_seconds, "how long one request may take")
      ->check(CLI::Range(0.05, 86400.0).description(""))
      ->type_name("SECONDS")
      ->capture_default_str()
      ->group(group);
  app.add_option("--retries", network.retries, "how often a request is repeated when a failure may pass")
      ->check(CLI::Range(0, 20).description(""))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--proxy", network.proxy, "use this proxy, not the one that the environment names")
      ->type_name("URL")
      ->group(group);
  app.add_option("--user-agent", network.user_agent, "the name that requests carry")->type_name("TEXT")->group(group);
  app.add_option("--contact", network.contact, "an address at which services may reach you, sent with each request")
      ->type_name("MAIL|URL")
      ->envname("LOOKALIKE_CONTACT")
      ->group(group);
  app.add_option("--cacert", network.ca_file, "trust these certificates, not the system's")
      ->type_name("FILE")
      ->group(group);
}

void add_cache_options(CLI::App& app, CacheOptions& cache) {
  const char* group = "Network";
  app.add_option("--cache", cache.folder,
                 "keep answers and embeddings in this folder for 24 hours, and those of your own files longer; without "
                 "it only those of your own files are kept, in the usual folder; off: keep nothing")
      ->type_name("DIR|off")
      ->group(group);
  app.add_option("--cache-size", cache.max_bytes, "how much may be kept on disk, such as 500M")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(uint64_t{1} << 20, uint64_t{1} << 50).description(""))
      ->type_name("BYTES")
      ->default_str("1GiB")
      ->group(group);
  app.add_option("--memory", cache.memory_bytes, "without --cache: how much memory the images of one run may share")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(uint64_t{1} << 20, uint64_t{1} << 40).description(""))
      ->type_name("BYTES")
      ->default_str("256MiB")
      ->group(group);
}

void add_batch_options(CLI::App& app, BatchOptions& batch) {
  const char* group = "Batch";
  add_inputs(app, batch, group);
  app.add_option("--jobs", batch.jobs, "run N searches at once; they share connections, answers and embeddings")
      ->check(CLI::Range(1, 64).description(""))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_flag("--resume", batch.resume, "continue the file of --output: skip the images that it has results of")
      ->group(group);
  app.add_flag("--retry-failed", batch.retry_failed, "with --resume: search again for the images that failed")
      ->group(group);
  app.add_flag("--ordered", batch.ordered, "write results in the order of the images, not as they are found")
      ->group(group);
  app.add_flag("--dry-run", batch.dry_run, "only print how many images, calls and hours the run would take")
      ->group(group);
  add_budgets(app, batch, group);
  auto* fail_fast = app.add_flag("--fail-fast", batch.fail_fast, "stop after the first image that fails")->group(group);
  app.add_flag_callback(
         "--keep-going", [] {}, "continue after an image that fails (the default)")
      ->excludes(fail_fast)
      ->group(group);
}

void add_general_options(CLI::App& app, GeneralOptions& general) {
  const char* group = "General";
  app.add_option("--config", general.config, "read options from this file, one on each line: name = value")
      ->type_name("FILE")
      ->group(group);
  app.add_flag("-q,--quiet", general.quiet, "only errors on standard error")->group(group);
  app.add_flag("-v,--verbose", general.verbosity, "log what happens; -vv logs more")->group(group);
  app.add_option("--log-file", general.log_file, "also write the log to this file")->type_name("FILE")->group(group);
  app.add_option("--color", general.color, "auto, always or never")
      ->transform(one_of(kColors))
      ->type_name("WHEN")
      ->group(group);
  app.set_help_flag("-h,--help", "this text")->group(group);
  app.set_version_flag("--version", std::string("lookalike ") + kVersion)->group(group);
}

}  // namespace lookalike
