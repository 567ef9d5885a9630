// exiv2's process-wide switches: it says nothing on standard error, and its XMP parser knows how to lock.
// Threads: any, any number of times; the first call does the work.
// Tested by tests/core/vision/decode/orientation_test.cc
#pragma once

namespace lookalike {

// REQUIRES: called before any other use of exiv2, by each of its users.
void prepare_exiv2();

}  // namespace lookalike
