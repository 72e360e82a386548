// tests/unit/reader/xlsx_table_test.cpp
#include "reader/xlsx_table.hpp"

#include "base/file.hpp"
#include "reader/xlsx_limits.hpp"
#include "reader/xlsx_value.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>
#include <minizip/unzip.h>
#include <minizip/zip.h>
#include <xlsxwriter.h>

#include <array>
#include <fstream>
#include <map>
#include <optional>

namespace fenqun::reader {
namespace {

// All parts of an archive by their names.
std::optional<std::map<std::string, std::string>> read_archive(const std::filesystem::path& path) {
  unzFile zip = unzOpen64(path.c_str());
  if (zip == nullptr) return std::nullopt;
  std::map<std::string, std::string> parts;
  for (int state = unzGoToFirstFile(zip); state == UNZ_OK; state = unzGoToNextFile(zip)) {
    unz_file_info64 info;
    std::array<char, 256> name{};
    unzGetCurrentFileInfo64(zip, &info, name.data(), name.size(), nullptr, 0, nullptr, 0);
    std::string content(info.uncompressed_size, '\0');
    unzOpenCurrentFile(zip);
    unzReadCurrentFile(zip, content.data(), static_cast<unsigned>(content.size()));
    unzCloseCurrentFile(zip);
    parts[name.data()] = std::move(content);
  }
  unzClose(zip);
  return parts;
}

void write_archive(const std::filesystem::path& path, const std::map<std::string, std::string>& parts) {
  zipFile zip = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
  for (const auto& [name, content] : parts) {
    zipOpenNewFileInZip(zip, name.c_str(), nullptr, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED, 1);
    zipWriteInFileInZip(zip, content.data(), static_cast<unsigned>(content.size()));
    zipCloseFileInZip(zip);
  }
  zipClose(zip, nullptr);
}

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

// A row of texts; an empty one is no cell.
void write_row(lxw_worksheet* sheet, lxw_row_t row, const std::vector<std::string>& cells) {
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (!cells[c].empty()) worksheet_write_string(sheet, row, static_cast<lxw_col_t>(c), cells[c].c_str(), nullptr);
  }
}

void merge(lxw_worksheet* sheet, lxw_row_t top, lxw_col_t left, lxw_row_t bottom, lxw_col_t right, const char* text) {
  worksheet_merge_range(sheet, top, left, bottom, right, text, nullptr);
}

using Names = std::vector<std::string>;

TEST_F(Xlsx, JoinsTheNamesOfMergedHeaderRows) {
  lxw_workbook* book = workbook_new(file().c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, nullptr);
  merge(sheet, 0, 0, 0, 5, "三月电费清单");
  write_row(sheet, 1, {"单位：元", "", "", "", "制表日期：2018-04-01"});
  merge(sheet, 2, 0, 3, 0, "户号");
  merge(sheet, 2, 1, 2, 3, "电量");
  merge(sheet, 2, 4, 3, 4, "电费");
  write_row(sheet, 3, {"", "峰", "平", "谷"});
  write_row(sheet, 4, {"001", "1", "2", "3", "5"});
  write_row(sheet, 5, {"002", "1", "2", "3", "6", "备注"});
  write_row(sheet, 6, {"合计", "2", "4", "6", "11"});
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  const auto table = convert();
  ASSERT_TRUE(table.has_value()) << table.error().line.key;
  EXPECT_EQ(table->columns, (Names{"户号", "电量/峰", "电量/平", "电量/谷", "电费", "column_6"}));
  EXPECT_EQ(table->unnamed, std::vector<std::size_t>{5});
  EXPECT_EQ(rows_of(*table), (std::vector<std::uint32_t>{5, 6}));
  EXPECT_EQ(table->report.titles, 2);
  EXPECT_EQ(table->report.headers, 2);
  EXPECT_EQ(table->report.closing, 1);
  EXPECT_EQ(table->report.left_out.back().line, 7) << "a row of the sheet";
}

TEST_F(Xlsx, JoinsThreeHeaderRowsAndCellsMergedOverColumnsAlone) {
  lxw_workbook* book = workbook_new(file().c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "three");
  merge(sheet, 0, 0, 2, 0, "户号");
  merge(sheet, 0, 1, 0, 2, "电量");
  merge(sheet, 1, 1, 1, 2, "峰段");
  write_row(sheet, 2, {"", "有功", "无功"});
  write_row(sheet, 3, {"1", "2", "3"});
  sheet = workbook_add_worksheet(book, "two");
  write_row(sheet, 0, {"户号"});
  merge(sheet, 0, 1, 0, 2, "电量");
  write_row(sheet, 1, {"编号", "峰", "谷"});
  write_row(sheet, 2, {"1", "2", "3"});
  sheet = workbook_add_worksheet(book, "one");
  write_row(sheet, 0, {"户号"});
  merge(sheet, 0, 1, 0, 2, "电量");
  write_row(sheet, 1, {"1", "2", "3"});
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  SourceLayout layout;
  layout.sheets = {"three"};
  EXPECT_EQ(convert(layout)->columns, (Names{"户号", "电量/峰段/有功", "电量/峰段/无功"}));
  layout.sheets = {"two"};
  EXPECT_EQ(convert(layout)->columns, (Names{"户号/编号", "电量/峰", "电量/谷"}));
  layout.sheets = {"one"};
  EXPECT_EQ(convert(layout)->columns, (Names{"户号", "电量", "电量"})) << "values below are no names";
}

TEST_F(Xlsx, ARepeatedMergedHeaderIsNoRow) {
  lxw_workbook* book = workbook_new(file().c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, nullptr);
  for (const lxw_row_t at : {0U, 4U}) {
    merge(sheet, at, 0, at + 1, 0, "户号");
    merge(sheet, at, 1, at, 2, "电量");
    write_row(sheet, at + 1, {"", "峰", "谷"});
    write_row(sheet, at + 2, {"00" + std::to_string(at), "1", "2"});
  }
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  const auto table = convert();
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(rows_of(*table), (std::vector<std::uint32_t>{3, 7}));
  EXPECT_EQ(table->report.repeated_headers, 2);
  EXPECT_EQ(table->report.records(), 6);
}

TEST_F(Xlsx, MergedCellsBelowTheHeaderAreFilledOnlyWhenTheMappingSaysSo) {
  lxw_workbook* book = workbook_new(file().c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, nullptr);
  write_row(sheet, 0, {"台区", "户号"});
  merge(sheet, 1, 0, 3, 0, "一号");
  for (lxw_row_t r = 1; r < 5; ++r) write_row(sheet, r, {"", "00" + std::to_string(r)});
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  ASSERT_TRUE(convert().has_value());
  EXPECT_EQ(text(), "台区,户号\n一号,001\n,002\n,003\n,004\n");
  SourceLayout layout;
  layout.fill_merged = true;
  ASSERT_TRUE(convert(layout).has_value());
  EXPECT_EQ(text(), "台区,户号\n一号,001\n一号,002\n一号,003\n,004\n");
}

TEST_F(Xlsx, TakesTheFirstVisibleSheetThatHoldsATableAndNamesTheOthers) {
  lxw_workbook* book = workbook_new(file().c_str());
  lxw_worksheet* cover = workbook_add_worksheet(book, "填写说明");
  write_row(cover, 0, {"请按月填写"});
  write_row(cover, 1, {"勿改表头"});
  workbook_add_worksheet(book, "空");
  lxw_worksheet* hidden = workbook_add_worksheet(book, "码表");
  write_row(hidden, 0, {"a", "b"});
  write_row(hidden, 1, {"1", "2"});
  worksheet_hide(hidden);
  lxw_worksheet* data = workbook_add_worksheet(book, "数据");
  write_row(data, 0, {"户号", "电量"});
  write_row(data, 1, {"001", "2"});
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  const auto table = convert();
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->report.sheets, Names{"数据"});
  EXPECT_EQ(table->report.unread_sheets, (Names{"填写说明", "码表"}));
  EXPECT_EQ(table->columns, (Names{"户号", "电量"}));
}

TEST_F(Xlsx, ReadsSeveralSheetsOfTheSameColumns) {
  lxw_workbook* book = workbook_new(file().c_str());
  for (const auto* name : {"一月", "二月", "三月"}) {
    lxw_worksheet* sheet = workbook_add_worksheet(book, name);
    const bool turned = std::string(name) == "二月";
    write_row(sheet, 0, turned ? Names{"b", "a"} : Names{"a", "b"});
    write_row(sheet, 2, turned ? Names{"2,5", name} : Names{name, "2,5"});
  }
  lxw_worksheet* other = workbook_add_worksheet(book, "汇总");
  write_row(other, 0, {"a", "c"});
  write_row(other, 1, {"1", "2"});
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  SourceLayout layout;
  layout.sheets = {"一月", "二月"};
  auto table = convert(layout);
  ASSERT_TRUE(table.has_value()) << table.error().line.key;
  EXPECT_EQ(text(), "一月,\"2,5\"\n二月,\"2,5\"\n");
  EXPECT_EQ(table->report.headers, 2);
  EXPECT_EQ(table->report.unread_sheets, (Names{"三月", "汇总"}));
  auto scanner = *table->scan();
  ScannedRecord record;
  ASSERT_TRUE(scanner.next(record) && scanner.next(record));
  EXPECT_EQ(table->sheet_of(record), "二月");
  EXPECT_EQ(table->line_of(record), 3);
  layout.sheets.clear();
  layout.all_sheets = true;
  table = convert(layout);
  ASSERT_FALSE(table.has_value());
  EXPECT_EQ(table.error().line.key, "reader.sheets_differ");
  EXPECT_EQ(table.error().arg("sheet"), "汇总");
  EXPECT_EQ(table.error().arg("column"), "b");
}

TEST_F(Xlsx, ReadsDatesOfTheSystemThatBeginsIn1904) {
  lxw_workbook* book = workbook_new(file().c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, nullptr);
  lxw_format* date = workbook_add_format(book);
  format_set_num_format(date, "yyyy-mm-dd");
  write_row(sheet, 0, {"a", "b"});
  worksheet_write_number(sheet, 1, 0, 43160 - 1462, date);
  worksheet_write_number(sheet, 1, 1, 43160 - 1462, nullptr);
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  // The library writes the other system only: the property is put in by hand.
  const auto parts = *read_archive(file());
  auto book_xml = parts.at("xl/workbook.xml");
  const std::string property = "<workbookPr ";
  ASSERT_NE(book_xml.find(property), std::string::npos);
  book_xml.insert(book_xml.find(property) + property.size(), "date1904=\"1\" ");
  auto changed = parts;
  changed["xl/workbook.xml"] = book_xml;
  write_archive(file(), changed);
  ASSERT_TRUE(convert().has_value());
  EXPECT_EQ(text(), "a,b\n2018-03-01,41698\n");
}

TEST_F(Xlsx, RefusesWhatIsNoWorkbook) {
  std::ofstream(file()) << "not a zip";
  const auto refused = convert();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "reader.no_workbook");
  std::ofstream(file()) << "PAR1 and so on";
  EXPECT_EQ(convert().error().line.key, "reader.workbook_is_parquet");
  std::ofstream(file()) << "PK but no archive";
  EXPECT_EQ(convert().error().line.key, "ingest.not_xlsx");
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

TEST_F(Xlsx, RefusesASheetThatBreaksOffOrWhoseTagsDoNotMatch) {
  lxw_workbook* book = workbook_new(file().c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "缴费");
  worksheet_write_string(sheet, 0, 0, "id", nullptr);
  worksheet_write_string(sheet, 0, 1, "n", nullptr);
  for (std::uint32_t r = 1; r < 6; ++r) {
    worksheet_write_string(sheet, r, 0, "a", nullptr);
    worksheet_write_number(sheet, r, 1, r, nullptr);
  }
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  const auto parts = *read_archive(file());
  const std::string name = "xl/worksheets/sheet1.xml";
  const auto& whole = parts.at(name);
  const auto expect_damaged = [&](const std::string& xml) {
    auto changed = parts;
    changed[name] = xml;
    write_archive(file(), changed);
    const auto refused = convert();
    ASSERT_FALSE(refused.has_value()) << xml;
    EXPECT_EQ(refused.error().code, ErrorCode::BadData);
    EXPECT_EQ(refused.error().line.key, "reader.sheet_damaged");
    EXPECT_EQ(refused.error().arg("sheet"), "缴费");
    EXPECT_EQ(refused.error().arg("part"), name);
  };
  expect_damaged(whole.substr(0, whole.find("<row r=\"4\"")));
  expect_damaged(whole.substr(0, whole.find("<row r=\"4\"") + 20));
  expect_damaged(whole.substr(0, whole.find("</sheetData>")));
  auto mixed = whole;
  mixed.replace(mixed.find("</row>", mixed.find("<row r=\"3\"")), 6, "</wor>");
  expect_damaged(mixed);
  write_archive(file(), parts);
  EXPECT_EQ(convert()->records, 5);
}

TEST_F(Xlsx, RefusesACellWhoseSharedTextIsNotThere) {
  lxw_workbook* book = workbook_new(file().c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "缴费");
  for (std::uint32_t r = 0; r < 3; ++r) {
    worksheet_write_string(sheet, r, 0, r == 0 ? "id" : "a", nullptr);
    worksheet_write_string(sheet, r, 1, r == 0 ? "name" : "b", nullptr);
  }
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  auto parts = *read_archive(file());
  auto& xml = parts.at("xl/worksheets/sheet1.xml");
  xml.replace(xml.find("<v>", xml.find("r=\"B3\"")), 8, "<v>99</v>");
  write_archive(file(), parts);
  const auto refused = convert();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "reader.no_shared_text");
  EXPECT_EQ(refused.error().arg("cell"), "B3");
  EXPECT_EQ(refused.error().arg("index"), "99");
  EXPECT_EQ(refused.error().arg("count"), "4");
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
  EXPECT_EQ(outcome.error().line.key, "reader.xlsx_large_element");
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
