#include "core/search/session/search_session.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/search/session/photo_words.h"

namespace lookalike {
namespace {

// A source that answers nothing this often in a row is given up.
constexpr int kFailuresPerSource = 10;
constexpr int kQuotaRefusals = 3;
// Near the end of a budget what is left is shared among so many requests; see attempts_for().
constexpr int kRequestsToShareWith = 10;
// Some sources need a second request for words that are no tags, and a call that fails is a part of few.
constexpr int kRequestsOfACall = 2;
constexpr size_t kLooksAtAll = 100;
// So many looks in a row that never reached their host end the search.
constexpr int kUnsentLooks = 10;

// What an answer takes from its budget. One from a cache counts as the request that it stands for: then a cache changes
// what a search costs, and not what it finds.
int charged(const TransferCost& cost, int held) {
  return std::min(held, cost.cached ? 1 : cost.charged > 0 ? cost.charged : cost.requests);
}

}  // namespace

SearchSession::SearchSession(SearchOptions options, const Strategy& strategy, const Scorer& scorer)
    : SearchSession(std::move(options), strategy) {
  on_query(scorer, {});
}

SearchSession::SearchSession(SearchOptions options, const Strategy& strategy)
    : options_(std::move(options)),
      strategy_(strategy),
      selector_(strategy.make_selector != nullptr ? strategy.make_selector(setup()) : nullptr),
      planner_(strategy.make_planner != nullptr ? strategy.make_planner(setup()) : nullptr),
      word_filter_{.excluded = {}, .ignores = options_.ignores_tag},
      random_(options_.seed ^ 0x9E3779B97F4A7C15u),  // another sequence than the selector's
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
    general_words_.insert(tag);
    if (planner_)
      planner_->add_fallback(tag);
    else
      selector_->add_fallback(tag);
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

StrategySetup SearchSession::setup() const {
  return {.seed = options_.seed, .tags = &tags_, .words = options_.words};
}

void SearchSession::on_query(const Scorer& scorer, const std::vector<std::vector<std::string>>& first_queries) {
  assert(scorer_ == nullptr);
  scorer_ = &scorer;
  nothing_to_begin_ = false;
  for (const auto& alternatives : first_queries)
    add_first_query(alternatives);
}

void SearchSession::add_first_query(std::vector<std::string> alternatives) {
  while (!alternatives.empty()) {
    const auto tag = tags_.intern(alternatives.front());
    alternatives.erase(alternatives.begin());
    if (!tag || word_filter_.excluded.contains(*tag) || listings_.contains(*tag)) continue;
    alternatives_[*tag] = std::move(alternatives);
    listings_[*tag];
    ++first_queries_known_;
    if (planner_)
      planner_->add_first_query(*tag);
    else
      selector_->add_first_query(*tag);
    return;
  }
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
    const bool may_take = scorer_ != nullptr || (order_.is_full() && order_.next_kind() == RequestKind::call);
    auto turn = may_take ? order_.take_next() : std::nullopt;
    if (!turn) break;
    take_in(turn->first, std::move(turn->second));
  }
  if (planner_) calls_ran_out_ = calls_ran_out_ || (draws_.empty() && calls_.left() == 0);
}

// False when something of what was decided on can no longer be carried out, which must be thought over.
bool SearchSession::hand_out() {
  bool all_possible = true;
  for (; !decided_.empty(); decided_.pop_front()) {
    const Command& command = decided_.front();
    const auto* look = std::get_if<LookCommand>(&command);
    const int ticket = look != nullptr ? look->ticket : std::get<AskCommand>(command).ticket;
    if (look != nullptr ? network_broken_ : fatal_.has_value()) {
      give_up(ticket);
      all_possible = false;
    } else if (has_slot()) {
      const bool on_this_disk = look != nullptr && !look->photo->local_path.empty();
      move_to(draws_.at(ticket), on_this_disk ? Draw::Stage::in_backlog : Draw::Stage::transferring);
      ready_.push_back(command);
    } else {
      break;
    }
  }
  return all_possible;
}

// Nobody can carry it out any more.
void SearchSession::give_up(int ticket) {
  nothing_to_begin_ = false;
  order_.withdraw(ticket);
  Draw& draw = draws_.at(ticket);
  if (draw.calls_held > 0) {
    --calls_under_way_;
    calls_.settle(std::exchange(draw.calls_held, 0), 0);
  }
  end_draw(ticket, DrawResult::Outcome::empty);
}

// False when nothing can be begun with what is known.
bool SearchSession::begin_next() {
  if (network_broken_ || !may_begin()) return false;
  return planner_ ? begin_step() : begin_draw();
}

// Listed photos whose turn it is, then what the planner names, then what else is listed.
bool SearchSession::begin_step() {
  const bool may_look = scorer_ != nullptr && images_.left() > 0;
  if (may_look && begin_listed(listed_->due(photos_))) return true;
  const int images = std::max(0, images_.left() - listed_->kept_back());
  const Planner::Room room{.calls = fatal_ ? 0 : calls_.left(), .images = images};
  if (const auto step = rest_ ? std::nullopt : planner_->next(room)) {
    carry_out(*step);
    return true;
  }
  const bool is_over = static_cast<int>(draws_.size()) == listed_under_way_;
  if (may_look && begin_listed(listed_->spare(photos_, is_over))) return true;
  return may_look && is_over && begin_listed(next_of_rest());
}

void SearchSession::carry_out(const Planner::Step& step) {
  const int ticket = next_ticket_++;
  if (const auto* wanted = std::get_if<Planner::Ask>(&step)) {
    draws_[ticket] = {.tag = wanted->tag};
    return ask(ticket);
  }
  const PhotoNumber photo = std::get<Planner::Look>(step).photo + listed_->photos();
  listed_->on_other_look();
  draws_[ticket] = {.tag = photos_[photo].listed_by, .images_held = images_.hold(attempts_for(images_, 1))};
  look(ticket, photo);
}

// False when there is none.
bool SearchSession::begin_listed(std::optional<PhotoNumber> photo) {
  if (!photo) return false;
  const int ticket = next_ticket_++;
  draws_[ticket] = {.images_held = images_.hold(1), .listed = true};
  ++listed_under_way_;
  look(ticket, *photo);
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

bool SearchSession::begin_draw() {
  if (scorer_ != nullptr && images_.left() > 0 && begin_listed(listed_->due(photos_))) return true;
  const bool in_rounds = !strategy_.bounded_draws || next_ticket_ < std::max(options_.max_calls, options_.max_images);
  if (!in_rounds || images_.left() == 0) return false;
  const auto tag = selector_->select();
  if (!tag) return false;
  const int ticket = next_ticket_++;
  // The image is held before the tag's photos are asked for: a call whose photos cannot be looked at is wasted.
  draws_[ticket] = {.tag = *tag, .images_held = images_.hold(attempts_for(images_, 1))};
  continue_draw(ticket);
  return true;
}

// Near the end of a budget first attempts go before repetitions. Else the last requests would be promised to the draws
// that happen to be under way, each of which would use them up one after the other while most slots are idle.
int SearchSession::attempts_for(const RequestBudget& budget, int least) const {
  return std::clamp(budget.left() / kRequestsToShareWith, least, std::max(least, options_.max_attempts));
}

bool SearchSession::has_slot() const {
  return transferring_ < std::max(1, options_.parallel) && in_backlog_ < std::max(1, options_.backlog);
}

// Until it is known what for, only first queries begin; a round begins with all of them.
bool SearchSession::may_begin() const {
  return scorer_ != nullptr || (!strategy_.bounded_draws && next_ticket_ < first_queries_known_);
}

void SearchSession::begin(int ticket, RequestKind kind, Command command) {
  order_.begin(ticket, kind);
  move_to(draws_.at(ticket), Draw::Stage::decided);
  decided_.push_back(std::move(command));
}

void SearchSession::move_to(Draw& draw, Draw::Stage stage) {
  const auto count = [this](Draw::Stage of, int by) {
    if (of == Draw::Stage::transferring) transferring_ += by;
    if (of == Draw::Stage::in_backlog) in_backlog_ += by;
  };
  count(draw.stage, -1);
  count(stage, 1);
  draw.stage = stage;
}

void SearchSession::continue_draw(int ticket) {
  TagListing& listing = listings_[draws_[ticket].tag];
  bool repeated = false;
  const auto photo = listing.next_unseen(photos_, strategy_.skip_repeated, repeated);
  if (repeated) return end_draw(ticket, DrawResult::Outcome::repeated);
  if (photo) return look(ticket, *photo);
  if (!listing.may_ask(strategy_.next_page)) return end_draw(ticket, DrawResult::Outcome::empty);
  ask(ticket);
}

void SearchSession::look(int ticket, PhotoNumber photo) {
  Draw& draw = draws_[ticket];
  draw.photo = photo;
  draw.query = planner_ || draw.listed ? photos_[photo].brought_by : listings_[draw.tag].last_answer;
  photos_[photo].seen = true;
  begin(ticket, RequestKind::look, LookCommand{ticket, &photos_[photo].photo, draw.images_held});
}

void SearchSession::ask(int ticket) {
  if (fatal_) return end_draw(ticket, DrawResult::Outcome::empty);
  Draw& draw = draws_[ticket];
  draw.calls_held = calls_.hold(attempts_for(calls_, std::min(kRequestsOfACall, options_.max_attempts)));
  if (draw.calls_held == 0) {
    if (calls_under_way_ > 0) return waiting_for_call_.push_back(ticket);  // what they hold may come back
    calls_ran_out_ = true;
    return end_draw(ticket, DrawResult::Outcome::empty);
  }
  TagListing& listing = listings_[draw.tag];
  if (!listing.asked && strategy_.upload_span.count() > 0) {
    const auto span = std::chrono::duration_cast<std::chrono::seconds>(strategy_.upload_span).count();
    // Whole days, so that the same search asks the same all day long.
    listing.uploaded_before = std::chrono::floor<std::chrono::days>(
        options_.now - std::chrono::seconds(random_.below(static_cast<uint64_t>(span))));
  }
  listing.asked = true;
  const AskedQuery asked = described_query(draw.tag, listing.pages + 1);
  const bool is_tag = asked.why == AskReason::tag;
  draw.query = log_.ask(asked);
  ++calls_under_way_;
  begin(ticket, RequestKind::call,
        AskCommand{ticket, PhotoQuery{.text = tags_.text(draw.tag),
                                      .is_tag = is_tag,
                                      .page = listing.pages + 1,
                                      .per_page = strategy_.photos_per_call,
                                      .uploaded_before = listing.uploaded_before,
                                      .max_requests = draw.calls_held}});
}

AskedQuery SearchSession::described_query(TagId tag, int page) const {
  const auto mean = means_.find(tag);
  const bool on_photos = mean != means_.end();
  const AskReason why = alternatives_.contains(tag)                  ? AskReason::first_query
                        : general_words_.contains(tag) && !on_photos ? AskReason::general_word
                                                                     : AskReason::tag;
  return {.words = tags_.text(tag),
          .why = why,
          .page = page,
          .scored_before = counts_.images_scored,
          .expected = on_photos ? mean->second : LogMean{}};
}

void SearchSession::arrive(int ticket, RequestReport report) {
  move_to(draws_.at(ticket), Draw::Stage::here);
  if (auto let_go = order_.arrive(ticket, std::move(report))) take_in(ticket, *std::move(let_go));
}

void SearchSession::take_in(int ticket, RequestReport report) {
  nothing_to_begin_ = false;
  if (auto* photos = std::get_if<PhotoAnswer>(&report))
    take_in_photos(ticket, std::move(*photos));
  else
    take_in_features(ticket, std::get<FeatureAnswer>(report));
}

void SearchSession::take_in_all() {
  if (scorer_ == nullptr) return;
  while (auto turn = order_.take_arrived())
    take_in(turn->first, std::move(turn->second));
}

void SearchSession::on_photos(int ticket, PhotoAnswer answer) {
  count_call(answer);
  arrive(ticket, std::move(answer));
}

void SearchSession::take_in_photos(int ticket, PhotoAnswer answer) {
  Draw& draw = draws_.at(ticket);
  --calls_under_way_;
  const int held = std::exchange(draw.calls_held, 0);
  calls_.settle(held, charged(answer.cost, held));
  count_shares(sources_, errors_, answer);
  TagListing& listing = listings_[draw.tag];
  if (answer.page.ok()) {
    const size_t known_before = photos_.size();
    const auto listed = add_page(draw, std::move(*answer.page));
    const bool nothing_there = listing.photos.empty();
    if (nothing_there) add_first_query(std::exchange(alternatives_[draw.tag], {}));
    if (planner_)
      tell_planner(ticket, listed, known_before);
    else
      continue_draw(ticket);
  } else {
    const Error& error = answer.page.error();
    log_.fail(draw.query);
    count_error(errors_, error);
    const bool query_at_fault = error.code == ErrorCode::usage;
    listing.failures += query_at_fault ? kFailuresPerTag : 1;
    if (query_at_fault) add_first_query(std::exchange(alternatives_[draw.tag], {}));
    const TagId tag = draw.tag;
    const bool once_more = !query_at_fault && alternatives_.contains(tag) && listing.failures < kFailuresPerTag;
    if (planner_) {
      tell_planner(ticket, {}, photos_.size());
      if (once_more) planner_->add_first_query(tag);
    } else {
      end_draw(ticket, DrawResult::Outcome::failed);
    }
  }
  resume_waiting();
}

void SearchSession::tell_planner(int ticket, std::vector<PhotoNumber> photos, size_t known_before) {
  const TagId asked = draws_.at(ticket).tag;
  draws_.erase(ticket);
  std::vector<std::vector<TagId>> tags;
  std::vector<std::vector<TagId>> words;
  std::erase_if(photos, [this](PhotoNumber photo) { return photo < listed_->photos(); });
  for (const PhotoNumber photo : photos) {
    const bool is_new = photo >= known_before;
    tags.push_back(is_new ? tags_of(photos_[photo].photo, tags_, word_filter_) : std::vector<TagId>{});
    words.push_back(is_new ? title_words_of(photos_[photo].photo, tags.back(), tags_, word_filter_)
                           : std::vector<TagId>{});
  }
  std::vector<ListedPhoto> listed;
  for (size_t i = 0; i < photos.size(); ++i)
    listed.push_back({photos[i] - listed_->photos(), photos[i] >= known_before, tags[i], words[i]});
  planner_->on_listing(asked, listed);
}

void SearchSession::count_call(const PhotoAnswer& answer) {
  counts_.api_calls += answer.cost.requests;
  counts_.bytes += answer.cost.bytes;
  counts_.cache_hits += answer.cost.cached ? 1 : 0;
  counts_.calls_saved += answer.cost.cached ? 1 : 0;
  if (answer.page.ok()) {
    ++counts_.calls_answered;
    failures_in_a_row_ = 0;
  } else if (answer.page.error().code != ErrorCode::usage) {  // else the query is at fault
    on_call_failed(answer.page.error());
  }
}

void SearchSession::resume_waiting() {
  for (const int ticket : std::exchange(waiting_for_call_, {}))
    ask(ticket);
}

std::vector<PhotoNumber> SearchSession::add_page(const Draw& draw, PhotoPage page) {
  const size_t known_before = photos_.size();
  std::vector<PhotoNumber> listed = photos_.add(std::move(page.photos), draw.tag, draw.query);
  const size_t new_photos = photos_.size() - known_before;
  listings_[draw.tag].add_page(listed, new_photos > 0, page.has_more, draw.query);
  log_.answer(draw.query, static_cast<int>(listed.size()), static_cast<int>(new_photos));
  return listed;
}

// Takes effect at once: a source that refuses is not asked again because it is not yet its turn.
void SearchSession::on_call_failed(const Error& error) {
  ++failures_in_a_row_;
  const bool refused = error.code == ErrorCode::quota && failures_in_a_row_ >= kQuotaRefusals;
  // Further calls would fare alike: they would have to wait as well, or there is no way to a source that never
  // answered.
  const bool waits = error.cause == ErrorCause::rate;
  const bool unreachable = error.cause == ErrorCause::unreachable && counts_.calls_answered == 0;
  const bool fails = refused || waits || unreachable || failures_in_a_row_ >= kFailuresPerSource;
  if (!fatal_ && (error.code == ErrorCode::auth || fails)) fatal_ = error;
}

// Such looks cost nothing, so no budget would end a row of them.
void SearchSession::on_look_unsent(const Error& error) {
  if (error.cause == ErrorCause::other || ++unsent_in_a_row_ < kUnsentLooks) return;
  if (!fatal_) fatal_ = error;
  network_broken_ = true;
}

void SearchSession::count_look(Draw& draw, const TransferCost& cost) {
  if (std::exchange(draw.cost_known, true)) return;
  counts_.images_downloaded += cost.requests;
  counts_.bytes += cost.bytes;
  counts_.cache_hits += cost.cached ? 1 : 0;
}

void SearchSession::on_transferred(int ticket, const TransferCost& cost) {
  Draw& draw = draws_.at(ticket);
  count_look(draw, cost);
  move_to(draw, Draw::Stage::in_backlog);
}

void SearchSession::on_features(int ticket, FeatureAnswer answer) {
  count_look(draws_.at(ticket), answer.cost);
  if (answer.cost.requests > 0 || answer.cost.cached) unsent_in_a_row_ = 0;
  if (!answer.embedding.ok()) on_look_unsent(answer.embedding.error());
  if (!answer.embedding.ok() && answer.embedding.error().code == ErrorCode::model) {
    fatal_ = answer.embedding.error();
    network_broken_ = true;
  }
  arrive(ticket, std::move(answer));
}

void SearchSession::take_in_features(int ticket, const FeatureAnswer& answer) {
  Draw& draw = draws_.at(ticket);
  const int held = std::exchange(draw.images_held, 0);
  images_.settle(held, charged(answer.cost, held));
  if (answer.embedding.ok()) return score_photo(ticket, *answer.embedding);
  const Error& error = answer.embedding.error();
  const bool sent = error.cause == ErrorCause::other || answer.cost.requests > 0;
  if (sent) ++counts_.images_failed;
  if (sent || error.cause == ErrorCause::unreachable) count_error(errors_, error);
  end_draw(ticket, DrawResult::Outcome::failed);
}

void SearchSession::score_photo(int ticket, const Embedding& embedding) {
  const Draw& draw = draws_.at(ticket);
  const Photo& photo = photos_[*draw.photo].photo;
  const Score score = scorer_->score(embedding);
  if (!std::isfinite(score.order) || !std::isfinite(score.log_score)) {
    ++counts_.images_failed;
    count_error(errors_, {ErrorCode::bad_data, "the network gave no finite features for " + photo.image_url});
    return end_draw(ticket, DrawResult::Outcome::failed);
  }
  ++counts_.images_scored;
  const std::vector<TagId> tags = tags_of(photo, tags_, word_filter_);
  for (const TagId tag : tags)
    means_[tag].add(score.log_score);
  const bool has_tag = draw.listed || std::find(tags.begin(), tags.end(), draw.tag) != tags.end();
  if (!has_tag) means_[draw.tag].add(score.log_score);
  const std::string found_by = draw.listed ? "" : tags_.text(draw.tag);
  const int rank = insert_found({photo, score, found_by, counts_.images_scored, embedding, {}, *draw.photo});
  log_.score(draw.query, score.log_score, rank == 1);
  end_draw(ticket, {draw.tag, DrawResult::Outcome::scored, score.log_score, rank, tags, embedding});
}

int SearchSession::insert_found(FoundPhoto found) {
  const auto place =
      std::upper_bound(found_.begin(), found_.end(), found, [](const FoundPhoto& a, const FoundPhoto& b) {
        return a.score.order != b.score.order ? a.score.order > b.score.order : a.known_as < b.known_as;
      });
  const int rank = static_cast<int>(place - found_.begin()) + 1;
  if (static_cast<size_t>(rank) > options_.embeddings_kept) found.embedding = {};
  found_.insert(place, std::move(found));
  if (found_.size() > options_.embeddings_kept) found_[options_.embeddings_kept].embedding = {};
  return rank;
}

void SearchSession::end_draw(int ticket, DrawResult::Outcome outcome) {
  end_draw(ticket, DrawResult{.tag = draws_.at(ticket).tag, .outcome = outcome});
}

void SearchSession::end_draw(int ticket, const DrawResult& result) {
  const Draw draw = draws_.at(ticket);
  images_.settle(draw.images_held, 0);
  draws_.erase(ticket);
  listed_under_way_ -= draw.listed ? 1 : 0;
  if (draw.listed) return;
  if (!planner_) return selector_->observe(result);
  const bool scored = result.outcome == DrawResult::Outcome::scored;
  if (draw.photo)
    planner_->on_look(*draw.photo - listed_->photos(), scored ? std::optional(result.log_score) : std::nullopt);
  else
    planner_->on_listing(draw.tag, {});  // no call was left for it
}

const FoundPhoto* SearchSession::best() const {
  return found_.empty() ? nullptr : &found_.front();
}

StopReason SearchSession::natural_end() const {
  if (fatal_) return fatal_->cause == ErrorCause::rate ? StopReason::rate : StopReason::source_failed;
  if (strategy_.only_listed && listed_->all_begun(photos_)) return StopReason::exhausted;
  if (images_.left() == 0) return StopReason::max_images;
  if (calls_ran_out_) return StopReason::max_calls;
  if (strategy_.bounded_draws && next_ticket_ >= std::max(options_.max_calls, options_.max_images))
    return StopReason::rounds;
  return StopReason::exhausted;
}

SearchOutcome SearchSession::outcome(std::optional<StopReason> reason) const {
  SearchOutcome outcome{.photos = found_,
                        .errors = errors_,
                        .counts = counts_,
                        .sources = sources_,
                        .asked = log_.queries(),
                        .stopped_by = reason.value_or(natural_end()),
                        .repeatable = !reason && !fatal_ && order_.let_go_of() == 0,
                        .fatal = fatal_};
  for (TagId tag = 0; tag < tags_.size(); ++tag) {
    const auto mean = means_.find(tag);
    const auto listing = listings_.find(tag);
    const bool asked = listing != listings_.end() && listing->second.asked;
    if (mean == means_.end() && !asked) continue;
    const LogMean known = mean == means_.end() ? LogMean{} : mean->second;
    outcome.tags.push_back({tags_.text(tag), known.log_mean(), known.count(), asked});
  }
  std::stable_sort(outcome.tags.begin(), outcome.tags.end(),
                   [](const TagSummary& a, const TagSummary& b) { return a.log_mean > b.log_mean; });
  return outcome;
}

}  // namespace lookalike
