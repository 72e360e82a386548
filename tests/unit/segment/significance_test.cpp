// tests/unit/segment/significance_test.cpp
#include "segment/significance.hpp"

#include <gtest/gtest.h>

namespace fenqun::segment {
namespace {

TEST(SignificanceTest, TheTwoProportionTestGivesTheTextbookValue) {
  // 40 of 200 against 90 of 300: pooled 0.26, z = -2.4974.
  EXPECT_NEAR(p_of_shares(40, 200, 90, 300).value(), 0.012510, 1e-5);
  EXPECT_NEAR(p_of_shares(50, 100, 50, 100).value(), 1, 1e-12);
}

TEST(SignificanceTest, SharesOfTooFewCasesAreNotTested) {
  EXPECT_FALSE(p_of_shares(1, 10, 5, 1000).has_value());
  EXPECT_FALSE(p_of_shares(0, 0, 5, 1000).has_value());
  EXPECT_FALSE(p_of_shares(100, 100, 500, 500).has_value());
}

TEST(SignificanceTest, WelchsTestComparesMeansBySpreadAndNumber) {
  const Moments one{10, 50, 259};         // mean 5, variance 1
  const Moments other{20, 80, 320 + 38};  // mean 4, variance 2
  // z = 1 / sqrt(0.1 + 0.1) = 2.2361
  EXPECT_NEAR(p_of_means(one, other).value(), 0.025347, 1e-5);
  EXPECT_FALSE(p_of_means({9, 45, 300}, other).has_value());
  EXPECT_FALSE(p_of_means({10, 50, 250}, {10, 40, 160}).has_value()) << "no spread at all";
}

TEST(SignificanceTest, BenjaminiAndHochbergKeepWhatStandsTogether) {
  // Their own example has 15 p-values of which 4 stand at 5 %.
  const std::vector<std::optional<double>> p = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                                0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0};
  const auto stands = stand_together(p, 0.05);
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_EQ(stands[i], i < 4) << i;
  EXPECT_EQ(stand_together(std::vector<std::optional<double>>{std::nullopt, 0.01}, 0.05),
            (std::vector<bool>{false, true}));
}

}  // namespace
}  // namespace fenqun::segment
