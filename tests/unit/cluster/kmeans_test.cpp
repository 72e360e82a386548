// tests/unit/cluster/kmeans_test.cpp
#include "cluster/kmeans.hpp"

#include "cluster/agreement.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <numeric>

namespace fenqun::cluster {
namespace {

KMeansFit fit(const Matrix<float>& rows, const KMeansOptions& options) {
  WorkerPool pool(2);
  auto out = fit_kmeans(rows.view(), options, pool);
  EXPECT_TRUE(out.has_value()) << out.error().line.key;
  return out.value_or(KMeansFit{});
}

TEST(KMeans, FindsGroupsThatLieApart) {
  const auto data = planted(3000, 5, 4, 30, 1);
  const auto found = fit(data.rows, {.cluster_count = 4});
  const auto agreement = adjusted_rand_index(found.labels, data.labels);
  ASSERT_TRUE(agreement.has_value());
  EXPECT_EQ(*agreement, 1.0);
  EXPECT_TRUE(found.converged);
  EXPECT_EQ(found.sizes, (std::vector<std::uint64_t>{750, 750, 750, 750}));
  EXPECT_NEAR(found.inertia, 3000 * 5, 600);  // unit noise in five columns
}

TEST(KMeans, OneGroupHasTheMeanAsItsCentre) {
  const auto rows = matrix_of<float>({{1, 2}, {3, 4}, {5, 9}});
  const auto found = fit(rows, {.cluster_count = 1, .tolerance = 0});
  EXPECT_EQ(found.centroids, matrix_of<float>({{3, 5}}));
  EXPECT_EQ(found.labels, (std::vector<std::uint32_t>{0, 0, 0}));
  EXPECT_DOUBLE_EQ(found.inertia, 4 + 9 + 0 + 1 + 4 + 16);
}

TEST(KMeans, AsManyGroupsAsRowsLeaveNoDistance) {
  const auto rows = noise(60, 3, 5);
  const auto found = fit(rows, {.cluster_count = 60});
  EXPECT_EQ(found.inertia, 0.0);
  EXPECT_EQ(found.sizes, std::vector<std::uint64_t>(60, 1));
}

TEST(KMeans, ARowFarFromAllOthersIsAGroupOfItsOwn) {
  auto rows = noise(500, 2, 6);
  rows(123, 0) = 1000;
  const auto found = fit(rows, {.cluster_count = 2});
  EXPECT_EQ(found.sizes[found.labels[123]], 1U);
  EXPECT_EQ(found.centroids(found.labels[123], 0), 1000.0F);
}

TEST(KMeans, RowsThatRepeatShareAGroup) {
  Matrix<float> rows(900, 2);
  for (std::size_t r = 0; r < rows.rows(); ++r) rows(r, 0) = static_cast<float>(r % 3);
  const auto found = fit(rows, {.cluster_count = 3});
  EXPECT_EQ(found.inertia, 0.0);
  EXPECT_EQ(found.sizes, (std::vector<std::uint64_t>{300, 300, 300}));
}

TEST(KMeans, GroupsEmptiedByTheStartBeginAnewAtTheFarthestRows) {
  const auto rows = matrix_of<float>({{0}, {1}, {2}, {50}, {51}, {90}});
  // All rows are nearest to the first centre; the other two lie beyond reach.
  const auto found =
      fit(rows, {.cluster_count = 3, .tolerance = 0, .initial_centroids = matrix_of<float>({{0}, {-1e6F}, {-2e6F}})});
  EXPECT_EQ(found.repaired, 2U);
  EXPECT_TRUE(found.converged);
  EXPECT_EQ(found.labels, (std::vector<std::uint32_t>{0, 0, 0, 2, 2, 1}));
  EXPECT_EQ(found.centroids, matrix_of<float>({{1}, {90}, {50.5F}}));
}

TEST(KMeans, NoGroupIsEmptyEvenWhenTheRoundsRunOut) {
  const auto rows = noise(2000, 3, 9);
  Matrix<float> start(40, 3);  // all the same: 39 groups are empty at once
  const auto found = fit(rows, {.cluster_count = 40, .max_rounds = 1, .initial_centroids = start});
  EXPECT_FALSE(found.converged);
  EXPECT_EQ(found.rounds, 1U);
  EXPECT_EQ(found.repaired, 39U);
  EXPECT_EQ(*std::ranges::min_element(found.sizes), 1U);
  EXPECT_EQ(std::accumulate(found.sizes.begin(), found.sizes.end(), std::uint64_t{0}), 2000U);
}

TEST(KMeans, EqualDistancesGoToTheLowestLabel) {
  const auto rows = matrix_of<float>({{0}, {1}, {2}});
  const auto found =
      fit(rows, {.cluster_count = 2, .max_rounds = 1, .initial_centroids = matrix_of<float>({{2}, {0}})});
  EXPECT_EQ(found.labels, (std::vector<std::uint32_t>{1, 0, 0}));
}

TEST(KMeans, TheBestRestartWinsAndAllAreReported) {
  const auto data = planted(1500, 2, 9, 12, 3);
  const auto found = fit(data.rows, {.cluster_count = 9, .restarts = 12});
  ASSERT_EQ(found.inertia_by_restart.size(), 12U);
  const auto best = std::ranges::min_element(found.inertia_by_restart);
  EXPECT_EQ(*best, found.inertia);
  EXPECT_EQ(best - found.inertia_by_restart.begin(), found.restart);  // of equals the first
  EXPECT_LT(*best, *std::ranges::max_element(found.inertia_by_restart));
  ASSERT_EQ(found.inertia_by_round.size(), found.rounds);
  EXPECT_EQ(found.inertia_by_round.back(), found.inertia);
}

TEST(KMeans, TheToleranceEndsEarlierThanTheEnd) {
  const auto rows = noise(4000, 6, 11);
  const KMeansOptions to_the_end = {.cluster_count = 8, .max_rounds = 1000, .restarts = 1, .tolerance = 0};
  KMeansOptions early = to_the_end;
  early.tolerance = 1e-2;
  const auto full = fit(rows, to_the_end);
  const auto short_run = fit(rows, early);
  EXPECT_TRUE(full.converged);
  EXPECT_TRUE(short_run.converged);
  EXPECT_LT(short_run.rounds, full.rounds);
  EXPECT_LE(full.inertia, short_run.inertia);
}

TEST(KMeans, ReadsRowsWithAStride) {
  const auto dense = noise(1100, 3, 13);
  Matrix<float> wide(1100, 5);
  for (std::size_t r = 0; r < dense.rows(); ++r) std::ranges::copy(dense.row(r), wide.row(r).begin());
  WorkerPool pool(1);
  const auto found = fit_kmeans({wide.view().data(), 1100, 3, 5}, {.cluster_count = 4}, pool);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->centroids, fit(dense, {.cluster_count = 4}).centroids);
}

}  // namespace
}  // namespace fenqun::cluster
