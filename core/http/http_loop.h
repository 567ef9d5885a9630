// The thread behind HttpClient: takes requests in, starts them within the limits, lets those wait that shall be tried
// again, and hands answers out. One round: new requests and due timers join the queue, what may start is started,
// libcurl moves bytes, finished exchanges end, then sleep until a socket, a timer or a submission wakes it.
// Threads: submit() from any; everything else on the loop's own.
// Tested by tests/core/http/http_client_test.cc
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/random.h"
#include "core/http/host_queue.h"
#include "core/http/http_message.h"
#include "core/http/retry_policy.h"
#include "core/http/transfer.h"

namespace lookalike {

class HttpLoop {
 public:
  explicit HttpLoop(HttpOptions options);
  // Ends the thread; drops all callbacks.
  ~HttpLoop();

  void submit(HttpRequest request, HttpDone done);

 private:
  using TransferPtr = std::unique_ptr<Transfer>;
  using TimePoint = std::chrono::steady_clock::time_point;

  struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct MultiDeleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };
  struct ShareDeleter {
    void operator()(CURLSH* share) const { curl_share_cleanup(share); }
  };
  using EasyPtr = std::unique_ptr<CURL, EasyDeleter>;

  // An exchange on its way: the handle in curl_multi and whom it serves.
  struct Running {
    TransferPtr transfer;
    EasyPtr easy;  // goes first: it points into the transfer
  };

  // Waiting for its time: to begin its (next) attempt, or, held back by its gate or its host, to go on with the one
  // begun.
  struct Pause {
    TransferPtr transfer;
    bool attempt_begun;
  };

  // A host, or all that share its limits, which is left alone for a while.
  struct Rest {
    TimePoint until;
    int in_a_row = 0;  // rests since it last answered otherwise
    long status = 429;
  };

  void run();
  void take_submissions();
  void fire_timers();
  void begin_attempt(TransferPtr transfer);
  void enqueue(TransferPtr transfer);
  void start_what_may_start();
  bool is_admitted(TransferPtr& transfer);
  void start(TransferPtr transfer);
  void end_finished();
  void end_exchange(CURL* easy, CURLcode code);
  void settle(TransferPtr transfer, ExchangeOutcome outcome);
  bool try_again(TransferPtr& transfer, const ExchangeOutcome& outcome);
  void note_contact(const Transfer& transfer, const ExchangeOutcome& outcome);
  std::chrono::milliseconds connect_limit(const Transfer& transfer) const;
  void give_up_host(const Transfer& failed, const Error& error);
  bool note_rest(const Transfer& transfer, const ExchangeOutcome& outcome);
  const Rest* rest_of(const std::string& limit_group);
  void hold(TransferPtr transfer, std::chrono::milliseconds wait, bool attempt_begun = true);
  void wait_for_rest(TransferPtr transfer, const Rest& rest);
  void log_wait(const Transfer& transfer, const ExchangeOutcome& outcome, std::chrono::milliseconds wait, int attempts);
  void deliver(TransferPtr transfer, Result<HttpResponse> response);
  void wait_for_events();
  void cancel_all();
  EasyPtr free_handle();
  void recycle(EasyPtr easy);

  // Order matters: handles go before what they refer to.
  SlistPtr resolve_;
  std::unique_ptr<CURLSH, ShareDeleter> share_;
  std::unique_ptr<CURLM, MultiDeleter> multi_;
  TransferSettings settings_;
  Random random_;
  HostQueue<TransferPtr> queue_;
  std::multimap<TimePoint, Pause> timers_;
  std::unordered_map<CURL*, Running> running_;
  std::unordered_set<std::string> reached_;        // origins that a request has got to
  std::unordered_map<std::string, Rest> resting_;  // by limit group
  std::vector<EasyPtr> free_handles_;

  std::mutex mutex_;
  std::vector<TransferPtr> submitted_;  // guarded by mutex_
  uint64_t next_number_ = 0;            // guarded by mutex_
  std::atomic<bool> stopping_{false};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace lookalike
