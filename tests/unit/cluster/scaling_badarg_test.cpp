// tests/unit/cluster/scaling_badarg_test.cpp
#include "cluster/scaling.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <limits>

namespace fenqun::cluster {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

class ScalingBadarg : public testing::Test {
 protected:
  WorkerPool pool{2};
  std::vector<ColumnScaling> two{2};
};

TEST_F(ScalingBadarg, RefusesATableWithoutRowsOrColumns) {
  expect_error(fit_scaling(Matrix<double>(0, 2).view(), two, pool), ErrorCode::BadData, "cluster.no_rows");
  expect_error(fit_scaling(Matrix<double>(3, 0).view(), {}, pool), ErrorCode::InvalidArgument, "cluster.no_columns");
}

TEST_F(ScalingBadarg, RefusesAnotherNumberOfRulesThanColumns) {
  expect_error(fit_scaling(Matrix<double>(3, 4).view(), two, pool), ErrorCode::InvalidArgument, "cluster.rules_differ",
               {{"rules", "2"}, {"columns", "4"}});
}

TEST_F(ScalingBadarg, RefusesWeightsThatAreNegativeNotFiniteOrAllZero) {
  for (const double weight : {-1.0, kNan, kInf}) {
    two[1].weight = weight;
    expect_error(fit_scaling(Matrix<double>(3, 2).view(), two, pool), ErrorCode::InvalidArgument, "cluster.bad_weight",
                 {{"column", "1"}});
  }
  two[0].weight = two[1].weight = 0;
  expect_error(fit_scaling(Matrix<double>(3, 2).view(), two, pool), ErrorCode::InvalidArgument,
               "cluster.weights_all_zero");
}

TEST_F(ScalingBadarg, RefusesWinsorisingSharesAndKnotsOutOfRange) {
  for (const auto& [low, high] : std::vector<std::pair<double, double>>{{-0.1, 1}, {0, 1.1}, {0.5, 0.5}, {kNan, 1}}) {
    two[1].winsor_low = low;
    two[1].winsor_high = high;
    expect_error(fit_scaling(Matrix<double>(3, 2).view(), two, pool), ErrorCode::InvalidArgument, "cluster.bad_winsor",
                 {{"column", "1"}});
  }
  two[1] = {ScalingMethod::Quantile};
  two[1].knots = 1;
  expect_error(fit_scaling(Matrix<double>(3, 2).view(), two, pool), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "knots"}, {"value", "1"}});
}

TEST_F(ScalingBadarg, WhatIsNoNumberIsToldWithQuantileAndWinsorisingToo) {
  two[0].method = ScalingMethod::Quantile;
  two[1].winsor_high = 0.9;
  const auto scaling = fit_scaling(matrix_of<double>({{1, 1}, {2, 2}, {3, 3}}).view(), two, pool);
  ASSERT_TRUE(scaling.has_value());
  for (const double value : {kNan, kInf, -kInf}) {
    for (const std::size_t column : {0U, 1U}) {
      auto rows = matrix_of<double>({{1, 1}, {2, 2}});
      rows(1, column) = value;
      expect_error(apply_scaling(*scaling, rows.view(), pool), ErrorCode::BadData, "cluster.not_finite",
                   {{"row", "1"}, {"column", std::to_string(column)}});
    }
  }
}

TEST_F(ScalingBadarg, NamesTheFirstRowAndColumnThatIsNotANumber) {
  Matrix<double> rows(5000, 2);
  rows(4700, 0) = kNan;
  rows(1300, 1) = -kInf;
  const TextArgs where = {{"row", "1300"}, {"column", "1"}, {"value", "-inf"}};
  expect_error(fit_scaling(rows.view(), two, pool), ErrorCode::BadData, "cluster.not_finite", where);
  const auto scaling = fit_scaling(Matrix<double>(3, 2).view(), two, pool);
  ASSERT_TRUE(scaling.has_value());
  // Both columns were fitted constant: a constant column must not hide what is no number.
  expect_error(apply_scaling(*scaling, rows.view(), pool), ErrorCode::BadData, "cluster.not_finite", where);
}

TEST_F(ScalingBadarg, RefusesValuesWhoseSpreadOrScaledValueOverflows) {
  const auto huge = matrix_of<double>({{0, 1.7e308}, {1, -1.7e308}});
  expect_error(fit_scaling(huge.view(), two, pool), ErrorCode::BadData, "cluster.spread_overflow", {{"column", "1"}});
  two[1].method = ScalingMethod::Quantile;
  expect_error(fit_scaling(huge.view(), two, pool), ErrorCode::BadData, "cluster.spread_overflow", {{"column", "1"}});
  two[1].method = ScalingMethod::None;
  const auto scaling = fit_scaling(huge.view(), two, pool);
  ASSERT_TRUE(scaling.has_value());
  expect_error(apply_scaling(*scaling, huge.view(), pool), ErrorCode::BadData, "cluster.scaled_too_large",
               {{"row", "0"}, {"column", "1"}});
}

TEST_F(ScalingBadarg, RefusesAnotherNumberOfColumnsThanFitted) {
  const auto scaling = fit_scaling(Matrix<double>(3, 2).view(), two, pool);
  ASSERT_TRUE(scaling.has_value());
  const TextArgs counts = {{"columns", "3"}, {"expected", "2"}};
  expect_error(apply_scaling(*scaling, Matrix<double>(1, 3).view(), pool), ErrorCode::InvalidArgument,
               "cluster.columns_differ", counts);
  expect_error(invert_scaling(*scaling, Matrix<float>(1, 3).view()), ErrorCode::InvalidArgument,
               "cluster.columns_differ", counts);
}

TEST_F(ScalingBadarg, InverseRefusesWhatIsNotANumber) {
  const auto scaling = fit_scaling(Matrix<double>(3, 2).view(), two, pool);
  ASSERT_TRUE(scaling.has_value());
  Matrix<float> rows(2, 2);
  rows(1, 0) = std::numeric_limits<float>::quiet_NaN();
  expect_error(invert_scaling(*scaling, rows.view()), ErrorCode::BadData, "cluster.not_finite",
               {{"row", "1"}, {"column", "0"}});
}

}  // namespace
}  // namespace fenqun::cluster
