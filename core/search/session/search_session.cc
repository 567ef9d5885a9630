#include "core/search/session/search_session.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace lookalike {
namespace {

// Near the end of a budget what is left is shared among so many requests; see attempts_for().
constexpr int kRequestsToShareWith = 10;
// Some sources need a second request for words that are no tags, and a call that fails is a part of few.
constexpr int kRequestsOfACall = 2;
constexpr size_t kLooksAtAll = 100;

// What an answer takes from its budget. One from a cache counts as the request that it stands for: then a cache changes
// what a search costs, and not what it finds.
int charged(const TransferCost& cost, int held) {
  return std::min(held, cost.cached ? 1 : cost.charged > 0 ? cost.charged : cost.requests);
}

int ticket_of(const Command& command) {
  return std::visit([](const auto& one) { return one.ticket; }, command);
}

StopReason stop_reason(Planner::End end) {
  switch (end) {
    case Planner::End::calls: return StopReason::max_calls;
    case Planner::End::rounds: return StopReason::rounds;
    case Planner::End::exhausted: break;
  }
  return StopReason::exhausted;
}

}  // namespace

SearchSession::SearchSession(SearchOptions options, const Strategy& strategy, const Scorer& scorer)
    : SearchSession(std::move(options), strategy) {
  on_query({.scorer = std::shared_ptr<const Scorer>(std::shared_ptr<void>(), &scorer), .first_queries = {}});
}

SearchSession::SearchSession(SearchOptions options, const Strategy& strategy)
    : options_(std::move(options)),
      strategy_(strategy),
      planner_(strategy.make({.seed = options_.seed,
                              .tags = &tags_,
                              .words = options_.words,
                              .max_calls = options_.max_calls,
                              .max_images = options_.max_images})),
      word_filter_{.excluded = {}, .ignores = options_.ignores_tag},
      // Another sequence of chance than the strategy's.
      queries_({.now = options_.now, .span = strategy.upload_span}, options_.seed ^ 0x9E3779B97F4A7C15u),
      found_(options_.embeddings_kept),
      // Where nothing is chosen, what is under way is bounded by memory alone.
      order_(strategy.only_listed ? kLooksAtAll : ReportOrder::kUnderWay),
      calls_(options_.max_calls),
      images_(options_.max_images) {
  add_listed();
  for (const std::string& text : options_.excluded_tags) {
    if (const auto tag = tags_.intern(text)) word_filter_.excluded.insert(*tag);
  }
  for (const auto& alternatives : options_.first_queries)
    add_first_query(alternatives);
  for (const char* text : strategy_.general_words) {
    const TagId tag = *tags_.intern(text);
    if (word_filter_.excluded.contains(tag)) continue;
    queries_.add_general_word(tag);
    planner_->add_fallback(tag);
  }
}

SearchSession::~SearchSession() = default;

void SearchSession::add_listed() {
  std::vector<Photo>& listed = options_.listed.photos;
  if (!listed.empty()) {
    const size_t query = log_.ask({.words = "(listed)", .why = AskReason::listing});
    photos_.add(std::exchange(listed, {}), 0, query);
    log_.answer(query, static_cast<int>(photos_.size()), static_cast<int>(photos_.size()));
  }
  listed_.emplace(options_.listed, photos_.size());
}

void SearchSession::on_query(SearchQuery query) {
  assert(query_.scorer == nullptr);
  query_ = std::move(query);
  nothing_to_begin_ = false;
  for (const auto& alternatives : query_.first_queries)
    add_first_query(alternatives);
}

void SearchSession::add_first_query(TagQueries::Words alternatives) {
  const auto tag = queries_.add_first_query(std::move(alternatives), tags_, word_filter_.excluded);
  if (tag) planner_->add_first_query(*tag);
}

std::vector<Command> SearchSession::next_commands() {
  do {
    decide();
  } while (!hand_out());
  return std::exchange(ready_, {});
}

// Begins what can be begun with what is known, and takes in the next report when nothing can.
void SearchSession::decide() {
  while (true) {
    if (!order_.is_full() && !nothing_to_begin_ && begin_next()) continue;
    nothing_to_begin_ = !order_.is_full();
    // Before the query is known, what is asked hangs on no answer, and there are no scores.
    const bool may_take = query_.scorer || (order_.is_full() && order_.next_kind() == RequestKind::call);
    auto turn = may_take ? order_.take_next() : std::nullopt;
    if (!turn) return;
    take_in(turn->first, std::move(turn->second));
  }
}

// Until it is known what for, only first queries begin.
bool SearchSession::may_begin() const {
  if (health_.cannot_look()) return false;
  return query_.scorer || (!strategy_.waits_for_query && asks_begun_ < queries_.first_queries());
}

// Listed photos whose turn it is, then what the strategy names, then what else is listed. False when nothing can be
// begun with what is known.
bool SearchSession::begin_next() {
  if (!may_begin()) return false;
  const bool may_look = query_.scorer && images_.left() > 0;
  if (may_look && begin_listed(listed_->due(photos_))) return true;
  if (const auto step = rest_ ? std::nullopt : planner_->next(room())) {
    carry_out(*step);
    return true;
  }
  const bool is_over = static_cast<int>(under_way_.size()) == listed_under_way_;
  if (may_look && begin_listed(listed_->spare(photos_, is_over))) return true;
  return may_look && is_over && begin_listed(next_of_rest());
}

Planner::Room SearchSession::room() const {
  const bool may_call = !health_.fatal();
  return {.calls = may_call ? calls_.left() : 0,
          .images = std::max(0, images_.left() - listed_->kept_back()),
          .calls_may_return = may_call && calls_under_way_ > 0};
}

// False when there is none.
bool SearchSession::begin_listed(std::optional<PhotoNumber> photo) {
  if (!photo) return false;
  ++listed_under_way_;
  look(*photo, {.query = photos_[*photo].brought_by, .images_held = images_.hold(1), .listed = true});
  return true;
}

std::optional<PhotoNumber> SearchSession::next_of_rest() {
  std::vector<Photo>& rest = options_.listed.rest;
  if (!rest_ && rest.empty()) return std::nullopt;
  if (!rest_) {
    const size_t query = log_.ask({.words = "(listed)", .why = AskReason::listing, .page = 2});
    const size_t known_before = photos_.size();
    rest_ = photos_.add(std::exchange(rest, {}), 0, query);
    log_.answer(query, static_cast<int>(rest_->size()), static_cast<int>(photos_.size() - known_before));
  }
  while (rest_begun_ < rest_->size() && photos_[(*rest_)[rest_begun_]].seen)
    ++rest_begun_;
  return rest_begun_ < rest_->size() ? std::optional((*rest_)[rest_begun_++]) : std::nullopt;
}

void SearchSession::carry_out(const Planner::Step& step) {
  if (const auto* wanted = std::get_if<Planner::Ask>(&step)) return ask(wanted->tag);
  const auto& wanted = std::get<Planner::Look>(step);
  const PhotoNumber photo = wanted.photo + listed_->photos();
  const KnownPhoto& known = photos_[photo];
  listed_->on_other_look();
  look(photo, {.tag = wanted.chosen_by.value_or(known.listed_by),
               .query = wanted.chosen_by ? queries_.last_answer(*wanted.chosen_by) : known.brought_by,
               .images_held = images_.hold(image_attempts())});
}

void SearchSession::look(PhotoNumber photo, UnderWay command) {
  command.photo = photo;
  photos_[photo].seen = true;
  const int images = command.images_held;
  const int ticket = begin(RequestKind::look, command);
  decided_.push_back(LookCommand{ticket, &photos_[photo].photo, images});
}

void SearchSession::ask(TagId tag) {
  ++asks_begun_;
  ++calls_under_way_;
  const TagQueries::Next next = queries_.begin(tag);
  const AskedQuery asked = described_query(tag, next.page);
  const int calls = calls_.hold(attempts_for(calls_, std::min(kRequestsOfACall, options_.max_attempts)));
  const int ticket = begin(RequestKind::call, {.tag = tag, .query = log_.ask(asked), .calls_held = calls});
  decided_.push_back(AskCommand{ticket, PhotoQuery{.text = tags_.text(tag),
                                                   .is_tag = asked.why == AskReason::tag,
                                                   .page = next.page,
                                                   .per_page = strategy_.photos_per_call,
                                                   .uploaded_before = next.uploaded_before,
                                                   .max_requests = calls}});
}

AskedQuery SearchSession::described_query(TagId tag, int page) const {
  const auto mean = means_.find(tag);
  const bool on_photos = mean != means_.end();
  return {.words = tags_.text(tag),
          .why = queries_.reason(tag, on_photos),
          .page = page,
          .scored_before = counts_.images_scored,
          .expected = on_photos ? mean->second : LogMean{}};
}

// Near the end of a budget first attempts go before repetitions. Else the last requests would be promised to the
// commands that happen to be under way, each of which would use them up one after the other while most slots are idle.
int SearchSession::attempts_for(const RequestBudget& budget, int least) const {
  return std::clamp(budget.left() / kRequestsToShareWith, least, std::max(least, options_.max_attempts));
}

int SearchSession::image_attempts() const {
  return std::min(attempts_for(images_, 1), std::max(1, images_.left() - planner_->images_kept()));
}

// Returns the ticket.
int SearchSession::begin(RequestKind kind, UnderWay command) {
  const int ticket = next_ticket_++;
  order_.begin(ticket, kind);
  under_way_[ticket] = command;
  return ticket;
}

// False when something of what was decided on can no longer be carried out, which must be thought over.
bool SearchSession::hand_out() {
  bool all_possible = true;
  for (; !decided_.empty(); decided_.pop_front()) {
    const Command& command = decided_.front();
    const auto* look = std::get_if<LookCommand>(&command);
    if (look != nullptr ? health_.cannot_look() : health_.fatal().has_value()) {
      give_up(ticket_of(command));
      all_possible = false;
    } else if (has_slot()) {
      const bool on_this_disk = look != nullptr && !look->photo->local_path.empty();
      move_to(under_way_.at(ticket_of(command)),
              on_this_disk ? UnderWay::Stage::in_backlog : UnderWay::Stage::transferring);
      ready_.push_back(command);
    } else {
      break;
    }
  }
  return all_possible;
}

bool SearchSession::has_slot() const {
  return transferring_ < std::max(1, options_.parallel) && in_backlog_ < std::max(1, options_.backlog);
}

// Nobody can carry it out any more.
void SearchSession::give_up(int ticket) {
  nothing_to_begin_ = false;
  order_.withdraw(ticket);
  const UnderWay command = end(ticket);
  calls_.settle(command.calls_held, 0);
  images_.settle(command.images_held, 0);
  if (command.photo)
    tell_unscored(command);
  else
    planner_->on_listing({.asked = command.tag, .outcome = Listing::Outcome::failed});
}

void SearchSession::move_to(UnderWay& command, UnderWay::Stage stage) {
  const auto count = [this](UnderWay::Stage of, int by) {
    if (of == UnderWay::Stage::transferring) transferring_ += by;
    if (of == UnderWay::Stage::in_backlog) in_backlog_ += by;
  };
  count(command.stage, -1);
  count(stage, 1);
  command.stage = stage;
}

void SearchSession::on_photos(int ticket, PhotoAnswer answer) {
  count_call(answer);
  health_.on_call(answer);
  arrive(ticket, std::move(answer));
}

void SearchSession::on_transferred(int ticket, const TransferCost& cost) {
  UnderWay& look = under_way_.at(ticket);
  count_look(look, cost);
  move_to(look, UnderWay::Stage::in_backlog);
}

void SearchSession::on_features(int ticket, FeatureAnswer answer) {
  count_look(under_way_.at(ticket), answer.cost);
  health_.on_look(answer);
  arrive(ticket, std::move(answer));
}

void SearchSession::count_call(const PhotoAnswer& answer) {
  counts_.api_calls += answer.cost.requests;
  counts_.bytes += answer.cost.bytes;
  counts_.cache_hits += answer.cost.cached ? 1 : 0;
  counts_.calls_saved += answer.cost.cached ? 1 : 0;
  counts_.calls_answered += answer.page.ok() ? 1 : 0;
}

void SearchSession::count_look(UnderWay& look, const TransferCost& cost) {
  if (std::exchange(look.cost_known, true)) return;
  counts_.images_downloaded += cost.requests;
  counts_.bytes += cost.bytes;
  counts_.cache_hits += cost.cached ? 1 : 0;
}

void SearchSession::arrive(int ticket, RequestReport report) {
  move_to(under_way_.at(ticket), UnderWay::Stage::here);
  if (auto let_go = order_.arrive(ticket, std::move(report))) take_in(ticket, *std::move(let_go));
}

void SearchSession::take_in_all() {
  if (!query_.scorer) return;
  while (auto turn = order_.take_arrived())
    take_in(turn->first, std::move(turn->second));
}

void SearchSession::take_in(int ticket, RequestReport report) {
  nothing_to_begin_ = false;
  const UnderWay command = end(ticket);
  if (auto* photos = std::get_if<PhotoAnswer>(&report))
    take_in_photos(command, std::move(*photos));
  else
    take_in_features(command, std::get<FeatureAnswer>(report));
}

// It is under way no more.
SearchSession::UnderWay SearchSession::end(int ticket) {
  const UnderWay command = under_way_.extract(ticket).mapped();
  calls_under_way_ -= command.photo ? 0 : 1;
  listed_under_way_ -= command.listed ? 1 : 0;
  return command;
}

void SearchSession::take_in_photos(const UnderWay& command, PhotoAnswer answer) {
  calls_.settle(command.calls_held, charged(answer.cost, command.calls_held));
  count_shares(sources_, errors_, answer);
  if (answer.page.ok()) return take_in_page(command, std::move(*answer.page));
  const Error& error = answer.page.error();
  log_.fail(command.query);
  count_error(errors_, error);
  const bool query_at_fault = error.code == ErrorCode::usage;
  if (query_at_fault) add_first_query(queries_.take_alternatives(command.tag));
  planner_->on_listing(
      {.asked = command.tag, .outcome = query_at_fault ? Listing::Outcome::refused : Listing::Outcome::failed});
}

void SearchSession::take_in_page(const UnderWay& command, PhotoPage page) {
  const size_t known_before = photos_.size();
  std::vector<PhotoNumber> photos = photos_.add(std::move(page.photos), command.tag, command.query);
  log_.answer(command.query, static_cast<int>(photos.size()), static_cast<int>(photos_.size() - known_before));
  queries_.on_answer(command.tag, photos.size(), command.query);
  add_first_query(queries_.alternatives_if_empty(command.tag));
  tell_page(command.tag, std::move(photos), known_before, page.has_more);
}

// Only a strategy that sees all photos reads their tags.
void SearchSession::tell_page(TagId asked, std::vector<PhotoNumber> photos, size_t known_before, bool has_more) {
  std::erase_if(photos, [this](PhotoNumber photo) { return photo < listed_->photos(); });
  std::vector<std::vector<TagId>> tags(photos.size());
  std::vector<std::vector<TagId>> words(photos.size());
  std::vector<ListedPhoto> listed;
  for (size_t i = 0; i < photos.size(); ++i) {
    const bool is_new = photos[i] >= known_before;
    if (is_new && strategy_.sees_all_photos) {
      tags[i] = tags_of(photos_[photos[i]].photo, tags_, word_filter_);
      words[i] = title_words_of(photos_[photos[i]].photo, tags[i], tags_, word_filter_);
    }
    listed.push_back({photos[i] - listed_->photos(), is_new, tags[i], words[i]});
  }
  planner_->on_listing({.asked = asked, .photos = listed, .has_more = has_more});
}

void SearchSession::take_in_features(const UnderWay& look, const FeatureAnswer& answer) {
  images_.settle(look.images_held, charged(answer.cost, look.images_held));
  if (answer.embedding.ok()) return score_photo(look, *answer.embedding);
  const Error& error = answer.embedding.error();
  const bool sent = error.cause == ErrorCause::other || answer.cost.requests > 0;
  if (sent) ++counts_.images_failed;
  if (sent || error.cause == ErrorCause::unreachable) count_error(errors_, error);
  tell_unscored(look);
}

void SearchSession::tell_unscored(const UnderWay& look) {
  if (!look.listed) planner_->on_look({.photo = *look.photo - listed_->photos()});
}

void SearchSession::score_photo(const UnderWay& look, const Embedding& embedding) {
  const Photo& photo = photos_[*look.photo].photo;
  const Score score = query_.scorer->score(embedding);
  if (!std::isfinite(score.order) || !std::isfinite(score.log_score)) {
    ++counts_.images_failed;
    count_error(errors_, {ErrorCode::bad_data, "the network gave no finite features for " + photo.image_url});
    return tell_unscored(look);
  }
  ++counts_.images_scored;
  const std::vector<TagId> tags = tags_of(photo, tags_, word_filter_);
  for (const TagId tag : tags)
    means_[tag].add(score.log_score);
  const bool has_tag = look.listed || std::ranges::find(tags, look.tag) != tags.end();
  if (!has_tag) means_[look.tag].add(score.log_score);
  const std::string found_by = look.listed ? "" : tags_.text(look.tag);
  const int rank = found_.insert({photo, score, found_by, counts_.images_scored, embedding, {}, *look.photo});
  log_.score(look.query, score.log_score, rank == 1);
  if (look.listed) return;
  planner_->on_look({.photo = *look.photo - listed_->photos(),
                     .log_score = score.log_score,
                     .rank = rank,
                     .tags = tags,
                     .embedding = embedding});
}

StopReason SearchSession::natural_end() const {
  if (const auto& fatal = health_.fatal())
    return fatal->cause == ErrorCause::rate ? StopReason::rate : StopReason::source_failed;
  if (strategy_.only_listed && listed_->all_begun(photos_)) return StopReason::exhausted;
  if (images_.left() == 0) return StopReason::max_images;
  return stop_reason(planner_->end());
}

SearchOutcome SearchSession::outcome(std::optional<StopReason> reason) const {
  return {.photos = found_.photos(),
          .tags = tag_summaries(),
          .errors = errors_,
          .counts = counts_,
          .sources = sources_,
          .asked = log_.queries(),
          .stopped_by = reason.value_or(natural_end()),
          .repeatable = !reason && !health_.fatal() && order_.let_go_of() == 0,
          .fatal = health_.fatal()};
}

std::vector<TagSummary> SearchSession::tag_summaries() const {
  std::vector<TagSummary> summaries;
  for (TagId tag = 0; tag < tags_.size(); ++tag) {
    const auto mean = means_.find(tag);
    const bool asked = queries_.was_asked(tag);
    if (mean == means_.end() && !asked) continue;
    const LogMean known = mean == means_.end() ? LogMean{} : mean->second;
    summaries.push_back({tags_.text(tag), known.log_mean(), known.count(), asked});
  }
  std::ranges::stable_sort(summaries, std::greater<>(), &TagSummary::log_mean);
  return summaries;
}

}  // namespace lookalike
