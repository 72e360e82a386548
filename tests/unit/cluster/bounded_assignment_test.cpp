#include "cluster/bounded_assignment.hpp"

#include "cluster/matching.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fenqun::cluster {
namespace {

Matrix<double> costs_of(std::size_t rows, std::size_t groups, std::uint64_t seed, double lean = 0) {
  Matrix<double> out(rows, groups);
  Random random(seed);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t g = 0; g < groups; ++g) out(r, g) = random.uniform() + lean * static_cast<double>(g);
  }
  return out;
}

double price_of(const SizeBounds& bounds, const std::vector<std::uint64_t>& sizes) {
  double price = 0;
  for (const auto size : sizes) {
    const auto outside = size < bounds.least ? bounds.least - size : size > bounds.most ? size - bounds.most : 0;
    if (outside == 0) continue;
    price += bounds.penalty ? *bounds.penalty * static_cast<double>(outside) : std::numeric_limits<double>::infinity();
  }
  return price;
}

/// Every way to label the rows.
double cheapest(const Matrix<double>& costs, const SizeBounds& bounds) {
  std::vector<std::size_t> labels(costs.rows());
  double best = std::numeric_limits<double>::infinity();
  while (true) {
    double cost = 0;
    std::vector<std::uint64_t> sizes(costs.cols());
    for (std::size_t r = 0; r < labels.size(); ++r) {
      cost += costs(r, labels[r]);
      ++sizes[labels[r]];
    }
    best = std::min(best, cost + price_of(bounds, sizes));
    std::size_t at = 0;
    while (at < labels.size() && ++labels[at] == costs.cols()) labels[at++] = 0;
    if (at == labels.size()) return best;
  }
}

TEST(BoundedAssignment, IsAsCheapAsTheCheapestOfAll) {
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    Random random(seed);
    const std::size_t groups = 2 + random.below(3);
    const std::size_t rows = groups + random.below(5);
    const auto costs = costs_of(rows, groups, seed, seed % 3 == 0 ? 1.0 : 0.0);
    SizeBounds bounds;
    bounds.least = random.below(rows / groups + 1);
    bounds.most = std::max<std::uint64_t>(bounds.least, (rows + groups - 1) / groups + random.below(2));
    if (seed % 4 == 0) bounds.penalty = 0.2 + random.uniform();
    const auto out = assign_bounded(costs.view(), bounds);
    ASSERT_TRUE(out.has_value());
    EXPECT_NEAR(out->cost + price_of(bounds, out->sizes), cheapest(costs, bounds), 1e-9) << seed;
  }
}

TEST(BoundedAssignment, WithExactSizesIsTheBestMatchingOfRowsAndPlaces) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const std::size_t places = 12;
    const auto costs = costs_of(60, 5, seed, 0.1);
    Matrix<double> worth(60, 60);
    for (std::size_t r = 0; r < 60; ++r) {
      for (std::size_t p = 0; p < 60; ++p) worth(r, p) = -costs(r, p / places);
    }
    const auto pairs = *best_matching(worth.view());
    double matched = 0;
    for (std::size_t r = 0; r < 60; ++r) matched -= worth(r, pairs[r]);
    const auto out = *assign_bounded(costs.view(), {places, places});
    EXPECT_NEAR(out.cost, matched, 1e-9);
    EXPECT_EQ(out.sizes, std::vector<std::uint64_t>(5, places));
  }
}

TEST(BoundedAssignment, KeepsTheBoundsAndCountsWhatItSays) {
  const auto costs = costs_of(5000, 7, 3, 0.5);
  const auto out = *assign_bounded(costs.view(), {600, 800});
  std::vector<std::uint64_t> sizes(7);
  double cost = 0;
  for (std::size_t r = 0; r < out.labels.size(); ++r) {
    ++sizes[out.labels[r]];
    cost += costs(r, out.labels[r]);
  }
  EXPECT_EQ(sizes, out.sizes);
  EXPECT_EQ(cost, out.cost);
  for (const auto size : sizes) {
    EXPECT_GE(size, 600U);
    EXPECT_LE(size, 800U);
  }
  EXPECT_GT(out.moved, 2000U);
}

TEST(BoundedAssignment, WideBoundsChangeNothing) {
  const auto costs = costs_of(500, 4, 8);
  const auto out = *assign_bounded(costs.view(), {0, 500});
  EXPECT_EQ(out.moved, 0U);
  for (std::size_t r = 0; r < 500; ++r) {
    const auto all = costs.row(r);
    EXPECT_EQ(out.labels[r], std::min_element(all.begin(), all.end()) - all.begin());
  }
}

TEST(BoundedAssignment, EqualCostsStillFillEveryGroup) {
  const Matrix<double> costs(100, 5);
  EXPECT_EQ(assign_bounded(costs.view(), {20, 20})->sizes, std::vector<std::uint64_t>(5, 20));
}

TEST(BoundedAssignment, ASoftBoundGivesWayWhereItCostsTooMuch) {
  // Nine rows far from group 1: sending one there costs 10.
  Matrix<double> costs(10, 2);
  for (std::size_t r = 0; r < 9; ++r) costs(r, 1) = 10;
  costs(9, 0) = 10;
  EXPECT_EQ(assign_bounded(costs.view(), {5, 5})->sizes, (std::vector<std::uint64_t>{5, 5}));
  EXPECT_EQ(assign_bounded(costs.view(), {5, 5, 4.9})->sizes, (std::vector<std::uint64_t>{9, 1}));
  EXPECT_EQ(assign_bounded(costs.view(), {5, 5, 5.1})->sizes, (std::vector<std::uint64_t>{5, 5}));
}

TEST(BoundedAssignment, PricesSayWhereARowWithOtherCostsGoesWhenAllAreAssignedAnew) {
  std::size_t moved = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed + 500);
    const std::size_t groups = 2 + random.below(4);
    const std::size_t rows = 4 * groups + random.below(30);
    auto costs = costs_of(rows, groups, seed, seed % 2 == 0 ? 0.7 : 0.1);
    SizeBounds bounds;
    bounds.least = rows / groups - random.below(3);
    bounds.most = (rows + groups - 1) / groups + random.below(3);
    const auto before = assign_bounded(std::as_const(costs).view(), bounds);
    ASSERT_TRUE(before.has_value());
    const auto prices = bounded_prices(std::as_const(costs).view(), bounds, before->labels);
    ASSERT_TRUE(prices.has_value());
    for (std::size_t r = 0; r < rows; ++r) {
      const auto own = before->labels[r];
      EXPECT_EQ((*prices)(own, own), 0);
      for (std::size_t g = 0; g < groups; ++g)
        EXPECT_GE(costs(r, g) + (*prices)(own, g), costs(r, own) - 1e-9) << "nobody gains by moving";
      const auto keep = costs_of(1, groups, 1000 * seed + r, 0.3);
      std::vector<double> old(costs.row(r).begin(), costs.row(r).end());
      std::size_t best = 0;
      for (std::size_t g = 0; g < groups; ++g) {
        costs(r, g) = keep(0, g);
        if (keep(0, g) + (*prices)(own, g) < keep(0, best) + (*prices)(own, best)) best = g;
      }
      const auto anew = assign_bounded(std::as_const(costs).view(), bounds);
      ASSERT_TRUE(anew.has_value());
      EXPECT_EQ(anew->labels[r], best) << seed << " row " << r;
      EXPECT_NEAR(anew->cost, before->cost - old[own] + keep(0, best) + (*prices)(own, best), 1e-9)
          << "the price is what the others pay";
      if (best != own) ++moved;
      std::copy(old.begin(), old.end(), costs.row(r).begin());
    }
  }
  EXPECT_GT(moved, 300U);
}

TEST(BoundedAssignmentBadarg, PricesAskForLabelsOfTheRowsAndNoPenalty) {
  const auto costs = costs_of(4, 2, 1);
  const auto wrong = [&](const SizeBounds& bounds, const std::vector<std::uint32_t>& labels) {
    expect_error(bounded_prices(costs.view(), bounds, labels), ErrorCode::InvalidArgument, "cluster.option_range", {});
  };
  wrong({}, {0, 1, 0});
  wrong({}, {0, 1, 0, 2});
  wrong({0, 4, 0.5}, {0, 1, 0, 1});
}

TEST(BoundedAssignmentBadarg, RefusesBoundsThatCannotHold) {
  const auto costs = costs_of(10, 3, 1);
  for (const auto& [least, most] : {std::pair<std::uint64_t, std::uint64_t>{4, 10}, {0, 3}, {3, 2}}) {
    expect_error(assign_bounded(costs.view(), {least, most}), ErrorCode::InvalidArgument, "cluster.bounds_cannot_hold",
                 {{"rows", "10"}, {"k", "3"}, {"least", std::to_string(least)}, {"most", std::to_string(most)}});
  }
  EXPECT_TRUE(assign_bounded(costs.view(), {3, 4}).has_value());
  EXPECT_TRUE(assign_bounded(costs.view(), {0, std::numeric_limits<std::uint64_t>::max()}).has_value());
}

TEST(BoundedAssignmentBadarg, RefusesWhatIsNoNumberAndNoPenalty) {
  auto costs = costs_of(10, 3, 1);
  expect_error(assign_bounded(costs.view(), {0, 10, 0.0}), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "penalty"}, {"value", "0"}});
  costs(4, 2) = std::numeric_limits<double>::quiet_NaN();
  expect_error(assign_bounded(costs.view(), {0, 10}), ErrorCode::BadData, "cluster.not_finite",
               {{"row", "4"}, {"column", "2"}});
  expect_error(assign_bounded(Matrix<double>(0, 3).view(), {0, 10}), ErrorCode::BadData, "cluster.no_rows");
}

TEST(BoundedAssignmentBadarg, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  expect_error(assign_bounded(costs_of(20000, 5, 1, 1).view(), {4000, 4000}, stop.get_token()), ErrorCode::Cancelled,
               "base.cancelled");
}

/// How dear a row is whatever its group must not blur what the others cost.
TEST(BoundedAssignment, IsCheapestBesideARowThatIsFarFromEveryGroup) {
  constexpr double kFar = 0x1p40;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto near = costs_of(6, 3, seed);
    auto far = near;
    for (std::size_t g = 0; g < 3; ++g) far(0, g) += kFar;
    const SizeBounds bounds{2, 2};
    const auto found = assign_bounded(far.view(), bounds);
    ASSERT_TRUE(found.has_value());
    double cost = 0;
    for (std::size_t r = 0; r < 6; ++r) cost += near(r, found->labels[r]);
    EXPECT_NEAR(cost, cheapest(near, bounds), 1e-3) << seed;
  }
}

TEST(BoundedAssignment, IsCheapestUnderAPenaltyFarAboveTheCosts) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto costs = costs_of(6, 3, seed);
    const auto bound = assign_bounded(costs.view(), {2, 2});
    const auto punished = assign_bounded(costs.view(), {2, 2, 1e30});
    ASSERT_TRUE(bound.has_value() && punished.has_value());
    EXPECT_EQ(punished->sizes, bound->sizes);
    EXPECT_NEAR(punished->cost, bound->cost, 1e-9) << seed;
  }
}

}  // namespace
}  // namespace fenqun::cluster
