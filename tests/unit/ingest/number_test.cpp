// tests/unit/ingest/number_test.cpp - numbers as offices write them.
#include "ingest/units.hpp"
#include "unit/ingest/value_reader.hpp"

namespace fenqun::ingest {
namespace {

using warehouse::FieldType;

class Numbers : public ValueReader {
 protected:
  warehouse::Field kwh_ = field(FieldType::Decimal, "kWh");
  warehouse::Field cny_ = field(FieldType::Decimal, "CNY", 2);
};

TEST_F(Numbers, PlainOnesStayWhatTheyAre) {
  expect(kwh_, {{"12", "12.000"},
                {"-3.5", "-3.500"},
                {"+7", "7.000"},
                {".5", "0.500"},
                {"5.", "5.000"},
                {" 8 ", "8.000"},
                {"0007.25", "7.250"},
                {"123456789012345.678", "123456789012345.678"},
                {"1.0005", "1.001"},
                {"", ""}});
}

TEST_F(Numbers, FullWidthOnesAreTheSame) {
  expect(cny_, {{"１２３４．５０", "1234.50"},
                {"１，２３４．５０", "1234.50"},
                {"－５", "-5.00"},
                {"＋５", "5.00"},
                {"−5", "-5.00"},
                {"（１２）", "-12.00"},
                {"１．５Ｅ＋３", "1500.00"},
                {"　８　", "8.00"},
                {"￥１２", "12.00"}});
}

TEST_F(Numbers, ThousandsMayBeSetApart) {
  expect(cny_, {{"1,234.50", "1234.50"},
                {"1,234,567.8", "1234567.80"},
                {"1，234", "1234.00"},
                {"1 234.50", "1234.50"},
                {"12 345 678", "12345678.00"},
                {"1\u00a0234.50", "1234.50"},
                {"1\u202f234", "1234.00"},
                {"-1,000", "-1000.00"}});
}

TEST_F(Numbers, WithTwoReadingsAreRefused) {
  expect(cny_, {{"1.234,50", "!bad_number"},
                {"1,5", "!bad_number"},
                {"12,34", "!bad_number"},
                {"1,234,5", "!bad_number"},
                {"1234,567", "!bad_number"},
                {"1,234 567", "!bad_number"},
                {"1.234.567", "!bad_number"},
                {"1 23", "!bad_number"},
                {"1,,234", "!bad_number"}});
}

TEST_F(Numbers, SignsOfAccountants) {
  expect(cny_, {{"(1,234.50)", "-1234.50"},
                {"(12)", "-12.00"},
                {"12-", "-12.00"},
                {"- 12", "-12.00"},
                {"¥12", "12.00"},
                {"￥1,234.50", "1234.50"},
                {"-¥12", "-12.00"},
                {"¥-12", "-12.00"},
                {"(¥12)", "-12.00"},
                {"RMB 12", "12.00"},
                {"12RMB", "12.00"},
                {"¥12万", "120000.00"},
                {"¥12元", "12.00"},
                {"--12", "!bad_number"},
                {"-12-", "!bad_number"},
                {"(-12)", "!bad_number"},
                {"(12", "!bad_number"},
                {"12)", "!bad_number"},
                {"$12", "!bad_number"}});
}

TEST_F(Numbers, InScientificFormAreExact) {
  expect(kwh_, {{"1.23E+05", "123000.000"},
                {"1.2345678901E+10", "12345678901.000"},
                {"9.87654321e2", "987.654"},
                {"-8.981E-5", "0.000"},
                {"-6.9436220e-1", "-0.694"},
                {"99999e-5", "1.000"},
                {"123e-6", "0.000"},
                {"12345678e-6", "12.346"},
                {"5e-1", "0.500"},
                {"1.5E3", "1500.000"},
                {"0.000123E6", "123.000"},
                {"4467277452.703408148E3", "4467277452703.408"},
                {"5E0", "5.000"},
                {"1E99", "!bad_number"},
                {"1e16", "!bad_number"},
                {"1E", "!unknown_unit"},
                {"E5", "!bad_number"}});
}

TEST_F(Numbers, WithAUnitAreBroughtToTheFieldsOwn) {
  expect(kwh_, {{"12度", "12.000"},
                {"12 kWh", "12.000"},
                {"12KWH", "12.000"},
                {"12千瓦时", "12.000"},
                {"1.2万", "12000.000"},
                {"1.2万度", "12000.000"},
                {"0.5亿千瓦时", "50000000.000"},
                {"3MWh", "3000.000"},
                {"500Wh", "0.500"},
                {"3千", "3000.000"},
                {"１．２万ｋＷｈ", "12000.000"},
                {"1,234.5度", "1234.500"},
                {"0.00012345678万度", "1.235"}});
  expect(cny_,
         {{"12元", "12.00"}, {"1.2万元", "12000.00"}, {"3角", "0.30"}, {"250分", "2.50"}, {"2亿元", "200000000.00"}});
  expect(field(FieldType::Decimal, "kV", 2), {{"10kV", "10.00"}, {"220V", "0.22"}, {"380伏", "0.38"}});
  expect(field(FieldType::Decimal, "°C", 1), {{"36.5℃", "36.5"}, {"-3°C", "-3.0"}});
  expect(field(FieldType::Decimal, "min", 2), {{"90分钟", "90.00"}, {"1.5小时", "90.00"}});
  auto share = field(FieldType::Decimal, "", 4);
  share.name = "peak_share";
  expect(share, {{"45%", "0.4500"}, {"0.45", "0.4500"}, {"４５．５％", "0.4550"}});
}

TEST_F(Numbers, WithAUnitThatDoesNotLeadThereAreRefused) {
  expect(kwh_, {{"12元", "!unknown_unit"},
                {"12%", "!unknown_unit"},
                {"12 m3", "!unknown_unit"},
                {"¥12", "!unknown_unit"},
                {"2018年", "!unknown_unit"},
                {"12kW", "!unknown_unit"}});
  expect(field(FieldType::Integer), {{"12次", "!unknown_unit"}, {"1.2万", "12000"}});
}

TEST_F(Numbers, TakeTheColumnsUnitWhereTheyBringNone) {
  FieldSource source;
  source.factor = *unit_factor("万元", "CNY");
  expect(cny_,
         {{"1.5", "15000.00"},
          {"1,234.5", "12345000.00"},
          {"1.5元", "1.50"},
          {"1.5万元", "15000.00"},
          {"1.5E2", "1500000.00"}},
         source);
  source.factor = "0.35";
  source.multiplied = true;
  expect(cny_, {{"100", "35.00"}, {"1,000", "350.00"}, {"100元", "!unknown_unit"}}, source);
}

TEST_F(Numbers, WholeOnesHaveNoFraction) {
  expect(field(FieldType::Integer),
         {{"12", "12"}, {"12.0", "12"}, {"1,200", "1200"}, {"12.7", "!bad_number"}, {"1.27E1", "!bad_number"}});
}

TEST_F(Numbers, RoundingBringsNothingIntoTheRange) {
  auto share = field(FieldType::Decimal, "kWh");
  share.min = 0;
  share.max = 1;
  for (const auto* text : {"-0.0001", "(0.0001)", "0.0001-", "－0.0004", "-0.0004kWh", "-1e-9"})
    EXPECT_EQ(read_one(share, text), "!below_minimum") << text;
  EXPECT_EQ(read_one(share, "1.0001"), "!above_maximum");
  expect(share, {{"-0", "0.000"}, {"-0.000", "0.000"}, {"0.0001", "0.000"}, {"1.000", "1.000"}, {"0.9999", "1.000"}});
}

TEST_F(Numbers, ThatAreNoneAreRefused) {
  for (const auto* text : {"一百", "nan", "inf", "x", "1_000", "6_0", "0x1F", "1e", "2018-03-01", "12:30", "1/2",
                           "#N/A", "1 2", "+", "- x"}) {
    const auto found = read_one(kwh_, text);
    EXPECT_TRUE(found == "!bad_number" || found == "!unknown_unit" || found == "!spreadsheet_error")
        << text << " " << found;
  }
}

TEST_F(Numbers, PlaceholdersAreNoValue) {
  expect(kwh_, {{"-", ""},
                {"--", ""},
                {"—", ""},
                {"/", ""},
                {"N/A", ""},
                {"n/a", ""},
                {"NA", ""},
                {"NULL", ""},
                {"null", ""},
                {"无", ""},
                {"空", ""},
                {"\\N", ""},
                {" - ", ""},
                {"- ", ""},
                {"-\t", ""},
                {"－", ""},
                {"　", ""},
                {"\t", ""}});
  auto required = kwh_;
  required.required = true;
  expect(required,
         {{"-", "!missing_required"}, {"", "!missing_required"}, {"无", "!missing_required"}, {"x", "!bad_number"}});
  reading_.empty = {"MISSING", "*"};
  expect(kwh_, {{"missing", ""}, {"*", ""}, {"-", "!bad_number"}, {"", ""}});
  reading_.empty.clear();
  expect(kwh_, {{"MISSING", "!bad_number"}, {" ", ""}});
}

TEST_F(Numbers, AnApostropheOfExcelIsTakenOff) { expect(cny_, {{"'12.5", "12.50"}, {"' 1,200", "1200.00"}}); }

TEST_F(Numbers, ReplacedValuesAreReadLikeOthers) {
  FieldSource source;
  source.values = {{"零", "0"}, {"未抄", std::nullopt}};
  expect(kwh_, {{"零", "0.000"}, {" 零 ", "0.000"}, {"未抄", ""}, {"1,000", "1000.000"}}, source);
}

TEST_F(Numbers, AreReadTheSameWhereTheFileIsKnownToBePlain) {
  reading_.traits = {false, false};
  expect(kwh_, {{"12.5", "12.500"},
                {"1,234", "1234.000"},
                {"12度", "12.000"},
                {"-", ""},
                {"- ", ""},
                {"+ ", "!bad_number"},
                {"x", "!bad_number"}});
}

TEST(Units, LeadExactlyToTheContractsUnit) {
  EXPECT_EQ(unit_factor("kWh", "kWh"), "1");
  EXPECT_EQ(unit_factor("万元", "CNY"), "10000");
  EXPECT_EQ(unit_factor("分", "CNY"), "0.01");
  EXPECT_EQ(unit_factor("万千瓦时", "kWh"), "10000");
  EXPECT_EQ(unit_factor("小时", "min"), "60");
  EXPECT_EQ(unit_factor("%", "share"), "0.01");
  EXPECT_EQ(unit_factor("kWh", "CNY"), std::nullopt);
  EXPECT_EQ(unit_factor("万", "CNY"), std::nullopt) << "a number, no unit";
}

}  // namespace
}  // namespace fenqun::ingest
