#include "cluster/explain.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fenqun::cluster {
namespace {

using Row = std::vector<float>;

std::vector<double> squares(const std::vector<double>& row, const Matrix<float>& centroids) {
  std::vector<double> out(centroids.rows());
  for (std::size_t g = 0; g < out.size(); ++g) {
    for (std::size_t c = 0; c < row.size(); ++c)
      out[g] += (row[c] - static_cast<double>(centroids(g, c))) * (row[c] - static_cast<double>(centroids(g, c)));
  }
  return out;
}

std::size_t nearest(const std::vector<double>& row, const Matrix<float>& centroids) {
  const auto all = squares(row, centroids);
  return static_cast<std::size_t>(std::min_element(all.begin(), all.end()) - all.begin());
}

std::vector<double> moved(const Row& row, const std::vector<double>& change, double times) {
  std::vector<double> out(row.begin(), row.end());
  for (std::size_t c = 0; c < out.size(); ++c) out[c] += times * change[c];
  return out;
}

TEST(Explain, PricesMoveTheBorders) {
  Random random(11);
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto centroids = noise(2 + random.below(6), 1 + random.below(8), 300 + seed);
    const auto row = noise(1, centroids.cols(), 2000 + seed);
    std::vector<double> prices(centroids.rows());
    for (auto& price : prices) price = random.uniform(-2, 2);
    const Row values(row.row(0).begin(), row.row(0).end());
    const auto told = *explain_row(row.row(0), centroids.view(), prices);
    const auto cheapest = [&](double times) {
      auto costs = squares(moved(values, told.shortest.change, times), centroids);
      for (std::size_t g = 0; g < costs.size(); ++g) costs[g] += prices[g];
      return static_cast<std::uint32_t>(std::min_element(costs.begin(), costs.end()) - costs.begin());
    };
    EXPECT_EQ(cheapest(0), told.own);
    EXPECT_EQ(cheapest(1 - 1e-6), told.own);
    EXPECT_EQ(cheapest(1 + 1e-6), told.shortest.into);
  }
  const Row one = {0};
  expect_error(explain_row(one, matrix_of<float>({{0}, {1}}).view(), std::vector<double>{0}),
               ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "prices"}, {"value", "1"}, {"expected", "2"}});
}

TEST(Explain, TheReasonsAddUpToTheLead) {
  Random random(3);
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto centroids = noise(2 + random.below(7), 1 + random.below(20), seed);
    const auto row = noise(1, centroids.cols(), 1000 + seed);
    const auto told = explain_row(row.row(0), centroids.view());
    ASSERT_TRUE(told.has_value());
    double sum = 0;
    for (const auto& reason : told->reasons) sum += reason.contribution;
    const double lead = told->next_distance * told->next_distance - told->own_distance * told->own_distance;
    EXPECT_NEAR(sum, lead, 1e-9 * (1 + lead));
    EXPECT_TRUE(std::is_sorted(told->reasons.begin(), told->reasons.end(),
                               [](const auto& a, const auto& b) { return a.contribution > b.contribution; }));
  }
}

TEST(Explain, AHairBeyondTheBorderTheRowBelongsToTheOtherGroup) {
  Random random(4);
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto centroids = noise(2 + random.below(10), 1 + random.below(8), seed);
    const auto row = noise(1, centroids.cols(), 2000 + seed);
    const Row values(row.row(0).begin(), row.row(0).end());
    const auto told = *explain_row(values, centroids.view());
    EXPECT_EQ(nearest(moved(values, told.shortest.change, 0.999), centroids), told.own) << seed;
    EXPECT_EQ(nearest(moved(values, told.shortest.change, 1.001), centroids), told.shortest.into) << seed;
    const double length = std::sqrt(std::inner_product(told.shortest.change.begin(), told.shortest.change.end(),
                                                       told.shortest.change.begin(), 0.0));
    EXPECT_NEAR(length, told.shortest.distance, 1e-9);
    for (std::size_t c = 0; c < values.size(); ++c) {
      ASSERT_TRUE(told.by_feature[c].has_value());
      std::vector<double> alone(values.size());
      alone[c] = told.by_feature[c]->change;
      EXPECT_EQ(nearest(moved(values, alone, 0.999), centroids), told.own) << seed << " " << c;
      EXPECT_EQ(nearest(moved(values, alone, 1.001), centroids), told.by_feature[c]->into) << seed << " " << c;
      EXPECT_GE(std::abs(alone[c]), told.shortest.distance * (1 - 1e-9)) << "no shorter than the shortest";
    }
  }
}

TEST(Explain, NoShorterWayOutExists) {
  Random random(5);
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const auto centroids = noise(5, 3, seed);
    const auto row = noise(1, 3, 3000 + seed);
    const Row values(row.row(0).begin(), row.row(0).end());
    const auto told = *explain_row(values, centroids.view());
    for (int trial = 0; trial < 300; ++trial) {
      std::vector<double> way(3);
      for (auto& part : way) part = random.normal();
      const double length = std::sqrt(std::inner_product(way.begin(), way.end(), way.begin(), 0.0));
      EXPECT_EQ(nearest(moved(values, way, 0.999 * told.shortest.distance / length), centroids), told.own);
    }
  }
}

TEST(Explain, TheShortestWayOutNeedNotLeadToTheSecondNearest) {
  // The second nearest is far off in another direction; a third, a little farther away, lies close beside the own.
  const auto centroids = matrix_of<float>({{0, 0}, {0, 4}, {2, 0}});
  const auto told = *explain_row(Row{-2, 1.5F}, centroids.view());
  EXPECT_EQ(told.own, 0U);
  EXPECT_EQ(told.next, 1U);
  EXPECT_EQ(told.shortest.into, 1U);
  const auto other = *explain_row(Row{-0.2F, -3}, matrix_of<float>({{0, 0}, {0.5F, -8}, {4, -1}}).view());
  EXPECT_EQ(other.own, 0U);
  EXPECT_EQ(other.next, 2U);
  EXPECT_EQ(other.shortest.into, 1U);
}

TEST(Explain, AFeatureInWhichAllCentresAgreeMovesNothing) {
  const auto told = *explain_row(Row{1, 7}, matrix_of<float>({{0, 5}, {4, 5}}).view());
  EXPECT_FALSE(told.by_feature[1].has_value());
  EXPECT_EQ(told.reasons.back().contribution, 0.0);
  ASSERT_TRUE(told.by_feature[0].has_value());
  EXPECT_DOUBLE_EQ(told.by_feature[0]->change, 1.0);
  EXPECT_DOUBLE_EQ(told.shortest.distance, 1.0);
}

TEST(ExplainBadarg, RefusesWhatHasNoOtherGroup) {
  expect_error(explain_row(Row{1}, matrix_of<float>({{1}}).view()), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "centroids"}, {"value", "1"}});
  expect_error(explain_row(Row{1}, matrix_of<float>({{1}, {1}}).view()), ErrorCode::BadData, "cluster.equal_centroids",
               {{"first", "0"}, {"second", "1"}});
}

TEST(ExplainBadarg, RefusesOtherColumnsAndNoNumbers) {
  const auto centroids = matrix_of<float>({{1, 2}, {3, 4}});
  expect_error(explain_row(Row{1}, centroids.view()), ErrorCode::InvalidArgument, "cluster.columns_differ",
               {{"columns", "1"}, {"expected", "2"}});
  expect_error(explain_row(Row{1, std::numeric_limits<float>::quiet_NaN()}, centroids.view()), ErrorCode::BadData,
               "cluster.bad_value", {{"row", "0"}, {"column", "1"}});
}

}  // namespace
}  // namespace fenqun::cluster
