// How requests travel from submit() to their answers.
//
// One thread owns everything here: libcurl's multi handle, the queue, the timers. submit() only puts a request into a
// list and wakes the thread. So nothing below needs a lock, and the order of events is the order of the code in run().
//
// A request (a Transfer) is at any moment in exactly one of four places:
//     submitted_   it has come and nobody has looked at it
//     timers_      it waits for a moment: its start_after, a back-off, its gate, or the rest of its host
//     queue_       it may go as soon as there is room: max_connections in total, so many for its host, and no faster
//                  than its host's rate (host_queue.h)
//     running_     libcurl has it
// It leaves through deliver(), which calls its callback once and destroys it.
//
// An attempt is one try at the request, redirects and all; an exchange is one request and one answer on the wire. The
// time limit belongs to the attempt, and what is left of it goes to the next hop. Places in the queue, gates and rests
// belong to exchanges: a redirect queues again, perhaps for another host.
//
// Hosts are limited in groups: those that a policy covers together ("live.staticflickr.com" and
// "farm.staticflickr.com"), else scheme, host and port. A group at its limit keeps no other waiting.
//
// A gate (call_gate.h) stands for a budget of calls. It is asked when a request leaves the queue, so what it counts is
// what is sent, and when. When it says "not yet", the request goes back to the timers, gives its place up, and is asked
// about again later. When the request never reached the service, the count is taken back.
//
// After an exchange, settle() decides: a redirect goes on with the attempt; a failure that may pass (a cut connection,
// a time-out, 429, 500, 502, 503, 504) waits for another attempt; all else is delivered, a 404 too.
//
// A 429 is the host's word to everybody. Its whole group rests (resting_): what waits in the queue is taken out, and
// each request asks its own patience whether it waits that long or ends. How long is what Retry-After says, an hour at
// most, else a back-off that doubles with each rest in a row. Other failures concern their own request only: a random
// time up to a bound that doubles, so that many clients do not come back all at once.
//
// Who cannot reach a host shall learn it soon: until a host has been reached once, connecting to it and trying again
// end after `first_contact`, and all that wait for it end with the first that failed.
//
// Example: two requests, A and B, for one service, with max_connections_per_host = 1 and three retries.
//     0.00 s  submit(A), submit(B). Both join the queue; A is taken, its gate counts a call, libcurl sends it.
//     0.10 s  A's answer is 302 to https://images.example/a. That is another group: A queues there and starts at once
//             (its gate, if it has one, counts that exchange, too). Its place is free, so B starts.
//     0.20 s  B's answer is 429 with Retry-After: 2. The service's group rests until 2.20 s. B has attempts left, and
//             nothing against waiting, so it goes to the timers. A is not held up, as its host is another.
//     0.30 s  A's answer is 200: deliver(A), with a cost of one request, since redirects are not counted.
//     2.20 s  B's timer fires. The rest is over; B queues, asks its gate once more, and is sent: its second attempt.
//     2.30 s  B's answer is 200. The group has answered otherwise than 429, so the rest is forgotten.
// Had B carried a Patience that gives up after a second, it would have ended at 0.20 s with the error `quota`.
#include "core/http/http_loop.h"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <new>
#include <optional>
#include <random>
#include <system_error>
#include <utility>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLongestSleep{60'000};
constexpr milliseconds kQuietWait{2'000};    // longer waits are worth a line in the log
constexpr milliseconds kLastContact{1'000};  // at least so long for a host's last chance to be reached
constexpr std::chrono::hours kLongestRest{1};
constexpr size_t kMostOrigins = 10'000;  // that are remembered

void init_libcurl_once() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw std::bad_alloc();
}

template <typename Handle>
Handle* created(Handle* handle) {
  if (handle == nullptr) throw std::bad_alloc();
  return handle;
}

uint64_t random_seed() {
  std::random_device device;
  return static_cast<uint64_t>(device()) << 32 | device();
}

// One bundle file instead of file and folder, see Transfer::set_connection_options; empty when there is no such file.
std::string usable_ca_bundle(const HttpOptions& options, CURL* easy) {
  if (!options.ca_file.empty()) return options.ca_file;
  char* bundle = nullptr;
  if (curl_easy_getinfo(easy, CURLINFO_CAINFO, &bundle) != CURLE_OK || bundle == nullptr) return {};
  return access(bundle, R_OK) == 0 ? bundle : "";
}

// Signals are for the program's own threads; a broken pipe below OpenSSL must not end the program.
std::thread start_without_signals(std::function<void()> body) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(body));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace

HttpLoop::HttpLoop(HttpOptions options)
    : resolve_(make_slist(options.resolve)),
      share_((init_libcurl_once(), created(curl_share_init()))),
      multi_(created(curl_multi_init())),
      settings_{options, ProxyChoice(options.proxy), share_.get(), resolve_.get(), {}},
      random_(random_seed()),
      queue_(std::max(1, options.max_connections), std::max(1, options.max_connections_per_host)) {
  // Only this thread uses the share, so it needs no locks.
  curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  for (const HostPolicy& policy : options.host_policies) {
    std::optional<RateLimiter> rate;
    if (policy.per_second > 0) rate.emplace(policy.per_second, std::max(1, policy.burst));
    queue_.limit(policy.host, policy.max_at_once, rate);
  }
  // Idle connections to an API shall survive a burst of downloads from elsewhere.
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, 2L * std::max(1, options.max_connections));
  free_handles_.push_back(free_handle());
  settings_.ca_bundle = usable_ca_bundle(options, free_handles_.back().get());
  // Without what wakes it the thread would sleep through every request.
  if (curl_multi_wakeup(multi_.get()) != CURLM_OK) {
    throw std::system_error(EMFILE, std::generic_category(), "no descriptor is left for the network");
  }
  thread_ = start_without_signals([this] { run(); });
}

HttpLoop::~HttpLoop() {
  stopping_ = true;
  curl_multi_wakeup(multi_.get());
  thread_.join();
}

void HttpLoop::submit(HttpRequest request, HttpDone done) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = submitted_.empty();
    submitted_.push_back(std::make_unique<Transfer>(std::move(request), std::move(done), next_number_++));
  }
  if (was_empty) curl_multi_wakeup(multi_.get());
}

void HttpLoop::run() {
  const Utf8Locale locale;  // for a proxy's name
  while (!stopping_) {
    take_submissions();
    fire_timers();
    start_what_may_start();
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    end_finished();
    wait_for_events();
  }
  cancel_all();
}

void HttpLoop::take_submissions() {
  std::vector<TransferPtr> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(submitted_);
  }
  for (TransferPtr& transfer : taken) {
    const milliseconds delay = transfer->request().start_after;
    if (delay.count() > 0) {
      hold(std::move(transfer), delay, false);
    } else {
      begin_attempt(std::move(transfer));
    }
  }
}

void HttpLoop::fire_timers() {
  while (!timers_.empty() && timers_.begin()->first <= steady_clock::now()) {
    Pause pause = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    if (pause.attempt_begun)
      enqueue(std::move(pause.transfer));
    else
      begin_attempt(std::move(pause.transfer));
  }
}

void HttpLoop::begin_attempt(TransferPtr transfer) {
  if (Status begun = transfer->begin_attempt(settings_); !begun) {
    deliver(std::move(transfer), begun.error());
    return;
  }
  enqueue(std::move(transfer));
}

void HttpLoop::hold(TransferPtr transfer, milliseconds wait, bool attempt_begun) {
  timers_.emplace(steady_clock::now() + wait, Pause{std::move(transfer), attempt_begun});
}

void HttpLoop::enqueue(TransferPtr transfer) {
  const Transfer& waiting = *transfer;
  if (const Rest* rest = rest_of(waiting.limit_group())) return wait_for_rest(std::move(transfer), *rest);
  queue_.push(waiting.limit_group(), waiting.number(), std::move(transfer));
}

void HttpLoop::start_what_may_start() {
  while (std::optional<TransferPtr> next = queue_.take(steady_clock::now())) {
    if (is_admitted(*next)) start(std::move(*next));
  }
}

// Asked as late as possible, so that what is counted is what is sent, and when. Takes the transfer when it says no.
bool HttpLoop::is_admitted(TransferPtr& transfer) {
  CallGate* const gate = transfer->request().gate;
  if (gate == nullptr) return true;
  Admission admission = gate->admit();
  if (!admission.refusal && admission.wait.count() <= 0) {
    transfer->admitted(std::move(admission.take_back));
    return true;
  }
  queue_.finished(transfer->limit_group());
  if (admission.refusal) {
    deliver(std::move(transfer), *admission.refusal);
    return false;
  }
  const auto now = steady_clock::now();
  const auto nap = wait_patiently(transfer->request().patience.get(), now,
                                  {now + admission.wait, std::move(admission.reason), std::move(admission.advice)});
  if (nap)
    hold(std::move(transfer), *nap);
  else
    deliver(std::move(transfer), nap.error());
  return false;
}

void HttpLoop::start(TransferPtr transfer) {
  EasyPtr easy = free_handle();
  transfer->begin_exchange(easy.get(), settings_, connect_limit(*transfer));
  CURL* key = easy.get();
  running_.emplace(key, Running{std::move(transfer), std::move(easy)});
  if (curl_multi_add_handle(multi_.get(), key) != CURLM_OK) end_exchange(key, CURLE_OUT_OF_MEMORY);
}

void HttpLoop::end_finished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (stopping_) return;
    // Copied: removing the handle ends the message's life.
    CURL* const easy = message->easy_handle;
    const CURLcode code = message->data.result;
    if (message->msg == CURLMSG_DONE) end_exchange(easy, code);
  }
}

void HttpLoop::end_exchange(CURL* easy, CURLcode code) {
  const auto found = running_.find(easy);
  Running done = std::move(found->second);
  running_.erase(found);
  ExchangeOutcome outcome = done.transfer->end_exchange(easy, code);
  recycle(std::move(done.easy));
  queue_.finished(done.transfer->limit_group());
  const auto take_back = done.transfer->take_admission();
  if (!outcome.sent && take_back) take_back();
  note_contact(*done.transfer, outcome);
  settle(std::move(done.transfer), std::move(outcome));
}

void HttpLoop::note_contact(const Transfer& transfer, const ExchangeOutcome& outcome) {
  if (!outcome.sent) return;
  if (reached_.size() >= kMostOrigins) reached_.clear();
  reached_.insert(origin(transfer.url()));
}

// Nobody waits long to learn that there is no way to a host; one that has been reached may have a bad moment.
milliseconds HttpLoop::connect_limit(const Transfer& transfer) const {
  const HttpOptions& options = settings_.options;
  if (reached_.contains(origin(transfer.url()))) return options.connect_timeout;
  const auto now = steady_clock::now();
  const auto left = std::chrono::ceil<milliseconds>(transfer.begun().value_or(now) + options.first_contact - now);
  const milliseconds limit = std::max(left, kLastContact);
  return options.connect_timeout.count() > 0 ? std::min(limit, options.connect_timeout) : limit;
}

// Those that wait to ask the same host would only learn the same.
void HttpLoop::give_up_host(const Transfer& failed, const Error& error) {
  const std::string host = origin(failed.url());
  if (reached_.contains(host)) return;
  for (TransferPtr& waiting : queue_.drain(failed.limit_group())) {
    if (origin(waiting->url()) == host)
      deliver(std::move(waiting), error);
    else
      enqueue(std::move(waiting));
  }
}

void HttpLoop::settle(TransferPtr transfer, ExchangeOutcome outcome) {
  if (!outcome.redirect.empty()) {
    Status followed = transfer->follow(outcome.redirect, settings_);
    if (!followed) return deliver(std::move(transfer), followed.error());
    return enqueue(std::move(transfer));
  }
  if (try_again(transfer, outcome)) return;
  const bool unreachable = !outcome.response.ok() && outcome.response.error().cause == ErrorCause::unreachable;
  if (unreachable) give_up_host(*transfer, outcome.response.error());
  deliver(std::move(transfer), std::move(outcome.response));
}

// True when the host rests after this answer.
bool HttpLoop::note_rest(const Transfer& transfer, const ExchangeOutcome& outcome) {
  if (!outcome.response.ok()) return false;
  const long status = outcome.response->status;
  const std::string& group = transfer.limit_group();
  const auto found = resting_.find(group);
  if (status != 429) {
    // What was sent before the rest says nothing of how things stand after it.
    if (found != resting_.end() && transfer.exchange_begun() >= found->second.until) resting_.erase(found);
    return false;
  }
  if (CallGate* const gate = transfer.request().gate) gate->on_refused(outcome.response->headers);
  Rest& rest = resting_[group];
  rest.status = status;
  const auto now = steady_clock::now();
  const HttpOptions& options = settings_.options;
  // Answers to what was under way when the rest began do not make it longer, unless they say so.
  const bool is_new = transfer.exchange_begun() >= rest.until;
  if (is_new) ++rest.in_a_row;
  if (outcome.retry_after)
    rest.until = std::max(rest.until, now + std::min<milliseconds>(*outcome.retry_after, kLongestRest));
  else if (is_new)
    rest.until = now + back_off({.first_wait = options.first_retry_wait, .max_wait = options.max_retry_wait},
                                rest.in_a_row, random_);
  for (TransferPtr& waiting : queue_.drain(group))
    enqueue(std::move(waiting));
  return true;
}

// Null when it does not rest.
const HttpLoop::Rest* HttpLoop::rest_of(const std::string& limit_group) {
  const auto found = resting_.find(limit_group);
  return found == resting_.end() || found->second.until <= steady_clock::now() ? nullptr : &found->second;
}

void HttpLoop::wait_for_rest(TransferPtr transfer, const Rest& rest) {
  const auto now = steady_clock::now();
  Patience* const patience = transfer->request().patience.get();
  const Delay delay{.until = rest.until,
                    .reason = fmt::format("{} asks for a pause (HTTP {})",
                                          terminal_safe(host_and_port(transfer->url())), rest.status)};
  const bool too_long = patience == nullptr && rest.until - now > settings_.options.max_retry_wait;
  const auto nap = too_long ? Result<milliseconds>(not_waited_for(now, delay)) : wait_patiently(patience, now, delay);
  if (nap)
    hold(std::move(transfer), *nap);
  else
    deliver(std::move(transfer), nap.error());
}

bool HttpLoop::try_again(TransferPtr& transfer, const ExchangeOutcome& outcome) {
  const HttpOptions& options = settings_.options;
  const int asked = transfer->request().max_attempts;
  const RetryRules rules{asked > 0 ? asked : 1 + std::max(0, options.retries), options.first_retry_wait,
                         options.max_retry_wait};
  const bool host_rests = note_rest(*transfer, outcome);
  // How long a resting host is waited for is a matter of the request's patience, if it has any.
  const bool patient = host_rests && transfer->request().patience;
  const auto retry_after = patient ? std::nullopt : outcome.retry_after;
  auto wait = retry_wait(rules, {transfer->attempt(), outcome.transient, retry_after}, random_);
  if (!wait) return false;
  const auto now = steady_clock::now();
  const bool waits_with_host = host_rests && now + *wait <= resting_.at(transfer->limit_group()).until;
  if (waits_with_host) wait = std::chrono::ceil<milliseconds>(resting_.at(transfer->limit_group()).until - now);
  if (!patient && now + *wait > *transfer->begun() + options.retry_for) return false;
  const bool first_contact = !outcome.sent && !reached_.contains(origin(transfer->url()));
  if (first_contact && now + *wait + kLastContact > *transfer->begun() + options.first_contact) return false;
  log_wait(*transfer, outcome, *wait, rules.max_attempts);
  if (waits_with_host)
    begin_attempt(std::move(transfer));
  else
    hold(std::move(transfer), *wait, false);
  return true;
}

void HttpLoop::log_wait(const Transfer& transfer, const ExchangeOutcome& outcome, milliseconds wait, int attempts) {
  if (!settings_.options.log || wait <= kQuietWait) return;
  const std::string host = terminal_safe(host_and_port(transfer.url()));
  const std::string why = outcome.response.ok() ? fmt::format("{} answered {}", host, outcome.response.value().status)
                                                : outcome.response.error().message;
  settings_.options.log(LogLevel::info,
                        fmt::format("{}: waiting {:.1f} s before attempt {} of {}", why,
                                    static_cast<double>(wait.count()) / 1000.0, transfer.attempt() + 1, attempts));
}

void HttpLoop::deliver(TransferPtr transfer, Result<HttpResponse> response) {
  if (!stopping_) transfer->deliver(std::move(response));
}

void HttpLoop::wait_for_events() {
  // Exchanges that have just ended may have made room for others.
  start_what_may_start();
  TimePoint wake = steady_clock::now() + kLongestSleep;
  if (!timers_.empty()) wake = std::min(wake, timers_.begin()->first);
  if (const auto next = queue_.next_start()) wake = std::min(wake, *next);
  const auto sleep = std::max(milliseconds(0), std::chrono::ceil<milliseconds>(wake - steady_clock::now()));
  if (!stopping_) curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(sleep.count()), nullptr);
}

void HttpLoop::cancel_all() {
  for (const auto& [easy, running] : running_)
    curl_multi_remove_handle(multi_.get(), easy);
  running_.clear();
}

HttpLoop::EasyPtr HttpLoop::free_handle() {
  if (free_handles_.empty()) return EasyPtr(created(curl_easy_init()));
  EasyPtr easy = std::move(free_handles_.back());
  free_handles_.pop_back();
  return easy;
}

void HttpLoop::recycle(EasyPtr easy) {
  curl_multi_remove_handle(multi_.get(), easy.get());
  // Now, not at its next use: its buffers belong to a transfer that is about to end.
  curl_easy_reset(easy.get());
  free_handles_.push_back(std::move(easy));
}

}  // namespace lookalike
