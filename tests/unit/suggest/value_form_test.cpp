// suggest/value_form_test.cpp
#include "suggest/value_form.hpp"

#include "suggest/column_profile.hpp"

#include <gtest/gtest.h>

namespace fenqun::suggest {
namespace {

double number(std::string_view text) {
  const auto found = read_number(text);
  return found ? found->value : -999;
}
int day(std::string_view text) {
  const auto found = read_time(text);
  return found ? day_number(*found) : 0;
}

ColumnProfile profile(const std::vector<std::string>& values) {
  std::vector<Cell> cells;
  for (const auto& value : values) cells.push_back(value.empty() ? Cell() : Cell(value));
  return profile_column("x", 0, cells);
}

TEST(NumberForm, IsReadAsOfficesWriteIt) {
  EXPECT_EQ(number("1,234.50"), 1234.5);
  EXPECT_EQ(number("１２３．４"), 123.4);
  EXPECT_EQ(number("-4℃"), -4);
  EXPECT_EQ(number("¥30"), 30);
  EXPECT_EQ(number("12.5 万元"), 12.5);
  EXPECT_EQ(number("1.5E3"), 1500);
  EXPECT_EQ(read_number("5℃")->unit, "℃");
  EXPECT_FALSE(read_number("0.5")->is_whole);
  EXPECT_TRUE(read_number("5.0")->is_whole);
}

TEST(NumberForm, DatesCodesAndWordsAreNone) {
  for (const auto* text : {"2018-3-1", "2018/3/1", "2018.3.1", "A12", "12:30", "", " ", "-", "1-2", "12#", "kWh",
                           "3 phases 4 wires", "12a34"}) {
    EXPECT_FALSE(read_number(text).has_value()) << text;
  }
}

TEST(TimeForm, DaysAreReadInEveryUsualForm) {
  for (const auto* text :
       {"2018-3-1", "2018-03-01", "2018/3/1", "2018.03.01", "20180301", "2018年3月1日", "2018-03-01星期四",
        "2018-03-01 周四", "２０１８－０３－０１", "2018-03-01 08:30", "2018-03-01T08:30:00"}) {
    EXPECT_EQ(day(text), 20180301) << text;
  }
  EXPECT_EQ(read_time("2018-03-01 08:30")->minute, 510);
  EXPECT_EQ(read_time("2018-03-01 24:00")->minute, 1440);
  EXPECT_EQ(read_time("20180301083000")->minute, 510);
}

TEST(TimeForm, MonthsAreToldFromDays) {
  for (const auto* text : {"2018-03", "2018/3", "201803", "2018年3月"}) {
    ASSERT_TRUE(read_time(text).has_value()) << text;
    EXPECT_EQ(read_time(text)->kind, TimeKind::Month) << text;
  }
}

TEST(TimeForm, TheYearAtTheEndNeedsAFormat) {
  EXPECT_EQ(read_time("31/03/2018")->format, "%d/%m/%Y");
  EXPECT_EQ(read_time("03-31-2018")->format, "%m-%d-%Y");
  EXPECT_TRUE(read_time("01/02/2018")->either_order);
  EXPECT_FALSE(read_time("02/02/2018")->either_order);
  EXPECT_EQ(read_time("31/03/2018 08:30")->format, "%d/%m/%Y %H:%M");
}

TEST(TimeForm, WhatIsNoDayOfTheCalendarIsNone) {
  for (const auto* text : {"2018-02-30", "2018-13-01", "20181301", "0001-01-01", "123456", "2018-3-1x", "2018", "08:30",
                           "2018-03-01 25:00", "13/13/2018", "", "2018-03-01-04"}) {
    EXPECT_FALSE(read_time(text).has_value()) << text;
  }
}

TEST(ColumnProfile, OneValueThatTellsDayFromMonthIsEnough) {
  const auto found = profile({"01/02/2018", "03/02/2018", "25/02/2018"});
  EXPECT_EQ(found.time_format, "%d/%m/%Y");
  EXPECT_FALSE(found.unclear_order);
  EXPECT_TRUE(profile({"01/02/2018", "03/02/2018"}).unclear_order);
}

TEST(ColumnProfile, CountsWhatIsThere) {
  const auto found = profile({"007", "12", "", "12", " "});
  EXPECT_EQ(found.rows, 5U);
  EXPECT_EQ(found.filled, 3U);
  EXPECT_EQ(found.distinct, 2U);
  EXPECT_TRUE(found.leading_zero);
  EXPECT_FALSE(found.is_unique());
  EXPECT_EQ(found.values, (std::vector<std::string>{"12", "007"}));
  EXPECT_EQ(found.greatest, 12);
}

TEST(ColumnProfile, AnEmptyColumnIsEmpty) {
  EXPECT_TRUE(profile({}).is_empty());
  EXPECT_TRUE(profile({"", " "}).is_empty());
  EXPECT_FALSE(profile({}).is_unique());
}

TEST(ColumnProfile, AUnitCountsWhenNearlyAllHaveIt) {
  EXPECT_EQ(profile({"5℃", "-4℃", "13℃"}).unit, "℃");
  EXPECT_EQ(profile({"5℃", "-4", "13"}).unit, "");
}

TEST(ColumnProfile, TooManyValuesAreNotListed) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i <= kListedValues; ++i) values.push_back("v" + std::to_string(i));
  EXPECT_TRUE(profile(values).values.empty());
}

}  // namespace
}  // namespace fenqun::suggest
