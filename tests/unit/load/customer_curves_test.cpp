// tests/unit/load/customer_curves_test.cpp
#include "load/customer_curves.hpp"

#include "unit/load/sample_load.hpp"

#include <numbers>

namespace fenqun::load {
namespace {

class CustomerCurvesTest : public testing::Test {
 protected:
  WorkerPool pool{4};
};

TEST_F(CustomerCurvesTest, SharesOfTheHoursComeFromTheMeansOfTheDaysThatAreThere) {
  Matrix<float> readings(1, 48);
  for (std::size_t h = 0; h < 48; ++h) readings(0, h) = h % 24 == 18 ? 3 : 1;
  readings(0, 18) = kMissing;
  const auto found = shape_hours(readings.view(), 1, pool).value();
  for (std::size_t s = 0; s < 24; ++s) EXPECT_FLOAT_EQ(found.rows(0, s), (s == 18 ? 3.0F : 1.0F) / 26);
  EXPECT_EQ(shape_hours(readings.view(), 2, pool).value().states[0], CurveState::TooFewReadings);
}

TEST_F(CustomerCurvesTest, SaysWhoHasNoCurveAndWhy) {
  Matrix<float> readings(5, 24);
  for (std::size_t r : {0U, 1U, 4U}) std::ranges::fill(readings.row(r), 1.0F);
  readings(1, 3) = -1;
  std::ranges::fill(readings.row(3), kMissing);
  const auto found = shape_hours(readings.view(), 1, pool).value();
  EXPECT_EQ(found.states, (std::vector<CurveState>{CurveState::Shaped, CurveState::Negative, CurveState::NoEnergy,
                                                   CurveState::TooFewReadings, CurveState::Shaped}));
  EXPECT_EQ(found.customers, (std::vector<std::uint32_t>{0, 4}));
  EXPECT_EQ(found.counts, (std::array<std::uint64_t, 4>{2, 1, 1, 1}));
  EXPECT_EQ(found.rows.rows(), 2U);
}

TEST_F(CustomerCurvesTest, AStraightLineHasASlopeAndNoSeasons) {
  Matrix<float> energy(2, 24);
  for (std::size_t m = 0; m < 24; ++m) {
    energy(0, m) = 100;
    energy(1, m) = 77 + 2 * static_cast<float>(m);
  }
  const auto found = shape_months(energy.view(), pool).value();
  EXPECT_NEAR(found.slope[0], 0, 1e-9);
  EXPECT_EQ(found.seasonal[0], 0);
  EXPECT_NEAR(found.slope[1], 0.02, 1e-8);
  EXPECT_EQ(found.seasonal[1], 0);
}

TEST_F(CustomerCurvesTest, SummerAndWinterPeaksAreSeasonsNoiseIsNot) {
  Matrix<float> energy(40, 36);
  Random random(3);
  for (std::size_t r = 0; r < 40; ++r) {
    for (std::size_t m = 0; m < 36; ++m) {
      const double wave = r < 20 ? 0.4 * std::cos(2 * std::numbers::pi * static_cast<double>(m) / 6) : 0;
      energy(r, m) = static_cast<float>(100 * (1 + wave + 0.03 * random.normal()));
    }
  }
  const auto found = shape_months(energy.view(), pool).value();
  double noise = 0;
  for (std::size_t r = 0; r < 20; ++r) {
    EXPECT_GT(found.seasonal[r], 0.95);
    noise += found.seasonal[r + 20] / 20;
  }
  EXPECT_LT(noise, 0.15);
}

TEST_F(CustomerCurvesTest, AMissingMonthLeavesTheCustomerWithoutATrend) {
  Matrix<float> energy(2, 12);
  for (float& value : energy.row(0)) value = 5;
  for (float& value : energy.row(1)) value = 5;
  energy(0, 11) = kMissing;
  const auto found = shape_months(energy.view(), pool).value();
  EXPECT_EQ(found.curves.states[0], CurveState::TooFewReadings);
  EXPECT_EQ(found.curves.customers, (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(found.slope.size(), 1U);
}

TEST_F(CustomerCurvesTest, GroupsMorningAndEveningCustomersAndLeavesTheRestOut) {
  Matrix<float> readings(90, 72);
  Random random(6);
  for (std::size_t r = 0; r < 90; ++r) {
    for (std::size_t h = 0; h < 72; ++h) {
      const std::size_t peak = r % 3 == 0 ? 7 : 20;
      readings(r, h) = static_cast<float>(0.1 + random.uniform() * 0.05 + (h % 24 == peak ? 2 : 0));
    }
  }
  std::ranges::fill(readings.row(10), 0.0F);
  const auto curves = shape_hours(readings.view(), 3, pool).value();
  const auto found = group_curves(curves, {.k_max = 4}, pool).value();
  EXPECT_EQ(found.choice.chosen_k, 2U);
  ASSERT_EQ(found.group_of.size(), 90U);
  for (std::size_t r = 0; r < 90; ++r) {
    const std::uint32_t expected = r == 10 ? kNoGroup : found.group_of[r % 3 == 0 ? 0 : 1];
    EXPECT_EQ(found.group_of[r], expected) << r;
  }
  EXPECT_NE(found.group_of[0], found.group_of[1]);
}

TEST_F(CustomerCurvesTest, SameBitsForAnyThreadCount) {
  const auto readings = made_readings(200, made_temperatures(10, 2), 0.1, 7);
  const auto found = shape_hours(readings.view(), 5, pool).value();
  for (const std::size_t threads : {1U, 2U}) {
    WorkerPool fewer(threads);
    EXPECT_TRUE(same_bits(found.rows, shape_hours(readings.view(), 5, fewer).value().rows));
  }
}

TEST_F(CustomerCurvesTest, RefusesBadInput) {
  expect_error(shape_months(Matrix<float>(3, 11).view(), pool), ErrorCode::InvalidArgument, "load.option_range",
               {{"option", "months"}, {"value", "11"}});
  expect_error(shape_hours(Matrix<float>(3, 30).view(), 1, pool), ErrorCode::InvalidArgument, "load.no_whole_days");
  expect_error(shape_hours(Matrix<float>(3, 48).view(), 0, pool), ErrorCode::InvalidArgument, "load.option_range",
               {{"option", "least_days"}});
  const auto none = shape_hours(Matrix<float>(3, 48).view(), 1, pool).value();
  expect_error(group_curves(none, {}, pool), ErrorCode::BadData, "load.no_curves", {{"customers", "3"}});
  Matrix<float> energy(3, 12);
  energy(2, 1) = std::numeric_limits<float>::infinity();
  expect_error(shape_months(energy.view(), pool), ErrorCode::BadData, "load.bad_reading",
               {{"row", "2"}, {"column", "1"}});
}

TEST_F(CustomerCurvesTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  const auto token = source.get_token();
  expect_error(shape_hours(Matrix<float>(3, 48).view(), 1, pool, token), ErrorCode::Cancelled, "base.cancelled");
  expect_error(shape_months(Matrix<float>(3, 12).view(), pool, token), ErrorCode::Cancelled, "base.cancelled");
}

}  // namespace
}  // namespace fenqun::load
