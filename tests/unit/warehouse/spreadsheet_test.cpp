// tests/unit/warehouse/spreadsheet_test.cpp - rows of a query as a file that a spreadsheet opens.
#include "warehouse/spreadsheet.hpp"

#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace fenqun::warehouse {
namespace {

class SpreadsheetTest : public testing::Test {
 protected:
  void SetUp() override {
    database_.emplace(std::move(*Database::open({}, {})));
    connection_.emplace(std::move(*database_->connect()));
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "list.csv"; }
  [[nodiscard]] std::string content() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  test::TempFolder folder_;
  std::optional<Database> database_;
  std::optional<Connection> connection_;
};

TEST_F(SpreadsheetTest, RowsStandInTheQuerysOrderBehindAByteOrderMark) {
  ASSERT_TRUE(write_spreadsheet(*connection_,
                                "SELECT * FROM (VALUES (2, '乙'), (1, '甲'), (3, NULL)) t(n, \"名称\") ORDER BY n",
                                file())
                  .has_value());
  EXPECT_EQ(content(), "\xEF\xBB\xBFn,名称\n1,甲\n2,乙\n3,\n");
}

TEST_F(SpreadsheetTest, ATextThatWouldBeAFormulaIsNone) {
  ASSERT_TRUE(write_spreadsheet(*connection_,
                                "SELECT * FROM (VALUES ('=1+1', -1), ('@a', 2), ('-b', 3), ('+c', 4), ('d=', 5)) "
                                "t(\"text\", number) ORDER BY abs(number)",
                                file())
                  .has_value());
  EXPECT_EQ(content(), "\xEF\xBB\xBFtext,number\n'=1+1,-1\n'@a,2\n'-b,3\n'+c,4\nd=,5\n");
  EXPECT_EQ(without_formula("=cmd"), "'=cmd");
  EXPECT_EQ(without_formula("户号"), "户号");
  EXPECT_EQ(without_formula(""), "");
}

TEST_F(SpreadsheetTest, WhereNothingCanBeWrittenTheOldFileStays) {
  std::ofstream(file()) << "old";
  std::filesystem::create_directory(file().string() + ".part");
  const auto refused = write_spreadsheet(*connection_, "SELECT 1 AS n", file());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "base.cannot_write");
  EXPECT_EQ(content(), "old");
}

}  // namespace
}  // namespace fenqun::warehouse
