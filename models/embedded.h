// Text files of this folder as they were when the program was built; made by cmake/embed_text.cmake.
#pragma once

#include <string_view>

namespace lookalike::embedded {

extern const std::string_view kCatalogueJson;       // catalogue.json
extern const std::string_view kClassFamilies;       // class_families.txt
extern const std::string_view kCommonWords;         // common_words.txt
extern const std::string_view kImagenetLabels;      // imagenet_labels.txt
extern const std::string_view kTfliteToOnnxScript;  // tflite_to_onnx.py

}  // namespace lookalike::embedded
