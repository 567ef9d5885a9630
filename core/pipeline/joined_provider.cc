// How several sources answer as one.
//
// A query goes to all sources at once. Each answer is noted in the State, which outlives the query, and laid into the
// query's Gathering. The last answer that comes completes it: the photos are put together, and `done` is called.
//
// Not every source is asked each time. One that has ended is not: it refused its key, or could never be reached, or
// failed ten times in a row, or refused three times for quota. One whose pages of this query are used up is not. One
// that still owes three answers is passed over while another is free, so that a slow source slows only itself.
//
// What it costs: a budget of calls is meant for each source by itself. So the joined answer is charged as much as its
// dearest part, not the sum.
//
// Example: flickr, openverse and two folders, both named "folder". "cat", page 1, is asked of all four.
//     flickr      answers with c1 c2 c3, more pages, 1 request
//     openverse   answers with o1, no more pages, 3 requests
//     folder      answers with f1, no more, 1 request
//     folder      fails, 1 request
// The photos come in turns: c1 o1 f1 c2 c3. The page has more, 6 requests were made, the budget is charged 3. The
// failure stands in the shares and is counted. Page 2 of "cat" goes to flickr alone. A photo of the second folder would
// have had the id "2:…".
#include "core/pipeline/joined_provider.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace lookalike {
namespace {

// The first of each list, then the second of each, ...
std::vector<Photo> in_turns(std::vector<std::vector<Photo>> lists, size_t limit) {
  std::vector<Photo> all;
  bool more = true;
  for (size_t turn = 0; more && all.size() < limit; ++turn) {
    more = false;
    for (std::vector<Photo>& list : lists) {
      if (turn >= list.size() || all.size() >= limit) continue;
      all.push_back(std::move(list[turn]));
      more = true;
    }
  }
  return all;
}

}  // namespace

// What is known of the sources. Shared with callbacks.
struct JoinedProvider::State {
  struct Source {
    std::string name;
    std::string id_prefix;  // where another source has the same name
    int failures = 0;       // in a row
    int refusals = 0;       // of them for quota
    int waiting = 0;        // queries that it has not answered yet
    bool has_answered = false;
    std::optional<Error> ended;
  };

  // Whether the source may have something on that page.
  bool worth_asking(size_t source, const PhotoQuery& query) const {
    if (sources[source].ended) return false;
    const auto pages = pages_of_query.find(query.text);
    return query.page <= 1 || pages == pages_of_query.end() || pages->second[source] >= query.page;
  }

  // Those to ask. One that is slow, as a service is that allows few calls a minute, is passed over while it has enough
  // to answer: else each query would wait for it.
  std::vector<size_t> choose(const PhotoQuery& query) const {
    std::vector<size_t> ready;
    std::vector<size_t> worth;
    for (size_t i = 0; i < sources.size(); ++i) {
      if (!worth_asking(i, query)) continue;
      worth.push_back(i);
      if (sources[i].waiting < kMostWaiting) ready.push_back(i);
    }
    return ready.empty() ? worth : ready;
  }

  void note(size_t at, const PhotoQuery& query, const PhotoAnswer& answer) {
    Source& source = sources[at];
    --source.waiting;
    if (answer.page.ok()) {
      source.failures = source.refusals = 0;
      source.has_answered = true;
      auto& pages = pages_of_query.try_emplace(query.text, sources.size(), 0).first->second;
      pages[at] = answer.page->has_more ? query.page + 1 : query.page;
      return;
    }
    const Error& error = answer.page.error();
    if (error.code == ErrorCode::usage || source.ended) return;  // the query's fault
    if (error.cause == ErrorCause::rate) return;                 // this search would not wait; another may
    ++source.failures;
    source.refusals = error.code == ErrorCode::quota ? source.refusals + 1 : 0;
    const bool unreachable = error.cause == ErrorCause::unreachable && !source.has_answered;
    const bool over = error.code == ErrorCode::auth || unreachable || source.refusals >= kQuotaRefusalsInARow ||
                      source.failures >= kFailuresInARow;
    if (!over) return;
    source.ended = error;
    // Of the last one the search itself tells, which ends with it.
    const bool is_last = std::all_of(sources.begin(), sources.end(), [](const Source& one) { return one.ended; });
    if (log && !is_last) log(LogLevel::warning, source.name + " is not asked any more: " + error.message);
  }

  mutable std::mutex mutex;
  std::vector<Source> sources;
  std::unordered_map<std::string, std::vector<int>>
      pages_of_query;  // by source, the last page that is worth asking for
  LogSink log;
};

// The answers to one query, until all are there.
class JoinedProvider::Gathering {
 public:
  Gathering(std::shared_ptr<State> state, PhotoQuery query, std::vector<size_t> asked, Done done)
      : state_(std::move(state)),
        query_(std::move(query)),
        asked_(std::move(asked)),
        answers_(asked_.size()),
        missing_(asked_.size()),
        done_(std::move(done)) {}

  const std::vector<size_t>& asked() const { return asked_; }

  void add(size_t place, PhotoAnswer answer) {
    {
      const std::lock_guard lock(state_->mutex);
      state_->note(asked_[place], query_, answer);
      answers_[place] = std::move(answer);
      if (--missing_ > 0) return;
    }
    done_(together());
  }

 private:
  PhotoAnswer together() {
    PhotoAnswer all{.page = PhotoPage{}, .cost = {.cached = true}, .shares = {}};
    bool any = false;
    for (size_t i = 0; i < answers_.size(); ++i) {
      const PhotoAnswer& answer = *answers_[i];
      all.cost.requests += answer.cost.requests;
      all.cost.bytes += answer.cost.bytes;
      all.cost.cached = all.cost.cached && answer.cost.cached;
      all.cost.charged = std::max(all.cost.charged, answer.cost.cached ? 1 : answer.cost.requests);
      all.shares.push_back(share(i));
      any = any || answer.page.ok();
    }
    if (any)
      take_in_turns(*all.page);
    else
      all.page = failure();
    return all;
  }

  // Of a source that goes on, if there is one: the end of another is not the end of all.
  Error failure() const {
    const std::lock_guard lock(state_->mutex);
    const auto goes_on =
        std::find_if(asked_.begin(), asked_.end(), [&](size_t source) { return !state_->sources[source].ended; });
    const auto place = goes_on == asked_.end() ? asked_.size() - 1 : static_cast<size_t>(goes_on - asked_.begin());
    return answers_[place]->page.error();
  }

  SourceShare share(size_t place) const {
    const PhotoAnswer& answer = *answers_[place];
    return {.source = state_->sources[asked_[place]].name,
            .requests = answer.cost.requests,
            .photos = answer.page.ok() ? static_cast<int>(answer.page->photos.size()) : 0,
            .error = answer.page.ok() ? std::nullopt : std::optional(answer.page.error())};
  }

  void take_in_turns(PhotoPage& page) {
    std::vector<std::vector<Photo>> lists;
    for (size_t i = 0; i < answers_.size(); ++i) {
      if (!answers_[i]->page.ok()) continue;
      page.has_more = page.has_more || answers_[i]->page->has_more;
      lists.push_back(std::move(answers_[i]->page->photos));
      for (Photo& photo : lists.back())
        photo.id.insert(0, state_->sources[asked_[i]].id_prefix);
    }
    page.photos = in_turns(std::move(lists), SIZE_MAX);
  }

  std::shared_ptr<State> state_;
  PhotoQuery query_;
  std::vector<size_t> asked_;
  std::vector<std::optional<PhotoAnswer>> answers_;  // by place in asked_
  size_t missing_;
  Done done_;
};

JoinedProvider::JoinedProvider(std::vector<std::unique_ptr<Provider>> sources, LogSink log)
    : state_(std::make_shared<State>()), sources_(std::move(sources)) {
  assert(!sources_.empty());
  state_->log = std::move(log);
  for (const auto& source : sources_) {
    const auto namesakes = std::count_if(state_->sources.begin(), state_->sources.end(),
                                         [&](const State::Source& other) { return other.name == source->name(); });
    state_->sources.push_back(
        {.name = source->name(), .id_prefix = namesakes == 0 ? "" : std::to_string(namesakes + 1) + ":", .ended = {}});
    if (namesakes == 0) name_ += (name_.empty() ? "" : ",") + source->name();
  }
}

JoinedProvider::~JoinedProvider() = default;

void JoinedProvider::search(const PhotoQuery& query, Done done) {
  std::vector<size_t> asked;
  std::optional<Error> ended;
  {
    const std::lock_guard lock(state_->mutex);
    asked = state_->choose(query);
    for (const size_t source : asked)
      ++state_->sources[source].waiting;
    const auto is_going_on = [](const State::Source& source) { return !source.ended.has_value(); };
    if (std::none_of(state_->sources.begin(), state_->sources.end(), is_going_on)) ended = state_->sources.back().ended;
  }
  if (ended) return done({.page = *ended, .cost = {}, .shares = {}});
  if (asked.empty()) return done({.page = PhotoPage{}, .cost = {}, .shares = {}});
  const auto gathering = std::make_shared<Gathering>(state_, query, std::move(asked), std::move(done));
  for (size_t place = 0; place < gathering->asked().size(); ++place) {
    sources_[gathering->asked()[place]]->search(
        query, [gathering, place](PhotoAnswer answer) { gathering->add(place, std::move(answer)); });
  }
}

std::vector<std::vector<Photo>> JoinedProvider::of_each(const OfSource& of_source) const {
  std::vector<std::vector<Photo>> lists;
  for (size_t i = 0; i < sources_.size(); ++i) {
    lists.push_back(of_source(*sources_[i]));
    for (Photo& photo : lists.back())
      photo.id.insert(0, state_->sources[i].id_prefix);
  }
  return lists;
}

size_t JoinedProvider::listable(ListOf which) const {
  size_t photos = 0;
  for (const auto& source : sources_)
    photos += source->listable(which);
  return photos;
}

bool JoinedProvider::lists_all() const {
  return std::ranges::all_of(sources_, [](const auto& source) { return source->lists_all(); });
}

std::vector<Photo> JoinedProvider::list(ListOf which, size_t limit) const {
  return in_turns(of_each([=](const Provider& source) { return source.list(which, limit); }), limit);
}

std::vector<Photo> JoinedProvider::copies_of(const FileIdentity& file, const std::stop_token& stop) const {
  return in_turns(of_each([&](const Provider& source) { return source.copies_of(file, stop); }), SIZE_MAX);
}

}  // namespace lookalike
