#include "cluster/balanced_kmeans.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

namespace fenqun::cluster {
namespace {

/// Sum of squared distances of rows to the mean of their group.
double inertia_of(const Matrix<float>& rows, const std::vector<std::uint32_t>& labels, std::size_t k) {
  Matrix<double> means(k, rows.cols());
  std::vector<double> sizes(k);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    sizes[labels[r]] += 1;
    for (std::size_t c = 0; c < rows.cols(); ++c) means(labels[r], c) += static_cast<double>(rows(r, c));
  }
  double sum = 0;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      const double difference = static_cast<double>(rows(r, c)) - means(labels[r], c) / sizes[labels[r]];
      sum += difference * difference;
    }
  }
  return sum;
}

/// The least inertia of all ways to split rows into k groups within the bounds.
double least_of_all(const Matrix<float>& rows, std::uint32_t k, const SizeBounds& bounds) {
  std::vector<std::uint32_t> labels(rows.rows());
  double best = std::numeric_limits<double>::infinity();
  while (true) {
    std::vector<std::uint64_t> sizes(k);
    for (const auto label : labels) ++sizes[label];
    const bool fits = std::all_of(sizes.begin(), sizes.end(), [&](std::uint64_t size) {
      return size >= std::max<std::uint64_t>(bounds.least, 1) && size <= bounds.most;
    });
    if (fits) best = std::min(best, inertia_of(rows, labels, k));
    std::size_t at = 0;
    while (at < labels.size() && ++labels[at] == k) labels[at++] = 0;
    if (at == labels.size()) return best;
  }
}

TEST(BalancedKMeans, SizesKeepTheBoundsAndThePriceIsTold) {
  auto rows = noise(4000, 5, 2);  // five eighths in the first of four groups
  for (std::size_t r = 0; r < rows.rows(); ++r) rows(r, r % 8 < 5 ? 0 : r % 8 - 4) += 8;
  WorkerPool pool(2);
  const auto fit = fit_balanced_kmeans(rows.view(), {.cluster_count = 4, .restarts = 3}, {900, 1100}, pool);
  ASSERT_TRUE(fit.has_value());
  for (const auto size : fit->fit.sizes) {
    EXPECT_GE(size, 900U);
    EXPECT_LE(size, 1100U);
  }
  EXPECT_EQ(std::accumulate(fit->fit.sizes.begin(), fit->fit.sizes.end(), std::uint64_t{0}), 4000U);
  EXPECT_GT(*std::max_element(fit->free_sizes.begin(), fit->free_sizes.end()), 1100U);
  EXPECT_GT(fit->price, 0);
  EXPECT_DOUBLE_EQ(fit->price, fit->fit.inertia / fit->free_inertia - 1);
  EXPECT_GT(fit->moved, 0U);
}

TEST(BalancedKMeans, NoRoundRaisesTheInertia) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto rows = noise(800, 4, seed);
    WorkerPool pool(1);
    const auto fit = *fit_balanced_kmeans(
        rows.view(), {.cluster_count = 6, .restarts = 1, .tolerance = 0, .seed = seed}, {120, 140}, pool);
    const auto& rounds = fit.fit.inertia_by_round;
    for (std::size_t i = 1; i < rounds.size(); ++i) EXPECT_LE(rounds[i], rounds[i - 1] * (1 + 1e-12));
    EXPECT_TRUE(fit.fit.converged);
    EXPECT_NEAR(fit.fit.inertia, inertia_of(rows, fit.fit.labels, 6), 1e-6 * fit.fit.inertia);
  }
}

TEST(BalancedKMeans, GoesOnUntilTheGainIsSmall) {
  const auto rows = noise(3000, 4, 6);
  WorkerPool pool(1);
  const auto fit = *fit_balanced_kmeans(rows.view(), {.cluster_count = 5, .restarts = 1}, {590, 610}, pool);
  const auto& rounds = fit.fit.inertia_by_round;
  ASSERT_GT(rounds.size(), 2U);
  EXPECT_LT(rounds.back(), rounds.front());
  EXPECT_LE(rounds[rounds.size() - 2] - rounds.back(), 1e-4 * rounds[rounds.size() - 2]);
}

TEST(BalancedKMeans, OnSmallProblemsIsWithinAHundredthOfTheBest) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const std::uint32_t k = 2 + seed % 2;
    const auto rows = noise(k == 2 ? 13 : 9, 2, 100 + seed);
    const SizeBounds bounds = {rows.rows() / k, (rows.rows() + k - 1) / k};
    WorkerPool pool(1);
    const auto fit = *fit_balanced_kmeans(
        rows.view(), {.cluster_count = k, .restarts = 50, .tolerance = 0, .seed = seed}, bounds, pool);
    EXPECT_LE(fit.fit.inertia, least_of_all(rows, k, bounds) * 1.01) << seed;
  }
}

TEST(BalancedKMeans, BoundsThatDoNotBindLeaveKMeansAsItIs) {
  const auto sample = planted(2000, 6, 4, 9, 3);
  WorkerPool pool(2);
  const KMeansOptions options = {.cluster_count = 4, .restarts = 1, .tolerance = 0};
  const auto fit = *fit_balanced_kmeans(sample.rows.view(), options, {1, 2000}, pool);
  const auto unbound = *fit_kmeans(sample.rows.view(), options, pool);
  EXPECT_EQ(fit.fit.labels, unbound.labels);
  EXPECT_NEAR(fit.price, 0, 1e-5);
  EXPECT_EQ(fit.moved, 0U);
}

TEST(BalancedKMeans, ASoftBoundCostsLessAndKeepsLess) {
  const auto rows = noise(1000, 3, 17);
  WorkerPool pool(1);
  const KMeansOptions options = {.cluster_count = 5, .restarts = 2};
  const auto hard = *fit_balanced_kmeans(rows.view(), options, {200, 200}, pool);
  const auto soft = *fit_balanced_kmeans(rows.view(), options, {200, 200, 0.05}, pool);
  EXPECT_EQ(hard.fit.sizes, std::vector<std::uint64_t>(5, 200));
  EXPECT_LT(soft.fit.inertia, hard.fit.inertia);
  EXPECT_NE(soft.fit.sizes, hard.fit.sizes);
}

TEST(BalancedKMeans, GivesTheSameBitsForAnyNumberOfThreads) {
  const auto rows = noise(5000, 9, 21);
  const KMeansOptions options = {.cluster_count = 7, .restarts = 2, .seed = 5};
  std::optional<BalancedFit> first;
  for (const std::size_t threads : {1U, 2U, 4U}) {
    WorkerPool pool(threads);
    auto fit = *fit_balanced_kmeans(rows.view(), options, {600, 800}, pool);
    if (!first) first = fit;
    EXPECT_EQ(fit.fit.labels, first->fit.labels);
    EXPECT_EQ(fit.fit.centroids, first->fit.centroids);
    EXPECT_EQ(fit.fit.inertia, first->fit.inertia);
  }
}

TEST(BalancedKMeans, SharesBecomeBounds) {
  const auto bounds = *bounds_of_shares(1001, 0.1, 0.35);
  EXPECT_EQ(bounds.least, 100U);
  EXPECT_EQ(bounds.most, 351U);
}

TEST(BalancedKMeansBadarg, RefusesSharesThatCannotBe) {
  expect_error(bounds_of_shares(10, -0.1, 0.5), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "least_share"}, {"value", "-0.1"}});
  expect_error(bounds_of_shares(10, 0.6, 0.5), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "most_share"}, {"value", "0.5"}, {"expected", "0.6..1"}});
}

TEST(BalancedKMeansBadarg, RefusesBoundsThatCannotHold) {
  const auto rows = noise(100, 2, 1);
  WorkerPool pool(1);
  expect_error(fit_balanced_kmeans(rows.view(), {.cluster_count = 3}, {40, 60}, pool), ErrorCode::InvalidArgument,
               "cluster.bounds_cannot_hold", {{"rows", "100"}, {"k", "3"}, {"least", "40"}, {"most", "60"}});
}

TEST(BalancedKMeans, HasNoPriceInPercentWhereItWouldCostNothingWithoutBounds) {
  const auto rows = matrix_of<float>({{0}, {0}, {0}, {5}});
  KMeansOptions options;
  options.cluster_count = 2;
  WorkerPool pool(1);
  const auto fit = fit_balanced_kmeans(rows.view(), options, {2, 2}, pool);
  ASSERT_TRUE(fit.has_value());
  EXPECT_EQ(fit->free_inertia, 0);
  EXPECT_GT(fit->fit.inertia, 0);
  EXPECT_EQ(fit->price, std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace fenqun::cluster
