// tests/unit/report/sheet_test.cpp
#include "report/sheet.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

namespace fenqun::report {
namespace {

Sheet sample() {
  return {"群",
          {"名称", "值"},
          {{std::string("甲, \"乙\""), 1.5},
           {std::string("=1+1"), std::monostate()},
           {std::string("丙"), std::numeric_limits<double>::infinity()}}};
}

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(SheetTest, ACsvQuotesGuardsFormulasAndLeavesWhatIsNoNumberEmpty) {
  EXPECT_EQ(sheet_csv(sample()), "\xEF\xBB\xBF名称,值\r\n\"甲, \"\"乙\"\"\",1.5\r\n'=1+1,\r\n丙,\r\n");
}

TEST(SheetTest, AWorkbookIsAZipThatIsTheSameForTheSameSheets) {
  const auto folder = std::filesystem::temp_directory_path() / "fenqun_sheet_test";
  std::filesystem::create_directories(folder);
  ASSERT_TRUE(write_workbook({sample()}, folder / "a.xlsx").has_value());
  ASSERT_TRUE(write_workbook({sample()}, folder / "b.xlsx").has_value());
  const auto bytes = content(folder / "a.xlsx");
  EXPECT_EQ(bytes.substr(0, 2), "PK");
  EXPECT_EQ(bytes, content(folder / "b.xlsx"));
  EXPECT_FALSE(std::filesystem::exists(folder / "a.xlsx.part"));
  std::filesystem::remove_all(folder);
}

TEST(SheetTest, AWorkbookThatCannotBeWrittenIsAnError) {
  const auto done = write_workbook({sample()}, "/nowhere/at/all.xlsx");
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().line.key, "base.cannot_write");
}

}  // namespace
}  // namespace fenqun::report
