#include "cli/options/batch_options.h"

#include <CLI/CLI.hpp>
#include <map>

#include "cli/options/word_choice.h"

namespace lookalike {
namespace {

const std::map<std::string, OnQuota> kOnQuota = {{"wait", OnQuota::wait}, {"stop", OnQuota::stop}};

void add_inputs(CLI::App& app, BatchOptions& batch, const char* group) {
  app.add_option("--input", batch.inputs, "a file with images' names, one a line; -: standard input")
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
         "only part I of N, the same on every machine")
      ->type_name("I/N")
      ->group(group);
}

void add_budgets(CLI::App& app, BatchOptions& batch, const char* group) {
  app.add_option("--total-calls", batch.total_calls, "search calls of the whole run at most")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000'000}).description(""))
      ->type_name("N")
      ->group(group);
  app.add_option("--on-quota", batch.on_quota,
                 "when a rate or budget of calls is used up: wait, or stop; without it one image waits up to a minute, "
                 "and only when nothing was found yet, several wait")
      ->transform(one_of(kOnQuota))
      ->type_name("wait|stop")
      ->group(group);
}

}  // namespace

void add_batch_options(CLI::App& app, BatchOptions& batch) {
  const char* group = "Batch";
  add_inputs(app, batch, group);
  app.add_option("--jobs", batch.jobs, "searches at once; they share connections, answers and embeddings")
      ->check(CLI::Range(1, 64).description(""))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_flag("--resume", batch.resume, "go on with the file of --output: what stands there is not done again")
      ->group(group);
  app.add_flag("--retry-failed", batch.retry_failed, "with --resume: do images anew that failed")->group(group);
  app.add_flag("--ordered", batch.ordered, "results in the order of the images, not as they are done")->group(group);
  app.add_flag("--dry-run", batch.dry_run, "only say how many images, calls and hours it would be")->group(group);
  add_budgets(app, batch, group);
  auto* fail_fast = app.add_flag("--fail-fast", batch.fail_fast, "begin no other image when one failed")->group(group);
  app.add_flag_callback(
         "--keep-going", [] {}, "go on when an image failed; so it is anyway")
      ->excludes(fail_fast)
      ->group(group);
}

Status check_batch_options(const BatchOptions& batch, bool is_jsonl, bool has_output) {
  if (batch.resume && (!is_jsonl || !has_output)) {
    return Error{ErrorCode::usage, "--resume goes on with a file of JSON Lines: give --format jsonl --output FILE"};
  }
  if (batch.retry_failed && !batch.resume) {
    return Error{ErrorCode::usage, "--retry-failed says what --resume does with failed images: give both"};
  }
  if (batch.nul_separated && batch.inputs.empty()) {
    return Error{ErrorCode::usage, "-0 says how names in --input are separated: give --input FILE or --input -"};
  }
  return {};
}

}  // namespace lookalike
