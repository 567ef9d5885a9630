#include "core/pipeline/photo_feature_source.h"

#include <algorithm>
#include <cassert>
#include <mutex>
#include <optional>
#include <utility>

namespace lookalike {
namespace {

// What has come of one photo's parts.
class PartsOfPhoto {
 public:
  PartsOfPhoto(size_t count, TransferCost cost, FeatureSource::Done done)
      : parts_(count), missing_(count), cost_(cost), done_(std::move(done)) {}

  void put(size_t place, const std::string& name, Assessment part) {
    if (!part.embedding.ok() && !name.empty())
      part.embedding = Error{part.embedding.error().code, name + ": " + part.embedding.error().message};
    {
      const std::lock_guard lock(mutex_);
      parts_[place] = std::move(part);
      if (--missing_ > 0) return;
    }
    finish();
  }

 private:
  // Called once, by whoever put the last part.
  void finish() {
    bool cached = true;
    for (const auto& part : parts_) {
      cost_.bytes = std::max(cost_.bytes, part->bytes_read);  // the file is one, however many read it
      cached = cached && part->cached;
    }
    if (cached) cost_ = {.bytes = cost_.bytes, .cached = true};
    for (auto& part : parts_) {
      if (!part->embedding.ok()) return done_({part->embedding.error(), cost_});
    }
    Embedding joined = std::move(*parts_.front()->embedding);
    for (size_t i = 1; i < parts_.size(); ++i)
      joined.insert(joined.end(), parts_[i]->embedding->begin(), parts_[i]->embedding->end());
    done_({std::move(joined), cost_});
  }

  std::mutex mutex_;
  std::vector<std::optional<Assessment>> parts_;
  size_t missing_;
  TransferCost cost_;
  const FeatureSource::Done done_;
};

}  // namespace

PhotoFeatureSource::PhotoFeatureSource(HttpClient& http, ImageFetchRules rules, std::vector<PhotoPart> parts)
    : http_(http), rules_(std::move(rules)), parts_(std::make_shared<const std::vector<PhotoPart>>(std::move(parts))) {
  assert(!parts_->empty());
}

PhotoFeatureSource::~PhotoFeatureSource() {
  for (const PhotoPart& part : *parts_)
    part.assessor->close();
}

void PhotoFeatureSource::assess(const Parts& parts, const PhotoInHand& photo, const TransferCost& cost,
                                const Done& done) {
  const auto all = std::make_shared<PartsOfPhoto>(parts->size(), cost, done);
  for (size_t i = 0; i < parts->size(); ++i) {
    const PhotoPart& part = (*parts)[i];
    part.assessor->assess(
        photo, [all, i, name = part.name](Assessment assessment) { all->put(i, name, std::move(assessment)); });
  }
}

void PhotoFeatureSource::fetch(const Photo& photo, int max_requests, Reports reports) {
  const ImageFetchOptions& rules = rules_.of(photo);
  PhotoInHand in_hand{.photo = photo, .bytes = nullptr, .max_bytes = rules.max_bytes};
  if (!photo.local_path.empty()) return assess(parts_, in_hand, {.requests = 1}, reports.done);
  // By itself: within the call it might be made after `reports` is moved away.
  ImageFetch request{.max_requests = max_requests, .patience = reports.patience, .gone = gone_};
  download_photo(
      http_, rules, photo, std::move(request),
      [parts = parts_, in_hand = std::move(in_hand), reports = std::move(reports)](PhotoBytes answer) mutable {
        if (!answer.bytes.ok()) return reports.done({answer.bytes.error(), answer.cost});
        if (reports.transferred) reports.transferred(answer.cost);
        in_hand.bytes = std::make_shared<const std::string>(std::move(*answer.bytes));
        assess(parts, in_hand, answer.cost, reports.done);
      });
}

}  // namespace lookalike
