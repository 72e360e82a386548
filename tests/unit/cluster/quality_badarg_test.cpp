// tests/unit/cluster/quality_badarg_test.cpp
#include "cluster/quality.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <limits>

namespace fenqun::cluster {
namespace {

class QualityBadarg : public testing::Test {
 protected:
  Result<ClusterQuality> measure(std::uint32_t k) { return measure_quality(rows.view(), labels, k, pool); }
  WorkerPool pool{2};
  Matrix<float> rows = noise(4, 2, 1);
  std::vector<std::uint32_t> labels = {0, 1, 1, 0};
};

TEST_F(QualityBadarg, RefusesFewerThanTwoGroups) {
  expect_error(measure(1), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "cluster_count"}, {"value", "1"}});
}

TEST_F(QualityBadarg, RefusesAnotherNumberOfLabelsThanRows) {
  labels.pop_back();
  expect_error(measure(2), ErrorCode::InvalidArgument, "cluster.labels_differ", {{"labels", "3"}, {"rows", "4"}});
}

TEST_F(QualityBadarg, NamesTheRowWhoseLabelIsOutOfRange) {
  labels[2] = 2;
  expect_error(measure(2), ErrorCode::InvalidArgument, "cluster.label_range",
               {{"row", "2"}, {"label", "2"}, {"last", "1"}});
}

TEST_F(QualityBadarg, NamesTheGroupWithoutRows) {
  labels = {0, 2, 2, 0};
  expect_error(measure(3), ErrorCode::InvalidArgument, "cluster.empty_group", {{"group", "1"}});
}

TEST_F(QualityBadarg, RefusesRowsThatAreMissingOrNotANumber) {
  rows(3, 1) = std::numeric_limits<float>::quiet_NaN();
  expect_error(measure(2), ErrorCode::BadData, "cluster.bad_value", {{"row", "3"}, {"column", "1"}});
  rows = Matrix<float>(0, 2);
  labels.clear();
  expect_error(measure(2), ErrorCode::BadData, "cluster.no_rows");
}

TEST_F(QualityBadarg, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  expect_error(measure_quality(rows.view(), labels, 2, pool, source.get_token()), ErrorCode::Cancelled,
               "base.cancelled");
}

}  // namespace
}  // namespace fenqun::cluster
