// tests/unit/base/worker_pool_test.cpp
#include "base/worker_pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

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

TEST(WorkerPool, LendsTheSameMemoryAgainWhenItCameBack) {
  WorkerPool pool(1);
  const std::byte* first = nullptr;
  {
    auto loan = pool.lend(1000);
    ASSERT_EQ(loan.bytes().size(), 1000U);
    first = loan.bytes().data();
  }
  const auto less = pool.lend(900);
  EXPECT_EQ(less.bytes().size(), 900U);
  EXPECT_EQ(less.bytes().data(), first);
}

TEST(WorkerPool, TwoLoansAtOnceAreApart) {
  WorkerPool pool(1);
  auto one = pool.lend(64);
  auto other = pool.lend(64);
  std::ranges::fill(one.bytes(), std::byte{1});
  std::ranges::fill(other.bytes(), std::byte{2});
  EXPECT_EQ(one.bytes()[63], std::byte{1});
  EXPECT_EQ(other.bytes()[0], std::byte{2});
}

TEST(WorkerPool, LendsTheSmallestThatIsEnough) {
  WorkerPool pool(1);
  const std::byte* large = nullptr;
  const std::byte* small = nullptr;
  {
    const auto wide = pool.lend(5000);
    const auto narrow = pool.lend(100);
    large = wide.bytes().data();
    small = narrow.bytes().data();
  }
  const auto narrow = pool.lend(90);
  const auto wide = pool.lend(90);
  EXPECT_EQ(narrow.bytes().data(), small);
  EXPECT_EQ(wide.bytes().data(), large);
}

TEST(WorkerPool, KeepsTheLargestOfWhatCameBack) {
  WorkerPool pool(1);
  const std::byte* largest = nullptr;
  {
    const auto wide = pool.lend(9000);
    largest = wide.bytes().data();
    const auto a = pool.lend(100), b = pool.lend(200), c = pool.lend(300), e = pool.lend(400);
  }
  const auto kept = pool.lend(5000);
  EXPECT_EQ(kept.bytes().data(), largest);
}

TEST(WorkerPool, WhatIsTooSmallIsNotLent) {
  WorkerPool pool(1);
  static_cast<void>(pool.lend(10));
  auto loan = pool.lend(5000);
  ASSERT_EQ(loan.bytes().size(), 5000U);
  std::ranges::fill(loan.bytes(), std::byte{7});
  EXPECT_EQ(loan.bytes()[4999], std::byte{7});
}

TEST(WorkerPool, ALoanThatMovedComesBackOnce) {
  WorkerPool pool(1);
  auto first = pool.lend(100);
  const std::byte* const at = first.bytes().data();
  {
    const auto second = std::move(first);
    EXPECT_EQ(second.bytes().data(), at);
  }
  EXPECT_EQ(pool.lend(100).bytes().data(), at);
}

}  // namespace
}  // namespace fenqun
