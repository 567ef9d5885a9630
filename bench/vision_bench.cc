// What one photo costs: decoding, preprocessing, the network to its feature layer, and with classes. Pictures are made
// in memory; the network is the first .onnx file of the folder LOOKALIKE_MODELS, and its measurements are left out
// without one. LOOKALIKE_MODEL names another file.
#include <benchmark/benchmark.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "core/vision/decode/decode.h"
#include "core/vision/inference/embedder_loader.h"
#include "core/vision/inference/preprocess.h"

namespace {

using namespace lookalike;

constexpr int kInputSize = 224;

// Structure at several scales, so that the picture costs about what a photo costs.
Image picture(int width, int height) {
  Image image{.width = width, .height = height, .original_width = width, .original_height = height, .rgb = {}};
  image.rgb.reserve(static_cast<size_t>(width) * static_cast<size_t>(height) * 3);
  uint32_t noise = 1;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      noise = noise * 1664525u + 1013904223u;
      const double wave = 90 * std::sin(x / 37.0) * std::cos(y / 23.0) + 20 * std::sin(x * y / 900.0);
      for (int channel = 0; channel < 3; ++channel) {
        const double value = 128 + wave + 10 * channel + static_cast<double>(noise >> 28);
        image.rgb.push_back(static_cast<uint8_t>(std::clamp(value, 0.0, 255.0)));
      }
    }
  }
  return image;
}

std::string jpeg(int width, int height, int flags) {
  const Image image = picture(width, height);
  const tjhandle handle = tjInitCompress();
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  tjCompress2(handle, image.rgb.data(), width, 0, height, TJPF_RGB, &buffer, &size, TJSAMP_420, 88, flags);
  std::string bytes(reinterpret_cast<const char*>(buffer), size);
  tjFree(buffer);
  tjDestroy(handle);
  return bytes;
}

void decode(benchmark::State& state, const std::string& bytes, int scale_to_at_least) {
  for (auto _ : state) {
    auto image = decode_image(bytes, {.scale_to_at_least = scale_to_at_least});
    if (!image.ok()) return state.SkipWithError(image.error().message.c_str());
    benchmark::DoNotOptimize(image->rgb.data());
  }
  state.counters["KB"] = static_cast<double>(bytes.size()) / 1000;
}

void BM_DecodeSmallJpeg(benchmark::State& state) {
  decode(state, jpeg(320, 240, 0), decode_size_for(kInputSize));
}
void BM_DecodeSmallProgressiveJpeg(benchmark::State& state) {
  decode(state, jpeg(320, 240, TJFLAG_PROGRESSIVE), decode_size_for(kInputSize));
}
void BM_Decode12MegapixelJpeg(benchmark::State& state) {
  decode(state, jpeg(4000, 3000, 0), static_cast<int>(state.range(0)));
}
BENCHMARK(BM_DecodeSmallJpeg)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_DecodeSmallProgressiveJpeg)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_Decode12MegapixelJpeg)->Arg(0)->Arg(decode_size_for(kInputSize))->Unit(benchmark::kMillisecond);

void BM_Preprocess(benchmark::State& state) {
  const auto width = static_cast<int>(state.range(0));
  const Image image = picture(width, width * 3 / 4);
  Preprocessor preprocessor({.input_size = kInputSize});
  std::vector<float> out(3 * kInputSize * kInputSize);
  for (auto _ : state) {
    preprocessor.run(image, out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(BM_Preprocess)->Arg(320)->Arg(500)->Arg(4000)->Unit(benchmark::kMicrosecond);

std::string network_file() {
  if (const char* const file = std::getenv("LOOKALIKE_MODEL"); file != nullptr) return file;
  const char* const folder = std::getenv("LOOKALIKE_MODELS");
  if (folder == nullptr) return "";
  std::vector<std::string> files;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".onnx") files.push_back(entry.path().string());
  }
  return files.empty() ? "" : *std::min_element(files.begin(), files.end());
}

std::unique_ptr<Embedder> load(benchmark::State& state) {
  const std::string file = network_file();
  if (file.empty()) {
    state.SkipWithError("no network: set LOOKALIKE_MODELS or LOOKALIKE_MODEL");
    return nullptr;
  }
  const auto engine = static_cast<InferenceEngine>(state.range(0));
  auto embedder = load_embedder({.name = "benchmark", .path = file, .input_size = kInputSize}, engine);
  if (!embedder.ok()) {
    state.SkipWithError(embedder.error().message.c_str());
    return nullptr;
  }
  state.SetLabel(std::string((*embedder)->engine()));
  return std::move(*embedder);
}

void BM_LoadNetwork(benchmark::State& state) {
  for (auto _ : state) {
    if (!load(state)) return;
  }
}

// With one thread, and with one for each core, each with a network of its own: items_per_second is of all together.
void BM_Embed(benchmark::State& state) {
  const auto embedder = load(state);
  if (!embedder) return;
  const Image image = picture(320, 240);
  for (auto _ : state) {
    const auto embedding = embedder->embed(image);
    if (!embedding.ok()) return state.SkipWithError(embedding.error().message.c_str());
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_Describe(benchmark::State& state) {
  const auto embedder = load(state);
  if (!embedder) return;
  const Image image = picture(320, 240);
  for (auto _ : state) {
    const auto description = embedder->describe(image, 10);
    if (!description.ok()) return state.SkipWithError(description.error().message.c_str());
  }
}

void both_engines(benchmark::internal::Benchmark* bench) {
  for (const InferenceEngine engine : {InferenceEngine::opencv, InferenceEngine::xnnpack})
    bench->Arg(static_cast<int>(engine));
  bench->ArgName("engine")->Unit(benchmark::kMillisecond)->UseRealTime();
}
BENCHMARK(BM_LoadNetwork)->Apply(both_engines);
BENCHMARK(BM_Embed)->Apply(both_engines)->Threads(1)->Threads(static_cast<int>(std::thread::hardware_concurrency()));
BENCHMARK(BM_Describe)->Apply(both_engines);

}  // namespace
