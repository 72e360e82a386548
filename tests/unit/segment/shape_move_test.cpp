// tests/unit/segment/shape_move_test.cpp - the least change of a mean day.
#include "segment/shape_move.hpp"

#include "base/random.hpp"
#include "segment/shape_curves.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace fenqun::segment {
namespace {

using Curve = std::vector<double>;

// Two days of random shares, some hours nothing.
Curve curve_of(std::uint64_t seed) {
  Random random(seed);
  Curve out(kCurveWidth);
  for (std::size_t begin = 0; begin < out.size(); begin += 24) {
    double sum = 0;
    for (std::size_t h = begin; h < begin + 24; ++h) sum += out[h] = random.chance(0.2) ? 0 : random.uniform();
    for (std::size_t h = begin; h < begin + 24; ++h) out[h] /= sum;
  }
  return out;
}

double distance(const Curve& a, const Curve& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

void is_two_days(const Curve& curve) {
  for (const double share : curve) EXPECT_GE(share, 0);
  for (std::size_t begin = 0; begin < curve.size(); begin += 24)
    EXPECT_NEAR(std::accumulate(curve.begin() + static_cast<std::ptrdiff_t>(begin),
                                curve.begin() + static_cast<std::ptrdiff_t>(begin + 24), 0.0),
                1, 1e-9);
}

TEST(ShapeMove, TheLeastMoveArrivesAndNoRandomPointBetweenIsNearer) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto from = curve_of(seed);
    const auto to = curve_of(seed + 100);
    auto own = curve_of(seed + 200);
    for (std::size_t i = 0; i < own.size(); ++i) own[i] = 0.7 * from[i] + 0.3 * own[i];
    ASSERT_TRUE(is_nearer(own, from, to));
    const auto moved = least_move(own, from, to);
    ASSERT_TRUE(moved.has_value());
    EXPECT_TRUE(is_nearer(*moved, to, from));
    is_two_days(*moved);
    const double least = distance(own, *moved);
    for (std::uint64_t other = 0; other < 200; ++other) {
      // Any day that is nearer to `to`, drawn towards the own until it is just so, is no nearer than the least move.
      auto tried = curve_of(1000 * seed + other);
      for (std::size_t i = 0; i < own.size(); ++i) tried[i] = 0.5 * tried[i] + 0.5 * to[i];
      if (!is_nearer(tried, to, from)) continue;
      double low = 0, high = 1;
      Curve at(own.size());
      for (int round = 0; round < 40; ++round) {
        const double middle = (low + high) / 2;
        for (std::size_t i = 0; i < own.size(); ++i) at[i] = own[i] + middle * (tried[i] - own[i]);
        (is_nearer(at, to, from) ? high : low) = middle;
      }
      EXPECT_GE(distance(own, at), least - 0.002) << "but for whole steps of " << kShareStep;
    }
  }
}

TEST(ShapeMove, AShiftTouchesTwoHoursOfOneDayAndNoSmallerOneDoes) {
  std::size_t found = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto from = curve_of(seed);
    auto to = from;
    Random random(seed);
    const std::size_t more = 24 * random.below(2) + random.below(24);
    to[more] += 0.2;
    for (std::size_t h = more / 24 * 24; h < (more / 24 + 1) * 24; ++h) to[h] /= 1.2;
    const auto shifted = least_shift(from, from, to);
    if (!shifted) continue;
    ++found;
    is_two_days(*shifted);
    EXPECT_TRUE(is_nearer(*shifted, to, from));
    std::vector<std::size_t> changed;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if ((*shifted)[i] != from[i]) changed.push_back(i);
    }
    ASSERT_EQ(changed.size(), 2U);
    EXPECT_EQ(changed[0] / 24, changed[1] / 24);
    const double share = std::abs((*shifted)[changed[0]] - from[changed[0]]);
    for (std::size_t i = 0; i < from.size(); ++i) {
      for (std::size_t j = i / 24 * 24; j < (i / 24 + 1) * 24; ++j) {
        auto smaller = from;
        smaller[i] -= share - kShareStep;
        smaller[j] += share - kShareStep;
        EXPECT_FALSE(i != j && smaller[i] >= 0 && is_nearer(smaller, to, from)) << seed << ": " << i << " to " << j;
      }
    }
  }
  EXPECT_GT(found, 30U);
}

TEST(ShapeMove, NothingLeadsFromACentreToItsEqual) {
  const auto same = curve_of(1);
  EXPECT_FALSE(least_move(same, same, same).has_value());
  EXPECT_FALSE(least_shift(same, same, same).has_value());
}

}  // namespace
}  // namespace fenqun::segment
