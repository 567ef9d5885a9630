// Starts threads where fewer would do: a machine may allow no more of them at any moment.
// Threads: each call belongs to the owner of the list.
// Tested by tests/core/base/thread_start_test.cc
#pragma once

#include <system_error>
#include <utility>

namespace lookalike {

// Adds a thread that runs `body` to the list. False when there can be no more threads; the list is as it was.
template <typename Threads, typename Body>
bool start_if_possible(Threads& threads, Body body) {
  try {
    threads.emplace_back(std::move(body));
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace lookalike
