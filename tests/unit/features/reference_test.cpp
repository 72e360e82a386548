// tests/unit/features/reference_test.cpp
#include "features/reference.hpp"

#include "unit/features/small_utility.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace fenqun::features {
namespace {

namespace fs = std::filesystem;

// Reads one table `price` with the key `item` from this text.
Result<std::vector<ReferenceTable>> read(const std::string& csv, const std::string& type = "number") {
  const fenqun::test::TempFolder folder;
  fs::create_directories(folder.path() / "config" / "reference");
  std::ofstream(folder.path() / "config/reference/tables.yaml")
      << "price:\n  zh: 价\n  en: Price\n  key: [item]\n  columns: {item: text, amount: " << type << ", note: text}\n";
  std::ofstream(folder.path() / "config/reference/price.csv") << csv;
  return read_references(AssetStore({folder.path()}));
}

TEST(Reference, CellsMayBeQuotedEmptyAndEndInCarriageReturns) {
  const auto tables = read("\xEF\xBB\xBFitem,amount,note\r\na,1.5,\"one, \"\"two\"\"\"\r\n\r\nb,,\r\n");
  ASSERT_TRUE(tables.has_value()) << test::words_of(tables.error());
  ASSERT_EQ(tables->size(), 1U);
  const std::vector<std::vector<std::string>> expected = {{"a", "1.5", "one, \"two\""}, {"b", "", ""}};
  EXPECT_EQ(tables->front().rows, expected);
  EXPECT_EQ(tables->front().columns[1].type, ReferenceType::Number);
}

TEST(Reference, AFaultyRowIsRefusedWithItsLine) {
  const std::vector<std::array<std::string, 3>> faults = {
      {"", "features.reference_row", "1"},
      {"item,amount\na,1\n", "features.reference_row", "1"},
      {"item,amount,note\na,1\n", "features.reference_row", "2"},
      {"item,amount,note\n\na,x,\n", "features.reference_row", "3"},
      {"item,amount,note\na,1,\"open\n", "features.reference_row", "2"},
      {"item,amount,note\na,1,\na,2,\n", "features.reference_twice", "3"}};
  for (const auto& [csv, key, line] : faults) {
    const auto tables = read(csv);
    ASSERT_FALSE(tables.has_value()) << csv;
    EXPECT_EQ(tables.error().line.key, key) << csv;
    EXPECT_EQ(tables.error().arg("line"), line) << csv;
    EXPECT_EQ(tables.error().code, ErrorCode::BadData) << csv;
  }
}

TEST(Reference, AnUnknownColumnTypeIsRefused) {
  const auto tables = read("item,amount,note\n", "money");
  ASSERT_FALSE(tables.has_value());
  EXPECT_EQ(tables.error().arg("value"), "money");
}

}  // namespace
}  // namespace fenqun::features
