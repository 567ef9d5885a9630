// Any bytes as a manifest: no crash, no leak, no undefined behaviour, and no file outside of the manifest's folder.
// `./dev fuzz manifest`
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "providers/folder/folder_manifest.h"
#include "tests/fuzz/properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const lookalike::ManifestEntry& entry : lookalike::parse_manifest(bytes).entries) {
    const std::filesystem::path file(entry.file);
    lookalike::check(!entry.file.empty() && !file.is_absolute());
    for (const auto& part : file)
      lookalike::check(part != "..");
    lookalike::check_valid(entry.title);
    lookalike::check_valid(entry.owner);
    for (const std::string& tag : entry.tags)
      lookalike::check_valid(tag);
  }
  return 0;
}
