// tests/unit/cluster/silhouette_test.cpp - the exact values of an independent tool stand in golden_kin_test.cpp.
#include "cluster/silhouette.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <cmath>
#include <limits>
#include <numeric>

namespace fenqun::cluster {
namespace {

class Silhouette : public testing::Test {
 protected:
  Result<SilhouetteEstimate> estimate(const Matrix<float>& rows, const std::vector<std::uint32_t>& labels,
                                      std::uint32_t k, const SilhouetteOptions& options = {},
                                      const std::stop_token& stop = {}) {
    return estimate_silhouette(rows.view(), labels, k, options, pool, stop);
  }
  WorkerPool pool{2};
};

TEST_F(Silhouette, OfFourRowsIsTheOneByHand) {
  // Groups {0, 1} and {10, 12}: a = 1 1 2 2, b = 11 10 9.5 11.5.
  const auto rows = matrix_of<float>({{0}, {1}, {10}, {12}});
  const auto found = estimate(rows, {0, 0, 1, 1}, 2).value();
  EXPECT_TRUE(found.is_exact);
  EXPECT_EQ(found.standard_error, 0);
  const std::vector<double> by_hand = {10.0 / 11, 9.0 / 10, 7.5 / 9.5, 9.5 / 11.5};
  for (std::size_t r = 0; r < 4; ++r) EXPECT_DOUBLE_EQ(found.values[r], by_hand[r]);
  EXPECT_DOUBLE_EQ(found.mean, std::accumulate(by_hand.begin(), by_hand.end(), 0.0) / 4);
  EXPECT_EQ(found.low, found.mean);
  EXPECT_EQ(found.high, found.mean);
}

TEST_F(Silhouette, ARowAloneAndRowsThatCoincideCountZero) {
  const auto found = estimate(matrix_of<float>({{0}, {5}, {5}, {5}}), {0, 1, 1, 2}, 3).value();
  EXPECT_EQ(found.values[0], 0);  // alone
  EXPECT_EQ(found.values[1], 0);  // a = b = 0
  EXPECT_EQ(found.values[3], 0);
}

TEST_F(Silhouette, TakesFromEachGroupItsShareButNeverTooFew) {
  auto data = planted(10000, 3, 4, 6, 1);
  for (std::size_t r = 0; r < data.labels.size(); ++r) data.labels[r] = r < 30 ? 0 : r < 3030 ? 1 : 2;
  const auto found = estimate(data.rows, data.labels, 3, {.sample_rows = 1000}).value();
  EXPECT_FALSE(found.is_exact);
  EXPECT_EQ(found.groups[0].sampled, 20U);
  EXPECT_EQ(found.groups[1].sampled, 300U);
  EXPECT_EQ(found.groups[2].sampled, 697U);
  EXPECT_EQ(found.groups[2].rows, 6970U);
  EXPECT_EQ(found.rows.size(), 1017U);
  double mean = 0;
  for (const auto& group : found.groups) mean += static_cast<double>(group.rows) / 10000 * group.mean;
  EXPECT_DOUBLE_EQ(found.mean, mean);
  for (std::size_t i = 1; i < found.rows.size(); ++i) EXPECT_LT(found.rows[i - 1], found.rows[i]);
}

TEST_F(Silhouette, TheIntervalHoldsTheSilhouetteOfAllRowsAsOftenAsItSays) {
  // Unequal groups that touch, so that both parts of the error count: who is measured, and against whom.
  auto data = planted(3000, 2, 3, 2.5F, 7);
  for (std::size_t r = 0; r < 3000; ++r) {
    if (r % 5 == 0) data.labels[r] = (data.labels[r] + 1) % 3;
  }
  const double all = estimate(data.rows, data.labels, 3, {.sample_rows = 3000}).value().mean;
  int held = 0;
  double squares = 0;
  double variances = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto found = estimate(data.rows, data.labels, 3, {.sample_rows = 200, .seed = seed}).value();
    held += found.low <= all && all <= found.high ? 1 : 0;
    squares += (found.mean - all) * (found.mean - all);
    variances += found.standard_error * found.standard_error;
  }
  EXPECT_GE(held, 180);
  EXPECT_LT(held, 200) << "an interval that is never wrong is too wide";
  EXPECT_NEAR(std::sqrt(variances / squares), 1, 0.2);
}

TEST_F(Silhouette, TheNearlyWholeTableLeavesNearlyNoError) {
  const auto data = planted(1000, 2, 2, 3, 5);
  const auto most = estimate(data.rows, data.labels, 2, {.sample_rows = 990}).value();
  const auto few = estimate(data.rows, data.labels, 2, {.sample_rows = 100}).value();
  EXPECT_GT(most.standard_error, 0);
  EXPECT_LT(most.standard_error, few.standard_error / 5);
}

TEST_F(Silhouette, ThreadsAndNamesOfGroupsDoNotChangeABit) {
  const auto data = planted(4000, 5, 4, 4, 3);
  const auto expected = estimate(data.rows, data.labels, 4, {.sample_rows = 700}).value();
  for (const std::size_t threads : {1U, 4U}) {
    WorkerPool other(threads);
    const auto found = estimate_silhouette(data.rows.view(), data.labels, 4, {.sample_rows = 700}, other).value();
    EXPECT_EQ(found.mean, expected.mean);
    EXPECT_EQ(found.standard_error, expected.standard_error);
    EXPECT_EQ(found.values, expected.values);
  }
}

TEST_F(Silhouette, HugeAndTinyValuesGiveTheSameAsTheirScaledTwins) {
  const auto data = planted(300, 3, 3, 5, 2);
  const double expected = estimate(data.rows, data.labels, 3).value().mean;
  for (const float factor : {0x1p40F, 0x1p-60F}) {
    auto rows = data.rows;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      for (float& value : rows.row(r)) value *= factor;
    }
    EXPECT_DOUBLE_EQ(estimate(rows, data.labels, 3).value().mean, expected);
  }
}

TEST_F(Silhouette, RefusesWhatCannotBe) {
  auto rows = noise(50, 2, 1);
  std::vector<std::uint32_t> labels(50);
  labels[3] = 1;
  expect_error(estimate(rows, labels, 2, {.sample_rows = 1}), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "sample_rows"}, {"value", "1"}});
  expect_error(estimate(rows, labels, 3), ErrorCode::InvalidArgument, "cluster.empty_group", {{"group", "2"}});
  expect_error(estimate(rows, labels, 1), ErrorCode::InvalidArgument, "cluster.option_range");
  labels[49] = 7;
  expect_error(estimate(rows, labels, 2), ErrorCode::InvalidArgument, "cluster.label_range",
               {{"row", "49"}, {"label", "7"}, {"last", "1"}});
  labels.pop_back();
  expect_error(estimate(rows, labels, 2), ErrorCode::InvalidArgument, "cluster.labels_differ");
  labels.push_back(0);
  rows(12, 1) = std::numeric_limits<float>::quiet_NaN();
  expect_error(estimate(rows, labels, 2), ErrorCode::BadData, "cluster.bad_value", {{"row", "12"}, {"column", "1"}});
}

TEST_F(Silhouette, StopsWhenAsked) {
  const auto data = planted(500, 2, 2, 5, 1);
  std::stop_source source;
  source.request_stop();
  expect_error(estimate(data.rows, data.labels, 2, {}, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

}  // namespace
}  // namespace fenqun::cluster
