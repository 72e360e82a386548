// tests/unit/cluster/kmeans_repair_test.cpp - groups that lose their rows late, and rows that distances cannot tell
// apart.
#include "cluster/kmeans.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace fenqun::cluster {
namespace {

/// Numbers that mirror each other about 0, two of them in a group of their own at 0 that its neighbours draw off at
/// once after many rounds, when few rows change any more.
struct LateLoss {
  Matrix<float> rows;
  KMeansOptions options;
};

LateLoss late_loss() {
  Random random(24, 9);
  const std::size_t half = 100 + random.below(400);
  const std::uint32_t side = 2 + static_cast<std::uint32_t>(random.below(6));
  const double inner = 0.2 + random.uniform();
  LateLoss out{Matrix<float>(2 * half, 1), {}};
  for (std::size_t i = 0; i < half; ++i) {
    double value = inner;
    if (i > 0) value += 0.3 + (random.chance(0.5) ? 6 * random.uniform() : std::abs(3 * random.normal()));
    out.rows(i, 0) = static_cast<float>(value);
    out.rows(2 * half - 1 - i, 0) = -out.rows(i, 0);
  }
  auto& options = out.options;
  options.cluster_count = 2 * side + 1;
  options.max_rounds = 300;
  options.tolerance = 0;
  options.initial_centroids = Matrix<float>(options.cluster_count, 1);
  for (std::uint32_t g = 0; g < side; ++g) {
    const float centre = out.rows(1 + random.below(half - 1), 0) + static_cast<float>(2 * inner);
    options.initial_centroids(1 + g, 0) = centre;
    options.initial_centroids(1 + side + g, 0) = -centre;
  }
  return out;
}

TEST(KMeansRepair, OfALastRoundThatPassesRowsOverLeavesTheInertiaOfTheLabels) {
  auto [rows, options] = late_loss();
  WorkerPool pool(2);
  const auto whole = fit_kmeans(rows.view(), options, pool);
  ASSERT_TRUE(whole.has_value());
  bool was_met = false;
  for (const auto& round : whole->log) {
    if (round.repaired == 0) continue;
    was_met |= round.searched < rows.rows();
    options.max_rounds = round.round;
    options.pruning = Pruning::Auto;
    const auto pruned = fit_kmeans(rows.view(), options, pool);
    options.pruning = Pruning::Off;
    const auto plain = fit_kmeans(rows.view(), options, pool);
    ASSERT_TRUE(pruned.has_value() && plain.has_value());
    double inertia = 0;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      const double apart =
          static_cast<double>(rows(r, 0)) - static_cast<double>(pruned->centroids(pruned->labels[r], 0));
      inertia += apart * apart;
    }
    EXPECT_EQ(pruned->labels, plain->labels);
    EXPECT_NEAR(pruned->inertia, inertia, 1e-5 * inertia);
    EXPECT_NEAR(pruned->inertia, plain->inertia, 1e-5 * inertia);
    EXPECT_EQ(pruned->inertia_by_round.back(), pruned->inertia);
  }
  EXPECT_TRUE(was_met);
}

/// A number in an error that tells how many groups are possible must be below the number asked for.
void expect_fewer_than_asked(const Matrix<float>& rows, const KMeansOptions& options) {
  WorkerPool pool(1);
  const auto found = fit_kmeans(rows.view(), options, pool);
  ASSERT_FALSE(found.has_value());
  ASSERT_EQ(found.error().line.key, "cluster.too_few_distinct_rows");
  EXPECT_LT(std::stoul(std::string(found.error().arg("distinct"))), options.cluster_count);
}

TEST(KMeansRepair, OfRowsThatOnlyMissingValuesTellApartNamesNoMoreGroupsThanCanBe) {
  constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
  const auto rows = matrix_of<float>({{1, 2}, {1, kMissing}, {kMissing, 2}});
  KMeansOptions options;
  options.cluster_count = 3;
  options.missing = MissingValues::PartialDistance;
  options.initial_centroids = matrix_of<float>({{1, 2}, {1, 2}, {1, 2}});
  expect_fewer_than_asked(rows, options);
}

TEST(KMeansRepair, OfRowsTooNearForSinglePrecisionNamesNoMoreGroupsThanCanBe) {
  const auto rows = matrix_of<float>({{1e-30F}, {2e-30F}, {3e-30F}});
  KMeansOptions options;
  options.cluster_count = 3;
  options.initial_centroids = matrix_of<float>({{1e-30F}, {2e-30F}, {3e-30F}});
  expect_fewer_than_asked(rows, options);
}

/// Restarts that end at the same groups differ in rounding alone; which of them wins must not hang on pruning.
TEST(KMeansPruning, GivesTheInertiaOfEveryRestartBitForBit) {
  WorkerPool pool(1);
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    const auto rows = noise(60 + random.below(500), 1 + random.below(3), seed);
    KMeansOptions options;
    options.cluster_count = 2 + static_cast<std::uint32_t>(random.below(20));
    options.restarts = 3;
    options.tolerance = 0;
    const auto pruned = fit_kmeans(rows.view(), options, pool);
    options.pruning = Pruning::Off;
    const auto plain = fit_kmeans(rows.view(), options, pool);
    ASSERT_TRUE(pruned.has_value() && plain.has_value());
    EXPECT_EQ(pruned->inertia_by_restart, plain->inertia_by_restart) << seed;
    EXPECT_EQ(pruned->labels, plain->labels) << seed;
  }
}

double sum_of_squares(const Matrix<float>& rows, const KMeansFit& fit) {
  double total = 0;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      const double away = static_cast<double>(rows(r, c)) - static_cast<double>(fit.centroids(fit.labels[r], c));
      total += away * away;
    }
  }
  return total;
}

// From 4,096 rows on inertia comes from the groups' sums.
TEST(KMeansPruning, ManyRowsHaveTheInertiaOfTheirDistancesWhereverTheyStart) {
  WorkerPool pool(2);
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    const std::size_t cols = 1 + random.below(6);
    const float apart = std::array{0.0F, 2.0F, 20.0F, 300.0F}[random.below(4)];
    auto rows =
        planted(4096 + random.below(3000), cols, 1 + static_cast<std::uint32_t>(random.below(6)), apart, seed).rows;
    const float offset = std::array{0.0F, -1000.0F, 1e6F}[random.below(3)];
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      for (std::size_t c = 0; c < cols; ++c) rows(r, c) += offset;
    }
    KMeansOptions options;
    options.cluster_count = 2 + static_cast<std::uint32_t>(random.below(7));
    options.tolerance = 0;
    // Far outside on one side: the first round's inertia is many times the last's.
    options.initial_centroids = Matrix<float>(options.cluster_count, cols);
    const float far = std::array{1.0F, 50.0F, 3000.0F}[random.below(3)];
    for (std::uint32_t g = 0; g < options.cluster_count; ++g) {
      for (std::size_t c = 0; c < cols; ++c)
        options.initial_centroids(g, c) = offset + far * static_cast<float>(1 + g + random.uniform());
    }
    for (const auto pruning : {Pruning::Auto, Pruning::Off}) {
      options.pruning = pruning;
      const auto fit = fit_kmeans(rows.view(), options, pool);
      ASSERT_TRUE(fit.has_value());
      const double exact = sum_of_squares(rows, *fit);
      EXPECT_NEAR(fit->inertia, exact, 2e-7 * exact) << seed << ' ' << offset << ' ' << apart << ' ' << far;
      EXPECT_EQ(fit->log.back().inertia, fit->inertia);
    }
  }
}

TEST(KMeansPruning, OfManyRowsGivesThePlainLabelsAndInertia) {
  WorkerPool pool(2);
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    const auto rows = planted(4096 + random.below(3000), 1 + random.below(6), 3, 2, seed).rows;
    KMeansOptions options;
    options.cluster_count = 2 + static_cast<std::uint32_t>(random.below(7));
    options.restarts = 2;
    options.tolerance = 0;
    const auto pruned = fit_kmeans(rows.view(), options, pool);
    options.pruning = Pruning::Off;
    const auto plain = fit_kmeans(rows.view(), options, pool);
    ASSERT_TRUE(pruned.has_value() && plain.has_value());
    EXPECT_EQ(pruned->inertia_by_restart, plain->inertia_by_restart) << seed;
    EXPECT_EQ(pruned->labels, plain->labels) << seed;
  }
}

}  // namespace
}  // namespace fenqun::cluster
