// tests/unit/cluster/kmeans_options_test.cpp - distances, weights of rows, missing values, starts and pruning.
#include "cluster/kmeans.hpp"

#include "cluster/assign.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fenqun::cluster {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

KMeansFit fit(const Matrix<float>& rows, const KMeansOptions& options, std::size_t threads = 2) {
  WorkerPool pool(threads);
  auto out = fit_kmeans(rows.view(), options, pool);
  EXPECT_TRUE(out.has_value()) << out.error().line.key;
  return out.value_or(KMeansFit{});
}

Matrix<float> first_rows(const Matrix<float>& rows, std::size_t count) {
  Matrix<float> out(count, rows.cols());
  for (std::size_t r = 0; r < count; ++r) std::ranges::copy(rows.row(r), out.row(r).begin());
  return out;
}

Matrix<float> with_gaps(Matrix<float> rows, std::uint64_t seed) {
  Random random(seed);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 1; c < rows.cols(); ++c) {
      if (random.chance(0.2)) rows(r, c) = kMissing;
    }
  }
  return rows;
}

/// The inertia as the header defines it, from centroids and labels alone.
double inertia_of(const Matrix<float>& rows, const KMeansFit& found, const KMeansOptions& options) {
  double total = 0;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    double sum = 0;
    double dot = 0;
    double length = 0;
    std::size_t present = 0;
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      const auto value = static_cast<double>(rows(r, c));
      if (std::isnan(value)) continue;
      ++present;
      const auto centre = static_cast<double>(found.centroids(found.labels[r], c));
      sum += options.distance == Distance::Manhattan ? std::abs(value - centre) : (value - centre) * (value - centre);
      dot += value * centre;
      length += value * value;
    }
    if (options.distance == Distance::Cosine) sum = 1 - dot / std::sqrt(length);
    const double weight = options.row_weights.empty() ? 1.0 : static_cast<double>(options.row_weights[r]);
    total += weight * sum * static_cast<double>(rows.cols()) / static_cast<double>(present);
  }
  return total;
}

struct Way {
  const char* name;
  Distance distance;
  bool has_gaps;
  bool has_weights;
};

class EveryWay : public testing::TestWithParam<Way> {
 protected:
  EveryWay() : rows(planted(3000, 5, 6, 6, 17).rows) {
    if (GetParam().has_gaps) rows = with_gaps(std::move(rows), 3);
    options.cluster_count = 7;
    options.restarts = 2;
    options.tolerance = 0;
    options.distance = GetParam().distance;
    if (GetParam().has_gaps) options.missing = MissingValues::PartialDistance;
    if (GetParam().has_weights) {
      Random random(9);
      for (std::size_t r = 0; r < rows.rows(); ++r) weights.push_back(static_cast<float>(random.below(4)));
      options.row_weights = weights;
    }
  }
  Matrix<float> rows;
  std::vector<float> weights;
  KMeansOptions options;
};

TEST_P(EveryWay, TheInertiaIsWhatTheHeaderSays) {
  const auto found = fit(rows, options);
  EXPECT_NEAR(found.inertia, inertia_of(rows, found, options), 1e-5 * found.inertia);
}

TEST_P(EveryWay, NoRoundRaisesTheInertia) {
  const auto found = fit(rows, options);
  ASSERT_GT(found.rounds, 2U);
  for (std::size_t i = 1; i < found.inertia_by_round.size(); ++i) {
    EXPECT_LE(found.inertia_by_round[i], found.inertia_by_round[i - 1] * (1 + 1e-6)) << "round " << i + 1;
  }
}

TEST_P(EveryWay, AnyNumberOfThreadsGivesTheSameBits) {
  for (const auto start : {StartMethod::PlusPlus, StartMethod::Parallel}) {
    options.start = start;
    const auto one = fit(rows, options, 1);
    for (const std::size_t threads : {2U, 4U}) {
      const auto more = fit(rows, options, threads);
      EXPECT_EQ(more.centroids, one.centroids);
      EXPECT_EQ(more.labels, one.labels);
      EXPECT_EQ(more.inertia_by_round, one.inertia_by_round);
    }
  }
}

TEST_P(EveryWay, EveryRowIsInTheGroupThatAssigningPutsItIn) {
  const auto found = fit(rows, options);
  WorkerPool pool(2);
  const auto placed =
      assign_rows(rows.view(), std::as_const(found.centroids).view(), {options.distance, options.missing, true}, pool);
  ASSERT_TRUE(placed.has_value());
  std::size_t differ = 0;
  for (std::size_t r = 0; r < rows.rows(); ++r) differ += placed->labels[r] != found.labels[r] ? 1U : 0U;
  EXPECT_LE(differ, options.distance == Distance::Cosine ? 1U : 0U);  // centres are brought to length 1 again
  for (std::size_t r = 0; r < rows.rows(); ++r) EXPECT_LE(placed->distances[r], placed->next_distances[r]);
}

TEST_P(EveryWay, SizesCountEveryRow) {
  const auto found = fit(rows, options);
  EXPECT_EQ(std::accumulate(found.sizes.begin(), found.sizes.end(), std::uint64_t{0}), rows.rows());
  EXPECT_GT(*std::ranges::min_element(found.sizes), 0U);
}

INSTANTIATE_TEST_SUITE_P(KMeansOptions, EveryWay,
                         testing::Values(Way{"euclidean", Distance::Euclidean, false, false},
                                         Way{"euclidean_gaps", Distance::Euclidean, true, false},
                                         Way{"euclidean_weights", Distance::Euclidean, false, true},
                                         Way{"euclidean_both", Distance::Euclidean, true, true},
                                         Way{"manhattan", Distance::Manhattan, false, false},
                                         Way{"manhattan_both", Distance::Manhattan, true, true},
                                         Way{"cosine", Distance::Cosine, false, false},
                                         Way{"cosine_weights", Distance::Cosine, false, true}),
                         [](const auto& way) { return way.param.name; });

TEST(KMeansPruning, GroupsAndRoundsAreThoseOfThePlainSearch) {
  Random random(31);
  for (int trial = 0; trial < 25; ++trial) {
    const auto k = static_cast<std::uint32_t>(2 + random.below(30));
    const std::size_t cols = 1 + random.below(40);
    const auto planted_groups = static_cast<std::uint32_t>(1 + random.below(20));
    const auto apart = static_cast<float>(2 + random.uniform() * 10);
    auto rows = planted(2000 + random.below(6000), cols, planted_groups, apart, random.next()).rows;
    const auto offset = static_cast<float>(trial % 3 == 0 ? 1e3 : 0);
    for (std::size_t r = 0; r < rows.rows(); ++r) rows(r, 0) += offset;
    KMeansOptions options{.cluster_count = k, .max_rounds = 60, .restarts = 1, .tolerance = 0};
    options.seed = static_cast<std::uint64_t>(trial);
    const auto pruned = fit(rows, options);
    options.pruning = Pruning::Off;
    const auto plain = fit(rows, options);
    EXPECT_NEAR(pruned.inertia, plain.inertia, 1e-6 * plain.inertia) << k << ' ' << cols;
    EXPECT_NEAR(pruned.inertia, inertia_of(rows, pruned, options), 1e-5 * pruned.inertia);
    for (std::size_t i = 0; i < std::min(pruned.log.size(), plain.log.size()); ++i) {
      EXPECT_NEAR(pruned.log[i].inertia, plain.log[i].inertia, 1e-5 * plain.log[i].inertia) << "round " << i + 1;
    }
  }
}

TEST(KMeansPruning, CodesGiveTheLabelsOfThePlainSearchForAnyThreads) {
  for (int trial = 0; trial < 6; ++trial) {
    auto rows = planted(30000, 12, 7, 2.5F, static_cast<std::uint64_t>(trial)).rows;
    if (trial % 2 == 1) {  // heavy tails: many values lie outside the codes' range
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        for (std::size_t c = 0; c < 4; ++c) rows(r, c) = std::exp(rows(r, c) * 1.5F);
      }
    }
    KMeansOptions options{.cluster_count = 6, .max_rounds = 15, .restarts = 2, .tolerance = 0};
    const auto pruned = fit(rows, options);
    WorkerPool many(4);
    const auto threaded = *fit_kmeans(rows.view(), options, many);
    EXPECT_EQ(threaded.labels, pruned.labels);
    EXPECT_EQ(threaded.inertia_by_round, pruned.inertia_by_round);
    options.pruning = Pruning::Off;
    const auto plain = fit(rows, options);
    EXPECT_EQ(pruned.labels, plain.labels) << trial;
    EXPECT_EQ(pruned.sizes, plain.sizes);
    EXPECT_NEAR(pruned.inertia, plain.inertia, 1e-7 * plain.inertia);
    EXPECT_LT(std::ranges::min(pruned.log, {}, &KMeansRound::searched).searched, rows.rows() / 3) << "they served";
  }
}

TEST(KMeansPruning, RowsThatStayAreNotSearched) {
  const auto rows = planted(20000, 8, 10, 8, 2).rows;
  const auto found = fit(rows, {.cluster_count = 12, .max_rounds = 60, .restarts = 1, .tolerance = 0});
  EXPECT_LT(found.log.back().searched, rows.rows() / 4);
  for (const auto& round : found.log) EXPECT_LE(round.changed, round.searched);
}

TEST(KMeansPruning, ARowFarOutLeavesNoRoundingBehindWhenItMoves) {
  auto rows = noise(4000, 2, 8);
  rows(17, 0) = 9e15F;
  const auto found = fit(rows, {.cluster_count = 5, .max_rounds = 1000, .restarts = 3, .tolerance = 0});
  for (std::size_t k = 0; k < 5; ++k) {
    double sum = 0;
    double count = 0;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      if (found.labels[r] != k) continue;
      sum += static_cast<double>(rows(r, 1));
      count += 1;
    }
    EXPECT_NEAR(static_cast<double>(found.centroids(k, 1)), sum / count, 1e-4);
  }
}

TEST(KMeansWeights, AWeightOfThreeIsTheSameAsARowThreeTimes) {
  const auto rows = planted(600, 3, 4, 5, 5).rows;
  Random random(2);
  std::vector<float> weights;
  std::vector<std::size_t> repeated;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    weights.push_back(static_cast<float>(random.below(4)));
    for (float i = 0; i < weights.back(); ++i) repeated.push_back(r);
  }
  Matrix<float> many(repeated.size(), 3);
  for (std::size_t i = 0; i < repeated.size(); ++i) std::ranges::copy(rows.row(repeated[i]), many.row(i).begin());
  KMeansOptions options{.cluster_count = 4, .tolerance = 0, .initial_centroids = first_rows(many, 4)};
  const auto expected = fit(many, options);
  options.row_weights = weights;
  const auto found = fit(rows, options);
  EXPECT_NEAR(found.inertia, expected.inertia, 1e-6 * expected.inertia);
  for (std::size_t i = 0; i < repeated.size(); ++i) EXPECT_EQ(found.labels[repeated[i]], expected.labels[i]);
}

TEST(KMeansWeights, RowsOfNoWeightAreGroupedButMoveNothing) {
  auto rows = planted(300, 2, 2, 9, 5).rows;
  std::vector<float> weights(300, 1);
  for (std::size_t r = 0; r < 300; r += 3) {
    weights[r] = 0;
    rows(r, 0) += 1000;
  }
  KMeansOptions options{.cluster_count = 2, .tolerance = 0};
  options.row_weights = weights;
  const auto found = fit(rows, options);
  EXPECT_LT(std::abs(found.centroids(0, 0)), 100);
  EXPECT_LT(std::abs(found.centroids(1, 0)), 100);
  EXPECT_EQ(found.sizes[0] + found.sizes[1], 300U);
}

TEST(KMeansManhattan, CentresAreMediansAndForgetWhatLiesFarOut) {
  const auto rows = matrix_of<float>({{0, 0}, {1, 0}, {900, 1}, {50, 70}, {51, 70}, {52, 90}});
  const auto found = fit(rows, {.cluster_count = 2,
                                .tolerance = 0,
                                .initial_centroids = matrix_of<float>({{0, 0}, {50, 70}}),
                                .distance = Distance::Manhattan});
  // By hand: the row far out is 899 + 1 from the first centre and 848 + 69 from the second.
  EXPECT_EQ(found.labels, (std::vector<std::uint32_t>{0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(found.centroids, matrix_of<float>({{1, 0}, {51, 70}}));
  EXPECT_DOUBLE_EQ(found.inertia, 1 + 0 + 899 + 1 + 1 + 0 + 1 + 20);
}

TEST(KMeansManhattan, AWeightedMedianIsReachedByHalfOfTheWeight) {
  const auto rows = matrix_of<float>({{1}, {2}, {3}});
  const std::vector<float> weights = {1, 1, 5};
  KMeansOptions options{.cluster_count = 1, .distance = Distance::Manhattan};
  options.row_weights = weights;
  EXPECT_EQ(fit(rows, options).centroids(0, 0), 3.0F);
}

TEST(KMeansCosine, OnlyTheDirectionOfARowCounts) {
  auto rows = planted(900, 3, 3, 8, 12).rows;
  KMeansOptions options{.cluster_count = 3, .distance = Distance::Cosine};
  const auto before = fit(rows, options);
  Random random(1);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const auto length = static_cast<float>(std::uint64_t{1} << random.below(10));
    for (float& value : rows.row(r)) value *= length;
  }
  const auto after = fit(rows, options);
  EXPECT_EQ(after.labels, before.labels);
  EXPECT_EQ(after.centroids, before.centroids);
  for (std::size_t k = 0; k < 3; ++k) {
    double squared = 0;
    for (const float value : std::as_const(after.centroids).row(k)) squared += static_cast<double>(value * value);
    EXPECT_NEAR(squared, 1, 1e-6);
  }
}

TEST(KMeansMissing, DataWithoutGapsGivesTheSameBits) {
  const auto rows = noise(1500, 4, 3);
  KMeansOptions options{.cluster_count = 5};
  const auto plain = fit(rows, options);
  options.missing = MissingValues::PartialDistance;
  const auto found = fit(rows, options);
  EXPECT_EQ(found.centroids, plain.centroids);
  EXPECT_EQ(found.missing.by_column, std::vector<std::uint64_t>(4, 0));
  EXPECT_EQ(found.missing.values, 0U);
}

TEST(KMeansMissing, GapsAreCountedAndLeftOutOfDistancesAndCentres) {
  const auto rows = matrix_of<float>({{0, 0}, {2, kMissing}, {10, 4}, {kMissing, 6}});
  const auto found = fit(rows, {.cluster_count = 2,
                                .tolerance = 0,
                                .initial_centroids = matrix_of<float>({{0, 0}, {10, 5}}),
                                .missing = MissingValues::PartialDistance});
  EXPECT_EQ(found.labels, (std::vector<std::uint32_t>{0, 0, 1, 1}));
  // A row of one value out of two counts twice: (0 + 2 * 2) / 3 and (4 + 2 * 6) / 3.
  EXPECT_EQ(found.centroids, matrix_of<float>({{4.0F / 3, 0}, {10, 16.0F / 3}}));
  EXPECT_NEAR(found.inertia, 16.0 / 9 + 2 * 4.0 / 9 + 16.0 / 9 + 2 * 4.0 / 9, 1e-5);
  EXPECT_EQ(found.missing.values, 2U);
  EXPECT_EQ(found.missing.rows, 2U);
  EXPECT_EQ(found.missing.by_column, (std::vector<std::uint64_t>{1, 1}));
}

TEST(KMeansMissing, AnEmptiedGroupThatBeginsAtARowWithAGapTakesTheOtherValuesFromWhereItWas) {
  const auto rows = matrix_of<float>({{0, 1}, {1, 1}, {0, 1}, {500, kMissing}});
  const auto found = fit(rows, {.cluster_count = 2,
                                .tolerance = 0,
                                .initial_centroids = matrix_of<float>({{0, 1}, {-1e6F, -1e6F}}),
                                .missing = MissingValues::PartialDistance});
  EXPECT_EQ(found.labels, (std::vector<std::uint32_t>{0, 0, 0, 1}));
  EXPECT_EQ(found.centroids(1, 1), 1.0F);
}

TEST(KMeansParallelStart, FindsGroupsThatLieApartAsWellAsPlusPlusDoes) {
  const auto data = planted(20000, 4, 40, 25, 4);
  KMeansOptions options{.cluster_count = 40, .restarts = 6};
  const auto plus_plus = fit(data.rows, options);
  options.start = StartMethod::Parallel;
  EXPECT_LT(fit(data.rows, options).inertia, 1.2 * plus_plus.inertia);
}

TEST(KMeansParallelStart, AsManyGroupsAsRowsOrAsDistinctRows) {
  const auto rows = noise(50, 2, 5);
  KMeansOptions options{.cluster_count = 50, .restarts = 1};
  options.start = StartMethod::Parallel;
  EXPECT_EQ(fit(rows, options).inertia, 0.0);
  Matrix<float> repeated(900, 1);
  for (std::size_t r = 0; r < 900; ++r) repeated(r, 0) = static_cast<float>(r % 7);
  options.cluster_count = 7;
  EXPECT_EQ(fit(repeated, options).inertia, 0.0);
}

TEST(KMeansRounds, EveryRoundIsReportedAndTheWinnersAreKept) {
  const auto rows = noise(3000, 3, 6);
  std::vector<KMeansRound> seen;
  KMeansOptions options{.cluster_count = 6, .restarts = 3};
  options.on_round = [&](const KMeansRound& round) { seen.push_back(round); };
  const auto found = fit(rows, options);
  ASSERT_EQ(found.log.size(), found.rounds);
  const auto first = std::ranges::find(seen, found.restart, &KMeansRound::restart);
  for (std::size_t i = 0; i < found.log.size(); ++i) {
    EXPECT_EQ(found.log[i].round, i + 1);
    EXPECT_EQ((first + static_cast<std::ptrdiff_t>(i))->changed, found.log[i].changed);
    EXPECT_EQ(found.log[i].inertia, found.inertia_by_round[i]);
  }
  EXPECT_EQ(found.log.front().changed, 3000U);
  EXPECT_EQ(seen.back().restart, 2U);
}

TEST(KMeansRounds, AStopEndsTheWorkWithTheRoundItFallsInto) {
  const auto rows = noise(5000, 4, 6);
  std::stop_source stop;
  std::uint32_t rounds = 0;
  KMeansOptions options{.cluster_count = 9, .tolerance = 0};
  options.on_round = [&](const KMeansRound&) {
    if (++rounds == 3) stop.request_stop();
  };
  WorkerPool pool(2);
  const auto done = fit_kmeans(rows.view(), options, pool, stop.get_token());
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(rounds, 3U);
}

}  // namespace
}  // namespace fenqun::cluster
