#include "providers/folder/folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "core/base/text/digest.h"
#include "core/base/text/text.h"
#include "providers/common/answer_fields.h"
#include "providers/common/license_names.h"

namespace lookalike {
namespace {

constexpr int kMaxPerPage = 500;

std::string attribution_of(const FolderPhoto& photo) {
  if (photo.license.name.empty()) return {};
  const std::string what = photo.title.empty() ? "Photo" : "\"" + photo.title + "\"";
  return what + (photo.owner.empty() ? "" : " by " + photo.owner) + ", " + photo.license.name;
}

std::string searched_text(const FolderPhoto& photo) {
  std::string text = photo.title + '\n' + photo.description;
  for (const std::string& tag : photo.tags)
    text += '\n' + tag;
  return text;
}

bool is_listed(const FolderPhoto& photo, ListOf which) {
  return which == ListOf::every_photo || !photo.has_words;
}

bool is_copy(const std::filesystem::path& path, const FileIdentity& file) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || info.st_size != file.bytes) return false;
  const auto digest = sha256_of_file(path);
  return digest.ok() && *digest == file.sha256;
}

// Manifests name licences by Flickr's ids or in words.
bool is_wished(const FolderPhoto& photo, const LicenseWish& wish) {
  return wish.allows(license_kind(license_key_of(photo.license.name)), photo.license.id);
}

Result<LicenseWish> parse_wish(const std::string& list) {
  return parse_license_wish(list, [](std::string_view word) { return flickr_license(word).has_value(); });
}

}  // namespace

FolderProvider::FolderProvider(FolderCollection collection) : collection_(std::move(collection)) {
  for (uint32_t i = 0; i < collection_.photos.size(); ++i)
    index_.add(i, searched_text(collection_.photos[i]));
  without_words_ = static_cast<size_t>(
      std::ranges::count_if(collection_.photos, [](const FolderPhoto& photo) { return !photo.has_words; }));
}

Result<std::unique_ptr<FolderProvider>> FolderProvider::create(const std::filesystem::path& folder, const LogSink& log,
                                                               const FolderLimits& limits, const LicenseWish& wish) {
  Result<FolderCollection> collection = read_folder(folder, log, limits);
  if (!collection) return collection.error();
  if (!wish.any()) std::erase_if(collection->photos, [&](const FolderPhoto& photo) { return !is_wished(photo, wish); });
  if (collection->photos.empty()) {
    return Error{ErrorCode::usage, "no photo of folder:" + terminal_safe(folder.string()) +
                                       " has a licence of --license " + terminal_safe(wish.text) +
                                       ": leave the option out, or say in a manifest what "
                                       "licence each photo has"};
  }
  return std::unique_ptr<FolderProvider>(new FolderProvider(*std::move(collection)));
}

const std::string& FolderProvider::name() const {
  static const std::string kName = "folder";
  return kName;
}

Photo FolderProvider::photo_at(uint32_t number) const {
  const FolderPhoto& source = collection_.photos[number];
  Photo photo;
  photo.provider = name();
  photo.id = source.id;
  photo.local_path = (collection_.root / source.path).string();
  photo.page_url = photo.image_url = file_url(photo.local_path);
  photo.title = source.title;
  photo.owner = source.owner;
  photo.license = source.license;
  photo.attribution = attribution_of(source);
  photo.tags = source.tags;
  return photo;
}

void FolderProvider::search(const PhotoQuery& query, Done done) {
  if (query.max_requests < 1) return done({Error{ErrorCode::quota, "no request is left for this query"}, {}});
  std::vector<uint32_t> found = index_.find(query.text);
  if (query.uploaded_before) {
    const int64_t latest = std::chrono::floor<std::chrono::seconds>(query.uploaded_before->time_since_epoch()).count();
    std::erase_if(found, [&](uint32_t i) { return collection_.photos[i].uploaded.value_or(latest) > latest; });
  }
  const auto per_page = static_cast<size_t>(std::clamp(query.per_page, 1, kMaxPerPage));
  const size_t first = std::min(found.size(), static_cast<size_t>(std::max(query.page, 1) - 1) * per_page);
  const size_t last = std::min(found.size(), first + per_page);
  PhotoPage page;
  for (size_t i = first; i < last; ++i)
    page.photos.push_back(photo_at(found[i]));
  page.has_more = last < found.size();
  done({std::move(page), {.requests = 1, .bytes = 0, .cached = false}});
}

size_t FolderProvider::listable(ListOf which) const {
  return which == ListOf::every_photo ? collection_.photos.size() : without_words_;
}

std::vector<Photo> FolderProvider::list(ListOf which, size_t limit) const {
  std::vector<Photo> photos;
  for (uint32_t i = 0; i < collection_.photos.size() && photos.size() < limit; ++i) {
    if (is_listed(collection_.photos[i], which)) photos.push_back(photo_at(i));
  }
  return photos;
}

std::vector<Photo> FolderProvider::copies_of(const FileIdentity& file, const std::stop_token& stop) const {
  std::vector<Photo> photos;
  for (uint32_t i = 0; i < collection_.photos.size() && !stop.stop_requested(); ++i) {
    if (is_copy(collection_.root / collection_.photos[i].path, file)) photos.push_back(photo_at(i));
  }
  return photos;
}

ProviderEntry folder_entry() {
  ProviderEntry entry;
  entry.info = {
      .name = "folder",
      .argument = "DIR",
      .key = KeyNeed::none,
      .key_variables = {},
      .description = "the photos of a folder on this disk, by manifest, sidecar files, keywords inside and names",
      .tags = "from manifests, files beside the photos, keywords inside them, and names",
      .limits = "none",
      .licences = "as the manifest says; --license filters what is known",
      .terms_url = "",
      .key_url = "",
      .notice = "",
      .on_this_disk = true,
      .budget = {.calls = 200,
                 .images = 2000},  // calls are answered from memory; of larger folders than are searched whole
      .calls_per_hour = 0,
      .plain_http_images = false,
      .local_files = true};
  entry.make = [](const ProviderSettings& settings, HttpClient&) -> Result<std::unique_ptr<Provider>> {
    const auto wish = parse_wish(settings.licenses);
    if (!wish) return wish.error();
    return as_provider(FolderProvider::create(settings.provider, settings.log, {}, *wish));
  };
  return entry;
}

}  // namespace lookalike
