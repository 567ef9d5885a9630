// Any bytes as a network's file: no crash, no leak, no undefined behaviour. `./dev fuzz onnx_header`
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/vision/inference/network_plan.h"
#include "core/vision/onnx/network_graph.h"
#include "core/vision/onnx/onnx_header.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto header = lookalike::read_onnx_header(bytes);
  if (!header.ok() || header->inputs.empty()) return 0;
  (void)lookalike::with_input_shape(bytes, header->inputs.front());
  const auto graph = lookalike::read_network_graph(bytes, *header, {}, 8);
  if (graph.ok()) (void)lookalike::plan_network(*graph, 0, graph->output);
  return 0;
}
