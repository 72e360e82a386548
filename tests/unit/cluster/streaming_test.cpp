// tests/unit/cluster/streaming_test.cpp
#include "cluster/streaming.hpp"

#include "cluster/agreement.hpp"
#include "cluster/row_sample.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace fenqun::cluster {
namespace {

Matrix<float> first_rows(const Matrix<float>& rows, std::size_t k) {
  Matrix<float> out(k, rows.cols());
  for (std::size_t i = 0; i < k; ++i) std::ranges::copy(rows.row(i), out.row(i).begin());
  return out;
}

std::vector<std::uint32_t> labels_of(const Matrix<float>& rows, const KMeansFit& fit, WorkerPool& pool) {
  MatrixSource source(rows.view(), 1000);
  std::vector<std::uint32_t> out;
  const auto take = [&](std::uint64_t first_row, std::span<const std::uint32_t> labels, auto) -> Result<void> {
    EXPECT_EQ(first_row, out.size());
    out.insert(out.end(), labels.begin(), labels.end());
    return {};
  };
  EXPECT_EQ(assign_streamed(source, fit.centroids.view(), take, pool).value(), rows.rows());
  return out;
}

class Streaming : public testing::Test {
 protected:
  StreamedFit fit(const StreamedKMeansOptions& options, std::size_t piece_rows = 777) {
    MatrixSource source(data.rows.view(), piece_rows);
    return fit_streamed_kmeans(source, options, pool).value();
  }
  StreamedKMeansOptions given_start() {
    return {.kmeans = {.cluster_count = 5, .tolerance = 0, .initial_centroids = first_rows(data.rows, 5)}};
  }

  WorkerPool pool{2};
  Planted data = planted(20'000, 4, 5, 3, 1);
};

TEST_F(Streaming, EndsWhereTheFitInMemoryEndsFromTheSameStart) {
  const auto options = given_start();
  const auto streamed = fit(options);
  const auto whole = fit_kmeans(data.rows.view(), options.kmeans, pool).value();
  ASSERT_TRUE(whole.converged);
  EXPECT_TRUE(streamed.fit.converged);
  EXPECT_EQ(streamed.fit.rounds, whole.rounds);
  EXPECT_EQ(streamed.fit.sizes, whole.sizes);
  EXPECT_NEAR(streamed.fit.inertia, whole.inertia, 1e-9 * whole.inertia);
  EXPECT_EQ(labels_of(data.rows, streamed.fit, pool), whole.labels);
  EXPECT_EQ(streamed.passes, streamed.fit.rounds);
  EXPECT_EQ(streamed.sampled, 0U);
}

TEST_F(Streaming, FindsPlantedGroupsFromASample) {
  data = planted(20'000, 4, 5, 12, 2);
  const auto streamed = fit({.kmeans = {.cluster_count = 5}, .sample_rows = 500});
  EXPECT_EQ(streamed.rows, 20'000U);
  EXPECT_EQ(streamed.sampled, 500U);
  EXPECT_EQ(streamed.passes, streamed.fit.rounds + 1);
  EXPECT_TRUE(streamed.fit.labels.empty());
  EXPECT_GT(adjusted_rand_index(data.labels, labels_of(data.rows, streamed.fit, pool)).value(), 0.999);
}

TEST_F(Streaming, PiecesAndThreadsChangeNoBit) {
  data = planted(70'000, 20, 4, 1, 3);
  for (const auto mode : {StreamMode::Exact, StreamMode::MiniBatch}) {
    const StreamedKMeansOptions options{.kmeans = {.cluster_count = 6}, .mode = mode, .sample_rows = 2000};
    const auto first = fit(options, 1);
    for (const std::size_t piece : {std::size_t{2048}, std::size_t{100'000}}) {
      for (const std::size_t threads : {1U, 4U}) {
        WorkerPool other(threads);
        MatrixSource source(data.rows.view(), piece);
        const auto again = fit_streamed_kmeans(source, options, other).value();
        EXPECT_EQ(again.fit.centroids, first.fit.centroids);
        EXPECT_EQ(again.fit.inertia, first.fit.inertia);
        EXPECT_EQ(again.fit.sizes, first.fit.sizes);
        EXPECT_EQ(again.fit.inertia_by_round, first.fit.inertia_by_round);
      }
    }
  }
}

TEST_F(Streaming, InertiaNeverRises) {
  data.rows = noise(30'000, 6, 4);
  const auto streamed = fit({.kmeans = {.cluster_count = 7, .tolerance = 0, .initial_centroids = noise(7, 6, 5)}});
  const auto& inertia = streamed.fit.inertia_by_round;
  ASSERT_GT(inertia.size(), 5U);
  for (std::size_t i = 1; i < inertia.size(); ++i) EXPECT_LE(inertia[i], inertia[i - 1] * (1 + 1e-6));
  EXPECT_EQ(streamed.fit.inertia, inertia.back());
}

TEST_F(Streaming, MiniBatchesComeCloseInFewPasses) {
  auto options = given_start();
  const auto exact = fit(options);
  options.mode = StreamMode::MiniBatch;
  options.batch_rows = 1000;
  options.kmeans.tolerance = 1e-3;
  const auto batches = fit(options);
  EXPECT_LE(batches.fit.rounds, 3U);
  EXPECT_EQ(batches.passes, batches.fit.rounds + 1);
  EXPECT_GE(batches.fit.inertia, exact.fit.inertia * (1 - 1e-9));
  EXPECT_LE(batches.fit.inertia, exact.fit.inertia * 1.02);
  EXPECT_EQ(std::accumulate(batches.fit.sizes.begin(), batches.fit.sizes.end(), std::uint64_t{0}), 20'000U);
}

TEST_F(Streaming, AMiniBatchCentreIsTheMeanOfAllRowsItTook) {
  data.rows = matrix_of<float>({{0}, {10}, {2}, {14}, {4}, {12}});
  StreamedKMeansOptions options{.kmeans = {.cluster_count = 2, .initial_centroids = matrix_of<float>({{1}, {9}})},
                                .mode = StreamMode::MiniBatch,
                                .batch_rows = 2,
                                .passes = 1};
  const auto streamed = fit(options);
  EXPECT_EQ(streamed.fit.centroids, matrix_of<float>({{2}, {12}}));
  EXPECT_EQ(streamed.fit.sizes, (std::vector<std::uint64_t>{3, 3}));
  EXPECT_EQ(streamed.fit.inertia, 16);
  // Against the centres each batch met: 1 and 9, 0 and 10, 1 and 12.
  EXPECT_EQ(streamed.fit.inertia_by_round, (std::vector<double>{(1 + 1) + (4 + 16) + (9 + 0)}));
}

TEST_F(Streaming, AnEmptiedGroupStartsAgainAtAFarRow) {
  data.rows = matrix_of<float>({{0}, {1}, {2}, {100}, {101}, {50}});
  for (const auto mode : {StreamMode::Exact, StreamMode::MiniBatch}) {
    for (const std::uint32_t rounds : {1U, 50U}) {
      const auto streamed = fit({.kmeans = {.cluster_count = 3,
                                            .max_rounds = rounds,
                                            .initial_centroids = matrix_of<float>({{0}, {1}, {-5000}})},
                                 .mode = mode,
                                 .passes = rounds});
      EXPECT_GE(streamed.fit.repaired, 1U);
      EXPECT_EQ(std::ranges::count(streamed.fit.sizes, 0U), 0);
      EXPECT_EQ(std::accumulate(streamed.fit.sizes.begin(), streamed.fit.sizes.end(), std::uint64_t{0}), 6U);
    }
  }
}

TEST_F(Streaming, AsManyGroupsAsDistinctRowsLeaveNothingOver) {
  data.rows = Matrix<float>(300, 2);
  for (std::size_t r = 0; r < 300; ++r) data.rows(r, 0) = static_cast<float>(r % 6);
  const auto streamed = fit({.kmeans = {.cluster_count = 6, .initial_centroids = Matrix<float>(6, 2)}});
  EXPECT_EQ(streamed.fit.inertia, 0);
  EXPECT_EQ(streamed.fit.sizes, std::vector<std::uint64_t>(6, 50));
}

TEST_F(Streaming, ASingleRowIsAGroup) {
  data.rows = matrix_of<float>({{3, 4}});
  for (const auto mode : {StreamMode::Exact, StreamMode::MiniBatch}) {
    const auto streamed = fit({.kmeans = {.cluster_count = 1}, .mode = mode});
    EXPECT_EQ(streamed.fit.centroids, data.rows);
    EXPECT_EQ(streamed.fit.inertia, 0);
  }
}

TEST_F(Streaming, EachRowTwiceCountsTwiceAndMovesNothing) {
  Matrix<float> twice(40'000, 4);
  for (std::size_t r = 0; r < 40'000; ++r) std::ranges::copy(data.rows.row(r / 2), twice.row(r).begin());
  const auto options = given_start();
  const auto once = fit(options);
  data.rows = twice;
  const auto streamed = fit(options);
  for (std::size_t k = 0; k < 5; ++k) EXPECT_EQ(streamed.fit.sizes[k], 2 * once.fit.sizes[k]);
  EXPECT_NEAR(streamed.fit.inertia, 2 * once.fit.inertia, 1e-6 * once.fit.inertia);
}

TEST_F(Streaming, TakesHugeAndTinyValues) {
  const auto plain = fit(given_start());
  for (const float scale : {1e12F, 1e-12F}) {
    auto options = given_start();
    auto scaled = data;
    for (std::size_t r = 0; r < scaled.rows.rows(); ++r) {
      for (float& value : scaled.rows.row(r)) value *= scale;
    }
    options.kmeans.initial_centroids = first_rows(scaled.rows, 5);
    MatrixSource source(scaled.rows.view(), 100);
    const auto streamed = fit_streamed_kmeans(source, options, pool).value();
    // Scaling rounds each value once more, so a row on a border may change sides.
    for (std::size_t k = 0; k < 5; ++k) {
      EXPECT_NEAR(static_cast<double>(streamed.fit.sizes[k]), static_cast<double>(plain.fit.sizes[k]), 20) << scale;
    }
  }
}

TEST_F(Streaming, TellsOfEveryPass) {
  std::vector<StreamPass> seen;
  auto options = StreamedKMeansOptions{.kmeans = {.cluster_count = 5}, .mode = StreamMode::MiniBatch};
  options.on_pass = [&](const StreamPass& pass) { seen.push_back(pass); };
  const auto streamed = fit(options);
  ASSERT_EQ(seen.size(), streamed.passes);
  EXPECT_EQ(seen.front().kind, StreamPassKind::Sample);
  EXPECT_EQ(seen[1].kind, StreamPassKind::Batches);
  EXPECT_EQ(seen.back().kind, StreamPassKind::Closing);
  EXPECT_EQ(seen.back().inertia, streamed.fit.inertia);
  for (std::uint32_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i].number, i + 1);
    EXPECT_EQ(seen[i].rows, 20'000U);
  }
}

TEST_F(Streaming, HandsOutTheDistancesOfEveryRow) {
  MatrixSource source(data.rows.view(), 3);
  double inertia = 0;
  const auto take = [&](std::uint64_t, auto, std::span<const float> squared) -> Result<void> {
    for (const float value : squared) inertia += static_cast<double>(value);
    return {};
  };
  const auto streamed = fit(given_start());
  ASSERT_TRUE(assign_streamed(source, streamed.fit.centroids.view(), take, pool).has_value());
  EXPECT_NEAR(inertia, streamed.fit.inertia, 1e-9 * inertia);
}

TEST(RowSample, HoldsEachRowEquallyOften) {
  Matrix<float> rows(40, 1);
  for (std::size_t r = 0; r < 40; ++r) rows(r, 0) = static_cast<float>(r);
  std::vector<int> held(40);
  constexpr int kTrials = 8000;
  for (std::uint64_t seed = 0; seed < kTrials; ++seed) {
    RowSample sample(10, 1, Random(seed));
    sample.add(rows.view());
    ASSERT_EQ(sample.rows().rows(), 10U);
    std::set<float> distinct;
    for (std::size_t r = 0; r < 10; ++r) distinct.insert(sample.rows()(r, 0));
    ASSERT_EQ(distinct.size(), 10U);
    for (const float value : distinct) ++held[static_cast<std::size_t>(value)];
  }
  // 2,000 expected, standard deviation 39.
  for (const int count : held) EXPECT_NEAR(count, kTrials / 4, 160);
}

TEST(RowSample, DoesNotDependOnPieces) {
  const auto rows = noise(5000, 2, 1);
  RowSample whole(64, 2, Random(9));
  whole.add(rows.view());
  RowSample pieces(64, 2, Random(9));
  MatrixSource source(rows.view(), 17);
  ASSERT_TRUE(source.read([&](RowView<const float> piece) -> Result<void> {
    pieces.add(piece);
    return {};
  }));
  EXPECT_EQ(pieces.seen(), 5000U);
  EXPECT_TRUE(std::equal(whole.rows().data(), whole.rows().data() + 128, pieces.rows().data()));
}

TEST(RowSample, HoldsAllRowsWhereThereAreFewer) {
  const auto rows = noise(5, 2, 1);
  RowSample sample(64, 2, Random(9));
  sample.add(rows.view());
  EXPECT_EQ(sample.rows().rows(), 5U);
  EXPECT_TRUE(std::equal(rows.values().begin(), rows.values().end(), sample.rows().data()));
}

}  // namespace
}  // namespace fenqun::cluster
