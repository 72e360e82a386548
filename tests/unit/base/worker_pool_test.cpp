// tests/unit/base/worker_pool_test.cpp
#include "base/worker_pool.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace fenqun {
namespace {

/// Two blocks that wait for each other: true when both were under way at once.
bool runs_two_at_once(WorkerPool& pool) {
  constexpr std::chrono::seconds kLongEnough{5};  // only a pool that does not keep its promise waits for it
  std::mutex mutex;
  std::condition_variable both;
  int begun = 0;
  int met = 0;
  pool.for_blocks(2, 1, [&](std::size_t, std::size_t, std::size_t) {
    std::unique_lock lock(mutex);
    ++begun;
    both.notify_all();
    met += both.wait_for(lock, kLongEnough, [&] { return begun == 2; }) ? 1 : 0;
  });
  return met == 2;
}

TEST(WorkerPool, RunsBlocksSideBySide) {
  WorkerPool pool(2);
  EXPECT_TRUE(runs_two_at_once(pool));
}

TEST(WorkerPool, RunsBlocksSideBySideWhileAnotherPoolHasOneThread) {
  WorkerPool pool(2);
  WorkerPool alone(1);
  EXPECT_TRUE(runs_two_at_once(pool));
}

}  // namespace
}  // namespace fenqun
