// tests/unit/reader/table_shape_test.cpp
#include "reader/table_shape.hpp"

#include <gtest/gtest.h>

namespace fenqun::reader {
namespace {

using Rows = std::vector<Cells>;
using Names = std::vector<std::string>;

HeaderPlace find(const Rows& rows, const SourceLayout& layout = {}) { return find_header(rows, layout); }

TEST(TableShape, TheFirstRowIsTheHeaderUnlessItIsClearlyNot) {
  EXPECT_EQ(find({{"a", "b"}, {"1", "2"}}).first, 0U);
  EXPECT_EQ(find({{"record_date", "1", "7", "9", "total"}, {"2015-01-01", "5", "6", "7", "18"}}).first, 0U);
  EXPECT_EQ(find({{"a"}, {"x"}, {"y"}}).first, 0U) << "one column";
  EXPECT_EQ(find({{"title"}, {"1", "2", "3"}, {"4", "5", "6"}}).first, 0U) << "no row of names follows";
  EXPECT_EQ(find({}).first, 0U);
}

TEST(TableShape, TitlesAndRemarksAreAboveTheHeader) {
  EXPECT_EQ(find({{"清单"}, {"户号", "电费"}, {"1", "2"}}).first, 1U);
  EXPECT_EQ(find({{"清单", "清单", "清单"}, {"户号", "月份", "电费"}, {"1", "2", "3"}}).first, 1U) << "merged";
  EXPECT_EQ(find({{"单位：元", "制表：张三", "日期：2018-04-01"}, {"户号", "月份", "电费"}, {"1", "2", "3"}}).first,
            1U);
  EXPECT_EQ(find({{"清单", "", ""}, {"户号", "月份", "电费"}}).first, 1U) << "no rows yet";
}

TEST(TableShape, PeriodsAndRunningNumbersAreNamesOfColumns) {
  const Cells title = {"日电量"};
  for (const Cells& header : Rows{{"户号", "2018-03-01", "2018-03-02", "合计"},
                                  {"户号", "2018年1月", "2018年2月", "户名"},
                                  {"户号", "201801", "201802", "备注"},
                                  {"户号", "0:00", "0:15", "0:30"},
                                  {"户号", "1时", "2时", "3时"},
                                  {"户号", "0", "1", "2"}}) {
    EXPECT_EQ(find({title, header, {"001", "5", "6", "7"}}).first, 1U) << header[1];
  }
  EXPECT_EQ(find({title, {"张三", "5", "9", "x"}, {"李四", "5", "6", "y"}}).first, 0U) << "a row with a name first";
}

TEST(TableShape, TheLayoutGoesBefore) {
  SourceLayout layout;
  layout.skip_lines = 0;
  EXPECT_EQ(find({{"清单"}, {"户号", "电费"}, {"1", "2"}}, layout).first, 0U);
  layout.header_rows = 3;
  EXPECT_EQ(find({{"a", "b"}, {"c", "d"}, {"1", "2"}, {"3", "4"}}, layout).rows, 3U);
  EXPECT_EQ(find({{"a", "b"}, {"c", "d"}}, layout).rows, 2U) << "no more than there are";
}

TEST(TableShape, ASecondHeaderRowFillsWhatTheFirstLeavesBlank) {
  EXPECT_EQ(find({{"户号", "电量", ""}, {"", "峰", "谷"}, {"1", "2", "3"}}).rows, 2U);
  EXPECT_EQ(find({{"户号", "电量", ""}, {"", "1", "2"}}).rows, 1U) << "values";
  EXPECT_EQ(find({{"户号", "电量", ""}, {"001", "x", "y"}}).rows, 1U) << "a row of its own";
  EXPECT_EQ(find({{"户号", "户名", "地址"}, {"", "x", "y"}}).rows, 1U) << "nothing was blank";
  EXPECT_EQ(find({{"户号", "", "地址"}, {"", "", "y"}}).rows, 1U) << "a column stays without a name";
}

TEST(TableShape, NamesAreJoinedFromTheTopDown) {
  const Rows header = {{" 户号 ", "电量", "", "", "电费"}, {"", "峰", "平", "", "电费"}};
  const auto names = name_columns(header, 6);
  EXPECT_EQ(names.names, (Names{"户号", "电量/峰", "电量/平", "column_4", "电费", "column_6"}));
  EXPECT_EQ(names.unnamed, (std::vector<std::size_t>{3, 5}));
}

TEST(TableShape, TheWidthIsThatOfTheHeaderAndTheRows) {
  const Rows header = {{"a", "b", ""}};
  EXPECT_EQ(table_width(header, {}), 3U);
  EXPECT_EQ(table_width(header, Rows{{"1", "2", "3"}}), 3U);
  EXPECT_EQ(table_width(header, Rows{{"1", "2"}, {"3", "4"}}), 2U);
  EXPECT_EQ(table_width(header, Rows{{"1"}}), 3U) << "a row too short";
  EXPECT_EQ(table_width(header, Rows{{"1", "2", "3", ""}}), 4U);
  EXPECT_EQ(table_width(header, Rows{{"1", "2", "3", "4"}}), 3U) << "a row too long";
}

TEST(TableShape, TellsValuesFromNames) {
  for (const auto* cell : {"1", "-1.5", "1,234.50", "2018-03-01", "2018年3月1日", "10:30", "¥12", "12元", "50%"})
    EXPECT_TRUE(is_value(cell)) << cell;
  for (const auto* cell : {"", " ", "户号", "A01", "月", "-", "1号楼", "kWh"}) EXPECT_FALSE(is_value(cell)) << cell;
}

}  // namespace
}  // namespace fenqun::reader
