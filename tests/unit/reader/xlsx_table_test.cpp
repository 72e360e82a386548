// tests/unit/ingest/xlsx_test.cpp
#include "reader/xlsx_table.hpp"

#include "base/file.hpp"
#include "reader/xlsx_limits.hpp"
#include "reader/xlsx_value.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>
#include <minizip/zip.h>
#include <xlsxwriter.h>

#include <fstream>

namespace fenqun::reader {
namespace {

class Xlsx : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "book.xlsx"; }

  Result<Table> convert(const SourceLayout& layout = {}, std::stop_token stop = {}) {
    TableRequest request;
    request.file = file();
    request.format = SourceFormat::Xlsx;
    request.layout = layout;
    request.closing_words = *ClosingWords::create(AssetStore());
    request.scratch = folder_.path();
    request.stop = std::move(stop);
    auto table = open_table(request);
    if (table) text_ = read_file(table->readable).value_or("?");
    return table;
  }
  [[nodiscard]] const std::string& text() const { return text_; }
  static std::vector<std::uint32_t> rows_of(const Table& table) {
    std::vector<std::uint32_t> rows;
    for (const auto& place : table.sheet_rows) rows.push_back(place.row);
    return rows;
  }

  std::string text_;
  test::TempFolder folder_;
};

TEST_F(Xlsx, WritesTextsNumbersBooleansAndDates) {
  lxw_workbook* book = workbook_new(file().c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "缴费");
  lxw_format* date = workbook_add_format(book);
  format_set_num_format(date, "yyyy\"年\"m\"月\"d\"日\"");
  lxw_format* stamp = workbook_add_format(book);
  format_set_num_format(stamp, "yyyy-mm-dd hh:mm");
  lxw_format* money = workbook_add_format(book);
  format_set_num_format(money, "[Red]#,##0.00");
  for (std::uint16_t c = 0; c < 5; ++c)
    worksheet_write_string(sheet, 0, c, std::string(1, static_cast<char>('a' + c)).c_str(), nullptr);
  worksheet_write_string(sheet, 1, 0, "0012, \"x\"", nullptr);
  worksheet_write_number(sheet, 1, 1, 10000000001.0, nullptr);
  worksheet_write_number(sheet, 1, 2, 43160, date);
  worksheet_write_number(sheet, 1, 3, 43160.4375, stamp);
  worksheet_write_number(sheet, 1, 4, 1234.5, money);
  worksheet_write_boolean(sheet, 3, 0, 1, nullptr);
  worksheet_write_string(sheet, 3, 4, "两\n行", nullptr);
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  const auto rows = convert();
  ASSERT_TRUE(rows.has_value()) << rows.error().line.key;
  EXPECT_EQ(rows->report.sheets, std::vector<std::string>{"缴费"});
  EXPECT_EQ(rows_of(*rows), (std::vector<std::uint32_t>{2, 4}));
  EXPECT_EQ(text(),
            "a,b,c,d,e\n\"0012, \"\"x\"\"\",10000000001,2018-03-01,2018-03-01 10:30:00,1234.5\ntrue,,,,\"两\n行\"\n");
}

TEST_F(Xlsx, TakesTheSheetNamedAndSkipsRows) {
  lxw_workbook* book = workbook_new(file().c_str());
  workbook_add_worksheet(book, "first");
  lxw_worksheet* sheet = workbook_add_worksheet(book, "second");
  worksheet_write_string(sheet, 0, 0, "title", nullptr);
  worksheet_write_string(sheet, 2, 0, "a", nullptr);
  worksheet_write_number(sheet, 3, 0, 7, nullptr);
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  SourceLayout layout;
  layout.sheets = {"second"};
  layout.skip_lines = 1;
  const auto rows = convert(layout);
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(text(), "a\n7\n");
  EXPECT_EQ(rows_of(*rows), std::vector<std::uint32_t>{4});
  EXPECT_EQ(rows->report.titles, 1);
  layout.sheets = {"third"};
  const auto missing = convert(layout);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().line.key, "ingest.no_sheet");
  EXPECT_EQ(missing.error().arg("sheets"), "first, second");
}

TEST_F(Xlsx, ReadsInlineTextsFormulasAndManyRows) {
  lxw_workbook_options options = {};
  options.constant_memory = LXW_TRUE;  // writes texts inline
  lxw_workbook* book = workbook_new_opt(file().c_str(), &options);
  lxw_worksheet* sheet = workbook_add_worksheet(book, nullptr);
  for (std::uint32_t r = 0; r < 20000; ++r) {
    worksheet_write_string(sheet, r, 0, ("客户" + std::to_string(r)).c_str(), nullptr);
    worksheet_write_formula_num(sheet, r, 1, "=ROW()", nullptr, r);
  }
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  SourceLayout layout;
  layout.header = false;
  layout.columns = {"name", "number"};
  const auto rows = convert(layout);
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->sheet_rows.size(), 20000U);
  const auto all = text();
  EXPECT_TRUE(all.starts_with("客户0,0\n客户1,1\n"));
  EXPECT_TRUE(all.ends_with("客户19999,19999\n"));
}

TEST_F(Xlsx, RefusesWhatIsNoWorkbook) {
  std::ofstream(file()) << "not a zip";
  const auto refused = convert();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "ingest.not_xlsx");
}

TEST_F(Xlsx, RefusesADamagedWorkbook) {
  lxw_workbook* book = workbook_new(file().c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, nullptr);
  for (std::uint32_t r = 0; r < 500; ++r) worksheet_write_number(sheet, r, 0, r * 7919 % 1009, nullptr);
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  const auto whole = *read_file(file());
  int refused = 0;
  for (std::size_t at = 40; at + 100 < whole.size(); at += 97) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    std::ofstream(file(), std::ios::binary) << damaged;
    const auto outcome = convert();
    if (!outcome) {
      ++refused;
      EXPECT_EQ(outcome.error().code, ErrorCode::BadData);
    }
  }
  EXPECT_GT(refused, 10);
}

// A few kilobytes that unpack to more than a row may have.
TEST_F(Xlsx, RefusesAnArchiveThatUnpacksBeyondTheLimits) {
  const auto add = [](zipFile zip, const char* part, const std::string& head, std::int64_t filler,
                      const std::string& tail) {
    ASSERT_EQ(zipOpenNewFileInZip64(zip, part, nullptr, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED, 9, 1), ZIP_OK);
    zipWriteInFileInZip(zip, head.data(), static_cast<unsigned>(head.size()));
    const std::string blanks(1U << 20U, ' ');
    for (std::int64_t done = 0; done < filler; done += 1 << 20) zipWriteInFileInZip(zip, blanks.data(), 1U << 20U);
    zipWriteInFileInZip(zip, tail.data(), static_cast<unsigned>(tail.size()));
    zipCloseFileInZip(zip);
  };
  zipFile zip = zipOpen64(file().c_str(), APPEND_STATUS_CREATE);
  ASSERT_NE(zip, nullptr);
  add(zip, "xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>", 0,
      "");
  add(zip, "xl/_rels/workbook.xml.rels", "<R><R Id=\"r1\" Target=\"worksheets/s.xml\"/></R>", 0, "");
  add(zip, "xl/worksheets/s.xml", "<worksheet><sheetData><row r=\"1\">", kXlsxMaxRowBytes + (2 << 20),
      "</row></sheetData></worksheet>");
  zipClose(zip, nullptr);
  ASSERT_LT(std::filesystem::file_size(file()), 100'000U);
  const auto outcome = convert();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().line.key, "ingest.xlsx_limit");
  EXPECT_EQ(outcome.error().arg("limit"), std::to_string(kXlsxMaxRowBytes));
}

TEST_F(Xlsx, StopsWhenAsked) {
  lxw_workbook* book = workbook_new(file().c_str());
  worksheet_write_number(workbook_add_worksheet(book, nullptr), 0, 0, 1, nullptr);
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  std::stop_source stop;
  stop.request_stop();
  const auto outcome = convert({}, stop.get_token());
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, ErrorCode::Cancelled);
}

TEST(XlsxValue, TurnsSerialsIntoDatesOfBothSystems) {
  EXPECT_EQ(date_text(1, DateSystem::From1900, Shown::Date), "1900-01-01");
  EXPECT_EQ(date_text(59, DateSystem::From1900, Shown::Date), "1900-02-28");
  EXPECT_EQ(date_text(60, DateSystem::From1900, Shown::Date), std::nullopt) << "29 February 1900 never was";
  EXPECT_EQ(date_text(61, DateSystem::From1900, Shown::Date), "1900-03-01");
  EXPECT_EQ(date_text(43160, DateSystem::From1900, Shown::Date), "2018-03-01");
  EXPECT_EQ(date_text(43160 - 1462, DateSystem::From1904, Shown::Date), "2018-03-01");
  EXPECT_EQ(date_text(43160.999999, DateSystem::From1900, Shown::Date), "2018-03-02") << "rounds to the second";
  EXPECT_EQ(date_text(0.5, DateSystem::From1900, Shown::Time), "12:00:00");
  EXPECT_EQ(date_text(-1, DateSystem::From1900, Shown::Date), std::nullopt);
  EXPECT_EQ(date_text(1e300, DateSystem::From1900, Shown::Date), std::nullopt);
}

TEST(XlsxValue, TurnsSerialsIntoTimesAndLengthsOfTime) {
  EXPECT_EQ(date_text(0.4375, DateSystem::From1904, Shown::Time), "10:30:00");
  EXPECT_EQ(date_text(0.4375, DateSystem::From1904, Shown::Date), "1904-01-01 10:30:00");
  EXPECT_EQ(date_text(43160.4375, DateSystem::From1900, Shown::Time), "2018-03-01 10:30:00") << "nothing is lost";
  EXPECT_EQ(date_text(1.5, DateSystem::From1900, Shown::Elapsed), "36:00:00");
  EXPECT_EQ(date_text(0.25, DateSystem::From1904, Shown::Elapsed), "06:00:00");
}

TEST(XlsxValue, TellsDateFormatsFromNumberFormats) {
  for (const int id : {14, 17, 22, 31, 57}) EXPECT_EQ(shown_by(id, ""), Shown::Date) << id;
  for (const int id : {18, 21, 33, 47}) EXPECT_EQ(shown_by(id, ""), Shown::Time) << id;
  for (const int id : {0, 1, 4, 9, 44, 49}) EXPECT_EQ(shown_by(id, ""), Shown::Number) << id;
  for (const auto* code : {"yyyy-mm-dd", "[$-804]yyyy\"年\"m\"月\"", "mmm", "m/d h:mm"})
    EXPECT_EQ(shown_by(164, code), Shown::Date) << code;
  for (const auto* code : {"mm:ss.0", "hh:mm", "h:mm AM/PM"}) EXPECT_EQ(shown_by(164, code), Shown::Time) << code;
  EXPECT_EQ(shown_by(164, "[h]:mm"), Shown::Elapsed);
  EXPECT_EQ(shown_by(46, ""), Shown::Elapsed);
  for (const auto* code : {"0.00", "[Red]#,##0", "\"days\" 0", "0\\d", "#,##0_d", "General", "0;\"d\"0"})
    EXPECT_EQ(shown_by(164, code), Shown::Number) << code;
}

TEST(XlsxValue, WritesNumbersInFullAndReadsCellNames) {
  EXPECT_EQ(number_text("1.0000000001E10"), "10000000001");
  EXPECT_EQ(number_text("0012"), "0012");
  EXPECT_EQ(number_text("2.5E-2"), "0.025");
  EXPECT_EQ(column_of("A1"), 0);
  EXPECT_EQ(column_of("BC7"), 54);
  EXPECT_EQ(column_of("XFD1048576"), 16383);
  for (const auto* name : {"", "7", "A", "ZZZZZZZZZ1", "a1"}) EXPECT_EQ(column_of(name), std::nullopt) << name;
}

}  // namespace
}  // namespace fenqun::reader
