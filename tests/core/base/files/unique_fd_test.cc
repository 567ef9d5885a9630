#include "core/base/files/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

UniqueFd open_null() {
  return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

bool is_open(int descriptor) {
  return ::fcntl(descriptor, F_GETFD) >= 0;
}

TEST(UniqueFd, ClosesAtTheEnd) {
  int number = -1;
  {
    const UniqueFd descriptor = open_null();
    number = descriptor.get();
    EXPECT_TRUE(descriptor.is_open());
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(UniqueFd, MovesAndClosesWhatItHadBefore) {
  UniqueFd first = open_null();
  UniqueFd second = open_null();
  const int kept = first.get();
  const int dropped = second.get();
  second = std::move(first);
  EXPECT_EQ(second.get(), kept);
  EXPECT_FALSE(first.is_open());
  EXPECT_FALSE(is_open(dropped));
}

TEST(UniqueFd, LetsGo) {
  UniqueFd descriptor = open_null();
  const int number = descriptor.release();
  EXPECT_FALSE(descriptor.is_open());
  EXPECT_TRUE(is_open(number));
  EXPECT_EQ(::close(number), 0);
}

TEST(UniqueFd, ClosingTellsAndLeavesErrnoAloneOtherwise) {
  UniqueFd none;
  EXPECT_FALSE(none.close());
  errno = ENOSPC;
  open_null().reset();
  EXPECT_EQ(errno, ENOSPC);
}

}  // namespace
}  // namespace lookalike
