// tests/unit/datagen/calendar_test.cpp
#include "datagen/calendar.hpp"

#include "fixture.hpp"

#include <gtest/gtest.h>

namespace fenqun::datagen {
namespace {

std::int32_t day(int year, int month, int day_of_month) { return Month(year, month).first_day() + day_of_month - 1; }

TEST(Calendar, KnowsWeekendsHolidaysAndWorkedWeekends) {
  const auto& calendar = tianhe().calendar;
  EXPECT_FALSE(calendar[day(2026, 3, 4)].is_rest) << "a Wednesday";
  EXPECT_TRUE(calendar[day(2026, 3, 7)].is_rest) << "a Saturday";
  EXPECT_FALSE(calendar[day(2026, 3, 7)].is_public_holiday);
  EXPECT_TRUE(calendar[day(2025, 10, 1)].is_public_holiday);
  EXPECT_TRUE(calendar[day(2025, 10, 1)].is_rest);
  EXPECT_FALSE(calendar[day(2025, 9, 28)].is_rest) << "a Sunday worked in exchange for the National Day";
}

TEST(Calendar, SpringFestivalMovesBetweenTheYears) {
  const auto& calendar = tianhe().calendar;
  EXPECT_EQ(calendar.spring_festival(2024), day(2024, 2, 10));
  EXPECT_EQ(calendar.spring_festival(2025), day(2025, 1, 29));
  EXPECT_TRUE(calendar[day(2025, 1, 29)].is_festival);
  EXPECT_FALSE(calendar[day(2024, 1, 29)].is_festival);
}

TEST(Calendar, RefusesYearsThatNobodyEntered) {
  const auto parameters = Parameters::create(shipped_assets(), "tianhe");
  ASSERT_TRUE(parameters.has_value());
  const auto calendar = Calendar::create(*parameters, Month(2026, 1), Month(2031, 1));
  ASSERT_FALSE(calendar.has_value());
  EXPECT_EQ(calendar.error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(calendar.error().line.key, "datagen.no_calendar");
  EXPECT_EQ(calendar.error().arg("known_first"), "2020");
}

}  // namespace
}  // namespace fenqun::datagen
