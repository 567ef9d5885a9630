#include "cli/commands/eval_collection.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "cli/query/class_guesses.h"
#include "core/base/files/file.h"
#include "core/base/files/input.h"
#include "core/base/text/digest.h"
#include "core/base/thread_start.h"
#include "core/eval/open_images.h"
#include "core/vision/decode/decode.h"
#include "core/vision/inference/embedder_loader.h"
#include "core/vision/inference/preprocess.h"
#include "providers/folder/folder_manifest.h"

namespace lookalike {
namespace {

constexpr int64_t kMaxManifestBytes = int64_t{1} << 30;
constexpr int64_t kMaxImageBytes = 64 << 20;
// Collections without dates get some, spread over as long as a search looks back.
constexpr int64_t kFirstDate = 1'600'000'000;
constexpr int64_t kDateSpan = int64_t{3} * 365 * 24 * 3600;

Result<Image> read_image(const std::string& file, int input_size) {
  const auto bytes = read_file(file, kMaxImageBytes);
  if (!bytes.ok()) return bytes.error();
  auto image = decode_image(*bytes, {.scale_to_at_least = decode_size_for(input_size)});
  if (!image.ok()) return Error{image.error().code, file + ": " + image.error().message};
  return image;
}

int64_t made_up_date(size_t number) {
  return kFirstDate + static_cast<int64_t>(number * uint64_t{2654435761} % static_cast<uint64_t>(kDateSpan));
}

}  // namespace

Status EvalCollection::load_manifest(const std::string& path, std::vector<FrozenPhoto>& photos) {
  const auto text = read_text(path, kMaxManifestBytes);
  if (!text.ok()) return text.error();
  digest_ = sha256_hex(*text);
  const auto folder = std::filesystem::path(path).parent_path();
  for (ManifestEntry& entry : parse_manifest(*text).entries) {
    FrozenPhoto frozen{.uploaded = entry.uploaded.value_or(made_up_date(photos.size()))};
    frozen.photo.title = std::move(entry.title);
    frozen.photo.tags = std::move(entry.tags);
    photos.push_back(std::move(frozen));
    files_.push_back((folder / entry.file).string());
  }
  return {};
}

Status EvalCollection::load_open_images(const EvalSource& source, std::vector<FrozenPhoto>& photos) {
  const auto labels = read_text(source.manifest, kMaxManifestBytes);
  if (!labels.ok()) return labels.error();
  digest_ = sha256_hex(*labels);
  const auto names = source.class_names.empty() ? Result<std::string>(std::string())
                                                : read_text(source.class_names, kMaxManifestBytes);
  if (!names.ok()) return names.error();
  auto images = parse_open_images(*labels, *names);
  if (!images.ok()) return Error{images.error().code, source.manifest + ": " + images.error().message};
  const auto folder = source.photos.empty() ? std::filesystem::path(source.manifest).parent_path()
                                            : std::filesystem::path(source.photos);
  for (LabelledImage& image : *images) {
    const auto file = folder / (image.id + ".jpg");
    // The label files name nine million photos; who has some of them has a collection.
    if (!std::filesystem::exists(file)) continue;
    FrozenPhoto frozen{.uploaded = made_up_date(photos.size())};
    frozen.photo.tags = std::move(image.labels);
    photos.push_back(std::move(frozen));
    files_.push_back(file.string());
  }
  if (photos.empty()) {
    return Error{ErrorCode::bad_data,
                 "none of the labelled photos is in " + folder.string() + ": name their folder with --photos"};
  }
  return {};
}

Status EvalCollection::load(const EvalSource& source) {
  std::vector<FrozenPhoto> photos;
  const Status loaded =
      source.manifest.ends_with(".csv") ? load_open_images(source, photos) : load_manifest(source.manifest, photos);
  if (!loaded.ok()) return loaded;
  if (photos.empty()) {
    return Error{ErrorCode::bad_data, source.manifest + ": no photo in this manifest (docs/formats.md)"};
  }
  int64_t newest = 0;
  for (FrozenPhoto& frozen : photos) {
    frozen.photo.provider = "frozen";
    newest = std::max(newest, frozen.uploaded);
    if (source.labels == LabelSource::title) labels_.push_back({frozen.photo.title});
    if (source.labels == LabelSource::tags) labels_.push_back(frozen.photo.tags);
  }
  newest_ = std::chrono::system_clock::time_point(std::chrono::seconds(newest));
  service_ = std::make_unique<FrozenService>(std::move(photos), source.reach);
  return {};
}

Status EvalCollection::embed_all(EmbedderLoader& network, bool show_progress) {
  embeddings_ = std::make_unique<EmbeddingTable>(files_.size(), static_cast<size_t>(embedder_->dimensions()));
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  std::optional<Error> first_error;
  const auto work = [&] {
    const auto embedder = network.load();
    for (size_t i = next++; i < files_.size(); i = next++) {
      auto embedding = embedder.ok() ? Result<Embedding>(Embedding{}) : Result<Embedding>(embedder.error());
      if (embedder.ok()) {
        const auto image = read_image(files_[i], (*embedder)->spec().input_size);
        embedding = image.ok() ? (*embedder)->embed(*image) : Result<Embedding>(image.error());
      }
      const std::lock_guard lock(mutex);
      if (!embedding.ok()) {
        if (!first_error) first_error = embedding.error();
        next = files_.size();
        return;
      }
      std::copy(embedding->begin(), embedding->end(), embeddings_->row(i).begin());
      if (show_progress && i % 500 == 0) std::fprintf(stderr, "lookalike: %zu of %zu embeddings\n", i, files_.size());
    }
  };
  {
    std::vector<std::jthread> threads;
    const size_t most = std::max(1u, std::thread::hardware_concurrency());
    threads.emplace_back(work);
    while (threads.size() < most && start_if_possible(threads, work)) {
    }
  }
  return first_error ? Status(*first_error) : Status();
}

Result<std::unique_ptr<EvalCollection>> EvalCollection::open(const EvalSource& source, const NetworkSpec& network,
                                                             bool show_progress) {
  auto collection = std::unique_ptr<EvalCollection>(new EvalCollection);
  if (const Status loaded = collection->load(source); !loaded.ok()) return loaded.error();
  EmbedderLoader loader(network);
  auto embedder = loader.load();
  if (!embedder.ok()) return embedder.error();
  collection->embedder_ = std::move(*embedder);
  const NetworkSpec& spec = collection->embedder_->spec();
  const std::string key = sha256_hex(collection->digest_ + spec.sha256 + spec.feature_layer);
  if (!source.embeddings.empty()) {
    auto stored = EmbeddingTable::read(source.embeddings, key, collection->files_.size());
    if (stored.ok()) {
      collection->embeddings_ = std::make_unique<EmbeddingTable>(std::move(*stored));
      return collection;
    }
  }
  if (const Status embedded = collection->embed_all(loader, show_progress); !embedded.ok()) return embedded.error();
  if (source.embeddings.empty()) return collection;
  const Status written = collection->embeddings_->write(source.embeddings, key);
  return written.ok() ? Result<std::unique_ptr<EvalCollection>>(std::move(collection)) : written.error();
}

Result<std::vector<ClassGuess>> EvalCollection::classes_of(size_t photo) const {
  const auto image = read_image(files_[photo], embedder_->spec().input_size);
  if (!image.ok()) return image.error();
  const auto description = embedder_->describe(*image, kClassesGuessed);
  if (!description.ok()) return description.error();
  return class_guesses(description->classes);
}

}  // namespace lookalike
