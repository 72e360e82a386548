// tests/unit/cluster/scaling_test.cpp
#include "cluster/scaling.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fenqun::cluster {
namespace {

FittedScaling fitted(const Matrix<double>& rows, std::vector<ColumnScaling> rules) {
  WorkerPool pool(1);
  auto scaling = fit_scaling(rows.view(), rules, pool);
  EXPECT_TRUE(scaling.has_value());
  return scaling.value_or(FittedScaling{});
}

Matrix<float> scaled(const FittedScaling& scaling, const Matrix<double>& rows) {
  WorkerPool pool(1);
  auto out = apply_scaling(scaling, rows.view(), pool);
  EXPECT_TRUE(out.has_value());
  return out.value_or(Matrix<float>{});
}

TEST(Scaling, ZScoreDividesByTheDeviationOfAllRows) {
  const auto rows = matrix_of<double>({{2}, {4}, {4}, {4}, {5}, {5}, {7}, {9}});
  const auto scaling = fitted(rows, {{ScalingMethod::ZScore}});
  EXPECT_DOUBLE_EQ(scaling.columns[0].centre, 5);
  EXPECT_DOUBLE_EQ(scaling.columns[0].scale, 2);
  EXPECT_FLOAT_EQ(scaled(scaling, rows)(7, 0), 2.0F);
}

TEST(Scaling, RobustTakesMedianAndInterpolatedQuartiles) {
  const auto rows = matrix_of<double>({{4}, {1}, {1000}, {2}});
  const auto scaling = fitted(rows, {{ScalingMethod::Robust}});
  EXPECT_DOUBLE_EQ(scaling.columns[0].centre, 3);
  EXPECT_DOUBLE_EQ(scaling.columns[0].scale, 253 - 1.75);  // quartiles at places 0.75 and 2.25
  EXPECT_EQ(scaling.columns[0].fallback, ScaleFallback::None);
}

TEST(Scaling, RobustFallsBackToTheDeviationWhenQuartilesCoincide) {
  const auto rows = matrix_of<double>({{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {10}});
  const auto scaling = fitted(rows, {{ScalingMethod::Robust}});
  EXPECT_EQ(scaling.columns[0].fallback, ScaleFallback::StandardDeviation);
  EXPECT_DOUBLE_EQ(scaling.columns[0].centre, 0);
  EXPECT_DOUBLE_EQ(scaling.columns[0].scale, 3);
}

TEST(Scaling, AColumnWithoutSpreadBecomesZeroWhateverTheMethod) {
  // 0.1 does not add up exactly: a deviation computed from sums would not be 0.
  Matrix<double> rows(1000, 3);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < 3; ++c) rows(r, c) = 0.1;
  }
  const auto scaling =
      fitted(rows, {{ScalingMethod::ZScore}, {ScalingMethod::Robust}, {ScalingMethod::MinMax, PreTransform::Log1p}});
  const auto out = scaled(scaling, rows);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(scaling.columns[c].fallback, ScaleFallback::Constant);
    EXPECT_EQ(out(500, c), 0.0F);
  }
  const auto back = invert_scaling(scaling, out.view());
  ASSERT_TRUE(back.has_value());
  EXPECT_NEAR((*back)(0, 2), 0.1, 1e-15);
}

TEST(Scaling, MinMaxReachesFromZeroToOne) {
  const auto rows = matrix_of<double>({{-5}, {15}, {5}});
  const auto out = scaled(fitted(rows, {{ScalingMethod::MinMax}}), rows);
  EXPECT_EQ(out, matrix_of<float>({{0}, {1}, {0.5F}}));
}

TEST(Scaling, LogarithmKeepsTheSign) {
  const auto rows = matrix_of<double>({{-99}, {0}, {99}});
  const auto out = scaled(fitted(rows, {{ScalingMethod::None, PreTransform::Log1p}}), rows);
  EXPECT_FLOAT_EQ(out(2, 0), std::log(100.0F));
  EXPECT_EQ(out(1, 0), 0.0F);
  EXPECT_EQ(out(0, 0), -out(2, 0));
}

TEST(Scaling, WeightMultipliesAfterScalingAndZeroSilencesAColumn) {
  const auto rows = matrix_of<double>({{1, 1}, {3, 3}});
  const auto scaling = fitted(
      rows, {{ScalingMethod::MinMax, PreTransform::None, 4.0}, {ScalingMethod::ZScore, PreTransform::None, 0.0}});
  EXPECT_EQ(scaled(scaling, rows), matrix_of<float>({{0, 0}, {4, 0}}));
  const auto back = invert_scaling(scaling, matrix_of<float>({{2, 0}}).view());
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*back, matrix_of<double>({{2, 2}}));
}

TEST(Scaling, LaterRowsUseWhatWasFitted) {
  const auto scaling = fitted(matrix_of<double>({{0}, {10}}), {{ScalingMethod::MinMax}});
  EXPECT_EQ(scaled(scaling, matrix_of<double>({{20}, {-10}})), matrix_of<float>({{2}, {-1}}));
  EXPECT_EQ(scaled(scaling, Matrix<double>(0, 1)).rows(), 0U);
}

TEST(Scaling, InverseGivesTheOriginalBackForEveryRule) {
  Random random(7);
  std::vector<ColumnScaling> rules;
  for (const auto method : {ScalingMethod::None, ScalingMethod::ZScore, ScalingMethod::Robust, ScalingMethod::MinMax}) {
    for (const auto pre : {PreTransform::None, PreTransform::Log1p}) rules.push_back({method, pre, 0.5});
  }
  Matrix<double> rows(300, rules.size());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < rows.cols(); ++c) rows(r, c) = random.normal() * random.lognormal(3, 1);
  }
  const auto scaling = fitted(rows, rules);
  const auto back = invert_scaling(scaling, scaled(scaling, rows).view());
  ASSERT_TRUE(back.has_value());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      EXPECT_NEAR((*back)(r, c), rows(r, c), 1e-4 + 1e-5 * std::abs(rows(r, c))) << r << ' ' << c;
    }
  }
}

TEST(Scaling, WinsorisingBringsWhatLiesFarOutToItsQuantile) {
  Matrix<double> rows(101, 1);
  for (std::size_t r = 0; r < 101; ++r) rows(r, 0) = static_cast<double>(r);
  rows(100, 0) = 1e9;
  rows(0, 0) = -1e9;
  ColumnScaling rule{ScalingMethod::MinMax};
  rule.winsor_low = 0.05;
  rule.winsor_high = 0.95;
  const auto scaling = fitted(rows, {rule});
  EXPECT_DOUBLE_EQ(scaling.columns[0].low, 5);
  EXPECT_DOUBLE_EQ(scaling.columns[0].high, 95);
  EXPECT_EQ(scaled(scaling, matrix_of<double>({{-1e300}, {5}, {50}, {95}, {96}})),
            matrix_of<float>({{0}, {0}, {0.5F}, {1}, {1}}));
  const auto back = invert_scaling(scaling, matrix_of<float>({{0.5F}, {1}}).view());
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*back, matrix_of<double>({{50}, {95}}));
}

TEST(Scaling, WinsorisingLooksAtOwnUnitsAndLeavesTheMethodNoneItsUnits) {
  Matrix<double> rows(11, 1);
  for (std::size_t r = 0; r < 11; ++r) rows(r, 0) = std::expm1(static_cast<double>(r));
  ColumnScaling rule{ScalingMethod::None, PreTransform::Log1p};
  rule.winsor_high = 0.9;
  const auto scaling = fitted(rows, {rule});
  EXPECT_NEAR(scaling.columns[0].high, std::expm1(9.0), 1e-9);
  EXPECT_FLOAT_EQ(scaled(scaling, rows)(10, 0), 9);
}

TEST(Scaling, QuantileGivesThePlaceAmongTheFittedRowsWhateverTheUnits) {
  const auto rows = matrix_of<double>({{1}, {10}, {100}, {1000}, {10000}});
  const auto scaling = fitted(rows, {{ScalingMethod::Quantile}});
  EXPECT_EQ(scaled(scaling, matrix_of<double>({{0}, {1}, {10}, {55}, {100}, {10000}, {1e9}})),
            matrix_of<float>({{0}, {0}, {0.25F}, {0.375F}, {0.5F}, {1}, {1}}));
  EXPECT_EQ(scaling.columns[0].knots, (std::vector<double>{1, 10, 100, 1000, 10000}));
}

TEST(Scaling, TiedValuesShareTheMiddleOfTheirPlaces) {
  const auto rows = matrix_of<double>({{0}, {0}, {3}, {3}, {3}, {7}, {8}});
  const auto out = scaled(fitted(rows, {{ScalingMethod::Quantile}}), rows);
  EXPECT_EQ(out(0, 0), 0.0F);  // the least is 0, tied or not
  EXPECT_FLOAT_EQ(out(2, 0), 3.0F / 6);
  EXPECT_EQ(out(6, 0), 1.0F);
}

TEST(Scaling, QuantileComesBackAndAFewKnotsAreEnoughForAStraightColumn) {
  Matrix<double> rows(5001, 2);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    rows(r, 0) = static_cast<double>(r);
    rows(r, 1) = std::exp(static_cast<double>(r % 977) / 100);
  }
  ColumnScaling rule{ScalingMethod::Quantile};
  rule.knots = 11;
  rule.weight = 2;
  const auto scaling = fitted(rows, {rule, {ScalingMethod::Quantile, PreTransform::Log1p}});
  EXPECT_EQ(scaling.columns[0].knots.size(), 11U);
  EXPECT_EQ(scaling.columns[1].knots.size(), 1000U);
  const auto out = scaled(scaling, rows);
  const auto back = invert_scaling(scaling, out.view());
  ASSERT_TRUE(back.has_value());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    EXPECT_NEAR(out(r, 0), 2 * static_cast<double>(r) / 5000, 1e-6);
    EXPECT_NEAR((*back)(r, 0), rows(r, 0), 1e-3);
    EXPECT_NEAR((*back)(r, 1), rows(r, 1), 1e-4 + 2e-3 * rows(r, 1));  // ties leave steps between knots
  }
}

TEST(Scaling, UnitLengthLeavesOnlyProportions) {
  const auto rows = matrix_of<double>({{3, 4}, {30, 40}, {0, -2}, {1e-40, 0}});
  WorkerPool pool(2);
  const std::vector<ColumnScaling> rules(2, {ScalingMethod::None});
  const auto scaling = fit_scaling(rows.view(), rules, pool, RowNorm::Unit);
  ASSERT_TRUE(scaling.has_value());
  EXPECT_EQ(scaled(*scaling, rows), matrix_of<float>({{0.6F, 0.8F}, {0.6F, 0.8F}, {0, -1}, {1, 0}}));
}

TEST(Scaling, ARowOfZerosStaysOnlyWhereTheRuleSaysSo) {
  const auto rows = matrix_of<double>({{3, 4}, {0, 0}});
  WorkerPool pool(2);
  const std::vector<ColumnScaling> rules(2, {ScalingMethod::None});
  auto scaling = fit_scaling(rows.view(), rules, pool, RowNorm::UnitOrZero).value();
  EXPECT_EQ(scaled(scaling, rows), matrix_of<float>({{0.6F, 0.8F}, {0, 0}}));
  scaling.row_norm = RowNorm::Unit;
  expect_error(apply_scaling(scaling, rows.view(), pool), ErrorCode::BadData, "cluster.zero_length", {{"row", "1"}});
  expect_error(invert_scaling(scaling, Matrix<float>(1, 2).view()), ErrorCode::InvalidArgument, "cluster.no_inverse");
}

TEST(Scaling, MissingValuesStayMissingAndTheOthersAreScaledAsIfAlone) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto rows = matrix_of<double>({{1, 5}, {kNone, 7}, {3, kNone}, {kNone, 9}, {8, 2}});
  const auto first = matrix_of<double>({{1}, {3}, {8}});
  WorkerPool pool(2);
  for (const auto method : {ScalingMethod::ZScore, ScalingMethod::Robust, ScalingMethod::MinMax,
                            ScalingMethod::Quantile, ScalingMethod::None}) {
    const std::vector<ColumnScaling> rules(2, {method});
    const auto scaling = fit_scaling(rows.view(), rules, pool, RowNorm::None, MissingValues::PartialDistance).value();
    const auto alone = fitted(first, {{method}});
    EXPECT_EQ(scaling.columns[0].centre, alone.columns[0].centre);
    EXPECT_EQ(scaling.columns[0].scale, alone.columns[0].scale);
    EXPECT_EQ(scaling.columns[0].knots, alone.columns[0].knots);
    const auto out = scaled(scaling, rows);
    EXPECT_TRUE(std::isnan(out(1, 0)));
    EXPECT_EQ(out(2, 0), scaled(alone, first)(1, 0));
    const auto back = invert_scaling(scaling, out.view()).value();
    EXPECT_TRUE(std::isnan(back(2, 1)));
    EXPECT_NEAR(back(4, 0), 8, 1e-5);
  }
  const std::vector<ColumnScaling> plain(2, {ScalingMethod::None});
  const auto unit = fit_scaling(rows.view(), plain, pool, RowNorm::Unit, MissingValues::PartialDistance).value();
  EXPECT_EQ(scaled(unit, rows)(1, 1), 1.0F);
  expect_error(fit_scaling(matrix_of<double>({{1, kNone}, {2, kNone}}).view(), plain, pool, RowNorm::None,
                           MissingValues::PartialDistance),
               ErrorCode::BadData, "cluster.column_without_values", {{"column", "1"}, {"rows", "2"}});
}

TEST(Scaling, ThreadCountAndStrideDoNotChangeABit) {
  Random random(8);
  Matrix<double> rows(5000, 11);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < rows.cols(); ++c) rows(r, c) = random.lognormal(0, 2);
  }
  Matrix<double> wide(5000, 13);
  for (std::size_t r = 0; r < rows.rows(); ++r) std::ranges::copy(rows.row(r), wide.row(r).begin());
  std::vector<ColumnScaling> rules(11, {ScalingMethod::Robust, PreTransform::Log1p, 1});
  rules[3].method = ScalingMethod::ZScore;
  rules[4].method = ScalingMethod::Quantile;
  rules[5].winsor_high = 0.9;
  const auto expected = scaled(fitted(rows, rules), rows);
  for (const std::size_t threads : {2U, 5U}) {
    WorkerPool pool(threads);
    const RowView<const double> view(wide.view().data(), 5000, 11, 13);
    const auto scaling = fit_scaling(view, rules, pool);
    ASSERT_TRUE(scaling.has_value());
    const auto out = apply_scaling(*scaling, view, pool);
    ASSERT_TRUE(out.has_value());
    EXPECT_EQ(*out, expected);
  }
}

}  // namespace
}  // namespace fenqun::cluster
