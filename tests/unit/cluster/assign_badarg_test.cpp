// tests/unit/cluster/assign_badarg_test.cpp
#include "cluster/assign.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <limits>

namespace fenqun::cluster {
namespace {

class AssignBadarg : public testing::Test {
 protected:
  Result<Assignment> assign() { return assign_rows(rows.view(), centroids.view(), pool); }
  WorkerPool pool{2};
  Matrix<float> rows = noise(10, 3, 1);
  Matrix<float> centroids = noise(4, 3, 2);
};

TEST_F(AssignBadarg, RefusesAModelWithoutCentres) {
  centroids = Matrix<float>(0, 3);
  expect_error(assign(), ErrorCode::InvalidArgument, "cluster.option_range", {{"option", "centroids"}, {"value", "0"}});
}

TEST_F(AssignBadarg, RefusesAnotherNumberOfColumns) {
  rows = noise(10, 2, 1);
  expect_error(assign(), ErrorCode::InvalidArgument, "cluster.columns_differ", {{"columns", "2"}, {"expected", "3"}});
}

TEST_F(AssignBadarg, NamesWhereAValueIsNotANumber) {
  rows(6, 2) = std::numeric_limits<float>::quiet_NaN();
  expect_error(assign(), ErrorCode::BadData, "cluster.bad_value", {{"row", "6"}, {"column", "2"}});
  centroids(1, 0) = std::numeric_limits<float>::infinity();
  expect_error(assign(), ErrorCode::BadData, "cluster.bad_centroid", {{"row", "1"}, {"column", "0"}});
}

TEST_F(AssignBadarg, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  expect_error(assign_rows(rows.view(), centroids.view(), pool, source.get_token()), ErrorCode::Cancelled,
               "base.cancelled");
}

}  // namespace
}  // namespace fenqun::cluster
