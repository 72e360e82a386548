// tests/unit/api/rate_limit_test.cpp - how many requests somebody may make, by a clock of the test's own.
#include "api/gate.hpp"

#include <gtest/gtest.h>

namespace fenqun::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class RateLimitTest : public testing::Test {
 protected:
  [[nodiscard]] std::size_t taken(RateLimit& limit, const std::string& who, std::size_t tries) const {
    std::size_t out = 0;
    for (std::size_t n = 0; n < tries; ++n) out += limit.take(who, now_) ? 1U : 0U;
    return out;
  }
  steady_clock::time_point now_{std::chrono::hours(1)};
};

TEST_F(RateLimitTest, ABurstIsTakenAtOnceAndNoMore) {
  RateLimit limit(2, 5);
  EXPECT_EQ(taken(limit, "li", 9), 5U);
}

TEST_F(RateLimitTest, ItFillsWithTimeUpToTheBurst) {
  RateLimit limit(2, 5);
  EXPECT_EQ(taken(limit, "li", 5), 5U);
  now_ += milliseconds(499);
  EXPECT_EQ(taken(limit, "li", 1), 0U);
  now_ += milliseconds(1001);
  EXPECT_EQ(taken(limit, "li", 9), 3U);
  now_ += std::chrono::hours(1);
  EXPECT_EQ(taken(limit, "li", 9), 5U);
}

TEST_F(RateLimitTest, EverybodyHasAnOwn) {
  RateLimit limit(1, 3);
  EXPECT_EQ(taken(limit, "li", 9), 3U);
  EXPECT_EQ(taken(limit, "wang", 9), 3U);
  EXPECT_EQ(taken(limit, "li", 1), 0U);
}

TEST_F(RateLimitTest, WhoIsRefusedIsNotPutOffFurther) {
  RateLimit limit(1, 1);
  EXPECT_EQ(taken(limit, "li", 1), 1U);
  for (int n = 0; n < 9; ++n) {
    now_ += milliseconds(100);
    EXPECT_EQ(taken(limit, "li", 1), 0U);
  }
  now_ += milliseconds(101);
  EXPECT_EQ(taken(limit, "li", 1), 1U);
}

TEST_F(RateLimitTest, ManyCallersDoNotFreeOneWhoWaits) {
  RateLimit limit(0.001, 1);
  EXPECT_EQ(taken(limit, "li", 1), 1U);
  for (int n = 0; n < 20'000; ++n) EXPECT_TRUE(limit.take("caller " + std::to_string(n), now_));
  EXPECT_EQ(taken(limit, "li", 1), 0U);
}

}  // namespace
}  // namespace fenqun::api
