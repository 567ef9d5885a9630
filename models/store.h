// Finds the networks and word vectors on this machine: where files are looked for, and what is known about the one
// found. Folders, in order: those of LOOKALIKE_MODELS, the user's (XDG_DATA_HOME), the installed ones. A name is taken
// as a catalogue entry, else as a family (any installed member, in order of preference), else as a file.
// Cost: resolve() looks at names and sizes; only a foreign file that is as long as a known one is read, for its digest.
// Threads: an immutable value after construction; any number at once.
// Tested by tests/models/store_test.cc
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "models/catalogue.h"

namespace lookalike {

// What the process was told about its surroundings; handed in, so that a test can make it up.
struct ModelEnvironment {
  std::string lookalike_models;      // LOOKALIKE_MODELS: one folder, or several separated by ':'
  std::string xdg_data_home;         // XDG_DATA_HOME; ignored unless absolute, as its specification asks
  std::string home;                  // HOME
  std::filesystem::path executable;  // of this program, to find what is installed beside it; may be empty
};

struct ModelFolders {
  std::vector<std::filesystem::path> searched;  // in order
  std::filesystem::path user;                   // one of them, where pulled networks go; empty: no home is known
  std::filesystem::path user_catalogue;         // the user's own additions; the file need not exist
};

ModelFolders model_folders(const ModelEnvironment& environment);

// What people say about a network themselves; the rest stays as the catalogue or the defaults have it.
struct SpecOverrides {
  std::optional<int> input_size;
  std::optional<bool> rgb;
  std::optional<std::array<float, 3>> mean;
  std::optional<std::array<float, 3>> scale;
  std::optional<std::string> feature_layer;
  std::optional<std::string> logits_layer;
  std::optional<double> score_scale;
};

// A network or word vectors of the catalogue, or an ONNX file that lies in one of the folders without being in it.
struct ModelStatus {
  const CatalogueEntry* entry = nullptr;  // null: a file of the user's own; lives as long as the store
  std::string name;                       // as --model takes it
  std::filesystem::path path;             // empty: not installed
  int64_t bytes = 0;                      // as found
  bool damaged = false;                   // there, but not of the entry's size
  bool preferred = false;                 // what is used when no network or word vectors are named
};

// Whether `path` is the entry's network: the file that the catalogue names, or what a source of it is converted to.
// Reads the whole file. Errors: not_found (cannot be read).
Result<bool> is_file_of(const CatalogueEntry& entry, const std::filesystem::path& path);

class ModelStore {
 public:
  // Reads the user's catalogue when there is one; what is wrong with it is told by every call below.
  explicit ModelStore(ModelFolders folders);

  // `name_or_path` empty: the first that is installed, in order of preference. The labels are filled.
  // Errors: model (not installed, damaged, no such file), not_found (no such name), bad_data (the user's catalogue),
  // usage (an override that cannot be).
  Result<NetworkSpec> resolve(std::string_view name_or_path, const SpecOverrides& overrides = {}) const;

  // All networks of the catalogue in order of preference, its word vectors, then the other files. Errors: bad_data.
  Result<std::vector<ModelStatus>> list() const;

  // One network, whether installed or not. Errors: not_found, bad_data.
  Result<ModelStatus> status(std::string_view name) const;

  // Reads the whole file and compares it with the catalogue, or a converted one with its mark.
  // Errors: model, naming both digests; not_found.
  // REQUIRES: status.entry is set and status.path not empty
  Status verify(const ModelStatus& status) const;

  // The file of the first word vectors that are installed; an empty path when none are. Errors: model (damaged),
  // bad_data (the user's catalogue).
  Result<std::filesystem::path> word_vectors() const;

  // Built-in and the user's, networks in order of preference and then word vectors. Errors: bad_data.
  Result<std::span<const CatalogueEntry>> entries() const;
  // The networks among them.
  Result<std::span<const CatalogueEntry>> networks() const;
  const ModelFolders& folders() const { return folders_; }

 private:
  ModelStatus look_for(const CatalogueEntry& entry) const;
  Result<NetworkSpec> resolve_default(std::span<const CatalogueEntry> entries) const;
  Result<NetworkSpec> resolve_name(std::string_view name, std::span<const CatalogueEntry> entries) const;
  Result<NetworkSpec> resolve_file(const std::filesystem::path& path, std::span<const CatalogueEntry> entries) const;
  void add_foreign_files(std::vector<ModelStatus>& all) const;
  std::optional<std::filesystem::path> file_in_folders(std::string_view name) const;

  ModelFolders folders_;
  Result<std::vector<CatalogueEntry>> entries_;
};

}  // namespace lookalike
