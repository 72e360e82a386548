// tests/unit/reader/closing_lines_test.cpp
#include "reader/closing_lines.hpp"

#include <gtest/gtest.h>

namespace fenqun::reader {
namespace {

class ClosingLinesTest : public ::testing::Test {
 protected:
  ClosingWords words_ = *ClosingWords::create(AssetStore());

  [[nodiscard]] bool is_total(std::string_view cell, std::string_view rest = "") const {
    const auto sign = words_.judge(cell, rest);
    return sign && sign->kind == ClosingSign::Kind::Total;
  }
  [[nodiscard]] std::int64_t count(std::string_view cell, std::string_view rest = "") const {
    const auto sign = words_.judge(cell, rest);
    return sign && sign->kind == ClosingSign::Kind::Count ? *sign->count : -1;
  }
};

TEST_F(ClosingLinesTest, KnowsTotalsHoweverTheyAreSpaced) {
  for (const auto* cell :
       {"合计", "合 计", " 合　计：", "总计:", "小计", "Total", "GRAND  TOTAL", "合计：1,234.50", "合计¥12元"})
    EXPECT_TRUE(is_total(cell)) << cell;
  EXPECT_TRUE(is_total("合计", "12 35.5"));
}

TEST_F(ClosingLinesTest, DoesNotTakeNamesForTotals) {
  for (const auto* cell :
       {"合计划", "合肥供电公司", "小计里台区", "Totalkorp", "", "总", "共青团路", "123", "合计：待定"})
    EXPECT_FALSE(words_.judge(cell, "").has_value()) << cell;
}

TEST_F(ClosingLinesTest, ReadsHowManyRowsALineStates) {
  EXPECT_EQ(count("共 123 条"), 123);
  EXPECT_EQ(count("共1,234条记录。"), 1234);
  EXPECT_EQ(count("总记录数：42"), 42);
  EXPECT_EQ(count("合计 12 户"), 12);
  EXPECT_EQ(count("Total 7 rows"), 7);
  EXPECT_EQ(count("(7 rows)"), 7);
  EXPECT_EQ(count("共", "123 条"), 123);
}

TEST_F(ClosingLinesTest, DoesNotTakeValuesForCounts) {
  for (const auto* cell : {"7 rows", "123", "共和路12号", "共 条", "(7)", "共12345678901234567890条"})
    EXPECT_FALSE(words_.judge(cell, "").has_value()) << cell;
  EXPECT_FALSE(words_.judge("(7 rows)", "x").has_value());
}

TEST_F(ClosingLinesTest, KnowsWhoseTotalALineIs) {
  for (const auto* cell : {"0001 小计", "0001小计", "张三　合计：", "0001 汇总", "0001 Total", "A-1 grand total"})
    EXPECT_TRUE(words_.ends_so(cell)) << cell;
  for (const auto* cell : {"小计", "合计", "用电合计", "0001", "", "subtotal", "A1total", "小计 0001", "0001 待计"})
    EXPECT_FALSE(words_.ends_so(cell)) << cell;
}

TEST_F(ClosingLinesTest, LooksOnlyAtLinesThatMayBeginSo) {
  EXPECT_TRUE(words_.may_begin("合"[0]));
  EXPECT_TRUE(words_.may_begin('T'));
  EXPECT_FALSE(words_.may_begin('0'));
  EXPECT_FALSE(ClosingWords().may_begin("合"[0]));
  EXPECT_FALSE(ClosingWords().judge("合计", "").has_value());
}

}  // namespace
}  // namespace fenqun::reader
