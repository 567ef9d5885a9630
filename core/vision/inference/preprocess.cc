// An image becomes what a network reads: another size, another range of values, perhaps another order.
//
// The size is changed by linear interpolation with corners on corners: the first target pixel is the first source
// pixel, the last is the last, and the others lie evenly between. So target t of n has the position t * (m - 1) / (n -
// 1) among m source pixels, and its value is a blend of the two neighbours there. First whole rows are blended
// (blend_rows), then the columns of the blended row. The columns' places and weights are the same for every row, and
// are computed once for each width.
//
// Example: a row of three pixels 0, 100, 200 becomes five. Their positions are 0, 0.5, 1, 1.5, 2, so they are 0, 50,
// 100, 150, 200. Between the neighbours nothing is averaged: a large image that becomes small keeps a few single pixels
// of many. That is why JPEGs are decoded at a fraction of their size first (kDecodeOversize), which does average.
//
// The range is changed in the same pass. A network wants (value / 255 - mean) / scale; that is value * gain + offset
// with gain = 1 / (255 * scale) and offset = -mean / scale. With mean and scale 0.5, black (0) is -1 and white (255)
// is 1.
#include "core/vision/inference/preprocess.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace lookalike {
namespace {

struct Sample {
  int first = 0;
  int second = 0;
  float weight = 0;  // of the second
};

// Corners lie on corners: target 0 is source 0, the last target is the last source.
Sample sample_at(int target, int target_size, int source_size) {
  if (target_size == 1) return {};
  const double position = static_cast<double>(target) * (source_size - 1) / (target_size - 1);
  const int first = std::min(static_cast<int>(position), source_size - 1);
  return {first, std::min(first + 1, source_size - 1), static_cast<float>(position - first)};
}

}  // namespace

Preprocessor::Preprocessor(const NetworkSpec& spec, ChannelOrder order)
    : size_(spec.input_size), rgb_(spec.rgb), order_(order) {
  assert(size_ >= 1);
  for (size_t channel = 0; channel < 3; ++channel) {
    const size_t place = rgb_ ? channel : 2 - channel;  // in mean and scale, which follow the network's order
    gain_[channel] = 1.0f / (255.0f * spec.scale[place]);
    offset_[channel] = -spec.mean[place] / spec.scale[place];
  }
  columns_.resize(static_cast<size_t>(size_));
}

void Preprocessor::prepare_columns(int width) {
  if (width == prepared_width_) return;
  for (int x = 0; x < size_; ++x) {
    const Sample sample = sample_at(x, size_, width);
    columns_[static_cast<size_t>(x)] = {3 * sample.first, 3 * sample.second, sample.weight};
  }
  row_.resize(3 * static_cast<size_t>(width));
  prepared_width_ = width;
}

void Preprocessor::blend_rows(const Image& image, int y) {
  const Sample sample = sample_at(y, size_, image.height);
  const size_t length = row_.size();
  const uint8_t* const upper = image.rgb.data() + static_cast<size_t>(sample.first) * length;
  const uint8_t* const lower = image.rgb.data() + static_cast<size_t>(sample.second) * length;
  float* const blended = row_.data();
  for (size_t i = 0; i < length; ++i) {
    const float top = upper[i];
    blended[i] = top + (lower[i] - top) * sample.weight;
  }
}

void Preprocessor::run(const Image& image, std::span<float> out) {
  const size_t plane = static_cast<size_t>(size_) * static_cast<size_t>(size_);
  assert(out.size() == 3 * plane && image.width >= 1 && image.height >= 1);
  assert(image.rgb.size() == 3 * static_cast<size_t>(image.width) * static_cast<size_t>(image.height));
  prepare_columns(image.width);
  const size_t step = order_ == ChannelOrder::first ? 1 : 3;  // from a pixel to the next
  const size_t between = order_ == ChannelOrder::first ? plane : 1;
  for (int y = 0; y < size_; ++y) {
    blend_rows(image, y);
    for (size_t channel = 0; channel < 3; ++channel) {
      const float* const row = row_.data() + channel;
      const size_t place = rgb_ ? channel : 2 - channel;
      float* const target = out.data() + place * between + static_cast<size_t>(y * size_) * step;
      for (size_t x = 0; x < columns_.size(); ++x) {
        const Column& column = columns_[x];
        const float left = row[column.left];
        const float value = left + (row[column.right] - left) * column.weight;
        target[x * step] = value * gain_[channel] + offset_[channel];
      }
    }
  }
}

}  // namespace lookalike
