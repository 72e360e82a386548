// tests/unit/delivery/style_test.cpp - the ways of writing one value.
#include "delivery/style.hpp"

#include <gtest/gtest.h>

#include <set>

namespace fenqun::delivery {
namespace {

using warehouse::Field;
using warehouse::FieldType;

Field field(FieldType type, const char* unit = "") {
  Field out;
  out.name = "f";
  out.type = type;
  out.unit = unit;
  out.scale = 3;
  return out;
}

/// All that a style makes of a value in many draws.
std::set<std::string> all_of(const Field& of, const char* value, const Styles& styles) {
  std::set<std::string> out;
  Random random(7);
  for (int i = 0; i < 200; ++i) out.insert(styled(of, std::string(value), styles, random).text);
  return out;
}

TEST(Style, DaysHaveManyForms) {
  EXPECT_EQ(date_in("iso", "2018-03-01"), "2018-03-01");
  EXPECT_EQ(date_in("short", "2018-03-01"), "2018-3-1");
  EXPECT_EQ(date_in("slash", "2018-03-01"), "2018/03/01");
  EXPECT_EQ(date_in("dots", "2018-03-01"), "2018.3.1");
  EXPECT_EQ(date_in("compact", "2018-03-01"), "20180301");
  EXPECT_EQ(date_in("chinese", "2018-03-01"), "2018年3月1日");
  EXPECT_EQ(date_in("weekday", "2018-03-01"), "2018-03-01 星期四");
  EXPECT_EQ(date_in("excel", "2018-03-01"), "43160");
  EXPECT_EQ(date_in("midnight", "2018-03-01"), "2018-03-01 00:00:00");
}

TEST(Style, MonthsHaveManyForms) {
  EXPECT_EQ(month_in("iso", "2018-03-01"), "2018-03");
  EXPECT_EQ(month_in("compact", "2018-03-01"), "201803");
  EXPECT_EQ(month_in("chinese", "2018-03-01"), "2018年3月");
  EXPECT_EQ(month_in("slash", "2018-03-01"), "2018/3");
  EXPECT_EQ(month_in("dots", "2018-03-01"), "2018.03");
  EXPECT_EQ(month_in("excel", "2018-03-01"), "2018-03") << "a number of days is no month";
}

TEST(Style, TimesHaveManyFormsAndMidnightMayBelongToTheDayBefore) {
  EXPECT_EQ(time_in("short", "2018-03-01 08:05:09"), "2018-3-1 8:05:09");
  EXPECT_EQ(time_in("compact", "2018-03-01 08:05:09"), "20180301080509");
  EXPECT_EQ(time_in("chinese", "2018-03-01 08:05:09"), "2018年3月1日 8时05分09秒");
  EXPECT_EQ(time_in("weekday", "2018-03-01 00:05:09"), "2018-03-01 上午 12:05:09");
  EXPECT_EQ(time_in("weekday", "2018-03-01 13:05:09"), "2018-03-01 下午 1:05:09");
  EXPECT_EQ(time_in("midnight", "2018-03-01 08:05:09"), "2018-03-01T08:05:09");
  EXPECT_EQ(time_in("end_of_day", "2018-03-01 00:00:00"), "2018-02-28 24:00");
  EXPECT_EQ(time_in("end_of_day", "2018-03-01 00:15:00"), "2018-03-01 00:15:00");
}

TEST(Style, NumbersKeepEveryDigit) {
  EXPECT_EQ(number_in("thousands", "-1234567.891", ""), "-1,234,567.891");
  EXPECT_EQ(number_in("thousands", "123", ""), "123");
  EXPECT_EQ(number_in("blanks", "1234.5", ""), "1 234.5");
  EXPECT_EQ(number_in("full_width", "-12.5", ""), "－１２．５");
  EXPECT_EQ(number_in("wan", "12345.67", ""), "1.234567万");
  EXPECT_EQ(number_in("wan", "12", ""), "0.0012万");
  EXPECT_EQ(number_in("yen", "1234.5", ""), "¥1,234.5");
  EXPECT_EQ(number_in("unit", "12.5", "千瓦时"), "12.5千瓦时");
  EXPECT_EQ(number_in("scientific", "12345.67", ""), "1.234567E+04");
  EXPECT_EQ(number_in("scientific", "0.0123", ""), "1.23E-02");
  EXPECT_EQ(number_in("scientific", "0", ""), "0");
}

TEST(Style, ThePointMovesExactly) {
  EXPECT_EQ(shift_point("123.4", 3), "0.1234");
  EXPECT_EQ(shift_point("123000", 3), "123");
  EXPECT_EQ(shift_point("-1", 4), "-0.0001");
  EXPECT_EQ(shift_point("0", 4), "0");
}

TEST(Style, CodesAreWrittenByNameOrSynonym) {
  auto code = field(FieldType::Code);
  code.values = {"bank_debit"};
  code.codes = {{"bank_debit", {"银行代扣", "Bank debit"}, {"批扣", "代扣"}}};
  Styles styles;
  styles.codes = {"chinese"};
  EXPECT_EQ(all_of(code, "bank_debit", styles), std::set<std::string>{"银行代扣"});
  styles.codes = {"synonym"};
  EXPECT_EQ(all_of(code, "bank_debit", styles), (std::set<std::string>{"批扣", "代扣"}));
  EXPECT_EQ(all_of(code, "nobody_knows", styles), std::set<std::string>{"nobody_knows"});
}

TEST(Style, EveryListedStyleIsTakenSometimes) {
  Styles styles;
  styles.dates = {"iso", "dots"};
  EXPECT_EQ(all_of(field(FieldType::Date), "2018-03-01", styles), (std::set<std::string>{"2018-03-01", "2018.3.1"}));
}

TEST(Style, CountsHaveNoUnitAndColumnsWithAUnitNoneAtTheirValues) {
  Styles styles;
  styles.numbers = {"wan", "unit"};
  EXPECT_EQ(all_of(field(FieldType::Integer, "d"), "12", styles), std::set<std::string>{"12"});
  styles.units["f"] = {"万千瓦时", 4};
  EXPECT_EQ(all_of(field(FieldType::Decimal, "kWh"), "12.000", styles), std::set<std::string>{"0.0012"});
}

TEST(Style, NothingIsAnEmptyCellOrOneOfItsTexts) {
  Styles styles;
  Random random(7);
  EXPECT_EQ(styled(field(FieldType::Text), std::nullopt, styles, random).kind, OutCell::Kind::Empty);
  styles.nothing = {"无"};
  EXPECT_EQ(styled(field(FieldType::Text), std::nullopt, styles, random).text, "无");
}

TEST(Style, NativeValuesKeepTheirKindForFilesThatKnowIt) {
  Styles styles;
  styles.dates = styles.numbers = styles.booleans = {"native"};
  Random random(7);
  EXPECT_EQ(styled(field(FieldType::Date), "2018-03-01", styles, random).kind, OutCell::Kind::Date);
  EXPECT_EQ(styled(field(FieldType::Timestamp), "2018-03-01 08:00:00", styles, random).kind, OutCell::Kind::Time);
  EXPECT_EQ(styled(field(FieldType::Decimal), "12.500", styles, random), (OutCell{OutCell::Kind::Number, "12.5"}));
  EXPECT_EQ(styled(field(FieldType::Boolean), "true", styles, random).kind, OutCell::Kind::Yes);
}

TEST(Style, UnknownStylesAreRefused) {
  const auto from = Settings::parse("dates: [iso, roman]", "plan.yaml");
  const auto styles = read_styles(*from);
  ASSERT_FALSE(styles.has_value());
  EXPECT_EQ(styles.error().arg("value"), "roman");
}

}  // namespace
}  // namespace fenqun::delivery
