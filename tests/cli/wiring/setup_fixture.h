// A folder of a few pictures, a network of chance and options for a search in it: what the tests of the wiring begin
// with.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "cli/wiring/checked_options.h"
#include "core/base/clock.h"
#include "tests/support/jpeg_writer.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace lookalike::test {

class SetupFixture : public testing::Test {
 protected:
  SetupFixture() {
    write_tiny_network(folder_.path());
    folder_.write("photos/square.jpg", write_grey_jpeg(64, 64));
    folder_.write("photos/tall.jpg", write_grey_jpeg(48, 80));
    options_.images = {(folder_.path() / "photos" / "square.jpg").string()};
    options_.model.model = network();
    options_.source.providers = {"folder:" + (folder_.path() / "photos").string()};
    options_.cache.folder = kCacheOff;
    auto log = LogWriter::open({.quiet = true}, Terminal{});
    EXPECT_TRUE(log.ok());
    log_ = std::move(*log);
  }

  std::string network() const { return (folder_.path() / "tiny.onnx").string(); }
  Result<CheckedOptions> checked(size_t images = 1) { return check_options(options_, images, *log_); }

  TemporaryFolder folder_;
  SearchCommandOptions options_;
  std::unique_ptr<LogWriter> log_;
  SystemClock clock_;
};

}  // namespace lookalike::test
