// tests/unit/cluster/stability_test.cpp
#include "cluster/stability.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <limits>

namespace fenqun::cluster {
namespace {

class StabilityTest : public testing::Test {
 protected:
  std::vector<std::uint32_t> fitted(const Matrix<float>& rows, std::uint32_t k) {
    return fit_kmeans(rows.view(), {.cluster_count = k}, pool).value().labels;
  }
  Result<Stability> measure(const Matrix<float>& rows, const std::vector<std::uint32_t>& labels, std::uint32_t k,
                            const StabilityOptions& options = {}, const std::stop_token& stop = {}) {
    return measure_stability(rows.view(), labels, {.cluster_count = k}, options, pool, stop);
  }
  WorkerPool pool{2};
};

TEST_F(StabilityTest, GroupsThatLieApartAlwaysComeBack) {
  const auto data = planted(2000, 4, 4, 15, 1);
  const auto found = measure(data.rows, data.labels, 4).value();
  EXPECT_EQ(found.agreement.size(), 20U);
  EXPECT_EQ(found.mean, 1);
  EXPECT_EQ(found.least, 1);
  EXPECT_EQ(found.skipped, 0U);
}

TEST_F(StabilityTest, AWrongNumberOfGroupsComesBackLessWell) {
  const auto data = planted(2000, 4, 4, 15, 1);
  for (const std::uint32_t k : {3U, 6U}) {
    const auto found = measure(data.rows, fitted(data.rows, k), k).value();
    EXPECT_LT(found.mean, 0.95) << k;
    EXPECT_EQ(found.least, *std::ranges::min_element(found.agreement));
    EXPECT_LE(found.least, found.mean);
  }
}

TEST_F(StabilityTest, LabelsThatAreNotOfTheRowsAgreeNoMoreThanByChance) {
  const auto data = planted(2000, 4, 4, 15, 1);
  std::vector<std::uint32_t> labels(2000);
  for (std::size_t r = 0; r < 2000; ++r) labels[r] = static_cast<std::uint32_t>(mix64(r) % 4);
  EXPECT_NEAR(measure(data.rows, labels, 4).value().mean, 0, 0.02);
}

TEST_F(StabilityTest, ResamplesWithTooFewDistinctRowsAreCountedApart) {
  Matrix<float> rows(60, 1);  // the third value stands once: every third resample or so misses it
  rows(59, 0) = 9;
  for (std::size_t r = 0; r < 30; ++r) rows(r, 0) = 1;
  const auto found = measure(rows, fitted(rows, 3), 3).value();
  EXPECT_GT(found.skipped, 0U);
  EXPECT_EQ(found.agreement.size() + found.skipped, 20U);
  EXPECT_EQ(found.mean, 1);
}

TEST_F(StabilityTest, NoResampleWithEnoughDistinctRowsIsAnError) {
  const auto rows = noise(40, 2, 3);
  std::vector<std::uint32_t> labels(40);
  for (std::uint32_t r = 0; r < 40; ++r) labels[r] = r;
  expect_error(measure(rows, labels, 40, {.resamples = 3}), ErrorCode::BadData, "cluster.no_resample",
               {{"resamples", "3"}, {"k", "40"}});
}

TEST_F(StabilityTest, ThreadsDoNotChangeABit) {
  const auto rows = noise(3000, 3, 2);
  const auto labels = fitted(rows, 4);
  const auto expected = measure(rows, labels, 4, {.resamples = 6, .sample_rows = 500}).value();
  for (const std::size_t threads : {1U, 4U}) {
    WorkerPool other(threads);
    const auto found =
        measure_stability(rows.view(), labels, {.cluster_count = 4}, {.resamples = 6, .sample_rows = 500}, other)
            .value();
    EXPECT_EQ(found.agreement, expected.agreement);
  }
}

TEST_F(StabilityTest, RefusesWhatCannotBe) {
  auto rows = noise(50, 2, 1);
  auto labels = fitted(rows, 3);
  expect_error(measure(rows, labels, 3, {.resamples = 1}), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "resamples"}});
  expect_error(measure(rows, labels, 3, {.sample_rows = 5}), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "sample_rows"}});
  expect_error(measure(rows, labels, 2), ErrorCode::InvalidArgument, "cluster.label_range");
  rows(8, 0) = std::numeric_limits<float>::quiet_NaN();
  expect_error(measure(rows, labels, 3), ErrorCode::BadData, "cluster.bad_value", {{"row", "8"}, {"column", "0"}});
}

TEST_F(StabilityTest, StopsWhenAsked) {
  const auto data = planted(500, 2, 2, 5, 1);
  std::stop_source source;
  source.request_stop();
  expect_error(measure(data.rows, data.labels, 2, {}, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

}  // namespace
}  // namespace fenqun::cluster
