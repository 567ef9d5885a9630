#include "models/pull/download.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr int64_t kOverlap = 4096;  // bytes asked for again when resuming
constexpr int kMaxAttempts = 20;    // each but the last must have brought something
constexpr std::chrono::minutes kTimeLimit{60};
constexpr size_t kFirstBytes = 512;  // of an answer, by which a page is known

// Takes the pieces of one answer and puts them where they belong.
class BodyJoiner {
 public:
  // `head` and `tail` are the first and the last bytes of the part, of one length; empty when it is empty.
  BodyJoiner(const Download& what, PartFile& part, std::string head, std::string tail, std::stop_token stop)
      : what_(what), part_(part), head_(std::move(head)), tail_(std::move(tail)), stop_(std::move(stop)) {}

  bool take(std::string_view piece) {
    first_ += piece.substr(0, kFirstBytes - first_.size());
    if (stop_.stop_requested()) return fail(Error{ErrorCode::interrupted, "the download was interrupted"});
    if (!joined_) {
      beginning_ += piece;
      if (beginning_.size() < tail_.size()) return true;
      return join() && write(std::string_view(beginning_).substr(skipped_));
    }
    return write(piece);
  }

  // The answer fitted neither the end nor the beginning of what was there.
  bool is_another_file() const { return another_file_; }
  const std::optional<Error>& failure() const { return failure_; }
  // The first bytes of the answer.
  std::string_view first() const { return first_; }

 private:
  bool fail(Error error) {
    failure_ = std::move(error);
    return false;
  }

  bool join() {
    joined_ = true;
    const std::string_view start = std::string_view(beginning_).substr(0, tail_.size());
    skipped_ = tail_.size();
    if (start == tail_) return true;
    skipped_ = 0;
    another_file_ = start != head_;
    if (another_file_) return false;
    if (const Status restarted = part_.restart(); !restarted.ok()) return fail(restarted.error());
    return true;
  }

  bool write(std::string_view piece) {
    if (static_cast<int64_t>(piece.size()) > what_.bytes - part_.size()) {
      return fail(Error{ErrorCode::bad_data,
                        what_.url + " gives more than the " + std::to_string(what_.bytes) + " bytes expected"});
    }
    if (const Status written = part_.append(piece); !written.ok()) return fail(written.error());
    if (what_.on_bytes) what_.on_bytes(part_.size());
    return true;
  }

  const Download& what_;
  PartFile& part_;
  std::string head_;
  std::string tail_;
  std::string first_;
  std::string beginning_;  // of the answer, until it is known where it belongs
  size_t skipped_ = 0;
  bool joined_ = false;
  bool another_file_ = false;
  std::optional<Error> failure_;
  std::stop_token stop_;
};

HttpRequest request_from(const Download& what, int64_t offset) {
  HttpRequest request{.url = what.url, .max_bytes = what.bytes, .scope = what.scope};
  request.max_attempts = 1;  // there are other sources, and what broke off is gone on with
  request.timeout = kTimeLimit;
  // Ranges count the bytes of the file as it is, so it must not come compressed.
  request.headers.emplace_back("Accept-Encoding: identity");
  if (offset > 0) request.headers.push_back("Range: bytes=" + std::to_string(offset) + "-");
  return request;
}

Error status_error(const Download& what, long status) {
  const bool gone = status == 404 || status == 410;
  return Error{gone ? ErrorCode::not_found : ErrorCode::network,
               what.url + " answered " + std::to_string(status) + (gone ? ": nothing is there any more" : "")};
}

bool says_html(const HttpAnswer& answer) {
  if (!answer.response.ok()) return false;
  const auto type = answer.response->headers.find("content-type");
  return type != answer.response->headers.end() && ascii_lower(type->second).starts_with("text/html");
}

// What hosts give in place of a file that they do not serve any more, or a network in place of the internet.
std::optional<std::string> stranger_in(const HttpAnswer& answer, std::string_view first) {
  if (first.starts_with("\xef\xbb\xbf")) first.remove_prefix(3);
  const std::string start = ascii_lower(trim(first).substr(0, kFirstBytes));
  if (start.starts_with("version https://git-lfs")) {
    return " gives a Git LFS pointer file instead of the file itself, which this address no longer has";
  }
  const bool page = start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<?xml");
  if (page || says_html(answer)) return " gives a web page instead of the file";
  return std::nullopt;
}

// What one attempt led to: more to come, or how the download ends.
using Verdict = std::optional<Status>;

Verdict judge(const Download& what, PartFile& part, const HttpAnswer& answer, const BodyJoiner& joiner,
              int64_t size_before) {
  const bool refused = joiner.failure() || joiner.is_another_file();
  const bool short_of = answer.response.ok() && answer.response->status / 100 == 2 && part.size() != what.bytes;
  const auto stranger = refused || short_of ? stranger_in(answer, joiner.first()) : std::nullopt;
  if (stranger) {
    // What an earlier run brought stays, for another day.
    if (part.size() != size_before || size_before == 0) (void)part.restart().ok();
    return Status(Error{ErrorCode::bad_data, what.url + *stranger});
  }
  if (joiner.failure()) {
    // What is there belongs to another file; the next run should not go on with it.
    if (joiner.failure()->code == ErrorCode::bad_data) (void)part.restart().ok();
    return Status(*joiner.failure());
  }
  const bool out_of_range = answer.response.ok() && answer.response->status == 416;
  if (joiner.is_another_file() || (out_of_range && size_before > 0)) {
    const Status restarted = part.restart();
    return restarted.ok() ? Verdict() : Verdict(restarted);
  }
  if (!answer.response.ok()) {
    const bool goes_on = answer.response.error().code == ErrorCode::network && part.size() != size_before;
    return goes_on ? Verdict() : Verdict(answer.response.error());
  }
  if (answer.response->status / 100 != 2) return Status(status_error(what, answer.response->status));
  if (part.size() == what.bytes) return Status();
  const int64_t found = part.size();
  (void)part.restart().ok();
  return Status(
      Error{ErrorCode::bad_data, fmt::format("{} ends after {} bytes, expected {}", what.url, found, what.bytes)});
}

Result<Verdict> attempt(HttpClient& client, const Download& what, PartFile& part, const std::stop_token& stop) {
  const int64_t size_before = part.size();
  const int64_t overlap = std::min(kOverlap, size_before);
  auto head = part.read(0, static_cast<size_t>(overlap));
  auto tail = part.read(size_before - overlap, static_cast<size_t>(overlap));
  if (!head.ok()) return head.error();
  if (!tail.ok()) return tail.error();
  BodyJoiner joiner(what, part, *std::move(head), *std::move(tail), stop);
  HttpRequest request = request_from(what, size_before - overlap);
  request.on_data = [&joiner](std::string_view piece) { return joiner.take(piece); };
  const HttpAnswer answer = client.fetch(std::move(request));
  if (what.answered != nullptr && (answer.response.ok() || !joiner.first().empty())) *what.answered = true;
  return judge(what, part, answer, joiner, size_before);
}

}  // namespace

Status download(HttpClient& client, const Download& what, PartFile& part, std::stop_token stop) {
  for (int i = 0; i < kMaxAttempts; ++i) {
    if (stop.stop_requested()) return Error{ErrorCode::interrupted, "the download was interrupted"};
    if (part.size() == what.bytes) return {};
    if (part.size() > what.bytes) {
      if (const Status restarted = part.restart(); !restarted.ok()) return restarted;
    }
    const auto verdict = attempt(client, what, part, stop);
    if (!verdict.ok()) return verdict.error();
    if (verdict->has_value()) return **verdict;
  }
  return Error{ErrorCode::network,
               fmt::format("{} broke off {} times after {} of {} bytes; run the command again to go on", what.url,
                           kMaxAttempts, part.size(), what.bytes)};
}

}  // namespace lookalike
