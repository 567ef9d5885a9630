#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "cli/output/formats.h"
#include "core/base/text/digest.h"
#include "core/base/text/json_writer.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();  // null in JSON

// Writes one document, a member after the other.
class DocumentWriter {
 public:
  explicit DocumentWriter(JsonStyle style) : json_(style) {}

  std::string report(const SearchReport& report) {
    json_.object([&] {
      json_.text("schema", "lookalike/1");
      query(report.query);
      run(report);
      results(report);
      tags(report);
      errors(report.outcome);
      if (!report.trace.empty()) trace(report.trace);
      if (!report.asked_ms.empty()) asked(report);
    });
    return json_.take();
  }

  std::string failure(const FailedQuery& failure) {
    json_.object([&] {
      json_.text("schema", "lookalike/1");
      json_.object("query", [&] {
        source(failure.source);
        if (!failure.sha256.empty()) json_.text("sha256", failure.sha256);
      });
      json_.object("error", [&] {
        json_.text("code", to_string(failure.error.code));
        json_.text("message", failure.error.message);
      });
    });
    return json_.take();
  }

 private:
  // A file's name may be any bytes.
  void source(const std::string& name) {
    json_.text("source", name);
    if (valid_utf8(name) != name) json_.text("source_base64", base64_encode(name));
  }

  // Of an image that there may not be.
  void size_or_null(const char* name, int value) { value > 0 ? json_.integer(name, value) : json_.null(name); }

  void query(const QueryReport& query) {
    json_.object("query", [&] {
      source(query.source);
      json_.text_or_null("sha256", query.sha256);
      size_or_null("width", query.width);
      size_or_null("height", query.height);
      json_.array("classes", query.classes, [this](const ClassProbability& c) {
        json_.text("name", c.name);
        json_.number("probability", c.probability);
      });
      json_.texts("like", query.liked);
      json_.texts("unlike", query.unliked);
    });
  }

  void run(const SearchReport& report) {
    const RunReport& run = report.run;
    json_.object("run", [&] {
      json_.text("provider", run.provider);
      json_.text("strategy", run.strategy);
      json_.text_or_null("model", run.model);
      json_.text_or_null("layer", run.layer);
      json_.text_or_null("similarity", run.similarity);
      json_.text_or_null("score", run.score);
      if (!run.mixed.empty()) mixture(run.mixed);
      json_.unsigned_integer("seed", run.seed);
      counts(report.outcome.counts);
      json_.integer("elapsed_ms", run.elapsed_ms);
      if (run.local_photos > 0) json_.integer("local_photos", static_cast<int64_t>(run.local_photos));
      json_.text("stopped_by", to_string(report.outcome.stopped_by));
      json_.boolean("repeatable", report.outcome.repeatable);
      if (!report.outcome.sources.empty()) sources(report.outcome.sources);
    });
  }

  void mixture(const std::vector<ScoreSpec>& scores) {
    json_.array("score_parts", scores, [this](const ScoreSpec& score) {
      json_.text("score", score.text);
      json_.number("weight", score.factor());
    });
  }

  void counts(const SearchCounts& counts) {
    json_.integer("api_calls", counts.api_calls);
    json_.integer("images_downloaded", counts.images_downloaded);
    json_.integer("images_scored", counts.images_scored);
    json_.integer("images_failed", counts.images_failed);
    json_.integer("bytes", counts.bytes);
    json_.integer("cache_hits", counts.cache_hits);
  }

  void sources(const std::vector<SourceSummary>& summaries) {
    json_.array("sources", summaries, [this](const SourceSummary& source) {
      json_.text("provider", source.source);
      json_.integer("api_calls", source.api_calls);
      json_.integer("photos_listed", source.photos);
      json_.integer("failures", source.failures);
    });
  }

  void results(const SearchReport& report) {
    int rank = 0;
    json_.array("results", report.outcome.photos,
                [&](const FoundPhoto& found) { result(++rank, found, report.run.mixed); });
  }

  void result(int rank, const FoundPhoto& found, const std::vector<ScoreSpec>& mixed) {
    const Photo& photo = found.photo;
    json_.integer("rank", rank);
    json_.number("score", found.score.score);
    json_.number("log_score", found.score.log_score);
    json_.number("cosine", found.score.cosine);
    json_.number("likeness", found.score.likeness);
    if (!mixed.empty()) summands(found.score.parts, mixed);
    json_.text("page_url", photo.page_url);
    json_.text("image_url", photo.image_url);
    json_.text("id", photo.id);
    json_.text("title", photo.title);
    json_.text("owner", photo.owner);
    json_.text("owner_url", photo.owner_url);
    json_.object("license", [&] {
      json_.text("id", photo.license.id);
      json_.text("name", photo.license.name);
      json_.text("url", photo.license.url);
    });
    json_.text("attribution", photo.attribution);
    json_.texts("tags", photo.tags);
    json_.text("found_by", found.found_by);
    json_.text("provider", photo.provider);
    json_.array("duplicates", found.duplicates, [this](const Photo& duplicate) {
      json_.text("provider", duplicate.provider);
      json_.text("id", duplicate.id);
      json_.text("page_url", duplicate.page_url);
    });
  }

  // What each of the mixed scores says before its weight.
  void summands(const std::vector<double>& values, const std::vector<ScoreSpec>& mixed) {
    size_t number = 0;
    const size_t count = std::min(values.size(), mixed.size());
    json_.array("parts", std::span(mixed).first(count), [&](const ScoreSpec& score) {
      json_.text("score", score.text);
      json_.number("value", values[number++]);
    });
  }

  void trace(const std::vector<TraceStep>& steps) {
    json_.array("trace", steps, [this](const TraceStep& step) {
      json_.integer("elapsed_ms", step.elapsed_ms);
      json_.text("id", step.id);
      json_.number("log_score", step.log_score);
    });
  }

  void asked(const SearchReport& report) {
    size_t number = 0;
    const size_t count = std::min(report.asked_ms.size(), report.outcome.asked.size());
    json_.array("asked", std::span(report.outcome.asked).first(count), [&](const AskedQuery& query) {
      json_.integer("elapsed_ms", report.asked_ms[number++]);
      asked_query(query);
    });
  }

  void asked_query(const AskedQuery& query) {
    const bool looked_at = query.scores.count() > 0;
    json_.text("query", query.words);
    json_.integer("page", query.page);
    json_.text("why", to_string(query.why));
    json_.integer("scored_before", query.scored_before);
    json_.integer("tag_images", query.expected.count());
    json_.number("tag_log_mean_score", query.expected.count() > 0 ? query.expected.log_mean() : kNone);
    json_.boolean("failed", query.failed);
    json_.integer("photos", query.photos);
    json_.integer("new_photos", query.new_photos);
    json_.integer("scored", query.scores.count());
    json_.number("best_log_score", looked_at ? query.best_log_score : kNone);
    json_.number("log_mean_score", looked_at ? query.scores.log_mean() : kNone);
    json_.integer("times_best", query.times_best);
  }

  // A score of the user's own is taken for a logarithm where means are made, so their logarithm is of its size.
  void tags(const SearchReport& report) {
    const bool own_score = !report.run.score.empty();
    json_.array("tags", report.outcome.tags, [&](const TagSummary& tag) {
      const double mean = own_score ? tag.log_mean : std::exp(tag.log_mean);
      json_.text("tag", tag.tag);
      json_.number("mean_score", tag.images > 0 ? mean : kNone);
      json_.number("log_mean_score", tag.images > 0 ? tag.log_mean : kNone);
      json_.integer("images", tag.images);
      json_.boolean("asked", tag.asked);
    });
  }

  void errors(const SearchOutcome& outcome) {
    json_.array("errors", outcome.errors, [this](const ErrorSummary& error) {
      json_.text("code", to_string(error.code));
      json_.text("message", error.message);
      json_.integer("count", error.count);
    });
  }

  JsonWriter json_;
};

}  // namespace

std::string json_document(const SearchReport& report, JsonStyle style) {
  return DocumentWriter(style).report(report);
}

std::string json_document(const FailedQuery& failure, JsonStyle style) {
  return DocumentWriter(style).failure(failure);
}

}  // namespace lookalike
