#include "core/pipeline/local_assessor.h"

#include <string>
#include <utility>

#include "core/base/files/file.h"
#include "core/base/text/digest.h"

namespace lookalike {
namespace {

struct LocalFile {
  std::string path;
  FileStamp stamp;
  int64_t max_bytes;
};

// On a worker.
Assessment make(const LocalFile& file, NetworkAssessor::Gives gives, LocalEmbeddings& kept,
                const Result<Embedder*>& network) {
  if (auto known = kept.recall(file.stamp)) return {.embedding = *std::move(known), .cached = true};
  if (auto known = kept.find(file.stamp)) return {.embedding = *std::move(known), .cached = true};
  const auto bytes = read_file(file.path, file.max_bytes);
  if (!bytes.ok()) return {.embedding = bytes.error()};
  const auto bytes_read = static_cast<int64_t>(bytes->size());
  const std::string sha256 = sha256_hex(*bytes);
  if (auto known = kept.find(file.path, file.stamp, sha256)) {
    return {.embedding = *std::move(known), .bytes_read = bytes_read, .cached = true};
  }
  auto embedding = embed_bytes(*bytes, file.path, gives, network);
  if (embedding.ok()) kept.keep(file.path, file.stamp, sha256, *embedding);
  return {.embedding = std::move(embedding), .bytes_read = bytes_read};
}

}  // namespace

LocalAssessor::LocalAssessor(EmbeddingWorkers& workers, NetworkAssessor::Gives gives,
                             std::shared_ptr<LocalEmbeddings> kept)
    : workers_(workers), gives_(gives), network_(workers, gives), kept_(std::move(kept)) {}

void LocalAssessor::close() {
  kept_->close();
}

void LocalAssessor::assess(const PhotoInHand& photo, Done done) {
  auto stamp = photo.bytes == nullptr ? stamp_of_file(photo.photo.local_path) : std::nullopt;
  if (!stamp) return network_.assess(photo, std::move(done));  // which says what is wrong with the file
  if (auto known = kept_->recall(*stamp)) return done({.embedding = *std::move(known), .cached = true});
  const std::string key = stamp->text;
  SingleFlight<Assessment>::Waiter waiter = [done](const Assessment& made) {
    done({.embedding = made.embedding, .cached = made.embedding.ok()});
  };
  if (!flights_->join(key, waiter)) return;
  workers_.submit([file = LocalFile{photo.photo.local_path, *std::move(stamp), photo.max_bytes}, key, gives = gives_,
                   kept = kept_, flights = flights_, done = std::move(done)](const Result<Embedder*>& network) {
    Assessment made = make(file, gives, *kept, network);
    flights->finish(key, made, false);
    done(std::move(made));
  });
}

}  // namespace lookalike
