// tests/unit/load/day_profiles_test.cpp
#include "load/day_profiles.hpp"

#include "unit/load/sample_load.hpp"

namespace fenqun::load {
namespace {

class DayProfilesTest : public testing::Test {
 protected:
  WorkerPool pool{4};
};

TEST_F(DayProfilesTest, DividesADayByItsEnergy) {
  const auto found = normalise_days(matrix_of<float>({{1, 2, 1}, {0, 0, 5}}).view(), pool).value();
  EXPECT_EQ(found.rows, matrix_of<float>({{0.25F, 0.5F, 0.25F}, {0, 0, 1}}));
  EXPECT_EQ(found.energy_kwh, (std::vector<float>{4, 5}));
}

TEST_F(DayProfilesTest, CountsEveryDayByWhatBecameOfIt) {
  const auto days = matrix_of<float>({{1, 1}, {kMissing, -1}, {2, -1}, {0, 0}, {0.5F, 0}, {3, 1}});
  const auto found = normalise_days(days.view(), pool, 0.5).value();
  EXPECT_EQ(found.states, (std::vector<DayState>{DayState::Normalised, DayState::Missing, DayState::Negative,
                                                 DayState::NoEnergy, DayState::NoEnergy, DayState::Normalised}));
  EXPECT_EQ(found.counts, (std::array<std::uint64_t, 4>{2, 1, 1, 2}));
  EXPECT_EQ(found.day_of, (std::vector<std::uint32_t>{0, 5}));
}

TEST_F(DayProfilesTest, EveryRowSumsToOneForAnyThreadCount) {
  const auto readings = made_readings(40, made_temperatures(300, 1), 0.01, 3);
  const auto days = days_of(readings.view()).value();
  ASSERT_EQ(days.rows(), 12000U);
  const auto found = normalise_days(days, pool).value();
  EXPECT_GT(found.day_of.size(), 8000U);
  EXPECT_EQ(found.counts[0] + found.counts[1], 12000U);
  for (std::size_t r = 0; r < found.rows.rows(); ++r) {
    double sum = 0;
    for (const float share : found.rows.row(r)) sum += static_cast<double>(share);
    EXPECT_NEAR(sum, 1, 1e-6);
  }
  for (const std::size_t threads : {1U, 2U}) {
    WorkerPool fewer(threads);
    const auto again = normalise_days(days, fewer).value();
    EXPECT_TRUE(same_bits(found.rows, again.rows));
    EXPECT_EQ(found.day_of, again.day_of);
  }
}

TEST_F(DayProfilesTest, LooksAtCustomersDayByDayWithoutACopy) {
  const Matrix<float> readings(3, 48);
  const auto days = days_of(readings.view()).value();
  EXPECT_EQ(days.rows(), 6U);
  EXPECT_EQ(days.data(), readings.values().data());
}

TEST_F(DayProfilesTest, RefusesWhatIsNoWholeDayOrNotDense) {
  const Matrix<float> readings(3, 50);
  expect_error(days_of(readings.view()), ErrorCode::InvalidArgument, "load.no_whole_days", {{"hours", "50"}});
  expect_error(days_of({readings.values().data(), 3, 48, 50}), ErrorCode::InvalidArgument, "load.not_dense",
               {{"stride", "50"}, {"columns", "48"}});
}

TEST_F(DayProfilesTest, RefusesInfinityAndANegativeThreshold) {
  auto days = Matrix<float>(5, 24);
  expect_error(normalise_days(days.view(), pool, -1), ErrorCode::InvalidArgument, "load.option_range",
               {{"option", "least_energy_kwh"}});
  days(3, 23) = std::numeric_limits<float>::infinity();
  expect_error(normalise_days(days.view(), pool), ErrorCode::BadData, "load.bad_reading",
               {{"row", "3"}, {"column", "23"}});
}

TEST_F(DayProfilesTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  expect_error(normalise_days(Matrix<float>(5, 24).view(), pool, 0, source.get_token()), ErrorCode::Cancelled,
               "base.cancelled");
}

}  // namespace
}  // namespace fenqun::load
