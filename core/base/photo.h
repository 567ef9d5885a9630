// A photo as a source describes it, before anyone has looked at its pixels; and whether two descriptions are of one
// photo, also when they come from different sources: Flickr itself and an aggregator that lists Flickr's photos, say.
// Every string came from outside: valid UTF-8 is guaranteed by the provider that made it, nothing else is.
// Threads: values; free functions without state.
// Cost: O(length).
// Tested by tests/core/base/photo_test.cc
#pragma once

#include <string>
#include <vector>

namespace lookalike {

struct License {
  std::string id;    // the source's own id, such as Flickr's "4"
  std::string name;  // "CC BY 2.0"
  std::string url;   // empty when the source has none
};

struct Photo {
  std::string provider;    // registry name of the source, "flickr"
  std::string id;          // unique within the provider
  std::string page_url;    // what a person opens; a file URL for local photos
  std::string image_url;   // what is downloaded and scored (about 320 pixels on the longest side)
  std::string local_path;  // set only by sources on this disk or of the user's own; then image_url is not fetched. Raw
                           // bytes, any encoding.
  std::string title;
  std::string owner;
  std::string owner_url;
  License license;
  std::string attribution;  // ready to print beside the photo; empty when the source gives too little for one
  std::vector<std::string> tags;
};

// The same for the same photo of the same source.
std::string photo_key(const Photo& photo);

// The same for the same photo page, however it is written: without scheme, "www.", query, fragment and last slash.
// Of Flickr's pages only the photo's number counts, since an owner has two names there. Empty when there is no page.
std::string page_key(const Photo& photo);

}  // namespace lookalike
