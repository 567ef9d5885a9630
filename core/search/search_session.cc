#include "core/search/search_session.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/search/photo_words.h"

namespace lookalike {
namespace {

// A source that answers nothing this often in a row is given up.
constexpr int kFailuresPerSource = 10;
constexpr int kQuotaRefusals = 3;
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
      calls_(options_.max_calls),
      images_(options_.max_images) {
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

StrategySetup SearchSession::setup() const {
  return {.seed = options_.seed, .tags = &tags_, .words = options_.words};
}

void SearchSession::on_query(const Scorer& scorer, const std::vector<std::vector<std::string>>& first_queries) {
  assert(scorer_ == nullptr);
  scorer_ = &scorer;
  for (const auto& alternatives : first_queries)
    add_first_query(alternatives);
  for (auto& [ticket, answer] : std::exchange(waiting_for_query_, {}))
    on_features(ticket, std::move(answer));
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
  if (planner_)
    start_steps();
  else
    start_draws();
  return std::exchange(ready_, {});
}

void SearchSession::start_draws() {
  while (may_draw()) {
    const auto tag = selector_->select();
    if (!tag) break;
    start_draw(*tag);
  }
}

void SearchSession::start_steps() {
  while (!network_broken_ && has_room()) {
    const auto step = planner_->next({.calls = fatal_ ? 0 : calls_.left(), .images = images_.left()});
    if (!step) break;
    start_step(*step);
  }
  calls_ran_out_ = calls_ran_out_ || (draws_.empty() && calls_.left() == 0);
}

void SearchSession::start_step(const PhotoPlanner::Step& step) {
  const int ticket = next_ticket_++;
  if (const auto* wanted = std::get_if<PhotoPlanner::Ask>(&step)) {
    draws_[ticket] = {.tag = wanted->tag};
    return ask(ticket);
  }
  const PhotoNumber photo = std::get<PhotoPlanner::Look>(step).photo;
  draws_[ticket] = {.tag = photos_[photo].listed_by, .images_held = images_.hold(attempts_for(images_))};
  look(ticket, photo);
}

// Near the end of a budget first attempts go before repetitions. Else the last requests would be promised to the draws
// that happen to be under way, each of which would use them up one after the other while most slots are idle.
int SearchSession::attempts_for(const RequestBudget& budget) const {
  return std::clamp(budget.left() / std::max(1, options_.parallel), 1, std::max(1, options_.max_attempts));
}

bool SearchSession::has_room() const {
  const int transfers = static_cast<int>(draws_.size()) - in_backlog_;
  if (transfers >= options_.parallel || in_backlog_ >= std::max(1, options_.backlog)) return false;
  // Until it is known what for, only first queries begin; a round begins with all of them.
  return scorer_ != nullptr || (!strategy_.bounded_draws && next_ticket_ < first_queries_known_);
}

bool SearchSession::may_draw() const {
  const bool in_rounds = !strategy_.bounded_draws || next_ticket_ < std::max(options_.max_calls, options_.max_images);
  return in_rounds && !network_broken_ && images_.left() > 0 && has_room();
}

void SearchSession::start_draw(TagId tag) {
  const int ticket = next_ticket_++;
  // The image is held before the tag's photos are asked for: a call whose photos cannot be looked at is wasted.
  draws_[ticket] = {.tag = tag, .images_held = images_.hold(attempts_for(images_))};
  continue_draw(ticket);
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
  draw.query = planner_ ? photos_[photo].brought_by : listings_[draw.tag].last_answer;
  photos_[photo].seen = true;
  if (!photos_[photo].photo.local_path.empty()) join_backlog(draw);  // nothing is transferred
  ready_.push_back(LookCommand{ticket, &photos_[photo].photo, draw.images_held});
}

void SearchSession::ask(int ticket) {
  if (fatal_) return end_draw(ticket, DrawResult::Outcome::empty);
  Draw& draw = draws_[ticket];
  draw.calls_held = calls_.hold(attempts_for(calls_));
  if (draw.calls_held == 0) {
    if (calls_under_way_ > 0) return waiting_for_call_.push_back(ticket);  // what they hold may come back
    calls_ran_out_ = true;
    return end_draw(ticket, DrawResult::Outcome::empty);
  }
  TagListing& listing = listings_[draw.tag];
  if (!listing.asked && strategy_.upload_span.count() > 0) {
    const auto span = std::chrono::duration_cast<std::chrono::seconds>(strategy_.upload_span).count();
    listing.uploaded_before = options_.now - std::chrono::seconds(random_.below(static_cast<uint64_t>(span)));
  }
  listing.asked = true;
  draw.query = log_.ask(described_query(draw.tag, listing.pages + 1));
  ++calls_under_way_;
  ready_.push_back(AskCommand{ticket, PhotoQuery{.text = tags_.text(draw.tag),
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

void SearchSession::on_photos(int ticket, PhotoAnswer answer) {
  Draw& draw = draws_.at(ticket);
  settle_call(answer.cost, std::exchange(draw.calls_held, 0));
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
    log_.fail(draw.query);
    on_call_failed(listing, answer.page.error());
    if (planner_)
      tell_planner(ticket, {}, photos_.size());
    else
      end_draw(ticket, DrawResult::Outcome::failed);
  }
  resume_waiting();
}

void SearchSession::tell_planner(int ticket, const std::vector<PhotoNumber>& photos, size_t known_before) {
  const TagId asked = draws_.at(ticket).tag;
  draws_.erase(ticket);
  std::vector<std::vector<TagId>> tags;
  std::vector<std::vector<TagId>> words;
  for (const PhotoNumber photo : photos) {
    const bool is_new = photo >= known_before;
    tags.push_back(is_new ? tags_of(photos_[photo].photo, tags_, word_filter_) : std::vector<TagId>{});
    words.push_back(is_new ? title_words_of(photos_[photo].photo, tags.back(), tags_, word_filter_)
                           : std::vector<TagId>{});
  }
  std::vector<ListedPhoto> listed;
  for (size_t i = 0; i < photos.size(); ++i)
    listed.push_back({photos[i], photos[i] >= known_before, tags[i], words[i]});
  planner_->on_listing(asked, listed);
}

void SearchSession::settle_call(const TransferCost& cost, int held) {
  --calls_under_way_;
  calls_.settle(held, charged(cost, held));
  counts_.api_calls += cost.requests;
  counts_.bytes += cost.bytes;
  counts_.cache_hits += cost.cached ? 1 : 0;
  counts_.calls_saved += cost.cached ? 1 : 0;
}

void SearchSession::resume_waiting() {
  for (const int ticket : std::exchange(waiting_for_call_, {}))
    ask(ticket);
}

std::vector<PhotoNumber> SearchSession::add_page(const Draw& draw, PhotoPage page) {
  ++counts_.calls_answered;
  failures_in_a_row_ = 0;
  const size_t known_before = photos_.size();
  std::vector<PhotoNumber> listed = photos_.add(std::move(page.photos), draw.tag, draw.query);
  const size_t new_photos = photos_.size() - known_before;
  listings_[draw.tag].add_page(listed, new_photos > 0, page.has_more, draw.query);
  log_.answer(draw.query, static_cast<int>(listed.size()), static_cast<int>(new_photos));
  return listed;
}

void SearchSession::on_call_failed(TagListing& listing, const Error& error) {
  count_error(errors_, error);
  const bool query_at_fault = error.code == ErrorCode::usage;
  listing.failures += query_at_fault ? kFailuresPerTag : 1;
  if (query_at_fault) return;
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

void SearchSession::join_backlog(Draw& draw) {
  if (!draw.in_backlog) ++in_backlog_;
  draw.in_backlog = true;
}

void SearchSession::settle_look(Draw& draw, const TransferCost& cost) {
  if (std::exchange(draw.cost_known, true)) return;
  const int held = std::exchange(draw.images_held, 0);
  images_.settle(held, charged(cost, held));
  counts_.images_downloaded += cost.requests;
  counts_.bytes += cost.bytes;
  counts_.cache_hits += cost.cached ? 1 : 0;
}

void SearchSession::on_transferred(int ticket, const TransferCost& cost) {
  Draw& draw = draws_.at(ticket);
  settle_look(draw, cost);
  join_backlog(draw);
}

void SearchSession::on_features(int ticket, FeatureAnswer answer) {
  if (scorer_ == nullptr) {
    on_transferred(ticket, answer.cost);
    waiting_for_query_.emplace_back(ticket, std::move(answer));
    return;
  }
  settle_look(draws_.at(ticket), answer.cost);
  if (answer.cost.requests > 0 || answer.cost.cached) unsent_in_a_row_ = 0;
  if (answer.embedding.ok()) return score_photo(ticket, *answer.embedding);
  const Error& error = answer.embedding.error();
  const bool sent = error.cause == ErrorCause::other || answer.cost.requests > 0;
  if (sent) ++counts_.images_failed;
  if (sent || error.cause == ErrorCause::unreachable) count_error(errors_, error);
  on_look_unsent(error);
  if (answer.embedding.error().code == ErrorCode::model) {
    fatal_ = answer.embedding.error();
    network_broken_ = true;
  }
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
  if (std::find(tags.begin(), tags.end(), draw.tag) == tags.end()) means_[draw.tag].add(score.log_score);
  const int rank = insert_found({photo, score, tags_.text(draw.tag), counts_.images_scored, embedding, {}});
  log_.score(draw.query, score.log_score, rank == 1);
  end_draw(ticket, {draw.tag, DrawResult::Outcome::scored, score.log_score, rank, tags, embedding});
}

int SearchSession::insert_found(FoundPhoto found) {
  const auto place = std::upper_bound(found_.begin(), found_.end(), found.score.order,
                                      [](double order, const FoundPhoto& other) { return order > other.score.order; });
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
  in_backlog_ -= draw.in_backlog ? 1 : 0;
  draws_.erase(ticket);
  if (!planner_) return selector_->observe(result);
  const bool scored = result.outcome == DrawResult::Outcome::scored;
  if (draw.photo)
    planner_->on_look(*draw.photo, scored ? std::optional(result.log_score) : std::nullopt);
  else
    planner_->on_listing(draw.tag, {});  // no call was left for it
}

const FoundPhoto* SearchSession::best() const {
  return found_.empty() ? nullptr : &found_.front();
}

StopReason SearchSession::natural_end() const {
  if (fatal_) return fatal_->cause == ErrorCause::rate ? StopReason::rate : StopReason::source_failed;
  if (images_.left() == 0) return StopReason::max_images;
  if (calls_ran_out_) return StopReason::max_calls;
  if (strategy_.bounded_draws && !may_draw()) return StopReason::rounds;
  return StopReason::exhausted;
}

SearchOutcome SearchSession::outcome(std::optional<StopReason> reason) const {
  SearchOutcome outcome{.photos = found_,
                        .errors = errors_,
                        .counts = counts_,
                        .sources = sources_,
                        .asked = log_.queries(),
                        .stopped_by = reason.value_or(natural_end()),
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
