// tests/unit/reader/table_fixture.hpp - texts opened as tables: what the database would read, and what was left out.
#pragma once

#include "base/file.hpp"
#include "reader/table.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace fenqun::reader {

class TableTest : public ::testing::Test {
 protected:
  Result<Table> open(const std::string& text, const SourceLayout& layout = {}, const std::string& name = "x.csv") {
    request_.file = folder_.path() / name;
    std::ofstream(request_.file, std::ios::binary) << text;
    request_.format = layout.format.value_or(format_of(request_.file).value_or(SourceFormat::Csv));
    request_.layout = layout;
    request_.closing_words = *ClosingWords::create(AssetStore());
    request_.scratch = folder_.path() / "scratch";
    std::filesystem::create_directories(request_.scratch);
    auto table = open_table(request_);
    if (!table) return table;
    rows_.clear();
    lines_.clear();
    auto scanner = table->scan();
    EXPECT_TRUE(scanner.has_value());
    ScannedRecord record;
    while (scanner->next(record)) {
      rows_.emplace_back(record.raw);
      lines_.push_back(table->line_of(record));
    }
    EXPECT_EQ(std::ssize(rows_), table->records);
    EXPECT_EQ(table->report.rows, table->records);
    return table;
  }
  /// The key of the error; "" without one.
  std::string refusal(const std::string& text, const SourceLayout& layout = {}, const std::string& name = "x.csv") {
    auto table = open(text, layout, name);
    if (table) return "";
    EXPECT_EQ(table.error().code, ErrorCode::BadData);
    EXPECT_EQ(table.error().arg("file"), request_.file.string());
    error_ = table.error();
    return table.error().line.key;
  }
  [[nodiscard]] bool is_untouched(const Table& table) const { return table.readable == request_.file; }

  using Rows = std::vector<std::string>;
  using Lines = std::vector<std::int64_t>;
  test::TempFolder folder_;
  TableRequest request_;
  Rows rows_;    // raw text of each row
  Lines lines_;  // its line in the file
  Error error_;
};

}  // namespace fenqun::reader
