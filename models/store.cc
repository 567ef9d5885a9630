#include "models/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <system_error>

#include "core/base/files/file.h"
#include "core/base/files/user_folders.h"
#include "core/base/text/digest.h"
#include "core/base/text/text.h"
#include "models/conversion_mark.h"
#include "models/labels.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMaxCatalogueBytes = 1 << 20;

// Size of a regular file; nothing when there is none.
std::optional<int64_t> size_of_file(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || error) return std::nullopt;
  const auto size = fs::file_size(path, error);
  if (error) return std::nullopt;
  return static_cast<int64_t>(size);
}

void add_folder(std::vector<fs::path>& folders, const fs::path& folder) {
  if (std::find(folders.begin(), folders.end(), folder) == folders.end()) folders.push_back(folder);
}

bool is_network(const CatalogueEntry& entry) {
  return entry.kind == CatalogueEntry::Kind::network;
}

// The user's entries follow the built-in ones; one of the same name takes the built-in one's place.
Result<std::vector<CatalogueEntry>> merged_catalogue(const fs::path& user_catalogue) {
  const auto built_in = catalogue();
  std::vector<CatalogueEntry> entries(built_in.begin(), built_in.end());
  std::error_code error;
  if (user_catalogue.empty() || !fs::exists(user_catalogue, error)) return entries;
  const auto text = read_text_file(user_catalogue, kMaxCatalogueBytes);
  if (!text.ok()) return Error{ErrorCode::bad_data, text.error().message};
  auto added = parse_catalogue(*text);
  if (!added.ok()) return Error{ErrorCode::bad_data, user_catalogue.string() + ": " + added.error().message};
  for (CatalogueEntry& entry : *added) {
    entry.from_user = true;
    const auto same = std::find_if(entries.begin(), entries.end(),
                                   [&](const CatalogueEntry& known) { return known.spec.name == entry.spec.name; });
    if (same == entries.end()) {
      entries.push_back(std::move(entry));
    } else {
      *same = std::move(entry);
    }
  }
  std::stable_partition(entries.begin(), entries.end(), is_network);
  return entries;
}

// "lookalike models pull NAME", or how a file without a public address gets here.
std::string how_to_get(const CatalogueEntry& entry) {
  const std::string command = "'lookalike models pull " + entry.spec.name;
  if (!entry.sources.empty()) return "run " + command + "'";
  return entry.file + " has no public address: run " + command + " --from FILE' with a copy of it";
}

// The entry's own file, or what a source of it is converted to.
bool is_size_of(const CatalogueEntry& entry, int64_t size) {
  return entry.bytes == size || std::any_of(entry.sources.begin(), entry.sources.end(), [&](const ModelSource& source) {
           return source.result_bytes == size && size > 0;
         });
}

Error damaged_file(const CatalogueEntry& entry, const ModelStatus& found) {
  return Error{ErrorCode::model,
               fmt::format("{} is damaged or another file: it has {} bytes instead of {}; remove it and {}",
                           found.path.string(), found.bytes, entry.bytes, how_to_get(entry))};
}

Error none_installed(std::span<const CatalogueEntry> entries) {
  std::string size;
  const auto pulled = std::find_if(entries.begin(), entries.end(), [](const auto& e) { return !e.sources.empty(); });
  if (pulled != entries.end()) size = fmt::format(" ({} MB)", (pulled->bytes + 500'000) / 1'000'000);
  return Error{ErrorCode::model, "no network is installed; run 'lookalike models pull'" + size +
                                     ", or name an ONNX file with --model FILE.onnx"};
}

NetworkSpec installed_spec(const CatalogueEntry& entry, const fs::path& path) {
  NetworkSpec spec = entry.spec;
  spec.path = path.string();
  // A converted file has a digest of its own.
  if (size_of_file(path) != entry.bytes) spec.sha256.clear();
  spec.labels = labels_for_classes(entry.classes);
  return spec;
}

// Nothing is known about the file: what most networks trained on ImageNet expect.
NetworkSpec foreign_spec(const fs::path& path) {
  return NetworkSpec{.name = path.stem().string(),
                     .path = path.string(),
                     .mean = {0.485f, 0.456f, 0.406f},
                     .scale = {0.229f, 0.224f, 0.225f}};
}

Status apply(const SpecOverrides& overrides, NetworkSpec& spec) {
  const auto refuse = [&](const std::string& what) {
    return Error{ErrorCode::usage, "for the network " + spec.name + ", " + what};
  };
  if (overrides.input_size) spec.input_size = *overrides.input_size;
  if (overrides.rgb) spec.rgb = *overrides.rgb;
  if (overrides.mean) spec.mean = *overrides.mean;
  if (overrides.scale) spec.scale = *overrides.scale;
  if (overrides.feature_layer) spec.feature_layer = *overrides.feature_layer;
  if (overrides.logits_layer) spec.logits_layer = *overrides.logits_layer;
  if (overrides.score_scale) spec.score_scale = *overrides.score_scale;
  if (spec.input_size < 16 || spec.input_size > 2048) return refuse("the input size must be from 16 to 2048");
  const auto is_number = [](float value) { return std::isfinite(value); };
  if (!std::all_of(spec.mean.begin(), spec.mean.end(), is_number)) return refuse("the mean must be three numbers");
  const auto divides = [](float value) { return std::isfinite(value) && value != 0.0f; };
  if (!std::all_of(spec.scale.begin(), spec.scale.end(), divides)) return refuse("the scale must not be 0");
  if (!std::isfinite(spec.score_scale) || spec.score_scale <= 0) return refuse("the score's scale must be above 0");
  return {};
}

// In alphabetical order; none when the folder cannot be read.
std::vector<fs::path> onnx_files(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".onnx" && size_of_file(it->path())) files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool is_path(std::string_view text) {
  return text.find('/') != std::string_view::npos || text.ends_with(".onnx");
}

}  // namespace

Result<bool> is_file_of(const CatalogueEntry& entry, const fs::path& path) {
  if (size_of_file(path) == entry.bytes) {
    const auto digest = sha256_of_file(path);
    return digest.ok() ? Result<bool>(*digest == entry.sha256) : digest.error();
  }
  const auto source = source_in_mark(path);
  if (!source.ok() && source.error().code == ErrorCode::bad_data) return false;
  if (!source.ok()) return source.error();
  return std::any_of(entry.sources.begin(), entry.sources.end(), [&](const ModelSource& known) {
    return known.result_bytes > 0 && unconverted_sha256(known) == *source && size_of_file(path) == known.result_bytes;
  });
}

ModelFolders model_folders(const ModelEnvironment& environment) {
  ModelFolders folders;
  for (const std::string& folder : split(environment.lookalike_models, ':')) {
    if (!folder.empty()) add_folder(folders.searched, folder);
  }
  const fs::path data = user_folder(kDataFolder, environment.xdg_data_home, environment.home);
  if (!data.empty()) {
    folders.user = data / "models";
    folders.user_catalogue = data / "catalogue.json";
    add_folder(folders.searched, folders.user);
  }
  // PREFIX/bin/lookalike finds PREFIX/share/lookalike, wherever the whole was moved to.
  if (environment.executable.has_parent_path()) {
    const fs::path prefix = (environment.executable.parent_path() / "..").lexically_normal();
    add_folder(folders.searched, prefix / "share/lookalike/models");
  }
  add_folder(folders.searched, fs::path(LOOKALIKE_DATA_DIR) / "models");
  return folders;
}

ModelStore::ModelStore(ModelFolders folders)
    : folders_(std::move(folders)), entries_(merged_catalogue(folders_.user_catalogue)) {}

Result<std::span<const CatalogueEntry>> ModelStore::entries() const {
  if (!entries_.ok()) return entries_.error();
  return std::span<const CatalogueEntry>(*entries_);
}

Result<std::span<const CatalogueEntry>> ModelStore::networks() const {
  if (!entries_.ok()) return entries_.error();
  const auto end = std::find_if_not(entries_->begin(), entries_->end(), is_network);
  return std::span<const CatalogueEntry>(entries_->begin(), end);
}

Result<fs::path> ModelStore::word_vectors() const {
  if (!entries_.ok()) return entries_.error();
  for (const CatalogueEntry& entry : *entries_) {
    if (is_network(entry)) continue;
    const ModelStatus found = look_for(entry);
    if (found.damaged) return damaged_file(entry, found);
    if (!found.path.empty()) return found.path;
  }
  return fs::path();
}

// A whole file wins over a damaged one in an earlier folder.
ModelStatus ModelStore::look_for(const CatalogueEntry& entry) const {
  ModelStatus found{.entry = &entry, .name = entry.spec.name};
  for (const fs::path& folder : folders_.searched) {
    const fs::path path = folder / entry.file;
    const auto size = size_of_file(path);
    if (!size) continue;
    const bool damaged = !is_size_of(entry, *size);
    if (damaged && !found.path.empty()) continue;
    found.path = path;
    found.bytes = *size;
    found.damaged = damaged;
    if (!damaged) break;
  }
  return found;
}

std::optional<fs::path> ModelStore::file_in_folders(std::string_view name) const {
  for (const fs::path& folder : folders_.searched) {
    for (const char* ending : {"", ".onnx"}) {
      const fs::path path = folder / (std::string(name) + ending);
      if (path.extension() == ".onnx" && size_of_file(path)) return path;
    }
  }
  return std::nullopt;
}

Result<NetworkSpec> ModelStore::resolve_default(std::span<const CatalogueEntry> entries) const {
  for (const CatalogueEntry& entry : entries) {
    const ModelStatus found = look_for(entry);
    // A lesser network would give other results without saying so.
    if (found.damaged) return damaged_file(entry, found);
    if (!found.path.empty()) return installed_spec(entry, found.path);
  }
  return none_installed(entries);
}

Result<NetworkSpec> ModelStore::resolve_name(std::string_view name, std::span<const CatalogueEntry> entries) const {
  const auto exact =
      std::find_if(entries.begin(), entries.end(), [&](const CatalogueEntry& e) { return e.spec.name == name; });
  const auto is_meant = [&](const CatalogueEntry& entry) { return entry.spec.name == name || entry.family == name; };
  std::optional<Error> damaged;
  const auto try_entry = [&](const CatalogueEntry& entry) -> std::optional<NetworkSpec> {
    const ModelStatus found = look_for(entry);
    if (found.damaged && !damaged) damaged = damaged_file(entry, found);
    if (found.path.empty() || found.damaged) return std::nullopt;
    return installed_spec(entry, found.path);
  };
  if (exact != entries.end()) {
    if (auto spec = try_entry(*exact)) return *std::move(spec);
    if (damaged) return *damaged;
  }
  const CatalogueEntry* to_get = nullptr;  // pulling it also tries the others of its family
  for (const CatalogueEntry& entry : entries) {
    if (!is_meant(entry)) continue;
    if (auto spec = try_entry(entry)) return *std::move(spec);
    if (damaged) return *damaged;
    if (to_get == nullptr || (to_get->sources.empty() && !entry.sources.empty())) to_get = &entry;
  }
  return Error{ErrorCode::model, "the network " + std::string(name) + " is not installed; " + how_to_get(*to_get)};
}

Result<NetworkSpec> ModelStore::resolve_file(const fs::path& path, std::span<const CatalogueEntry> entries) const {
  const auto size = size_of_file(path);
  if (!size) {
    return Error{ErrorCode::model, "there is no network file " + terminal_safe(path.string()) +
                                       "; 'lookalike models list' shows what is installed"};
  }
  if (*size == 0) return Error{ErrorCode::model, path.string() + " is empty: not an ONNX file"};
  for (const CatalogueEntry& entry : entries) {
    if (!is_size_of(entry, *size)) continue;
    const auto same = is_file_of(entry, path);
    if (!same.ok()) return Error{ErrorCode::model, same.error().message};
    if (*same) return installed_spec(entry, path);
  }
  return foreign_spec(path);
}

Result<NetworkSpec> ModelStore::resolve(std::string_view name_or_path, const SpecOverrides& overrides) const {
  const auto networks_known = networks();
  if (!networks_known.ok()) return networks_known.error();
  const std::span<const CatalogueEntry> known = *networks_known;
  const auto found = [&]() -> Result<NetworkSpec> {
    if (name_or_path.empty()) return resolve_default(known);
    const fs::path path(name_or_path);
    if (is_path(name_or_path) && size_of_file(path)) return resolve_file(path, known);
    const auto entry = find_in_catalogue(name_or_path, known);
    if (entry.ok()) return resolve_name(name_or_path, known);
    if (const auto inside = file_in_folders(name_or_path)) return resolve_file(*inside, known);
    if (is_path(name_or_path) || size_of_file(path)) return resolve_file(path, known);
    return entry.error();
  }();
  if (!found.ok()) return found;
  NetworkSpec spec = *found;
  if (const Status applied = apply(overrides, spec); !applied.ok()) return applied.error();
  return spec;
}

Result<ModelStatus> ModelStore::status(std::string_view name) const {
  const auto all = list();
  if (!all.ok()) return all.error();
  const ModelStatus* family = nullptr;
  for (const ModelStatus& status : *all) {
    if (status.name == name) return status;
    const bool member = status.entry != nullptr && status.entry->family == name;
    if (member && (family == nullptr || (family->path.empty() && !status.path.empty()))) family = &status;
  }
  if (family != nullptr) return *family;
  return find_in_catalogue(name, *entries_).error();
}

// ONNX files in the folders that are no entry's.
void ModelStore::add_foreign_files(std::vector<ModelStatus>& all) const {
  const auto is_listed = [&](const std::string& file) {
    return std::any_of(all.begin(), all.end(), [&](const ModelStatus& status) {
      return status.entry != nullptr ? status.entry->file == file : status.path.filename() == file;
    });
  };
  for (const fs::path& folder : folders_.searched) {
    for (const fs::path& path : onnx_files(folder)) {
      if (is_listed(path.filename().string())) continue;
      all.push_back(ModelStatus{.name = path.stem().string(), .path = path, .bytes = size_of_file(path).value_or(0)});
    }
  }
}

Result<std::vector<ModelStatus>> ModelStore::list() const {
  if (!entries_.ok()) return entries_.error();
  std::vector<ModelStatus> all;
  bool preferred_found[] = {false, false};  // of networks, of word vectors
  for (const CatalogueEntry& entry : *entries_) {
    ModelStatus status = look_for(entry);
    bool& found = preferred_found[is_network(entry) ? 0 : 1];
    status.preferred = !found && !status.path.empty();
    found = found || status.preferred;
    all.push_back(std::move(status));
  }
  add_foreign_files(all);
  return all;
}

Status ModelStore::verify(const ModelStatus& status) const {
  const CatalogueEntry& entry = *status.entry;
  if (status.damaged) return damaged_file(entry, status);
  if (status.bytes != entry.bytes) {
    const auto same = is_file_of(entry, status.path);
    if (!same.ok()) return same.error();
    if (*same) return {};
    return Error{ErrorCode::model, status.path.string() + " is damaged or another file: it is not what is made from " +
                                       "the sources of " + entry.spec.name + "; remove it and " + how_to_get(entry)};
  }
  const auto digest = sha256_of_file(status.path);
  if (!digest.ok()) return digest.error();
  if (*digest == entry.sha256) return {};
  return Error{ErrorCode::model, status.path.string() + " is damaged or another file: its SHA-256 is " + *digest +
                                     " instead of " + entry.sha256 + "; remove it and " + how_to_get(entry)};
}

}  // namespace lookalike
