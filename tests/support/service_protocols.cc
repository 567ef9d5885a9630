#include "tests/support/service_protocols.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <set>

#include "core/base/text/text.h"
#include "providers/common/license_names.h"

namespace lookalike::test {
namespace {

using Photos = std::vector<const StandInPhoto*>;
using Words = StandInSearch::Words;
using Where = StandInSearch::Where;

constexpr int64_t kOpenversePages = 20;
constexpr int64_t kPixabayHits = 500;
constexpr int64_t kCategoriesAnAnswer = 60;
constexpr int64_t kObservationsAPage = 200;
constexpr int64_t kObservations = 10'000;
constexpr int64_t kNasaPages = 100;

class Json {
 public:
  Json() : writer_(buffer_) {}

  Json& open() { return writer_.StartObject(), *this; }
  Json& close() { return writer_.EndObject(), *this; }
  Json& list(const char* name) { return writer_.Key(name), writer_.StartArray(), *this; }
  Json& end_list() { return writer_.EndArray(), *this; }
  Json& object(const char* name) { return writer_.Key(name), open(); }
  Json& text(const char* name, const std::string& value) { return writer_.Key(name), writer_.String(value), *this; }
  Json& number(const char* name, int64_t value) { return writer_.Key(name), writer_.Int64(value), *this; }
  Json& truth(const char* name, bool value) { return writer_.Key(name), writer_.Bool(value), *this; }
  Json& element(const std::string& value) { return writer_.String(value), *this; }
  Json& null(const char* name) { return writer_.Key(name), writer_.Null(), *this; }
  std::string done() const { return buffer_.GetString(); }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

std::string value_of(const Parameters& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

std::string license_name(const StandInPhoto& photo) {
  return flickr_license(photo.license).value_or(License{}).name;
}

std::string license_key(const StandInPhoto& photo) {
  return license_key_of(license_name(photo));
}

std::string image_of(const StandInPhoto& photo, const std::string& base, const std::string& size) {
  return base + "/photo/" + photo.id + size + ".jpg";
}

std::string page_of(const std::string& host, const StandInPhoto& photo) {
  return "https://" + host + "/" + photo.id;
}

// simple_query_string: '+' joins words that must all be there; under tags= others are alternatives.
Photos openverse_matches(const StandInSearch& search, const Parameters& parameters) {
  if (parameters.contains("q")) return search.with_words(value_of(parameters, "q"), Words::all, Where::everywhere);
  std::string text = value_of(parameters, "tags");
  const bool joined = text.find('+') != std::string::npos;
  std::replace(text.begin(), text.end(), '+', ' ');
  return search.with_words(text, joined ? Words::all : Words::any, Where::tags);
}

void keep_licenses(Photos& photos, const std::string& list) {
  if (list.empty()) return;
  std::set<std::string> wanted;
  for (std::string& key : split(list, ','))
    wanted.insert(std::move(key));
  std::erase_if(photos, [&](const StandInPhoto* photo) { return !wanted.contains(license_key(*photo)); });
}

void write_openverse_photo(Json& json, const StandInPhoto& photo, const std::string& base) {
  json.open().text("id", photo.id).text("title", photo.title).text("creator", "Owner of " + photo.owner);
  json.text("creator_url", page_of("people.example", photo)).text("license", license_key(photo));
  json.text("license_version", license_name(photo).ends_with("2.0") ? "2.0" : "4.0");
  json.text("license_url", flickr_license(photo.license).value_or(License{}).url);
  json.text("foreign_landing_url", page_of("photos.example", photo)).text("url", image_of(photo, base, "_b"));
  json.text("thumbnail", base + "/v1/images/" + photo.id + "/thumb/").text("source", "flickr").null("filesize");
  json.list("tags");
  for (const std::string& tag : photo.tags)
    json.open().text("name", tag).null("accuracy").close();
  json.end_list().text("attribution", "\"" + photo.title + "\" is openly licensed.").truth("mature", false).close();
}

// Categories as Commons has them: capitals first, and those of its own housekeeping among them.
std::vector<std::string> categories_of(const StandInPhoto& photo) {
  std::vector<std::string> categories{"CC-BY-SA-4.0", "Self-published work"};
  for (std::string tag : photo.tags) {
    if (!tag.empty() && tag[0] >= 'a' && tag[0] <= 'z') tag[0] = static_cast<char>(tag[0] - 'a' + 'A');
    categories.push_back(tag);
  }
  categories.emplace_back("Uploaded with UploadWizard");
  return categories;
}

std::string commons_title(const StandInPhoto& photo) {
  return "File:" + (photo.title.empty() ? "Photo" : photo.title) + " " + photo.id + ".jpg";
}

void write_image_info(Json& json, const StandInPhoto& photo, const std::string& base, const std::string& width) {
  json.list("imageinfo").open();
  json.text("thumburl", image_of(photo, base, "_" + width + "px")).number("thumbwidth", 330);
  json.text("url", image_of(photo, base, "")).text("descriptionurl", page_of("commons.example/wiki", photo));
  json.text("mime", "image/jpeg").text("user", "Uploader").object("extmetadata");
  json.object("LicenseShortName").text("value", license_name(photo)).text("source", "commons-desc-page").close();
  json.object("LicenseUrl").text("value", flickr_license(photo.license).value_or(License{}).url).close();
  json.object("Artist").text("value", "<a href=\"//commons.example/wiki/User:X\">Owner &amp; " + photo.owner + "</a>");
  json.close().close().close().end_list();
}

std::string commons_text(std::string text) {
  const std::string bitmap = " filetype:bitmap";
  if (text.ends_with(bitmap)) text.resize(text.size() - bitmap.size());
  return text;
}

// "by" is "cc-by" at iNaturalist, which has no word for what is reserved.
std::string license_code(const StandInPhoto& photo) {
  const std::string key = license_key(photo);
  return key.empty() || key == "cc0" ? key : "cc-" + key;
}

void keep_photo_licenses(Photos& photos, const std::string& list) {
  const std::vector<std::string> wanted = split(list, ',');
  if (list.empty()) return;
  std::erase_if(photos, [&](const StandInPhoto* photo) {
    return std::find(wanted.begin(), wanted.end(), license_code(*photo)) == wanted.end();
  });
}

// The first two tags are the taxon's names, a third one is what its kingdom is called, the rest are the observer's.
void write_taxon(Json& json, const std::vector<std::string>& tags) {
  if (tags.empty()) return json.null("taxon"), void();
  json.object("taxon").number("id", 5).text("rank", "species").text("name", tags[0]);
  if (tags.size() > 1) json.text("preferred_common_name", tags[1]);
  if (tags.size() > 2) {
    json.text("iconic_taxon_name", tags[2]).list("ancestors");
    json.open().number("id", 1).text("name", "Animalia").text("preferred_common_name", tags[2]).close().end_list();
  }
  json.close();
}

void write_observation(Json& json, const StandInPhoto& photo, const std::string& base) {
  json.open().number("id", std::stoll(photo.id)).text("quality_grade", "research").text("species_guess", photo.title);
  write_taxon(json, photo.tags);
  json.list("tags");
  for (size_t i = 3; i < photo.tags.size(); ++i)
    json.element(photo.tags[i]);
  json.end_list().list("photos").open().number("id", 9).text("url", base + "/photo/" + photo.id + "/square.jpg");
  if (const std::string code = license_code(photo); code.empty())
    json.null("license_code");
  else
    json.text("license_code", code);
  json.text("attribution", "(c) Owner of " + photo.owner + ", some rights reserved").close().end_list();
  json.object("user").number("id", 3).text("login", "owner_" + photo.id).close().list("identifications").end_list();
  json.close();
}

void write_nasa_item(Json& json, const StandInPhoto& photo, const std::string& base) {
  std::string keywords;
  for (const std::string& tag : photo.tags)
    keywords += (keywords.empty() ? "" : ", ") + tag;
  json.open().text("href", base + "/collection.json").list("data").open();
  json.text("nasa_id", "STAND-IN " + photo.id).text("title", photo.title).text("center", "JPL");
  json.text("media_type", "image").text("secondary_creator", "NASA/" + photo.owner).list("keywords");
  json.element(keywords).end_list().close().end_list().list("links");
  json.open().text("href", image_of(photo, base, "~orig")).text("rel", "canonical").text("render", "image").close();
  json.open().text("href", image_of(photo, base, "~thumb")).text("rel", "preview").text("render", "image").close();
  json.end_list().close();
}

ProtocolAnswer pixabay_refusal(const std::string& text) {
  return {400, "[ERROR 400] " + text, "text/plain"};
}

}  // namespace

ProtocolAnswer openverse_answer(const StandInSearch& search, const Parameters& parameters, const std::string& base,
                                bool has_token) {
  const int64_t size = integer_or(parameters, "page_size", 20);
  const int64_t page = integer_or(parameters, "page", 1);
  if (size > 20 && !has_token) {
    return {401, R"({"detail":"Authentication credentials were not provided for a page_size over 20."})"};
  }
  const std::string text = value_of(parameters, "q") + value_of(parameters, "tags");
  if (text.size() > 800 || size < 1 || page < 1 || page > kOpenversePages) return {400, R"({"detail":"Invalid."})"};
  Photos found = openverse_matches(search, parameters);
  keep_licenses(found, value_of(parameters, "license"));
  const auto total = static_cast<int64_t>(found.size());
  const int64_t pages = std::min((total + size - 1) / size, kOpenversePages);
  Json json;
  json.open().number("result_count", total).number("page_count", pages).number("page_size", size);
  json.number("page", page).list("results");
  for (int64_t i = (page - 1) * size; i < std::min(page * size, total); ++i)
    write_openverse_photo(json, *found[static_cast<size_t>(i)], base);
  return {200, json.end_list().close().done()};
}

ProtocolAnswer commons_answer(const StandInSearch& search, const Parameters& parameters, const std::string& base) {
  const std::string text = commons_text(value_of(parameters, "gsrsearch"));
  const bool understood = value_of(parameters, "generator") == "search" && value_of(parameters, "format") == "json";
  if (!understood || text.empty()) return {200, R"({"error":{"code":"badvalue","info":"Unrecognized value."}})"};
  const Photos found = search.with_words(text, Words::all, Where::everywhere);
  const auto total = static_cast<int64_t>(found.size());
  if (total == 0) return {200, R"({"batchcomplete":true})"};
  const int64_t limit = std::clamp<int64_t>(integer_or(parameters, "gsrlimit", 10), 1, 50);
  const int64_t first = integer_or(parameters, "gsroffset", 0);
  const int64_t last = std::min(first + limit, total);
  // So many categories an answer; those of the later photos come with the continuation.
  const int64_t skipped = integer_or(parameters, "clcontinue", 0);
  int64_t seen = 0;
  Json json;
  json.open().object("query").list("pages");
  // By page number, as the service has it: not in the order of the ranks.
  for (int64_t i = last - 1; i >= first; --i) {
    const StandInPhoto& photo = *found[static_cast<size_t>(i)];
    json.open().number("pageid", 1'000 + i).number("ns", 6).text("title", commons_title(photo)).number("index", i + 1);
    json.list("categories");
    for (const std::string& category : categories_of(photo)) {
      const int64_t number = seen++;
      if (number < skipped || number >= skipped + kCategoriesAnAnswer) continue;
      json.open().number("ns", 14).text("title", "Category:" + category).close();
    }
    json.end_list();
    if (skipped == 0) write_image_info(json, photo, base, value_of(parameters, "iiurlwidth"));
    json.close();
  }
  json.end_list().close();
  if (seen > skipped + kCategoriesAnAnswer) {
    json.object("continue").text("clcontinue", std::to_string(skipped + kCategoriesAnAnswer));
    json.text("continue", "gsroffset||imageinfo").close();
  } else {
    json.truth("batchcomplete", true);
    if (last < total) json.object("continue").number("gsroffset", last).text("continue", "gsroffset||").close();
  }
  return {200, json.close().done()};
}

ProtocolAnswer pixabay_answer(const StandInSearch& search, const Parameters& parameters, const std::string& base,
                              const std::string& key) {
  if (!key.empty() && value_of(parameters, "key") != key) {
    return pixabay_refusal("Invalid or missing API key (https://pixabay.com/api/docs/).");
  }
  const int64_t size = integer_or(parameters, "per_page", 20);
  const int64_t page = integer_or(parameters, "page", 1);
  if (size < 3 || size > 200) return pixabay_refusal("\"per_page\" is out of valid range.");
  const Photos found = search.with_words(value_of(parameters, "q"), Words::all, Where::everywhere);
  const int64_t hits = std::min<int64_t>(static_cast<int64_t>(found.size()), kPixabayHits);
  if (page < 1 || (page > 1 && (page - 1) * size >= hits)) return pixabay_refusal("\"page\" is out of valid range.");
  Json json;
  json.open().number("total", static_cast<int64_t>(found.size())).number("totalHits", hits).list("hits");
  for (int64_t i = (page - 1) * size; i < std::min(page * size, hits); ++i) {
    const StandInPhoto& photo = *found[static_cast<size_t>(i)];
    std::string tags;
    for (const std::string& tag : photo.tags)
      tags += (tags.empty() ? "" : ", ") + tag;
    json.open().number("id", std::stoll(photo.id)).text("pageURL", page_of("pixabay.example", photo));
    json.text("type", "photo").text("tags", tags).text("previewURL", image_of(photo, base, "_150"));
    json.text("webformatURL", image_of(photo, base, "_640")).number("webformatWidth", 640);
    json.text("user", "Owner").number("user_id", 7).close();
  }
  return {200, json.end_list().close().done()};
}

ProtocolAnswer inaturalist_answer(const StandInSearch& search, const Parameters& parameters, const std::string& base) {
  const int64_t size = integer_or(parameters, "per_page", 30);
  const int64_t page = integer_or(parameters, "page", 1);
  if (size < 1 || size > kObservationsAPage || page < 1 || page * size > kObservations)
    return {422, R"({"error":"Result window is too large","status":422})"};
  Photos found = search.with_words(value_of(parameters, "q"), Words::all, Where::everywhere);
  keep_photo_licenses(found, value_of(parameters, "photo_license"));
  const auto total = static_cast<int64_t>(found.size());
  Json json;
  json.open().number("total_results", total).number("page", page).number("per_page", size).list("results");
  for (int64_t i = (page - 1) * size; i < std::min(page * size, total); ++i)
    write_observation(json, *found[static_cast<size_t>(i)], base);
  return {200, json.end_list().close().done()};
}

ProtocolAnswer nasa_answer(const StandInSearch& search, const Parameters& parameters, const std::string& base) {
  const int64_t size = integer_or(parameters, "page_size", 100);
  const int64_t page = integer_or(parameters, "page", 1);
  if (page > kNasaPages)
    return {400, R"({"reason":"Maximum number of search results have been displayed. Please refine your search."})"};
  const bool understood = value_of(parameters, "media_type") == "image" && size >= 1 && size <= 100 && page >= 1;
  if (!understood) return {400, R"({"reason":"Expected 'media_type' parameter to be one of: ['image']"})"};
  const Photos found = search.with_words(value_of(parameters, "q"), Words::all, Where::everywhere);
  const auto total = static_cast<int64_t>(found.size());
  Json json;
  json.open().object("collection").text("version", "1.1").object("metadata").number("total_hits", total).close();
  json.list("items");
  for (int64_t i = (page - 1) * size; i < std::min(page * size, total); ++i)
    write_nasa_item(json, *found[static_cast<size_t>(i)], base);
  return {200, json.end_list().close().close().done()};
}

}  // namespace lookalike::test
