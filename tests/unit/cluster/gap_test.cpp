// tests/unit/cluster/gap_test.cpp
#include "cluster/gap.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <cmath>
#include <limits>

namespace fenqun::cluster {
namespace {

class Gap : public testing::Test {
 protected:
  Result<GapStatistic> measure(const Matrix<float>& rows, const GapOptions& options = {},
                               const std::stop_token& stop = {}) {
    return measure_gap(rows.view(), options, pool, stop);
  }
  WorkerPool pool{2};
};

TEST_F(Gap, FindsTheNumberOfPlantedGroups) {
  for (const std::uint32_t groups : {2U, 3U, 4U, 5U}) {
    const auto data = planted(600, 5, groups, 12, groups);
    EXPECT_EQ(measure(data.rows).value().first_k, groups);
  }
}

TEST_F(Gap, SaysOneWhereThereIsNoGroup) {
  Matrix<float> rows(500, 2);
  Random random(5);
  for (std::size_t r = 0; r < 500; ++r) {
    for (float& value : rows.row(r)) value = static_cast<float>(random.uniform());
  }
  EXPECT_EQ(measure(rows).value().first_k, 1U);
}

TEST_F(Gap, KeepsTheNumbersOfEveryK) {
  const auto data = planted(400, 3, 3, 10, 2);
  const auto found = measure(data.rows, {.k_min = 2, .k_max = 5, .references = 10}).value();
  ASSERT_EQ(found.trials.size(), 4U);
  EXPECT_EQ(found.rows, 400U);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& trial = found.trials[i];
    EXPECT_EQ(trial.k, i + 2);
    EXPECT_DOUBLE_EQ(trial.gap, trial.log_reference - trial.log_inertia);
    EXPECT_GT(trial.standard_error, 0);
    const auto fit = fit_kmeans(data.rows.view(), {.cluster_count = trial.k}, pool).value();
    EXPECT_DOUBLE_EQ(trial.log_inertia, std::log(fit.inertia));
  }
}

TEST_F(Gap, TheRuleTakesTheFirstKThatTheNextDoesNotBeat) {
  const std::vector<GapOfK> trials = {
      {1, 0, 0, 0.1, 0.01}, {2, 0, 0, 0.5, 0.01}, {3, 0, 0, 0.505, 0.01}, {4, 0, 0, 0.9, 0.01}};
  EXPECT_EQ(first_k_of(trials, 1), 2U);
  EXPECT_EQ(first_k_of(trials, 2), 2U);
  EXPECT_EQ(first_k_of(trials, 3), std::nullopt);  // 4 is better, and what follows 4 is not known
}

TEST_F(Gap, EndsWhereTheRowsHoldNoMoreGroups) {
  Matrix<float> rows(90, 1);
  for (std::size_t r = 0; r < 90; ++r) rows(r, 0) = static_cast<float>(r % 3);
  EXPECT_EQ(measure(rows).value().trials.size(), 2U);  // at k = 3 nothing is left to take a logarithm of
  EXPECT_TRUE(measure(Matrix<float>(90, 1)).value().trials.empty());
}

TEST_F(Gap, ManyRowsAreSampledAndAConstantColumnDoesNoHarm) {
  const auto data = planted(20000, 3, 3, 12, 4);
  Matrix<float> wider(20000, 4);
  for (std::size_t r = 0; r < 20000; ++r) {
    for (std::size_t c = 0; c < 3; ++c) wider(r, c) = data.rows(r, c);
    wider(r, 3) = 7;
  }
  const auto found = measure(wider, {.references = 10, .sample_rows = 500}).value();
  EXPECT_EQ(found.rows, 500U);
  EXPECT_EQ(found.first_k, 3U);
}

TEST_F(Gap, ThreadsDoNotChangeABitAndSeedsDo) {
  const auto rows = noise(300, 2, 6);
  const auto expected = measure(rows, {.k_max = 4, .references = 5}).value();
  for (const std::size_t threads : {1U, 4U}) {
    WorkerPool other(threads);
    const auto found = measure_gap(rows.view(), {.k_max = 4, .references = 5}, other).value();
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(found.trials[i].gap, expected.trials[i].gap);
  }
  const auto other = measure(rows, {.k_max = 4, .references = 5, .kmeans = {.seed = 2}}).value();
  EXPECT_NE(other.trials[2].gap, expected.trials[2].gap);
}

TEST_F(Gap, RefusesWhatCannotBe) {
  const auto refused = [&](const GapOptions& options, const std::string& name) {
    expect_error(measure(noise(30, 2, 1), options), ErrorCode::InvalidArgument, "cluster.option_range",
                 {{"option", name}});
  };
  refused({.k_min = 0}, "k_min");
  refused({.k_min = 3, .k_max = 2}, "k_max");
  refused({.references = 1}, "references");
  refused({.sample_rows = 9}, "sample_rows");
  refused({.kmeans = {.max_rounds = 0}}, "max_rounds");
  auto rows = noise(30, 2, 1);
  rows(4, 1) = std::numeric_limits<float>::infinity();
  expect_error(measure(rows), ErrorCode::BadData, "cluster.bad_value", {{"row", "4"}, {"column", "1"}});
  expect_error(measure(Matrix<float>(0, 2)), ErrorCode::BadData, "cluster.no_rows");
}

TEST_F(Gap, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  expect_error(measure(noise(300, 2, 1), {}, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

}  // namespace
}  // namespace fenqun::cluster
