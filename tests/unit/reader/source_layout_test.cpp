// tests/unit/reader/source_layout_test.cpp
#include "reader/source_layout.hpp"

#include <gtest/gtest.h>

namespace fenqun::reader {
namespace {

Result<SourceLayout> read(const std::string& yaml) {
  FENQUN_TRY(const auto node, Settings::parse(yaml, "m.yaml"));
  return read_layout(node);
}

TEST(SourceLayout, LeavesOpenWhatIsNotSaid) {
  const auto layout = read("{}");
  ASSERT_TRUE(layout.has_value());
  EXPECT_FALSE(layout->format || layout->delimiter || layout->encoding || layout->skip_lines || layout->header_rows);
  EXPECT_TRUE(layout->header);
  EXPECT_EQ(layout->closing_lines, ClosingLines::AtEnd);
  const auto open = read("{delimiter: auto, encoding: auto}");
  EXPECT_FALSE(open->delimiter || open->encoding);
}

TEST(SourceLayout, ReadsWhatIsSaid) {
  const auto layout = read(
      "{format: json_lines, delimiter: \"\\t\", encoding: utf-16be, skip_lines: 0, header_rows: 2, columns: [a, b], "
      "sheet: [一月, 二月], fill_merged: true, closing_lines: anywhere}");
  ASSERT_TRUE(layout.has_value()) << layout.error().arg("key");
  EXPECT_EQ(layout->format, SourceFormat::JsonLines);
  EXPECT_EQ(layout->delimiter, '\t');
  EXPECT_EQ(layout->encoding, Encoding::Utf16Be);
  EXPECT_EQ(layout->skip_lines, 0);
  EXPECT_EQ(layout->header_rows, 2);
  EXPECT_EQ(layout->columns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(layout->sheets, (std::vector<std::string>{"一月", "二月"}));
  EXPECT_TRUE(layout->fill_merged);
  EXPECT_EQ(layout->closing_lines, ClosingLines::Anywhere);
}

TEST(SourceLayout, AllMeansEverySheetUnlessItStandsInAList) {
  EXPECT_TRUE(read("{sheet: all}")->all_sheets);
  EXPECT_TRUE(read("{sheet: all}")->sheets.empty());
  EXPECT_FALSE(read("{sheet: [all]}")->all_sheets);
  EXPECT_EQ(read("{sheet: 缴费}")->sheets, std::vector<std::string>{"缴费"});
}

TEST(SourceLayout, RefusesWhatCannotBe) {
  for (const auto* yaml :
       {"{format: xls}", "{delimiter: \";;\"}", "{delimiter: \"\\\"\"}", "{delimiter: ，}", "{delimiter: \" \"}",
        "{encoding: latin-1}", "{skip_lines: -1}", "{header_rows: 0}", "{header_rows: 4}",
        "{header: false, columns: [a], header_rows: 2}", "{closing_lines: often}", "{header: maybe}"}) {
    const auto refused = read(yaml);
    ASSERT_FALSE(refused.has_value()) << yaml;
    EXPECT_EQ(refused.error().code, ErrorCode::BadData);
    EXPECT_EQ(refused.error().arg("file"), "m.yaml") << yaml;
  }
  EXPECT_EQ(read("{header: false}").error().line.key, "base.setting_missing");
  EXPECT_FALSE(read("{sheets: a}").has_value()) << "a misspelt key";
}

TEST(SourceLayout, KnowsFormatsByTheNameOfTheFile) {
  EXPECT_EQ(format_of("a/b.CSV"), SourceFormat::Csv);
  EXPECT_EQ(format_of("b.txt.gz"), SourceFormat::Csv);
  EXPECT_EQ(format_of("b.ndjson.GZ"), SourceFormat::JsonLines);
  EXPECT_EQ(format_of("b.xlsx"), SourceFormat::Xlsx);
  EXPECT_EQ(format_of("b.parquet"), SourceFormat::Parquet);
  for (const auto* name : {"b.gz", "b.doc", "b", ".csv"}) EXPECT_EQ(format_of(name), std::nullopt) << name;
  EXPECT_EQ(bare_name("in/bill.csv.gz"), "bill");
  EXPECT_EQ(bare_name("in/bill.jsonl"), "bill");
  EXPECT_EQ(bare_name("in/bill"), "bill");
  for (const auto format : {SourceFormat::Csv, SourceFormat::Xlsx, SourceFormat::Parquet, SourceFormat::JsonLines})
    EXPECT_EQ(read("{format: " + std::string(name_of(format)) + "}")->format, format);
}

}  // namespace
}  // namespace fenqun::reader
