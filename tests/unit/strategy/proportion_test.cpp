#include "strategy/proportion.hpp"

#include <gtest/gtest.h>

namespace fenqun::strategy {
namespace {

// Examples of R. G. Newcombe, Statistics in Medicine 17 (1998): tables I and II, methods 3 and 10.
TEST(StrategyProportion, OfOneShareIsWilsons) {
  const auto found = share_of(81, 263);
  ASSERT_TRUE(found.has_value());
  EXPECT_NEAR(found->share, 0.3080, 5e-5);
  EXPECT_NEAR(found->low, 0.2553, 5e-5);
  EXPECT_NEAR(found->high, 0.3662, 5e-5);
  const auto none = share_of(0, 20);
  EXPECT_EQ(none->low, 0);
  EXPECT_NEAR(none->high, 0.1611, 5e-5);
  EXPECT_NEAR(share_of(1, 29)->low, 0.0061, 5e-5);
  EXPECT_FALSE(share_of(0, 0).has_value());
}

TEST(StrategyProportion, DifferenceIsNewcombes) {
  const auto found = difference(56, 70, 48, 80);
  ASSERT_TRUE(found.has_value());
  EXPECT_NEAR(found->share, 0.2, 1e-12);
  EXPECT_NEAR(found->low, 0.0524, 5e-5);
  EXPECT_NEAR(found->high, 0.3339, 5e-5);
  const auto small = difference(10, 10, 0, 10);
  EXPECT_NEAR(small->low, 0.6075, 5e-5);
  EXPECT_NEAR(small->high, 1.0, 5e-5);
  EXPECT_FALSE(difference(1, 2, 0, 0).has_value());
}

TEST(StrategyProportion, SmallestDifferenceFallsWithTheCustomers) {
  // 2.8016 * sqrt(0.1 * 0.9 * (1/900 + 1/100))
  EXPECT_NEAR(smallest_difference(0.1, 900, 100).value(), 0.0886, 5e-5);
  EXPECT_NEAR(smallest_difference(0.1, 90'000, 10'000).value(), 0.00886, 5e-6);
  EXPECT_FALSE(smallest_difference(0.1, 900, 0).has_value());
  EXPECT_FALSE(smallest_difference(1.5, 900, 100).has_value());
}

}  // namespace
}  // namespace fenqun::strategy
