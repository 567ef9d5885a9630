#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "cli/commands/process_end.h"

namespace lookalike {
namespace {

using testing::HasSubstr;

TEST(LastResort, SaysWhatHappenedAndWhatToDo) {
  const std::system_error no_thread(std::make_error_code(std::errc::resource_unavailable_try_again));
  EXPECT_THAT(last_resort_message(no_thread), HasSubstr("no more threads"));
  EXPECT_THAT(last_resort_message(no_thread), HasSubstr("ulimit -u"));
  const std::system_error no_file(std::make_error_code(std::errc::too_many_files_open));
  EXPECT_THAT(last_resort_message(no_file), HasSubstr("ulimit -n"));
  EXPECT_THAT(last_resort_message(std::bad_alloc()), HasSubstr("out of memory"));
  EXPECT_THAT(last_resort_message(std::runtime_error("odd")), HasSubstr("could not continue: odd"));
}

TEST(LastResortDeathTest, AnExceptionOfAnyThreadEndsTheProgramWithAStatus) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        install_last_resort();
        std::thread([] { throw std::bad_alloc(); }).join();
      },
      testing::ExitedWithCode(9), "lookalike: error: out of memory");
  EXPECT_EXIT(
      {
        install_last_resort();
        std::thread([] {
          throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
        }).join();
      },
      testing::ExitedWithCode(9), "lookalike: error: the system allows no more threads");
}

}  // namespace
}  // namespace lookalike
