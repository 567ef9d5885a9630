#include "tests/support/flickr_stand_in_photos.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "core/base/files/file.h"
#include "core/base/text/text.h"
#include "providers/folder/folder_collection.h"
#include "providers/folder/folder_manifest.h"
#include "providers/folder/words.h"

namespace lookalike::test {
namespace {

constexpr int64_t kMostResults = 4000;
constexpr int64_t kFirstMadeUpDate = 1'600'000'000;
constexpr int64_t kThreeYears = 3 * 365 * 86'400;

bool all_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

StandInPhoto stand_in_photo(std::string source_id, std::string owner, std::string title, const License& license,
                            std::optional<int64_t> uploaded, std::vector<std::string> tags, std::filesystem::path file,
                            size_t number) {
  StandInPhoto photo;
  photo.id = all_digits(source_id) ? source_id : std::to_string(50'000'000'000 + number);
  photo.owner = owner.empty() || owner.find_first_of(" /") != std::string::npos ? "10000001@N00" : std::move(owner);
  photo.title = std::move(title);
  photo.license = all_digits(license.id) ? license.id : "4";
  const auto made_up = static_cast<int64_t>(scramble(source_id, 7) % kThreeYears);
  photo.uploaded = uploaded.value_or(kFirstMadeUpDate + made_up);
  photo.tags = std::move(tags);
  photo.file = std::move(file);
  photo.source_id = std::move(source_id);
  return photo;
}

Result<std::vector<StandInPhoto>> load_manifest(const std::filesystem::path& path) {
  const Result<std::string> text = read_file(path, 256 << 20);
  if (!text) return text.error();
  std::vector<StandInPhoto> photos;
  for (ManifestEntry& entry : parse_manifest(*text).entries) {
    photos.push_back(stand_in_photo(entry.id.empty() ? entry.file : entry.id, entry.owner, entry.title, entry.license,
                                    entry.uploaded, entry.tags, path.parent_path() / entry.file, photos.size()));
  }
  return photos;
}

Result<std::vector<StandInPhoto>> load_folder(const std::filesystem::path& path) {
  const Result<FolderCollection> collection = read_folder(path, {});
  if (!collection) return collection.error();
  std::vector<StandInPhoto> photos;
  for (const FolderPhoto& photo : collection->photos) {
    photos.push_back(stand_in_photo(photo.id, photo.owner, photo.title, photo.license, photo.uploaded, photo.tags,
                                    collection->root / photo.path, photos.size()));
  }
  return photos;
}

std::vector<std::string> terms_of(const std::string& text) {
  std::vector<std::string> terms;
  for (const std::string& word : search_words(text))
    terms.push_back(match_term(word));
  return terms;
}

// Flickr's tags are lower case and without spaces.
std::string flickr_tag(const std::string& tag) {
  std::string squashed;
  for (const std::string& word : search_words(tag))
    squashed += word;
  return squashed;
}

struct TextQuery {
  std::vector<std::string> wanted;
  std::vector<std::string> unwanted;
};

TextQuery parse_text(const std::string& text) {
  TextQuery query;
  for (const std::string& word : split(text, ' ')) {
    auto& list = word.starts_with('-') ? query.unwanted : query.wanted;
    for (std::string& term : terms_of(word))
      list.push_back(std::move(term));
  }
  return query;
}

std::set<std::string> listed(const Parameters& parameters, const std::string& name) {
  std::set<std::string> values;
  const auto found = parameters.find(name);
  if (found == parameters.end()) return values;
  for (std::string& value : split(found->second, ','))
    values.insert(std::move(value));
  return values;
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_text(Writer& json, const std::string& name, const std::string& value) {
  json.Key(name.c_str());
  json.String(value);
}

void write_number(Writer& json, const char* name, int64_t value) {
  json.Key(name);
  json.Int64(value);
}

void write_sizes(Writer& json, const StandInPhoto& photo, const std::set<std::string>& extras,
                 const std::string& images) {
  static const std::map<std::string, int> kSizes{{"t", 100}, {"q", 150}, {"s", 240}, {"n", 320},
                                                 {"m", 500}, {"z", 640}, {"c", 800}, {"l", 1024}};
  const uint64_t odd = scramble(photo.id, 3);
  for (const auto& [size, longest] : kSizes) {
    if (!extras.contains("url_" + size)) continue;
    // As with real photos that are older than the size, or smaller.
    if ((size == "n" && odd % 10 == 0) || (longest > 640 && odd % 3 == 0)) continue;
    write_text(json, "url_" + size, images + photo.id + "_" + size + ".jpg");
    write_number(json, ("height_" + size).c_str(), longest);
    json.Key(("width_" + size).c_str());
    if (odd % 2 == 0) {
      json.String(std::to_string(longest * 3 / 4));
    } else {
      json.Int(longest * 3 / 4);
    }
  }
}

void write_photo(Writer& json, const StandInPhoto& photo, const std::set<std::string>& extras,
                 const std::string& images) {
  json.StartObject();
  write_text(json, "id", photo.id);
  write_text(json, "owner", photo.owner);
  write_text(json, "secret", "abcdef0123");
  write_text(json, "server", "65535");
  write_number(json, "farm", 66);
  write_text(json, "title", photo.title);
  write_number(json, "ispublic", 1);
  if (extras.contains("license")) write_text(json, "license", photo.license);
  if (extras.contains("date_upload")) write_text(json, "dateupload", std::to_string(photo.uploaded));
  if (extras.contains("owner_name")) write_text(json, "ownername", "Owner of " + photo.owner);
  if (extras.contains("path_alias")) {
    json.Key("pathalias");
    json.Null();
  }
  if (extras.contains("tags")) {
    std::string tags;
    for (const std::string& tag : photo.tags)
      tags += (tags.empty() ? "" : " ") + flickr_tag(tag);
    write_text(json, "tags", tags);
  }
  write_sizes(json, photo, extras, images);
  json.EndObject();
}

std::string value_of(const Parameters& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

// What Flickr answers to a request that it does not serve.
std::optional<std::string> refusal_of(const Parameters& parameters, const std::string& key) {
  const std::string format = value_of(parameters, "format");
  const std::string method = value_of(parameters, "method");
  if (value_of(parameters, "api_key") != key) return fail_answer(100, "Invalid API Key (Key not found)");
  if (format != "json") return fail_answer(111, "Format \"" + format + "\" not found");
  if (method != "flickr.photos.search") return fail_answer(112, "Method \"" + method + "\" not found");
  if (!trim(value_of(parameters, "text")).empty()) return std::nullopt;
  return fail_answer(3, "Parameterless searches have been disabled. Please use flickr.photos.getRecent instead.");
}

struct Slice {
  int64_t page = 1;
  int64_t per_page = 100;
  int64_t first = 0;
};

// Beyond the 4,000th photo the last page comes again.
Slice slice_of(const Parameters& parameters) {
  Slice slice;
  slice.per_page = std::clamp<int64_t>(integer_or(parameters, "per_page", 100), 1, 500);
  slice.page = std::max<int64_t>(integer_or(parameters, "page", 1), 1);
  const int64_t last_page = (kMostResults - 1) / slice.per_page + 1;
  slice.first = (std::min(slice.page, last_page) - 1) * slice.per_page;
  return slice;
}

}  // namespace

int64_t integer_or(const Parameters& parameters, const std::string& name, int64_t fallback) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return fallback;
  int64_t value = fallback;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
  return value;
}

uint64_t scramble(const std::string& text, uint64_t seed) {
  uint64_t hash = 0xCBF29CE484222325 ^ seed * 0x9E3779B97F4A7C15;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  hash = (hash ^ hash >> 30) * 0xBF58476D1CE4E5B9;
  hash = (hash ^ hash >> 27) * 0x94D049BB133111EB;
  return hash ^ hash >> 31;
}

std::string fail_answer(int code, const std::string& message) {
  rapidjson::StringBuffer buffer;
  Writer json(buffer);
  json.StartObject();
  write_text(json, "stat", "fail");
  write_number(json, "code", code);
  write_text(json, "message", message);
  json.EndObject();
  return buffer.GetString();
}

Result<std::vector<StandInPhoto>> load_stand_in_photos(const std::filesystem::path& collection) {
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(collection, error);
  Result<std::vector<StandInPhoto>> photos = is_folder ? load_folder(collection) : load_manifest(collection);
  if (!photos) return photos;
  if (photos->empty()) return Error{ErrorCode::bad_data, collection.string() + " lists no photos"};
  std::stable_sort(photos->begin(), photos->end(),
                   [](const StandInPhoto& a, const StandInPhoto& b) { return a.uploaded > b.uploaded; });
  return photos;
}

StandInSearch::StandInSearch(std::vector<StandInPhoto> photos) : photos_(std::move(photos)) {
  for (const StandInPhoto& photo : photos_) {
    std::vector<std::string> tags;
    for (const std::string& tag : photo.tags) {
      for (std::string& term : terms_of(tag))
        tags.push_back(std::move(term));
      tags.push_back(match_term(flickr_tag(tag)));
    }
    std::vector<std::string> terms = terms_of(photo.title);
    terms.insert(terms.end(), tags.begin(), tags.end());
    std::sort(terms.begin(), terms.end());
    std::sort(tags.begin(), tags.end());
    tag_terms_.push_back(std::move(tags));
    by_id_.emplace(photo.id, terms_.size());
    terms_.push_back(std::move(terms));
  }
}

const StandInPhoto* StandInSearch::find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &photos_[found->second];
}

std::vector<const StandInPhoto*> StandInSearch::with_words(const std::string& text, Words words, Where where) const {
  const std::vector<std::string> wanted = terms_of(text);
  std::vector<const StandInPhoto*> found;
  for (size_t i = 0; i < photos_.size() && !wanted.empty(); ++i) {
    const auto& terms = where == Where::tags ? tag_terms_[i] : terms_[i];
    const auto has = [&terms](const std::string& term) { return std::binary_search(terms.begin(), terms.end(), term); };
    const bool matches = words == Words::all ? std::all_of(wanted.begin(), wanted.end(), has)
                                             : std::any_of(wanted.begin(), wanted.end(), has);
    if (matches) found.push_back(&photos_[i]);
  }
  return found;
}

std::vector<const StandInPhoto*> StandInSearch::matches(const Parameters& parameters) const {
  const TextQuery query = parse_text(parameters.at("text"));
  const std::set<std::string> licenses = listed(parameters, "license");
  const int64_t newest = integer_or(parameters, "max_upload_date", INT64_MAX);
  const int64_t oldest = integer_or(parameters, "min_upload_date", 0);
  std::vector<const StandInPhoto*> found;
  for (size_t i = 0; i < photos_.size(); ++i) {
    const auto has = [&](const std::string& term) {
      return std::binary_search(terms_[i].begin(), terms_[i].end(), term);
    };
    if (photos_[i].uploaded > newest || photos_[i].uploaded < oldest) continue;
    if (!licenses.empty() && !licenses.contains(photos_[i].license)) continue;
    if (!std::all_of(query.wanted.begin(), query.wanted.end(), has)) continue;
    if (std::any_of(query.unwanted.begin(), query.unwanted.end(), has)) continue;
    found.push_back(&photos_[i]);
  }
  return found;
}

std::string StandInSearch::answer(const Parameters& parameters, const std::string& key,
                                  const std::string& images) const {
  if (auto refusal = refusal_of(parameters, key)) return *refusal;
  const std::vector<const StandInPhoto*> found = matches(parameters);
  const Slice slice = slice_of(parameters);
  const auto total = static_cast<int64_t>(found.size());
  rapidjson::StringBuffer buffer;
  Writer json(buffer);
  json.StartObject();
  json.Key("photos");
  json.StartObject();
  write_number(json, "page", slice.page);
  write_number(json, "pages", (total + slice.per_page - 1) / slice.per_page);
  write_number(json, "perpage", slice.per_page);
  write_text(json, "total", std::to_string(total));
  json.Key("photo");
  json.StartArray();
  const std::set<std::string> extras = listed(parameters, "extras");
  for (int64_t i = slice.first; i < std::min(slice.first + slice.per_page, total); ++i) {
    write_photo(json, *found[static_cast<size_t>(i)], extras, images);
  }
  json.EndArray();
  json.EndObject();
  write_text(json, "stat", "ok");
  json.EndObject();
  return buffer.GetString();
}

}  // namespace lookalike::test
