// Runs a network on one image and writes what some of its layers give, for comparisons by other programs.
// network_probe NETWORK IMAGE SIZE fastest|xnnpack|opencv [LAYER]...
// IMAGE: SIZE x SIZE x 3 bytes, RGB; the network reads them divided by 255. Writes, for each layer (without any: the
// default one and the output), a line "NAME COUNT ENGINE" and so many floats, in H, W, C order where there are planes.
// Exit 1 with the reason on standard error when a network cannot be loaded.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/base/files/file.h"
#include "core/vision/inference/embedder_loader.h"

namespace lookalike {
namespace {

int fail(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return 1;
}

void write_values(const std::string& name, const Embedder& embedder, const Embedding& values) {
  std::printf("%s %zu %s\n", name.c_str(), values.size(), std::string(embedder.engine()).c_str());
  std::fwrite(values.data(), sizeof(float), values.size(), stdout);
}

int probe_layer(const NetworkSpec& spec, InferenceEngine engine, const Image& image) {
  const auto embedder = load_embedder(spec, engine);
  if (!embedder.ok()) return fail(embedder.error());
  const auto values = (*embedder)->embed(image);
  if (!values.ok()) return fail(values.error());
  write_values(spec.embeds_output ? (*embedder)->spec().logits_layer : (*embedder)->spec().feature_layer, **embedder,
               *values);
  return 0;
}

int run(const std::vector<std::string>& arguments) {
  const int size = std::atoi(arguments[3].c_str());
  auto bytes = read_file(arguments[2], int64_t{1} << 30);
  if (!bytes.ok()) return fail(bytes.error());
  const Image image{.width = size,
                    .height = size,
                    .original_width = size,
                    .original_height = size,
                    .rgb = std::vector<uint8_t>(bytes->begin(), bytes->end())};
  if (size < 1 || image.rgb.size() != 3 * static_cast<size_t>(size) * static_cast<size_t>(size))
    return fail({ErrorCode::usage, arguments[2] + " does not hold SIZE x SIZE x 3 bytes"});
  const InferenceEngine engine = arguments[4] == "opencv"    ? InferenceEngine::opencv
                                 : arguments[4] == "xnnpack" ? InferenceEngine::xnnpack
                                                             : InferenceEngine::fastest;
  NetworkSpec spec{.path = arguments[1], .input_size = size, .mean = {0, 0, 0}, .scale = {1, 1, 1}};
  for (size_t i = 5; i < arguments.size(); ++i) {
    spec.feature_layer = arguments[i];
    if (const int failed = probe_layer(spec, engine, image); failed != 0) return failed;
  }
  if (arguments.size() > 5) return 0;
  if (const int failed = probe_layer(spec, engine, image); failed != 0) return failed;
  spec.embeds_output = true;
  return probe_layer(spec, engine, image);
}

}  // namespace
}  // namespace lookalike

int main(int count, char** values) {
  if (count >= 5) return lookalike::run({values, values + count});
  std::fprintf(stderr, "usage: network_probe NETWORK IMAGE SIZE fastest|xnnpack|opencv [LAYER]...\n");
  return 2;
}
