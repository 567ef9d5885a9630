#include "providers/commons_answer.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "providers/common/answer_fields.h"
#include "providers/common/license_names.h"

namespace lookalike {
namespace {

using rapidjson::Value;

constexpr size_t kMostFiles = 500;
constexpr size_t kMostContinuations = 16;
constexpr size_t kMaxHtmlBytes = 4096;
constexpr size_t kMaxTextCodePoints = 200;
constexpr size_t kMaxContinueBytes = 1024;
constexpr std::array<std::string_view, 5> kBitmaps{"image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff"};

// Beginnings of the names of categories that say nothing of what is seen. Case does not count.
constexpr std::array<std::string_view, 48> kUpkeep{"cc-",
                                                   "cc by",
                                                   "cc0",
                                                   "pd-",
                                                   "pd ",
                                                   "gfdl",
                                                   "self-published",
                                                   "self published",
                                                   "files ",
                                                   "file ",
                                                   "images from ",
                                                   "images by ",
                                                   "images uploaded",
                                                   "images with ",
                                                   "images without ",
                                                   "uploaded ",
                                                   "upload ",
                                                   "photographs by ",
                                                   "photographs taken ",
                                                   "photos by ",
                                                   "photos from ",
                                                   "pictures by ",
                                                   "taken with ",
                                                   "media ",
                                                   "license ",
                                                   "licenses ",
                                                   "copyright",
                                                   "creative commons",
                                                   "attribution ",
                                                   "author died",
                                                   "author ",
                                                   "artworks ",
                                                   "pages ",
                                                   "wikipedia",
                                                   "wikimedia",
                                                   "commons ",
                                                   "flickr ",
                                                   "flickr:",
                                                   "quality images",
                                                   "featured pictures",
                                                   "valued images",
                                                   "no qic",
                                                   "assessed ",
                                                   "supported by ",
                                                   "created with ",
                                                   "collections of ",
                                                   "items with ",
                                                   "structured data"};
constexpr std::array<std::string_view, 7> kUpkeepWithin{
    " by usr:", "missing sdc", "requiring review", "unidentified", "needing ", "license review", "user:"};

std::string clipped(std::string_view text) {
  return clip_text(valid_utf8(text), kMaxTextCodePoints);
}

// "File:Some_name.jpg" is titled "Some name".
std::string title_of(const Value& page) {
  std::string title = terminal_safe(json_text(page, "title").value_or(""));
  const size_t colon = title.find(':');
  if (colon != std::string::npos) title.erase(0, colon + 1);
  const size_t dot = title.rfind('.');
  if (dot != std::string::npos && dot > 0 && title.size() - dot <= 5) title.resize(dot);
  std::replace(title.begin(), title.end(), '_', ' ');
  return clipped(title);
}

// {"Artist": {"value": "<a …>"}}; numbers come as such.
std::string metadata(const Value& info, std::string_view name) {
  const Value* all = json_member(info, "extmetadata");
  const Value* entry = all == nullptr ? nullptr : json_member(*all, name);
  if (entry == nullptr) return {};
  return json_text(*entry, "value").value_or("").substr(0, kMaxHtmlBytes);
}

License license_of(const Value& info) {
  License license;
  license.name = clipped(html_text(metadata(info, "LicenseShortName")));
  license.url = metadata(info, "LicenseUrl");
  if (license.url.starts_with("//")) license.url.insert(0, "https:");
  if (!is_web_url(license.url)) license.url.clear();
  license.id = clipped(html_text(metadata(info, "License")));
  if (license.id.empty()) license.id = license_key_of(license.name);
  return license;
}

void read_image_info(const Value& info, CommonsFile& file) {
  Photo& photo = file.photo;
  photo.page_url = web_url(info, "descriptionurl");
  photo.image_url = web_url(info, "thumburl");
  photo.license = license_of(info);
  const std::string artist = metadata(info, "Artist");
  photo.owner = clipped(html_text(artist));
  photo.owner_url = first_link(artist);
  if (photo.owner.empty()) photo.owner = clipped(terminal_safe(json_text(info, "user").value_or("")));
  photo.attribution = attribution_line(photo.title, photo.owner, photo.license.name);
  if (!photo.attribution.empty()) photo.attribution += ", via Wikimedia Commons";
  const std::string mime = json_text(info, "mime").value_or("");
  file.is_bitmap = std::find(kBitmaps.begin(), kBitmaps.end(), mime) != kBitmaps.end();
}

void read_categories(const Value& page, Photo& photo) {
  const Value* list = json_member(page, "categories");
  if (list == nullptr || !list->IsArray()) return;
  for (const Value& category : list->GetArray()) {
    std::string name = json_text(category, "title").value_or("");
    const size_t colon = name.find(':');  // "Category:", in some wikis another word
    if (colon != std::string::npos) name.erase(0, colon + 1);
    std::replace(name.begin(), name.end(), '_', ' ');
    if (is_subject_category(name)) add_tag(photo.tags, name);
  }
}

void read_page(const Value& page, CommonsBatch& batch) {
  const auto id = json_integer(page, "pageid");
  if (!id || *id <= 0) return;
  if (batch.files.size() >= kMostFiles && !batch.files.contains(*id)) return;
  CommonsFile& file = batch.files[*id];
  Photo& photo = file.photo;
  photo.id = std::to_string(*id);
  if (photo.title.empty()) photo.title = title_of(page);
  if (const auto index = json_integer(page, "index")) file.index = *index;
  const Value* infos = json_member(page, "imageinfo");
  if (infos != nullptr && infos->IsArray() && !infos->Empty()) read_image_info((*infos)[0], file);
  read_categories(page, photo);
}

void read_pages(const Value& document, CommonsBatch& batch) {
  const Value* query = json_member(document, "query");
  const Value* pages = query == nullptr ? nullptr : json_member(*query, "pages");
  if (pages == nullptr) return;
  if (pages->IsArray()) {
    for (const Value& page : pages->GetArray())
      read_page(page, batch);
  } else if (pages->IsObject()) {  // formatversion=1
    for (const auto& page : pages->GetObject())
      read_page(page.value, batch);
  }
}

bool is_true(const Value& document, std::string_view name) {
  const Value* member = json_member(document, name);
  return member != nullptr && !(member->IsBool() && !member->GetBool());  // "" in formatversion=1
}

// While a batch is not complete, all that `continue` holds goes into the next request.
void read_continuation(const Value& document, CommonsBatch& batch) {
  batch.more.clear();
  batch.has_more = false;
  const Value* next = json_member(document, "continue");
  if (next == nullptr || !next->IsObject()) return;
  const bool complete = is_true(document, "batchcomplete");
  batch.has_more = complete && json_member(*next, "gsroffset") != nullptr;
  if (complete) return;
  for (const auto& entry : next->GetObject()) {
    const std::string name = valid_utf8({entry.name.GetString(), entry.name.GetStringLength()});
    const std::string value = json_text(*next, name).value_or("");
    if (is_plain_id(name) && value.size() <= kMaxContinueBytes && batch.more.size() < kMostContinuations)
      batch.more.emplace_back(name, value);
  }
}

std::optional<Error> failure_in(const Value& document) {
  const Value* error = json_member(document, "error");
  if (error == nullptr) return std::nullopt;
  const std::string code = clip_text(terminal_safe(json_text(*error, "code").value_or("no code")), 60);
  const std::string said =
      " (" + code + ": " + clip_text(terminal_safe(json_text(*error, "info").value_or("no reason given")), 200) + ")";
  if (code == "ratelimited" || code == "maxlag" || code == "readonly" || code.starts_with("internal_api_error") ||
      code.starts_with("cirrussearch-")) {
    return Error{ErrorCode::network,
                 "Wikimedia Commons' search is not available just now" + said + ": try again later"};
  }
  return Error{ErrorCode::usage, "Wikimedia Commons refused this query" + said + ": use other words"};
}

}  // namespace

bool is_subject_category(std::string_view category) {
  const std::string name = ascii_lower(trim(category));
  if (name.empty()) return false;
  const auto begins = [&name](std::string_view start) { return name.starts_with(start); };
  if (std::any_of(kUpkeep.begin(), kUpkeep.end(), begins)) return false;
  const auto holds = [&name](std::string_view part) { return name.find(part) != std::string::npos; };
  if (std::any_of(kUpkeepWithin.begin(), kUpkeepWithin.end(), holds)) return false;
  // Years and dates: "2012", "2012-09-25".
  return name.find_first_not_of("0123456789-/. ") != std::string::npos;
}

Status add_commons_answer(CommonsBatch& batch, const Value& part) {
  if (auto failure = failure_in(part)) return *std::move(failure);
  const bool is_answer = json_member(part, "query") != nullptr || is_true(part, "batchcomplete");
  if (!is_answer) {
    return Error{ErrorCode::bad_data, "Wikimedia Commons' answer holds no result of a query: check --endpoint"};
  }
  read_pages(part, batch);
  read_continuation(part, batch);
  return {};
}

PhotoPage commons_page(CommonsBatch batch) {
  std::vector<CommonsFile> files;
  for (auto& [id, file] : batch.files) {
    if (file.is_bitmap) files.push_back(std::move(file));
  }
  std::stable_sort(files.begin(), files.end(),
                   [](const CommonsFile& a, const CommonsFile& b) { return a.index < b.index; });
  PhotoPage page;
  for (CommonsFile& file : files)
    page.photos.push_back(std::move(file.photo));
  page.has_more = batch.has_more;
  return page;
}

}  // namespace lookalike
