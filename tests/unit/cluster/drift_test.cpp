#include "cluster/drift.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <cmath>
#include <limits>
#include <numeric>

namespace fenqun::cluster {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Matrix<double> normals(std::size_t rows, double mean, double spread, std::uint64_t seed) {
  Matrix<double> out(rows, 1);
  Random random(seed);
  for (std::size_t r = 0; r < rows; ++r) out(r, 0) = mean + spread * random.normal();
  return out;
}

double psi_of(const Matrix<double>& before, const Matrix<double>& after, std::uint32_t bins = 10) {
  WorkerPool pool(2);
  const auto fitted = fit_bins(before.view(), bins, pool);
  EXPECT_TRUE(fitted.has_value());
  const auto drift = measure_drift(*fitted, after.view(), pool);
  EXPECT_TRUE(drift.has_value());
  return drift->front().psi;
}

TEST(Drift, BinsHoldEqualShares) {
  Matrix<double> rows(100, 1);
  for (std::size_t r = 0; r < 100; ++r) rows((r * 37) % 100, 0) = static_cast<double>(r);
  WorkerPool pool(1);
  const auto fitted = *fit_bins(rows.view(), 4, pool);
  EXPECT_EQ(fitted.features[0].edges, (std::vector<double>{24, 49, 74}));
  EXPECT_EQ(fitted.features[0].counts, (std::vector<std::uint64_t>{25, 25, 25, 25}));
}

TEST(Drift, EqualValuesShareABinAndMissingOnesStandApart) {
  const auto rows = matrix_of<double>({{0, 5}, {0, 5}, {0, 5}, {0, kNone}, {1, 5}, {2, kNone}});
  WorkerPool pool(1);
  const auto fitted = *fit_bins(rows.view(), 3, pool);
  EXPECT_EQ(fitted.features[0].edges, (std::vector<double>{0}));
  EXPECT_EQ(fitted.features[0].counts, (std::vector<std::uint64_t>{4, 2}));
  EXPECT_TRUE(fitted.features[1].edges.empty());
  EXPECT_EQ(fitted.features[1].counts, (std::vector<std::uint64_t>{4}));
  EXPECT_EQ(fitted.features[1].missing, 2U);
}

TEST(Drift, TheSameRowsHaveNone) {
  const auto rows = normals(5000, 3, 2, 1);
  EXPECT_EQ(psi_of(rows, rows), 0.0);
}

TEST(Drift, OfAShiftedNormalIsItsDivergence) {
  // Two unit normals whose means are s apart diverge by s² as bins become narrow.
  const auto before = normals(200000, 0, 1, 1);
  EXPECT_NEAR(psi_of(before, normals(200000, 0, 1, 2)), 0, 0.002);
  EXPECT_NEAR(psi_of(before, normals(200000, 0.5, 1, 2), 100), 0.25, 0.02);
  EXPECT_GT(psi_of(before, normals(200000, 1, 1, 2)), 0.7);
}

TEST(Drift, IsTheSumOverBinsByHand) {
  const auto before = matrix_of<double>({{1}, {1}, {2}, {2}});
  const auto after = matrix_of<double>({{1}, {2}, {2}, {2}, {kNone}});
  WorkerPool pool(1);
  const auto drift = measure_drift(*fit_bins(before.view(), 2, pool), after.view(), pool)->front();
  const auto part = [](double p, double q) { return (q - p) * std::log(q / p); };
  const std::vector<double> expected = {part(2.5 / 5.5, 1.5 / 6.5), part(2.5 / 5.5, 3.5 / 6.5),
                                        part(0.5 / 5.5, 1.5 / 6.5)};
  ASSERT_EQ(drift.by_bin.size(), 3U);
  for (std::size_t b = 0; b < 3; ++b) EXPECT_DOUBLE_EQ(drift.by_bin[b], expected[b]);
  EXPECT_DOUBLE_EQ(drift.psi, std::accumulate(expected.begin(), expected.end(), 0.0));
  EXPECT_EQ(drift.counts, (std::vector<std::uint64_t>{1, 3}));
  EXPECT_EQ(drift.missing, 1U);
}

TEST(Drift, IsTheSameForAnyNumberOfThreads) {
  Matrix<double> rows(3000, 7);
  Random random(9);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < rows.cols(); ++c) rows(r, c) = random.chance(0.1) ? kNone : random.normal();
  }
  const RowView<const double> all = rows.view();
  const RowView<const double> half(all.data(), 1500, 7);
  std::vector<double> first;
  for (const std::size_t threads : {1U, 2U, 4U}) {
    WorkerPool pool(threads);
    std::vector<double> psi;
    const auto drifts = *measure_drift(*fit_bins(half, 10, pool), all, pool);
    for (const auto& drift : drifts) psi.push_back(drift.psi);
    if (first.empty()) first = psi;
    EXPECT_EQ(psi, first);
  }
}

TEST(DriftBadarg, RefusesWhatCannotBeBinned) {
  WorkerPool pool(1);
  const auto rows = matrix_of<double>({{1, 2}, {3, std::numeric_limits<double>::infinity()}});
  expect_error(fit_bins(rows.view(), 10, pool), ErrorCode::BadData, "cluster.not_finite",
               {{"row", "1"}, {"column", "1"}, {"value", "inf"}});
  expect_error(fit_bins(rows.view(), 1, pool), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "bins"}, {"value", "1"}});
  expect_error(fit_bins(Matrix<double>(0, 2).view(), 10, pool), ErrorCode::BadData, "cluster.no_rows");
  expect_error(fit_bins(Matrix<double>(2, 0).view(), 10, pool), ErrorCode::BadData, "cluster.no_columns");
}

TEST(DriftBadarg, RefusesOtherColumnsThanThoseFitted) {
  WorkerPool pool(1);
  const auto fitted = *fit_bins(matrix_of<double>({{1, 2}}).view(), 10, pool);
  expect_error(measure_drift(fitted, matrix_of<double>({{1}}).view(), pool), ErrorCode::InvalidArgument,
               "cluster.columns_differ", {{"columns", "1"}, {"expected", "2"}});
}

}  // namespace
}  // namespace fenqun::cluster
