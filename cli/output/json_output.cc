#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "cli/output/formats.h"
#include "core/base/text/base64.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

// Writes one document; W is RapidJSON's Writer or PrettyWriter.
template <typename W>
class DocumentWriter {
 public:
  explicit DocumentWriter(rapidjson::StringBuffer& buffer) : json_(buffer) {}

  W& json() { return json_; }

  void report(const SearchReport& report) {
    json_.StartObject();
    text("schema", "lookalike/1");
    query(report.query);
    run(report);
    results(report);
    tags(report);
    errors(report.outcome);
    if (!report.trace.empty()) trace(report.trace);
    if (!report.asked_ms.empty()) asked(report);
    json_.EndObject();
  }

  void failure(const FailedQuery& failure) {
    json_.StartObject();
    text("schema", "lookalike/1");
    json_.Key("query");
    json_.StartObject();
    source(failure.source);
    if (!failure.sha256.empty()) text("sha256", failure.sha256);
    json_.EndObject();
    json_.Key("error");
    json_.StartObject();
    text("code", to_string(failure.error.code));
    text("message", failure.error.message);
    json_.EndObject();
    json_.EndObject();
  }

 private:
  void text(const char* key, std::string_view value) {
    json_.Key(key);
    json_.String(valid_utf8(value));
  }

  // A file's name may be any bytes.
  void source(const std::string& name) {
    text("source", name);
    if (valid_utf8(name) != name) text("source_base64", base64_encode(name));
  }

  void text_or_null(const char* key, std::string_view value) {
    if (!value.empty()) return text(key, value);
    json_.Key(key);
    json_.Null();
  }

  void texts(const char* key, const std::vector<std::string>& values) {
    json_.Key(key);
    json_.StartArray();
    for (const std::string& value : values)
      json_.String(valid_utf8(value));
    json_.EndArray();
  }

  void integer(const char* key, int64_t value) {
    json_.Key(key);
    json_.Int64(value);
  }

  // Of an image that there may not be.
  void size_or_null(const char* key, int value) {
    if (value > 0) return integer(key, value);
    json_.Key(key);
    json_.Null();
  }

  void number(const char* key, double value) {
    json_.Key(key);
    if (std::isfinite(value))
      json_.Double(value);
    else
      json_.Null();
  }

  void query(const QueryReport& query) {
    json_.Key("query");
    json_.StartObject();
    source(query.source);
    text_or_null("sha256", query.sha256);
    size_or_null("width", query.width);
    size_or_null("height", query.height);
    json_.Key("classes");
    json_.StartArray();
    for (const ClassProbability& c : query.classes) {
      json_.StartObject();
      text("name", c.name);
      number("probability", c.probability);
      json_.EndObject();
    }
    json_.EndArray();
    texts("like", query.liked);
    texts("unlike", query.unliked);
    json_.EndObject();
  }

  void run(const SearchReport& report) {
    const RunReport& run = report.run;
    const SearchCounts& counts = report.outcome.counts;
    json_.Key("run");
    json_.StartObject();
    text("provider", run.provider);
    text("strategy", run.strategy);
    text_or_null("model", run.model);
    text_or_null("layer", run.layer);
    text_or_null("similarity", run.similarity);
    text_or_null("score", run.score);
    if (!run.mixed.empty()) mixture(run.mixed);
    json_.Key("seed");
    json_.Uint64(run.seed);
    integer("api_calls", counts.api_calls);
    integer("images_downloaded", counts.images_downloaded);
    integer("images_scored", counts.images_scored);
    integer("images_failed", counts.images_failed);
    integer("bytes", counts.bytes);
    integer("cache_hits", counts.cache_hits);
    integer("elapsed_ms", run.elapsed_ms);
    if (run.local_photos > 0) integer("local_photos", static_cast<int64_t>(run.local_photos));
    text("stopped_by", to_string(report.outcome.stopped_by));
    json_.Key("repeatable");
    json_.Bool(report.outcome.repeatable);
    if (!report.outcome.sources.empty()) sources(report.outcome.sources);
    json_.EndObject();
  }

  void mixture(const std::vector<ScoreSpec>& scores) {
    json_.Key("score_parts");
    json_.StartArray();
    for (const ScoreSpec& score : scores) {
      json_.StartObject();
      text("score", score.text);
      number("weight", score.factor());
      json_.EndObject();
    }
    json_.EndArray();
  }

  void sources(const std::vector<SourceSummary>& summaries) {
    json_.Key("sources");
    json_.StartArray();
    for (const SourceSummary& source : summaries) {
      json_.StartObject();
      text("provider", source.source);
      integer("api_calls", source.api_calls);
      integer("photos_listed", source.photos);
      integer("failures", source.failures);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void results(const SearchReport& report) {
    json_.Key("results");
    json_.StartArray();
    int rank = 0;
    for (const FoundPhoto& found : report.outcome.photos)
      result(++rank, found, report.run.mixed);
    json_.EndArray();
  }

  void result(int rank, const FoundPhoto& found, const std::vector<ScoreSpec>& mixed) {
    const Photo& photo = found.photo;
    json_.StartObject();
    integer("rank", rank);
    number("score", found.score.score);
    number("log_score", found.score.log_score);
    number("cosine", found.score.cosine);
    number("likeness", found.score.likeness);
    if (!mixed.empty()) parts(found.score.parts, mixed);
    text("page_url", photo.page_url);
    text("image_url", photo.image_url);
    text("id", photo.id);
    text("title", photo.title);
    text("owner", photo.owner);
    text("owner_url", photo.owner_url);
    json_.Key("license");
    json_.StartObject();
    text("id", photo.license.id);
    text("name", photo.license.name);
    text("url", photo.license.url);
    json_.EndObject();
    text("attribution", photo.attribution);
    texts("tags", photo.tags);
    text("found_by", found.found_by);
    text("provider", photo.provider);
    duplicates(found.duplicates);
    json_.EndObject();
  }

  // What each says before its weight.
  void parts(const std::vector<double>& values, const std::vector<ScoreSpec>& mixed) {
    json_.Key("parts");
    json_.StartArray();
    for (size_t i = 0; i < std::min(values.size(), mixed.size()); ++i) {
      json_.StartObject();
      text("score", mixed[i].text);
      number("value", values[i]);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void duplicates(const std::vector<Photo>& photos) {
    json_.Key("duplicates");
    json_.StartArray();
    for (const Photo& photo : photos) {
      json_.StartObject();
      text("provider", photo.provider);
      text("id", photo.id);
      text("page_url", photo.page_url);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void trace(const std::vector<TraceStep>& steps) {
    json_.Key("trace");
    json_.StartArray();
    for (const TraceStep& step : steps) {
      json_.StartObject();
      integer("elapsed_ms", step.elapsed_ms);
      text("id", step.id);
      number("log_score", step.log_score);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void asked(const SearchReport& report) {
    json_.Key("asked");
    json_.StartArray();
    for (size_t i = 0; i < std::min(report.asked_ms.size(), report.outcome.asked.size()); ++i)
      asked_query(report.outcome.asked[i], report.asked_ms[i]);
    json_.EndArray();
  }

  void asked_query(const AskedQuery& query, int64_t elapsed_ms) {
    const bool looked_at = query.scores.count() > 0;
    json_.StartObject();
    integer("elapsed_ms", elapsed_ms);
    text("query", query.words);
    integer("page", query.page);
    text("why", to_string(query.why));
    integer("scored_before", query.scored_before);
    integer("tag_images", query.expected.count());
    number("tag_log_mean_score", query.expected.count() > 0 ? query.expected.log_mean() : std::nan(""));
    json_.Key("failed");
    json_.Bool(query.failed);
    integer("photos", query.photos);
    integer("new_photos", query.new_photos);
    integer("scored", query.scores.count());
    number("best_log_score", looked_at ? query.best_log_score : std::nan(""));
    number("log_mean_score", looked_at ? query.scores.log_mean() : std::nan(""));
    integer("times_best", query.times_best);
    json_.EndObject();
  }

  // A score of the user's own is taken for a logarithm where means are made, so their logarithm is of its size.
  void tags(const SearchReport& report) {
    const bool own_score = !report.run.score.empty();
    json_.Key("tags");
    json_.StartArray();
    for (const TagSummary& tag : report.outcome.tags) {
      json_.StartObject();
      text("tag", tag.tag);
      const double mean = own_score ? tag.log_mean : std::exp(tag.log_mean);
      number("mean_score", tag.images > 0 ? mean : std::nan(""));
      number("log_mean_score", tag.images > 0 ? tag.log_mean : std::nan(""));
      integer("images", tag.images);
      json_.Key("asked");
      json_.Bool(tag.asked);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void errors(const SearchOutcome& outcome) {
    json_.Key("errors");
    json_.StartArray();
    for (const ErrorSummary& error : outcome.errors) {
      json_.StartObject();
      text("code", to_string(error.code));
      text("message", error.message);
      integer("count", error.count);
      json_.EndObject();
    }
    json_.EndArray();
  }

  W json_;
};

template <typename Write>
std::string write_document(JsonStyle style, Write write) {
  rapidjson::StringBuffer buffer;
  if (style == JsonStyle::line) {
    DocumentWriter<rapidjson::Writer<rapidjson::StringBuffer>> document(buffer);
    write(document);
  } else {
    DocumentWriter<rapidjson::PrettyWriter<rapidjson::StringBuffer>> document(buffer);
    document.json().SetIndent(' ', 2);
    write(document);
  }
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

std::string json_document(const SearchReport& report, JsonStyle style) {
  return write_document(style, [&report](auto& document) { document.report(report); });
}

std::string json_document(const FailedQuery& failure, JsonStyle style) {
  return write_document(style, [&failure](auto& document) { document.failure(failure); });
}

}  // namespace lookalike
