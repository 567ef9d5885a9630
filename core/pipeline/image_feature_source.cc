#include "core/pipeline/image_feature_source.h"

#include <string>
#include <utility>

#include "core/base/file.h"
#include "core/net/url.h"
#include "core/vision/preprocess.h"

namespace lookalike {
namespace {

Result<Embedding> embed_bytes(std::string_view bytes, const std::string& name, const Result<Embedder*>& network) {
  if (!network.ok()) return network.error();
  DecodeLimits limits;
  limits.scale_to_at_least = decode_size_for((*network)->spec().input_size);
  const auto image = decode_image(bytes, limits);
  if (!image.ok()) return Error{image.error().code, name + ": " + image.error().message};
  return (*network)->embed(*image);
}

}  // namespace

void ImageFeatureSource::fetch(const Photo& photo, int max_requests, Reports reports) {
  if (!photo.local_path.empty()) return read_from_disk(photo, std::move(reports.done));
  download(photo, max_requests, std::move(reports));
}

void ImageFeatureSource::read_from_disk(const Photo& photo, Done done) {
  workers_.submit([path = photo.local_path, max_bytes = rules_.of(photo).max_bytes,
                   done = std::move(done)](const Result<Embedder*>& network) {
    const auto bytes = read_file(path, max_bytes);
    if (!bytes.ok()) return done({bytes.error(), {.requests = 1}});
    const TransferCost cost{.requests = 1, .bytes = static_cast<int64_t>(bytes->size())};
    done({embed_bytes(*bytes, path, network), cost});
  });
}

void ImageFeatureSource::download(const Photo& photo, int max_requests, Reports reports) {
  download_photo(
      http_, rules_.of(photo), photo, max_requests,
      [&workers = workers_, name = redacted_url(photo.image_url), reports = std::move(reports)](PhotoBytes answer) {
        if (!answer.bytes.ok()) return reports.done({answer.bytes.error(), answer.cost});
        if (reports.transferred) reports.transferred(answer.cost);
        workers.submit([body = std::move(*answer.bytes), name, cost = answer.cost,
                        done = reports.done](const Result<Embedder*>& network) {
          done({embed_bytes(body, name, network), cost});
        });
      });
}

}  // namespace lookalike
