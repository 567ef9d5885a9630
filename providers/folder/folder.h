// Searches the photos of a folder on this disk as if it were a service.
// Every word of the query counts, accents, case and plural do not. Unlike Flickr, a photo need not have every word:
// those that do come first, then those with the most and the rarest words (class names such as "tabby tabby cat" would
// find nothing else). word_index.h has the ranking, folder_collection.h the tags.
// Every search costs one request of the budget, as at a service; listing costs none.
// Threads: as Provider; search() answers before it returns and may be called from any number of threads.
// Tested by tests/providers/folder/folder_test.cc
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/log.h"
#include "core/base/provider.h"
#include "core/base/result.h"
#include "providers/common/license_names.h"
#include "providers/common/provider_entry.h"
#include "providers/folder/folder_collection.h"
#include "providers/folder/word_index.h"

namespace lookalike {

class FolderProvider final : public Provider {
 public:
  // Reads the whole tree; photos of other licences than those wished for are left out, and those of none that is known.
  // Errors: not_found (no such folder, no photos in it), usage (no photo of such a licence).
  static Result<std::unique_ptr<FolderProvider>> create(const std::filesystem::path& folder, const LogSink& log,
                                                        const FolderLimits& limits = {}, const LicenseWish& wish = {});

  const std::string& name() const override;
  void search(const PhotoQuery& query, Done done) override;

  size_t listable(ListOf which) const override;
  std::vector<Photo> list(ListOf which, size_t limit) const override;
  // Files that cannot be read are none. Cost: a stat for each photo.
  std::vector<Photo> copies_of(const FileIdentity& file, const std::stop_token& stop) const override;

  const FolderCollection& collection() const { return collection_; }

 private:
  explicit FolderProvider(FolderCollection collection);
  Photo photo_at(uint32_t number) const;

  FolderCollection collection_;
  WordIndex index_;
  size_t without_words_ = 0;
};

ProviderEntry folder_entry();

}  // namespace lookalike
