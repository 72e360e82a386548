// tests/unit/cluster/quality_test.cpp
#include "cluster/quality.hpp"

#include "cluster/kmeans.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::cluster {
namespace {

using Labels = std::vector<std::uint32_t>;

ClusterQuality measure(const Matrix<float>& rows, const Labels& labels, std::uint32_t k) {
  WorkerPool pool(2);
  const auto out = measure_quality(rows.view(), labels, k, pool);
  EXPECT_TRUE(out.has_value()) << out.error().line.key;
  return out.value_or(ClusterQuality{});
}

TEST(Quality, AgreesWithNumbersWorkedOutByHand) {
  // Means 1 and 11, each row 1 away from its own; the population mean is 6.
  const auto rows = matrix_of<float>({{0}, {2}, {10}, {12}});
  const auto quality = measure(rows, {0, 0, 1, 1}, 2);
  EXPECT_NEAR(quality.centroid_silhouette, (10.0 / 11 + 8.0 / 9) / 2, 1e-12);
  EXPECT_DOUBLE_EQ(quality.calinski_harabasz.value_or(-1), (4 * 25.0 / 1) / (4.0 / 2));
  EXPECT_DOUBLE_EQ(quality.davies_bouldin.value_or(-1), (1.0 + 1.0) / 10);
  EXPECT_DOUBLE_EQ(quality.smallest_share, 0.5);
}

TEST(Quality, ARowInTheWrongGroupCountsAgainstIt) {
  const auto rows = matrix_of<float>({{0}, {1}, {10}, {11}, {10}});
  const auto good = measure(rows, {0, 0, 1, 1, 1}, 2);
  const auto bad = measure(rows, {0, 0, 1, 1, 0}, 2);
  EXPECT_LT(bad.centroid_silhouette, good.centroid_silhouette);
  EXPECT_LT(*bad.calinski_harabasz, *good.calinski_harabasz);
  EXPECT_GT(*bad.davies_bouldin, *good.davies_bouldin);
  const auto one = [](double own, double other) { return (other - own) / std::max(own, other); };
  const double low_mean = 11.0 / 3;
  const double high_mean = 10.5;
  EXPECT_NEAR(bad.centroid_silhouette,
              (one(low_mean, high_mean) + one(low_mean - 1, high_mean - 1) + one(0.5, 10 - low_mean) +
               one(0.5, 11 - low_mean) + one(10 - low_mean, 0.5)) /
                  5,
              1e-6);
}

TEST(Quality, ARowAloneInItsGroupCountsZeroInTheSilhouette) {
  const auto rows = matrix_of<float>({{0}, {0}, {5}});
  EXPECT_NEAR(measure(rows, {0, 0, 1}, 2).centroid_silhouette, 2.0 / 3, 1e-12);
}

TEST(Quality, WhatIsNotDefinedIsAbsent) {
  const auto apart = matrix_of<float>({{0}, {0}, {5}, {5}});
  const auto exact = measure(apart, {0, 0, 1, 1}, 2);
  EXPECT_FALSE(exact.calinski_harabasz.has_value());  // no spread inside the groups
  EXPECT_DOUBLE_EQ(exact.davies_bouldin.value_or(-1), 0);
  EXPECT_DOUBLE_EQ(exact.centroid_silhouette, 1);
  const auto crossed = measure(apart, {0, 1, 0, 1}, 2);
  EXPECT_FALSE(crossed.davies_bouldin.has_value());  // both means are 2.5
  EXPECT_DOUBLE_EQ(crossed.calinski_harabasz.value_or(-1), 0);
  EXPECT_DOUBLE_EQ(crossed.centroid_silhouette, 0);
  EXPECT_FALSE(measure(matrix_of<float>({{0}, {1}}), {0, 1}, 2).calinski_harabasz.has_value());  // k = n
}

TEST(Quality, TheNamesOfTheGroupsDoNotMatter) {
  const auto data = planted(3000, 4, 3, 5, 2);
  Labels renamed = data.labels;
  for (auto& label : renamed) label = 2 - label;
  const auto first = measure(data.rows, data.labels, 3);
  const auto second = measure(data.rows, renamed, 3);
  EXPECT_NEAR(first.centroid_silhouette, second.centroid_silhouette, 1e-12);
  EXPECT_NEAR(*first.calinski_harabasz, *second.calinski_harabasz, 1e-9 * *first.calinski_harabasz);
  EXPECT_NEAR(*first.davies_bouldin, *second.davies_bouldin, 1e-12);
}

TEST(Quality, GroupsFartherApartScoreBetterOnEveryIndex) {
  const auto near = planted(3000, 4, 4, 4, 5);
  const auto far = planted(3000, 4, 4, 8, 5);
  const auto low = measure(near.rows, near.labels, 4);
  const auto high = measure(far.rows, far.labels, 4);
  EXPECT_LT(low.centroid_silhouette, high.centroid_silhouette);
  EXPECT_LT(*low.calinski_harabasz, *high.calinski_harabasz);
  EXPECT_GT(*low.davies_bouldin, *high.davies_bouldin);
}

}  // namespace
}  // namespace fenqun::cluster
