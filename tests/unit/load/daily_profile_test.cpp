// tests/unit/load/daily_profile_test.cpp
#include "load/daily_profile.hpp"

#include "unit/load/sample_load.hpp"

namespace fenqun::load {
namespace {

class DailyProfileTest : public testing::Test {
 protected:
  Result<DailyProfiles> fit(const std::stop_token& stop = {}) {
    return fit_daily_profiles(readings.view(), {temperatures.view(), stations}, options, pool, stop);
  }
  float coefficient(const DailyProfiles& found, std::size_t hour, std::size_t term) {
    return found.coefficients(0, hour * kProfileTerms + term);
  }
  WorkerPool pool{4};
  DailyProfileOptions options;
  Matrix<float> temperatures = made_temperatures(40, 3);
  Matrix<float> readings = made_readings(20, temperatures, 0.02, 4);
  std::vector<std::uint32_t> stations = std::vector<std::uint32_t>(20, 0);
};

TEST_F(DailyProfileTest, FindsTheModelThatMadeTheReadings) {
  options.constant = true;
  Random random(5);
  for (std::size_t h = 0; h < readings.cols(); ++h) {
    const auto before = [&](std::size_t days) { return readings(0, h - days * 24); };
    readings(0, h) = h < 72
                         ? static_cast<float>(random.uniform())
                         : 0.3F * before(1) + 0.2F * before(2) - 0.1F * before(3) + 0.01F * temperatures(0, h) + 0.5F;
  }
  const auto found = fit().value();
  for (std::size_t s = 0; s < 24; ++s) {
    EXPECT_NEAR(coefficient(found, s, 0), 0.3, 1e-3);
    EXPECT_NEAR(coefficient(found, s, 1), 0.2, 1e-3);
    EXPECT_NEAR(coefficient(found, s, 2), -0.1, 1e-3);
    EXPECT_NEAR(coefficient(found, s, 3), 0.01, 1e-4);
    EXPECT_NEAR(coefficient(found, s, 4), 0.5, 1e-2);
    EXPECT_EQ(found.left_out(0, s), 0);
  }
}

TEST_F(DailyProfileTest, DropsTermsThatFollowFromThoseBefore) {
  for (std::size_t h = 0; h < readings.cols(); ++h) readings(0, h) = 2;
  for (std::size_t h = 0; h < readings.cols(); ++h) readings(1, h) = 0;
  const auto found = fit().value();
  EXPECT_EQ(found.left_out(0, 5), 0b0110);
  EXPECT_EQ(coefficient(found, 5, 0), 1);
  EXPECT_EQ(coefficient(found, 5, 1), 0);
  EXPECT_NEAR(found.profile_kwh(0, 5), 2, 1e-6);
  EXPECT_EQ(found.left_out(1, 5), 0b0111);
  EXPECT_EQ(found.profile_kwh(1, 5), 0);
}

TEST_F(DailyProfileTest, ADayCountsOnlyWithItsThreeDaysBefore) {
  readings = made_readings(1, temperatures, 0, 4);
  stations = {0};
  readings(0, 20 * 24 + 7) = kMissing;
  const auto found = fit().value();
  EXPECT_EQ(found.days(0, 6), 37U);
  EXPECT_EQ(found.days(0, 7), 33U);
  EXPECT_EQ(found.missing[0], 1U);
  EXPECT_EQ(found.unfitted_hours, 0U);
}

TEST_F(DailyProfileTest, AnHourWithTooFewDaysIsLeftWithoutAProfile) {
  for (std::size_t d = 0; d < 40; d += 4) readings(3, d * 24 + 9) = kMissing;
  const auto found = fit().value();
  EXPECT_EQ(found.days(3, 9), 0U);
  EXPECT_TRUE(std::isnan(found.profile_kwh(3, 9)));
  EXPECT_TRUE(std::isnan(found.coefficients(3, 9 * kProfileTerms)));
  EXPECT_FALSE(std::isnan(found.profile_kwh(3, 10)));
  EXPECT_EQ(found.unfitted_hours, 1U);
}

TEST_F(DailyProfileTest, TheProfileIsTheMeanWhereTemperatureDoesNothing) {
  temperatures = Matrix<float>(1, 960);
  const auto found = fit().value();
  double sum = 0;
  double count = 0;
  for (std::size_t d = 0; d < 40; ++d) {
    const float value = readings(2, d * 24 + 13);
    if (std::isnan(value)) continue;
    sum += static_cast<double>(value);
    ++count;
  }
  EXPECT_NEAR(found.profile_kwh(2, 13), sum / count, 1e-6);
  EXPECT_EQ(found.left_out(2, 13), 0b1000);
}

TEST_F(DailyProfileTest, SameBitsForAnyThreadCountAndAnyNeighbours) {
  const auto all = fit().value();
  WorkerPool two(2);
  const Weather weather{temperatures.view(), stations};
  const auto again = fit_daily_profiles(readings.view(), weather, options, two).value();
  EXPECT_TRUE(same_bits(all.profile_kwh, again.profile_kwh));
  EXPECT_TRUE(same_bits(all.coefficients, again.coefficients));
  const auto alone = fit_daily_profiles({readings.row(9).data(), 1, readings.cols()},
                                        {temperatures.view(), std::span(stations).first(1)}, options, two)
                         .value();
  EXPECT_TRUE(std::ranges::equal(alone.profile_kwh.row(0), all.profile_kwh.row(9)));
}

TEST_F(DailyProfileTest, RefusesHoursThatAreNoWholeDays) {
  readings = Matrix<float>(20, 950);
  temperatures = Matrix<float>(1, 950);
  expect_error(fit(), ErrorCode::InvalidArgument, "load.no_whole_days", {{"hours", "950"}});
}

TEST_F(DailyProfileTest, RefusesBadInput) {
  readings(4, 100) = std::numeric_limits<float>::infinity();
  expect_error(fit(), ErrorCode::BadData, "load.bad_reading", {{"row", "4"}, {"column", "100"}});
  temperatures(0, 3) = 101;
  expect_error(fit(), ErrorCode::BadData, "load.bad_temperature", {{"hour", "3"}, {"value", "101"}});
  options.least_days = 5;
  expect_error(fit(), ErrorCode::InvalidArgument, "load.option_range", {{"option", "least_days"}, {"value", "5"}});
}

TEST_F(DailyProfileTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  expect_error(fit(source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

}  // namespace
}  // namespace fenqun::load
