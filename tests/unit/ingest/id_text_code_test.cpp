// tests/unit/ingest/id_text_code_test.cpp - ids, texts, codes and yes or no as offices write them.
#include "unit/ingest/value_reader.hpp"

namespace fenqun::ingest {
namespace {

using warehouse::FieldType;
using std::string_literals::operator""s;

class IdsTextsCodes : public ValueReader {
 protected:
  static warehouse::Field code_field() {
    auto out = field(FieldType::Code);
    out.codes = {{"residential", {"居民", "Residential"}, {"居民生活", "住宅（城镇）"}},
                 {"non_residential", {"非居民", "Non-residential"}, {"企业"}},
                 {"none", {"无", "None"}, {}}};
    for (const auto& code : out.codes) out.values.push_back(code.code);
    return out;
  }
  warehouse::Field id_ = field(FieldType::Id);
};

TEST_F(IdsTextsCodes, IdsKeepTheirLeadingZeros) {
  expect(id_, {{"0001", "0001"},
               {"000123456789", "000123456789"},
               {"B-01_x", "B-01_x"},
               {" 7 ", "7"},
               {"粤A01", "粤A01"},
               {"1.2.3", "1.2.3"}});
}

TEST_F(IdsTextsCodes, FullWidthIdsAreTheSame) {
  expect(id_, {{"１２３", "123"},
               {"ＡＢ－０１", "AB-01"},
               {"０１２３４５６７８９", "0123456789"},
               {"　12\u00a0", "12"},
               {"\ufeff12", "12"}});
}

TEST_F(IdsTextsCodes, WhatExcelDoesToIdsIsUndone) {
  expect(id_, {{"'000123", "000123"},
               {"1000000001.0", "1000000001"},
               {"000123.0", "000123"},
               {"'１２", "12"},
               {"A.0", "A.0"},
               {"1.20", "1.20"}});
}

TEST_F(IdsTextsCodes, IdsThatLostDigitsAreRefused) {
  for (const auto* text : {"1.0E+9", "1E+09", "1.000000001E9", "4.2e+16", "１．０Ｅ＋９", "1.5e-3"}) {
    EXPECT_EQ(read_one(id_, text), "!id_is_a_number_in_scientific_form") << text;
  }
  expect(id_, {{"1E9", "1E9"}, {"E+09", "E+09"}, {"12E+", "12E+"}});
}

TEST_F(IdsTextsCodes, ControlCharactersInIdsAreRefused) {
  for (const auto& text : {"1\t2"s, "1\n2"s, "1\x01"s, "a\u200bb"s, "1\x7f"s}) {
    EXPECT_EQ(read_one(id_, text), "!control_character_in_id") << text;
  }
  expect(id_, {{"12\t", "12"}, {"\n12", "12"}, {"12\r\n", "12"}});
}

TEST_F(IdsTextsCodes, LinesOfTotalsAreNoIds) {
  reading_.closing_words = {"合计", "小计", "汇总", "total", "subtotal", "grandtotal"};
  for (const auto* text : {"小计", "合 计", "　合　计：", "0001 小计", "0001小计", "张三 汇总", "合计：1,234.50元",
                           "Total", "SUBTOTAL:", "Grand Total", "0001 Total", "sub total", "total: 12"}) {
    EXPECT_EQ(read_one(id_, text), "!closing_line_as_id") << text;
  }
  expect(id_, {{"小计里台区", "小计里台区"}, {"T0001", "T0001"}, {"Totalkorp", "Totalkorp"}, {"total1x", "total1x"}});
  reading_.traits = {false, false};
  EXPECT_EQ(read_one(id_, "total"), "!closing_line_as_id");
}

TEST_F(IdsTextsCodes, ErrorsOfSpreadsheetsAreNoValuesOfAnyField) {
  auto required = field(FieldType::Text);
  required.required = true;
  for (const auto* text : {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", " #n/a ",
                           "#GETTING_DATA", "####", "Err:502"}) {
    for (const auto& each :
         {id_, field(FieldType::Text), required, code_field(), field(FieldType::Decimal), field(FieldType::Date),
          field(FieldType::Month), field(FieldType::Timestamp), field(FieldType::Integer), field(FieldType::Boolean)}) {
      EXPECT_EQ(read_one(each, text), "!spreadsheet_error") << text << " " << static_cast<int>(each.type);
    }
  }
  expect(field(FieldType::Text), {{"#1 台区", "#1 台区"}, {"#", "#"}, {"C#", "C#"}});
  reading_.empty = {"#N/A"};
  expect(field(FieldType::Text), {{"#N/A", ""}, {"#REF!", "!spreadsheet_error"}});
  expect(id_, {{"#N/A", ""}});
}

TEST_F(IdsTextsCodes, PlaceholdersAreNoId) {
  auto required = id_;
  required.required = true;
  expect(id_, {{"-", ""},
               {"NULL", ""},
               {"null", ""},
               {"n/a", ""},
               {"无", ""},
               {"", ""},
               {"－－", ""},
               {"NA1", "NA1"},
               {"--1", "--1"}});
  expect(required,
         {{"/", "!missing_required"}, {"", "!missing_required"}, {"1E+9", "!id_is_a_number_in_scientific_form"}});
  reading_.empty = {"0"};
  expect(id_, {{"0", ""}, {"00", "00"}, {"-", "-"}, {"NA", "NA"}});
}

TEST_F(IdsTextsCodes, IdsAreReadTheSameWhereTheFileIsKnownToBePlain) {
  reading_.traits = {false, false};
  expect(id_,
         {{"0001", "0001"}, {"1000000001.0", "1000000001"}, {"１２３", "123"}, {"-", ""}, {"'7", "7"}, {"7 ", "7"}});
}

TEST_F(IdsTextsCodes, TextsAreKeptButForWhatStandsAroundThem) {
  const auto text = field(FieldType::Text);
  expect(text, {{"张三", "张三"},
                {"　张三 ", "张三"},
                {"\u00a0a b\u00a0", "a b"},
                {"天河路１号（二楼）", "天河路１号（二楼）"},
                {"'13800000000", "13800000000"},
                {"#3 楼", "#3 楼"},
                {"line\nline", "line\nline"},
                {"1.0E+9", "1.0E+9"},
                {"无", ""},
                {"N/A", ""},
                {"\t", ""},
                {"（无）", "（无）"}});
}

TEST_F(IdsTextsCodes, CodesGoByAnyOfTheirNames) {
  expect(code_field(), {{"residential", "residential"},
                        {"RESIDENTIAL", "residential"},
                        {"居民", "residential"},
                        {" 居民　", "residential"},
                        {"居民生活", "residential"},
                        {"住宅(城镇)", "residential"},
                        {"住宅（城镇）", "residential"},
                        {"Non-Residential", "non_residential"},
                        {"ｒｅｓｉｄｅｎｔｉａｌ", "residential"},
                        {"企业", "non_residential"},
                        {"'企业", "non_residential"},
                        {"house", "!unknown_code"},
                        {"居民的", "!unknown_code"}});
}

TEST_F(IdsTextsCodes, ACodeThatIsCalledNothingIsNoPlaceholder) {
  expect(code_field(), {{"无", "none"}, {"none", "none"}, {"-", ""}, {"N/A", ""}, {"", ""}});
  auto other = code_field();
  other.values.pop_back();
  other.codes.pop_back();
  expect(other, {{"无", ""}, {"居民", "residential"}});
}

TEST_F(IdsTextsCodes, UnknownCodesAreToldWhatIsKnown) {
  const ColumnRef column{"m0", "VARCHAR", "类别", ""};
  const auto rules = rules_of(code_field(), {}, column, "f0", reading_);
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[1].expected, "residential 居民, non_residential 非居民, none 无");
}

TEST_F(IdsTextsCodes, YesAndNo) {
  expect(field(FieldType::Boolean), {{"true", "true"},
                                     {"True", "true"},
                                     {"1", "true"},
                                     {"是", "true"},
                                     {"１", "true"},
                                     {" Yes ", "true"},
                                     {"有", "true"},
                                     {"0", "false"},
                                     {"FALSE", "false"},
                                     {"否", "false"},
                                     {"无", "false"},
                                     {"N", "false"},
                                     {"-", ""},
                                     {"NULL", ""},
                                     {"maybe", "!bad_boolean"},
                                     {"2", "!bad_boolean"}});
}

}  // namespace
}  // namespace fenqun::ingest
