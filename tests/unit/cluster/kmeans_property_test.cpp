// tests/unit/cluster/kmeans_property_test.cpp - what holds for any rows, tried on many shapes.
#include "cluster/agreement.hpp"
#include "cluster/assign.hpp"
#include "cluster/choose_k.hpp"
#include "cluster/kmeans_kernels.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

namespace fenqun::cluster {
namespace {

/// Rows as real tables have them: some columns constant, some of few values, some with a heavy tail, some rows twice.
Matrix<float> mixed_rows(Random& random) {
  Matrix<float> rows(1 + random.below(3000), 1 + random.below(40));
  std::vector<std::uint64_t> kinds(rows.cols());
  for (auto& kind : kinds) kind = random.below(4);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    if (r > 0 && random.chance(0.1)) {
      std::ranges::copy(rows.row(random.below(r)), rows.row(r).begin());
      continue;
    }
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      const double value = kinds[c] == 0   ? 7
                           : kinds[c] == 1 ? static_cast<double>(random.below(3))
                           : kinds[c] == 2 ? random.lognormal(0, 2)
                                           : random.normal();
      rows(r, c) = static_cast<float>(value);
    }
  }
  return rows;
}

std::size_t distinct_rows(const Matrix<float>& rows) {
  std::set<std::vector<float>> seen;
  for (std::size_t r = 0; r < rows.rows(); ++r) seen.emplace(rows.row(r).begin(), rows.row(r).end());
  return seen.size();
}

double inertia_of(const Matrix<float>& rows, const KMeansFit& fit) {
  double sum = 0;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    sum += static_cast<double>(squared_distance(rows.row(r), fit.centroids.row(fit.labels[r])));
  }
  return sum;
}

void check_fit(const Matrix<float>& rows, const KMeansOptions& options, const KMeansFit& fit) {
  ASSERT_EQ(fit.labels.size(), rows.rows());
  ASSERT_EQ(fit.sizes.size(), options.cluster_count);
  std::vector<std::uint64_t> sizes(options.cluster_count);
  for (const auto label : fit.labels) ++sizes.at(label);
  EXPECT_EQ(sizes, fit.sizes);
  EXPECT_GE(*std::ranges::min_element(sizes), 1U);
  EXPECT_NEAR(fit.inertia, inertia_of(rows, fit), 1e-9 * fit.inertia);
  EXPECT_LE(fit.rounds, options.max_rounds);
  for (std::size_t i = 1; i < fit.inertia_by_round.size(); ++i) {
    // Centroids are rounded to float, which may cost the last digits.
    EXPECT_LE(fit.inertia_by_round[i], fit.inertia_by_round[i - 1] * (1 + 1e-6)) << "round " << i;
  }
  WorkerPool pool(1);
  const auto assigned = assign_rows(rows.view(), fit.centroids.view(), pool);
  ASSERT_TRUE(assigned.has_value());
  if (fit.converged) {
    EXPECT_EQ(assigned->labels, fit.labels);
  }
}

TEST(KMeansProperty, HoldsItsPromisesForAnyShape) {
  Random random(99);
  WorkerPool pool(2);
  for (int trial = 0; trial < 60; ++trial) {
    const auto rows = mixed_rows(random);
    const std::size_t distinct = distinct_rows(rows);
    KMeansOptions options{.cluster_count = static_cast<std::uint32_t>(1 + random.below(12)),
                          .max_rounds = static_cast<std::uint32_t>(1 + random.below(60)),
                          .restarts = static_cast<std::uint32_t>(1 + random.below(3)),
                          .tolerance = random.chance(0.5) ? 0 : 1e-4,
                          .seed = random.next()};
    SCOPED_TRACE(testing::Message() << rows.rows() << 'x' << rows.cols() << " k " << options.cluster_count);
    const auto fit = fit_kmeans(rows.view(), options, pool);
    ASSERT_EQ(fit.has_value(), options.cluster_count <= distinct);
    if (fit) {
      check_fit(rows, options, *fit);
    } else if (options.cluster_count <= rows.rows()) {
      EXPECT_EQ(fit.error().arg("distinct"), std::to_string(distinct));
    }
  }
}

TEST(KMeansProperty, HoldsItsPromisesFromAnyGivenStart) {
  Random random(100);
  WorkerPool pool(2);
  for (int trial = 0; trial < 40; ++trial) {
    const auto rows = mixed_rows(random);
    KMeansOptions options{.cluster_count = static_cast<std::uint32_t>(1 + random.below(9)), .tolerance = 0};
    if (options.cluster_count > distinct_rows(rows)) continue;
    options.initial_centroids = noise(options.cluster_count, rows.cols(), random.next());
    SCOPED_TRACE(testing::Message() << rows.rows() << 'x' << rows.cols() << " k " << options.cluster_count);
    const auto fit = fit_kmeans(rows.view(), options, pool);
    ASSERT_TRUE(fit.has_value()) << fit.error().line.key;
    check_fit(rows, options, *fit);
  }
}

TEST(KMeansProperty, OneTwoAndFiveThreadsGiveTheSameBits) {
  const auto data = planted(20000, 7, 6, 4, 17);
  ChooseKOptions options;
  options.k_max = 5;
  options.kmeans.restarts = 2;
  WorkerPool one(1);
  const auto expected = choose_k(data.rows.view(), options, one);
  ASSERT_TRUE(expected.has_value());
  for (const std::size_t threads : {2U, 5U}) {
    WorkerPool pool(threads);
    const auto found = choose_k(data.rows.view(), options, pool);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->fit.centroids, expected->fit.centroids);
    EXPECT_EQ(found->fit.labels, expected->fit.labels);
    EXPECT_EQ(found->fit.inertia_by_round, expected->fit.inertia_by_round);
    for (std::size_t i = 0; i < expected->trials.size(); ++i) {
      EXPECT_EQ(found->trials[i].inertia, expected->trials[i].inertia);
      EXPECT_EQ(found->trials[i].quality.centroid_silhouette, expected->trials[i].quality.centroid_silhouette);
      EXPECT_EQ(found->trials[i].quality.calinski_harabasz, expected->trials[i].quality.calinski_harabasz);
      EXPECT_EQ(found->trials[i].quality.davies_bouldin, expected->trials[i].quality.davies_bouldin);
    }
  }
}

TEST(KMeansProperty, TheSeedAloneDecides) {
  const auto rows = noise(3000, 4, 23);
  WorkerPool pool(2);
  const KMeansOptions options{.cluster_count = 7, .restarts = 1, .seed = 5};
  KMeansOptions other = options;
  other.seed = 6;
  const auto first = fit_kmeans(rows.view(), options, pool);
  const auto again = fit_kmeans(rows.view(), options, pool);
  const auto changed = fit_kmeans(rows.view(), other, pool);
  ASSERT_TRUE(first && again && changed);
  EXPECT_EQ(first->centroids, again->centroids);
  EXPECT_EQ(first->inertia_by_round, again->inertia_by_round);
  EXPECT_NE(first->centroids, changed->centroids);
}

TEST(KMeansProperty, TheOrderOfTheRowsDoesNotMatterWhereGroupsLieApart) {
  const auto data = planted(2000, 4, 4, 25, 31);
  Matrix<float> turned(2000, 4);
  for (std::size_t r = 0; r < 2000; ++r) std::ranges::copy(data.rows.row(1999 - r), turned.row(r).begin());
  WorkerPool pool(2);
  const auto straight = fit_kmeans(data.rows.view(), {.cluster_count = 4}, pool);
  const auto reversed = fit_kmeans(turned.view(), {.cluster_count = 4}, pool);
  ASSERT_TRUE(straight && reversed);
  auto back = reversed->labels;
  std::ranges::reverse(back);
  const auto agreement = adjusted_rand_index(straight->labels, back);
  ASSERT_TRUE(agreement.has_value());
  EXPECT_EQ(*agreement, 1.0);
  EXPECT_NEAR(straight->inertia, reversed->inertia, 1e-6 * straight->inertia);
}

TEST(KMeansProperty, EachRowTwiceDoublesTheInertiaAndKeepsTheCentres) {
  const auto rows = noise(1500, 3, 41);
  Matrix<float> twice(3000, 3);
  for (std::size_t r = 0; r < 3000; ++r) std::ranges::copy(rows.row(r % 1500), twice.row(r).begin());
  KMeansOptions options{.cluster_count = 5, .tolerance = 0};
  options.initial_centroids = noise(5, 3, 42);
  WorkerPool pool(2);
  const auto once = fit_kmeans(rows.view(), options, pool);
  const auto both = fit_kmeans(twice.view(), options, pool);
  ASSERT_TRUE(once && both);
  EXPECT_NEAR(both->inertia, 2 * once->inertia, 1e-6 * once->inertia);
  for (std::size_t i = 0; i < once->centroids.values().size(); ++i) {
    EXPECT_NEAR(both->centroids.values()[i], once->centroids.values()[i], 1e-5F);
  }
}

TEST(KMeansProperty, MoreGroupsFitNoWorse) {
  const auto rows = noise(2000, 5, 51);
  WorkerPool pool(2);
  double before = std::numeric_limits<double>::infinity();
  for (std::uint32_t k = 1; k <= 10; ++k) {
    const auto fit = fit_kmeans(rows.view(), {.cluster_count = k}, pool);
    ASSERT_TRUE(fit.has_value());
    EXPECT_LT(fit->inertia, before);
    before = fit->inertia;
  }
}

TEST(KMeansProperties, WildNumbersNeverGiveWildGroups) {
  constexpr std::array kWild = {0.0F, 1e16F, -1e16F, 1e-38F, -1e-45F, 1.0F, -3.5e15F, 7e8F, 0.1F};
  Random random(99);
  for (int trial = 0; trial < 150; ++trial) {
    Matrix<float> rows(2 + random.below(400), 1 + random.below(6));
    const bool has_noise = random.chance(0.5);
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      for (float& value : rows.row(r)) {
        value =
            has_noise && random.chance(0.9) ? static_cast<float>(random.normal()) : kWild[random.below(kWild.size())];
      }
      rows(r, 0) = std::max(rows(r, 0), 1e-30F);  // no row of zeros
    }
    KMeansOptions options{.restarts = 2, .tolerance = random.chance(0.5) ? 0.0 : 1e-4};
    options.cluster_count = static_cast<std::uint32_t>(1 + random.below(std::min<std::size_t>(rows.rows(), 20)));
    options.max_rounds = static_cast<std::uint32_t>(1 + random.below(40));
    options.distance = static_cast<Distance>(random.below(3));
    options.start = static_cast<StartMethod>(random.below(2));
    WorkerPool pool(2);
    const auto found = fit_kmeans(rows.view(), options, pool);
    if (!found) {
      EXPECT_EQ(found.error().line.key, "cluster.too_few_distinct_rows");
      continue;
    }
    EXPECT_TRUE(std::isfinite(found->inertia) && found->inertia >= 0);
    EXPECT_EQ(std::accumulate(found->sizes.begin(), found->sizes.end(), std::uint64_t{0}), rows.rows());
    EXPECT_GT(*std::ranges::min_element(found->sizes), 0U);
    for (const float value : found->centroids.values()) EXPECT_TRUE(std::isfinite(value));
  }
}

}  // namespace
}  // namespace fenqun::cluster
