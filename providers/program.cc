#include "providers/program.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/thread_start.h"
#include "core/process/line_program.h"
#include "providers/common/license_names.h"
#include "providers/common/service_request.h"
#include "providers/program_protocol.h"

namespace lookalike {
namespace {

constexpr size_t kMaxQueryCodePoints = 500;
constexpr const char* kSubject = "the source program ";

struct Job {
  PhotoQuery query;
  Provider::Done done;
};

// What --license and --safe come to.
struct Wishes {
  LicenseWish wish;
  std::vector<std::string> licenses;  // its keys
  std::string safe;
};

// A licence is known by its name, else by its id.
}  // namespace

// The program's copies, a thread for each, and the searches that wait for one.
class ProgramProvider::Copies {
 public:
  Copies(ProgramOptions options, Wishes wishes)
      : options_(std::move(options)), wishes_(std::move(wishes)), failures_(options_.command, ErrorCode::network) {}

  // Searches not yet begun are dropped, those under way interrupted. The programs have ended on return.
  ~Copies() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      jobs_.clear();
    }
    job_came_.notify_all();
    closed_.notify_all();
    for (std::thread& thread : threads_)
      thread.join();
  }

  void submit(Job job) {
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back(std::move(job));
      add_copies();
    }
    job_came_.notify_one();
  }

 private:
  // As many as there is work for and the program allows. REQUIRES: mutex_ is held
  void add_copies() {
    while (!closing_ && idle_ < jobs_.size() && threads_.size() < at_once_) {
      // The first is needed, others may be had or not.
      if (threads_.empty())
        threads_.emplace_back([this] { work(); });
      else if (!start_if_possible(threads_, [this] { work(); }))
        return;
      ++idle_;
    }
  }

  void work() {
    bool busy = false;
    // One that is idle may end by itself, one at work is not waited for.
    LineProgram program({.command = options_.command,
                         .time_limit = options_.time_limit,
                         .max_line_bytes = kMaxSourceAnswerBytes,
                         .stop = [&] { return busy && closing_; }});
    while (auto job = next_job()) {
      busy = true;
      answer(*job, program);
      busy = false;
      const std::lock_guard lock(mutex_);
      ++idle_;
    }
  }

  std::optional<Job> next_job() {
    std::unique_lock lock(mutex_);
    job_came_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
    if (closing_) return std::nullopt;
    --idle_;
    std::optional<Job> job(std::move(jobs_.front()));
    jobs_.pop_front();
    return job;
  }

  // An interrupted search has nobody left to tell.
  void answer(const Job& job, LineProgram& program) {
    if (auto lost = given_up()) return job.done({*std::move(lost), {}});
    if (auto refusal = held_back(job.query.patience.get())) {
      if (refusal->code != ErrorCode::interrupted) job.done({*std::move(refusal), {}});
      return;
    }
    const int64_t id = ++questions_;
    const auto line = program.ask(source_question({.id = id,
                                                   .query = job.query,
                                                   .licenses = wishes_.licenses,
                                                   .safe = wishes_.safe,
                                                   .endpoint = options_.endpoint}));
    if (!line.ok() && line.error().code == ErrorCode::interrupted) return;
    if (!line.ok()) return job.done({failure(line.error(), program), {.requests = 1}});
    auto answer = parse_source_answer(*line, id);
    if (!answer.ok()) return job.done({failure(answer.error(), program), {.requests = 1}});
    accept(*answer);
    job.done({finished(std::move(answer->page)), {.requests = std::min(answer->requests, job.query.max_requests)}});
  }

  // The user's budget of calls: a question is one. Errors: what the budget says, interrupted.
  std::optional<Error> held_back(Patience* patience) {
    while (options_.gate != nullptr) {
      const Admission admission = options_.gate->admit();
      if (admission.refusal) return admission.refusal;
      if (admission.wait.count() <= 0) return std::nullopt;
      const auto now = std::chrono::steady_clock::now();
      const auto nap = wait_patiently(patience, now, {now + admission.wait, admission.reason, admission.advice});
      if (!nap.ok()) return nap.error();
      std::unique_lock lock(mutex_);
      if (closed_.wait_for(lock, *nap, [this] { return closing_.load(); })) {
        return Error{ErrorCode::interrupted, "the search ended"};
      }
    }
    return std::nullopt;
  }

  std::optional<Error> given_up() {
    const std::lock_guard lock(mutex_);
    return failures_.given_up();
  }

  Error failure(const Error& error, LineProgram& program) {
    const ErrorCode code = error.code == ErrorCode::not_found ? ErrorCode::network : error.code;
    const std::lock_guard lock(mutex_);
    Error told = failures_.failed({code, kSubject + error.message});
    if (failures_.given_up()) program.end();
    return told;
  }

  void accept(const SourceAnswer& answer) {
    bool first_drop = false;
    {
      const std::lock_guard lock(mutex_);
      failures_.succeeded();
      at_once_ = std::max(at_once_, static_cast<size_t>(answer.at_once));
      add_copies();
      if (answer.dropped > 0) first_drop = !std::exchange(warned_, true);
    }
    if (answer.dropped == 0 || !options_.log) return;
    options_.log(first_drop ? LogLevel::warning : LogLevel::debug,
                 kSubject + std::string("gave ") + std::to_string(answer.dropped) +
                     " photos that cannot be used: " + answer.first_problem);
  }

  Result<PhotoPage> finished(Result<PhotoPage> page) const {
    if (!page.ok()) return Error{page.error().code, kSubject + std::string("says: ") + page.error().message};
    std::erase_if(page->photos, [this](const Photo& photo) { return !wishes_.wish.allows(photo.license); });
    return page;
  }

  const ProgramOptions options_;
  const Wishes wishes_;
  std::atomic<int64_t> questions_ = 0;
  std::atomic<bool> closing_ = false;  // changed under the mutex, too

  std::mutex mutex_;  // guards what follows
  std::condition_variable job_came_;
  std::condition_variable closed_;
  std::deque<Job> jobs_;
  std::vector<std::thread> threads_;  // none is added once closing
  size_t idle_ = 0;                   // of them, those that are not at work
  size_t at_once_ = 1;
  bool warned_ = false;
  ConsecutiveFailures failures_;
};

ProgramProvider::ProgramProvider(std::unique_ptr<Copies> copies) : copies_(std::move(copies)) {}
ProgramProvider::~ProgramProvider() = default;

Result<std::unique_ptr<ProgramProvider>> ProgramProvider::create(ProgramOptions options) {
  if (!options.endpoint.empty()) {
    if (const auto endpoint = make_endpoint(options.endpoint, {}); !endpoint.ok()) return endpoint.error();
  }
  if (const auto safe = parse_safe_level(options.safe); !safe.ok()) return safe.error();
  auto wish = parse_license_wish(options.licenses);
  if (!wish.ok()) return wish.error();
  auto keys = wished_keys(*wish);
  if (!keys.ok()) return keys.error();
  Wishes wishes{*std::move(wish), *std::move(keys), options.safe.empty() ? "strict" : options.safe};
  return std::unique_ptr<ProgramProvider>(
      new ProgramProvider(std::make_unique<Copies>(std::move(options), std::move(wishes))));
}

const std::string& ProgramProvider::name() const {
  static const std::string kName = "program";
  return kName;
}

void ProgramProvider::search(const PhotoQuery& query, Done done) {
  if (query.max_requests < 1) return done({Error{ErrorCode::quota, "no request is left for this query"}, {}});
  auto text = query_text(query.text, kMaxQueryCodePoints);
  if (!text.ok()) return done({text.error(), {}});
  PhotoQuery asked = query;
  asked.text = *std::move(text);
  copies_->submit({std::move(asked), std::move(done)});
}

ProviderEntry program_entry() {
  ProviderEntry entry;
  entry.info.name = "program";
  entry.info.argument = "CMD";
  entry.info.description = "what a program of yours finds: it reads and writes lines of JSON, in any language";
  entry.info.tags = "as the program says";
  entry.info.limits = "500 photos a page; the program's own";
  entry.info.local_files = true;
  entry.info.licences = "as the program says; --license is handed on, and filters what it answers";
  entry.make = [](const ProviderSettings& settings, HttpClient&) -> Result<std::unique_ptr<Provider>> {
    return as_provider(ProgramProvider::create({.command = settings.provider,
                                                .endpoint = settings.endpoint,
                                                .licenses = settings.licenses,
                                                .safe = settings.safe,
                                                .time_limit = settings.timeout,
                                                .log = settings.log,
                                                .gate = settings.gate}));
  };
  return entry;
}

}  // namespace lookalike
