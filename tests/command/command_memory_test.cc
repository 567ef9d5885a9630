// How much memory the real binary holds while services offer it a gigabyte at every request, ten at once.
#include <gmock/gmock.h>

#include <cstdio>

#include "tests/command/command_fixture.h"
#include "tests/support/fault_service.h"

namespace lookalike::test {
namespace {

// Ten images of 32 MiB, 335 MB, and the program with its small network.
constexpr long kMostKib = 450'000'000 / 1024;

class CommandMemoryTest : public CommandTest, public testing::WithParamInterface<const char*> {};

TEST_P(CommandMemoryTest, StaysSmallWhenEveryBodyIsAGigabyte) {
  if (program_is_sanitized()) GTEST_SKIP() << "a sanitizer's own memory would be measured";
  FaultService service(manifest_, kTestKey, {.faults = {GetParam()}});
  RunningCommand running(command({query_,
                                  "--model",
                                  "tiny.onnx",
                                  "--endpoint",
                                  service.endpoint(),
                                  "--api-key",
                                  kTestKey,
                                  "--no-classify",
                                  "--tag",
                                  "thing",
                                  "--tag",
                                  "apple",
                                  "--tag",
                                  "leaf",
                                  "--tag",
                                  "sky",
                                  "--parallel",
                                  "10",
                                  "--retries",
                                  "0"}),
                         options());
  const CommandResult result = running.wait();
  const FaultCounts counts = service.counts();
  EXPECT_GT(counts.failed_calls + counts.failed_images, 1);
  EXPECT_THAT(result.exit, testing::AnyOf(1, 5)) << result.err;
  EXPECT_LT(result.peak_kib, kMostKib);
  RecordProperty("peak_kib", std::to_string(result.peak_kib));
  std::printf("most memory held at once: %ld MB\n", result.peak_kib * 1024 / 1'000'000);
}

INSTANTIATE_TEST_SUITE_P(Fault, CommandMemoryTest,
                         testing::Values("api_huge_body_announced", "api_huge_body_chunked",
                                         "image_huge_body_announced", "image_huge_body_chunked"),
                         [](const auto& fault) { return std::string(fault.param); });

}  // namespace
}  // namespace lookalike::test
