// tests/unit/delivery/fault_test.cpp - which rows become wrong, and how.
#include "delivery/fault.hpp"

#include <gtest/gtest.h>

#include <array>

namespace fenqun::delivery {
namespace {

using warehouse::Field;
using warehouse::FieldType;

struct Row {
  std::array<Field, 5> fields;
  Fields list;
  std::vector<Canonical> values = {"0001", "2026-03-01", "12.500", "paid", "0613000001"};

  Row() {
    fields[0] = make("bill_id", FieldType::Id);
    fields[0].required = true;
    fields[1] = make("month", FieldType::Month);
    fields[2] = make("energy_kwh", FieldType::Decimal);
    fields[2].unit = "kWh";
    fields[2].min = 0;
    fields[2].max = 1000;
    fields[3] = make("status", FieldType::Code);
    fields[3].values = {"paid", "issued"};
    fields[4] = make("customer_id", FieldType::Id);
    fields[4].required = true;
    fields[4].references = "customer";
    for (const auto& field : fields) list.push_back(&field);
  }
  static Field make(const char* name, FieldType type) {
    Field field;
    field.name = name;
    field.type = type;
    return field;
  }
  [[nodiscard]] std::optional<Damage> with(Fault fault) const {
    Random random(3);
    return damage(fault, list, {"bill_id"}, values, random);
  }
};

TEST(Fault, StrikesAFieldThatItCanMakeWrong) {
  const Row row;
  EXPECT_EQ(row.with(Fault::Negative)->column, 2U);
  EXPECT_EQ(row.with(Fault::Negative)->cell.text.front(), '-');
  EXPECT_EQ(row.with(Fault::UnknownCode)->column, 3U);
  EXPECT_EQ(row.with(Fault::ImpossibleDate)->cell.text, "2026-13");
  EXPECT_EQ(row.with(Fault::TwoDigitYear)->cell.text, "26-03");
  EXPECT_GT(std::stoi(row.with(Fault::TooLarge)->cell.text), 1000);
  EXPECT_EQ(row.with(Fault::ScientificId)->column, 4U);
  EXPECT_EQ(reason_for(Fault::ImpossibleDate, row.fields[1]), "bad_month");
  EXPECT_EQ(reason_for(Fault::Negative, row.fields[2]), "below_minimum");
}

TEST(Fault, LeavesTheKeyAloneWhereItCan) {
  const Row row;
  EXPECT_EQ(row.with(Fault::MissingRequired)->column, 4U) << "not the bill's own number";
  EXPECT_EQ(row.with(Fault::MissingRequired)->cell.kind, OutCell::Kind::Empty);
}

TEST(Fault, FindsNoPlaceWhereThereIsNone) {
  const Row row;
  Random random(3);
  EXPECT_FALSE(damage(Fault::UnknownCode, {row.list[0]}, {}, {row.values[0]}, random).has_value());
}

TEST(Fault, ACorrectionIsAnotherValueOfTheSameField) {
  const Row row;
  EXPECT_EQ(altered(row.fields[2], "12.500"), "22.500");
  EXPECT_EQ(altered(row.fields[2], "912.500"), "812.500") << "never above the most that the field may be";
  EXPECT_EQ(altered(row.fields[3], "paid"), "issued");
  EXPECT_EQ(altered(row.fields[3], "issued"), "paid");
  const auto text = Row::make("phone", FieldType::Text);
  EXPECT_EQ(altered(text, "12345678909"), "12345678900");
  EXPECT_EQ(altered(text, "王芳"), "王芳（更正）");
  EXPECT_EQ(altered(Row::make("on", FieldType::Date), "2026-03-01"), "2026-03-01");
}

TEST(Fault, EachRowGetsAtMostOneAndTheNumbersFollowShareAndWeight) {
  const auto chosen = choose_rows({{Fault::Negative, 1}, {Fault::Gap, 3}}, 10'000, 0.002, Random(5));
  int negative = 0;
  for (const auto& [row, fault] : chosen) {
    EXPECT_GE(row, 0);
    EXPECT_LT(row, 10'000);
    negative += fault == Fault::Negative ? 1 : 0;
  }
  EXPECT_EQ(negative, 20);
  EXPECT_EQ(chosen.size(), 80U);
  EXPECT_EQ(chosen, choose_rows({{Fault::Negative, 1}, {Fault::Gap, 3}}, 10'000, 0.002, Random(5)));
  EXPECT_NE(chosen, choose_rows({{Fault::Negative, 1}, {Fault::Gap, 3}}, 10'000, 0.002, Random(6)));
}

TEST(Fault, SmallFilesGetAtLeastTheWeightButStayMostlyGood) {
  EXPECT_EQ(choose_rows({{Fault::Negative, 2}}, 100, 0, Random(5)).size(), 2U);
  EXPECT_EQ(choose_rows({{Fault::Negative, 20}}, 40, 0.1, Random(5)).size(), 10U) << "a quarter of all rows";
}

TEST(Fault, EveryFaultHasItsNameAndTheOtherWayRound) {
  for (int i = 0; i <= static_cast<int>(Fault::Rollover); ++i) {
    const auto fault = static_cast<Fault>(i);
    EXPECT_EQ(traits_of(fault).fault, fault);
    EXPECT_EQ(parse_fault(traits_of(fault).name), fault);
  }
  EXPECT_FALSE(parse_fault("bad_mood").has_value());
}

}  // namespace
}  // namespace fenqun::delivery
