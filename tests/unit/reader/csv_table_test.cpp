// tests/unit/reader/csv_table_test.cpp - what is found out about a CSV file, and what is left out of it.
#include "unit/reader/gzip_bytes.hpp"
#include "unit/reader/table_fixture.hpp"

namespace fenqun::reader {
namespace {

using Names = std::vector<std::string>;

class CsvTable : public TableTest {
 protected:
  // Every record of the file is accounted for.
  static void expect_counts(const Table& table, std::int64_t records) { EXPECT_EQ(table.report.records(), records); }
};

TEST_F(CsvTable, ACleanFileIsReadWhereItLies) {
  const auto table = open("a,b\n1,2\n3,4\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_TRUE(is_untouched(*table));
  EXPECT_TRUE(table->report.is_plain());
  EXPECT_EQ(table->columns, (Names{"a", "b"}));
  EXPECT_EQ(rows_, (Rows{"1,2", "3,4"}));
  EXPECT_EQ(lines_, (Lines{2, 3}));
  expect_counts(*table, 3);
}

TEST_F(CsvTable, FindsTheDelimiter) {
  for (const char delimiter : {',', ';', '\t', '|'}) {
    const std::string d(1, delimiter);
    const auto table =
        open("户号" + d + "名称" + d + "电量\n1" + d + "\"a" + d + "b\"" + d + "2.5\n2" + d + "x" + d + "3\n");
    ASSERT_TRUE(table.has_value()) << delimiter;
    EXPECT_EQ(table->delimiter, delimiter);
    EXPECT_EQ(table->columns, (Names{"户号", "名称", "电量"})) << delimiter;
    EXPECT_EQ(table->report.is_plain(), delimiter == ',');
  }
}

TEST_F(CsvTable, TheDelimiterThatFitsMostRecordsWins) {
  EXPECT_EQ(open("a;b;c\n1,5;2;3\n2,5;3;4\n")->delimiter, ';') << "decimal commas";
  EXPECT_EQ(open("a,b|c\n1,x\n2,y\n")->delimiter, ',') << "a bar in a name";
  EXPECT_EQ(open("a\n1\n2\n")->delimiter, ',') << "one column";
  EXPECT_EQ(open("sep=;\na,b;c\n1,2;3\n")->columns, (Names{"a,b", "c"})) << "said in the first line";
  SourceLayout layout;
  layout.delimiter = '|';
  EXPECT_EQ(open("a,b|c,d\n1,2|3,4\n", layout)->columns, (Names{"a,b", "c,d"})) << "said in the mapping";
  SourceLayout named;
  named.header = false;
  named.columns = {"x", "y"};
  EXPECT_EQ(open("1;2,3,4\n5;6,7,8\n", named)->delimiter, ';') << "as many values as columns are named";
}

TEST_F(CsvTable, DecodesWhatIsNotUtf8) {
  const auto gb = open("\xBB\xA7\xBA\xC5,\xB5\xE7\xC1\xBF\n1,2\n");
  ASSERT_TRUE(gb.has_value());
  EXPECT_EQ(gb->report.encoding, Encoding::Gb18030);
  EXPECT_EQ(gb->columns, (Names{"户号", "电量"}));
  using std::string_literals::operator""s;
  const auto marked = open("\xFF\xFE\x37\x62,\0b\0\n\0001\0,\0002\0\n\0"s);
  ASSERT_TRUE(marked.has_value());
  EXPECT_EQ(marked->report.encoding, Encoding::Utf16Le);
  EXPECT_TRUE(marked->report.has_mark);
  EXPECT_EQ(marked->columns, (Names{"户", "b"}));
  const auto unmarked = open("\0a\0,\0b\0\n\0001\0,\0002\0\n"s);
  ASSERT_TRUE(unmarked.has_value());
  EXPECT_EQ(unmarked->report.encoding, Encoding::Utf16Be);
  EXPECT_EQ(rows_, Rows{"1,2"});
}

TEST_F(CsvTable, FindsAnotherEncodingHoweverLateItShows) {
  std::string text = "id,name\n";
  while (text.size() < 3'000'000) text += "1234567890,plain\n";
  const auto lines = std::count(text.begin(), text.end(), '\n');
  text += "1,\xD5\xC5\xC8\xFD\n";
  const auto table = open(text);
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->report.encoding, Encoding::Gb18030);
  EXPECT_EQ(rows_.back(), "1,张三");
  EXPECT_EQ(lines_.back(), lines + 1);
}

TEST_F(CsvTable, RefusesAnEncodingItIsNotSureOf) {
  EXPECT_EQ(refusal("id,ville\n1,Orl\xE9"
                    "ans\n2,Besan\xE7on\n"),
            "reader.encoding_unclear");
  EXPECT_EQ(error_.arg("byte"), "14");
  EXPECT_EQ(refusal("户号,名称\n1,张\xE4\n"), "reader.encoding_unclear") << "one character cut";
  EXPECT_EQ(refusal("\xEF\xBB\xBF"
                    "a,b\n1,\xD5\xC5\n"),
            "reader.encoding_unclear")
      << "marked as UTF-8";
  EXPECT_EQ(refusal("a,\xBB\xA7\xBA\xC5,\xB5\xE7\xC1\xBF\xFF\n"), "reader.encoding_unclear") << "not to its end";
  SourceLayout layout;
  layout.encoding = Encoding::Utf8;
  EXPECT_EQ(refusal("a,\xBB\xA7\xBA\xC5\n", layout), "ingest.not_utf8");
  EXPECT_EQ(error_.arg("encoding"), "gb18030");
}

TEST_F(CsvTable, TheMarkGoesBeforeWhatTheMappingSays) {
  SourceLayout layout;
  layout.encoding = Encoding::Gb18030;
  const auto table = open("\xEF\xBB\xBF户号,b\n1,2\n", layout);
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->report.encoding, Encoding::Utf8);
  EXPECT_EQ(table->columns[0], "户号");
}

TEST_F(CsvTable, UnpacksGzip) {
  const auto table = open(test::gzip_bytes("\xBB\xA7\xBA\xC5;b\n1;2\n"), {}, "x.csv.gz");
  ASSERT_TRUE(table.has_value());
  EXPECT_TRUE(table->report.is_gzip);
  EXPECT_EQ(table->columns, (Names{"户号", "b"}));
  EXPECT_EQ(rows_, Rows{"1;2"});
  const auto whole = test::gzip_bytes("a,b\n1,2\n");
  EXPECT_EQ(refusal(whole.substr(0, whole.size() - 3), {}, "x.csv.gz"), "reader.gzip_cut");
  EXPECT_TRUE(open("a,b\n1,2\n", {}, "x.csv.gz").has_value()) << "unpacked by somebody, the name left as it was";
}

TEST_F(CsvTable, BlankHeaderCellsGetAName) {
  const auto table = open("a,, \t,column_2\n1,2,3,4\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->columns, (Names{"a", "column_2_", "column_3", "column_2"}));
  EXPECT_EQ(table->unnamed, (std::vector<std::size_t>{1, 2}));
}

TEST_F(CsvTable, ADelimiterAtEveryLinesEndIsNoFault) {
  EXPECT_EQ(open("a,b\n1,2,\n3,4,\n")->columns, (Names{"a", "b", "column_3"})) << "in the rows alone";
  EXPECT_EQ(open("a,b,\n1,2\n3,4\n")->columns, (Names{"a", "b"})) << "in the header alone";
  EXPECT_EQ(open("a,b\n1,2,\n3,4,5\n")->columns, (Names{"a", "b"})) << "a value there is one too many";
}

TEST_F(CsvTable, TitleLinesAreSkippedWhereTheCaseIsClear) {
  const auto table = open("2018年3月电费清单,,\n单位：元,,\n\n户号,月份,电费\n1,2018-03,5\n2,2018-03,6\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->columns, (Names{"户号", "月份", "电费"}));
  EXPECT_EQ(lines_, (Lines{5, 6}));
  EXPECT_EQ(table->report.titles, 2);
  ASSERT_EQ(table->report.left_out.size(), 2U);
  EXPECT_EQ(table->report.left_out[0].kind, LineKind::Title);
  EXPECT_EQ(table->report.left_out[0].text, "2018年3月电费清单,,");
  EXPECT_EQ(table->report.left_out[1].line, 2);
  EXPECT_TRUE(is_untouched(*table)) << "the database can pass over them";
  expect_counts(*table, 5);
}

TEST_F(CsvTable, TitleLinesWithQuotesAndLineEndsAreSkipped) {
  const auto table = open("\"清单\n(一)\"\n户号,电费\n1,5\n2,6\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->columns, (Names{"户号", "电费"}));
  EXPECT_EQ(rows_, (Rows{"1,5", "2,6"}));
  EXPECT_EQ(lines_, (Lines{4, 5}));
}

TEST_F(CsvTable, NothingIsSkippedWhereTheFirstLineMayBeTheHeader) {
  EXPECT_EQ(open("a,b,c\n1,2,3\n")->columns, (Names{"a", "b", "c"}));
  EXPECT_EQ(open("a\n1,2\n3,4\n")->columns, Names{"a"}) << "values are no header";
  EXPECT_EQ(open("a,b\nx,\ny,\n")->columns, (Names{"a", "b"})) << "rows with less than the header";
  SourceLayout layout;
  layout.skip_lines = 0;
  EXPECT_EQ(open("清单,,\n户号,月份,电费\n1,2,3\n", layout)->columns, (Names{"清单", "column_2", "column_3"}));
  layout.skip_lines = 1;
  const auto skipped = open("清单\n户号,月份,电费\n1,2,3\n", layout);
  EXPECT_EQ(skipped->columns, (Names{"户号", "月份", "电费"}));
  EXPECT_EQ(skipped->report.titles, 1);
}

TEST_F(CsvTable, DaysAsColumnNamesAreAHeader) {
  const auto table = open("日电量,,\n户号,2018-03-01,2018-03-02\n1,5,6\n2,7,8\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->columns, (Names{"户号", "2018-03-01", "2018-03-02"}));
}

TEST_F(CsvTable, TwoHeaderRowsAreJoined) {
  const auto table = open("户号,户名,电量,,\n,,峰,平,谷\n1,张,2,3,4\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->columns, (Names{"户号", "户名", "电量/峰", "电量/平", "电量/谷"}));
  EXPECT_EQ(rows_, Rows{"1,张,2,3,4"});
  EXPECT_EQ(lines_, Lines{3});
  EXPECT_EQ(table->report.headers, 2);
  SourceLayout layout;
  layout.header_rows = 2;
  EXPECT_EQ(open("a,b\nkWh,元\n1,2\n", layout)->columns, (Names{"a/kWh", "b/元"}));
}

TEST_F(CsvTable, RepeatedHeadersAreLeftOutAndTold) {
  const auto table = open("a,b\n1,2\na,b\n3,4\na,b\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(rows_, (Rows{"1,2", "3,4"}));
  EXPECT_EQ(lines_, (Lines{2, 4}));
  EXPECT_EQ(table->report.repeated_headers, 2);
  EXPECT_EQ(table->report.left_out[1].line, 5);
  EXPECT_FALSE(table->report.is_plain());
  expect_counts(*table, 5);
}

TEST_F(CsvTable, PagesWithTitleAndHeaderEachAreOneTable) {
  const auto table = open("清单,,\n户号,月份,电费\n1,2,3\n清单,,\n户号,月份,电费\n4,5,6\n合计,,9\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(lines_, (Lines{3, 6}));
  EXPECT_EQ(table->report.repeated_headers, 2);
  EXPECT_EQ(table->report.closing, 1);
  expect_counts(*table, 7);
}

TEST_F(CsvTable, ClosingLinesAreLeftOutAtTheEndAlone) {
  const auto table = open("户号,电费\n1,5\n小计,5\n2,6\n合 计：,11\n\"\",\n共 3 条,\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(rows_, (Rows{"1,5", "小计,5", "2,6"})) << "a total in the middle is a row, to be judged as such";
  EXPECT_EQ(table->report.closing, 2);
  EXPECT_EQ(table->report.blank, 1);
  EXPECT_EQ(table->report.stated_rows, 3);
  EXPECT_EQ(table->report.left_out[0].kind, LineKind::Total);
  EXPECT_EQ(table->report.left_out[0].line, 5);
  EXPECT_EQ(table->report.left_out[1].kind, LineKind::RowCount);
  EXPECT_EQ(table->report.left_out[1].line, 7);
  expect_counts(*table, 7);
}

TEST_F(CsvTable, ClosingLinesAnywhereOrNowhereAsTheMappingSays) {
  const std::string text = "户号,电费\n1,5\n小计,5\n2,6\n合计,11\n";
  SourceLayout layout;
  layout.closing_lines = ClosingLines::Anywhere;
  auto table = open(text, layout);
  EXPECT_EQ(rows_, (Rows{"1,5", "2,6"}));
  EXPECT_EQ(lines_, (Lines{2, 4}));
  EXPECT_EQ(table->report.closing, 2);
  layout.closing_lines = ClosingLines::Nowhere;
  table = open(text, layout);
  EXPECT_EQ(rows_.size(), 4U);
  EXPECT_EQ(table->report.closing, 0);
}

TEST_F(CsvTable, WhatStandsBeforeThemDoesNotHideClosingLines) {
  EXPECT_EQ(open("a,b,c\n1,2,3\n,合计,3\n")->report.closing, 1) << "the first filled cell counts";
  EXPECT_EQ(open("a,b,c\n1,2,3\n\"合计\",,3")->report.closing, 1) << "quoted, without a line end";
  EXPECT_EQ(open("a,b,c\n1,2,3\n共,3,条\n")->report.stated_rows, 3) << "a count over several cells";
}

TEST_F(CsvTable, ManyTotalsAreRows) {
  std::string text = "a,b\n1,2\n";
  for (int i = 0; i < 65; ++i) text += "合计,2\n";
  const auto table = open(text);
  EXPECT_EQ(table->report.closing, 0);
  EXPECT_EQ(rows_.size(), 66U);
}

TEST_F(CsvTable, BlankRecordsAreNoRows) {
  const auto table = open("a,b\n,\n1,2\n \t,　\n\n\"\",\" \"\n3,4\n,,,\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(rows_, (Rows{"1,2", "3,4"}));
  EXPECT_EQ(lines_, (Lines{3, 7}));
  EXPECT_EQ(table->report.blank, 4);
  expect_counts(*table, 7);
}

TEST_F(CsvTable, AOneColumnFileKeepsItsLineNumbers) {
  const auto table = open("户号\n001\n\n户号\n002\n\n\n003\n004\n共3条\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(rows_, (Rows{"001", "002", "003", "004"}));
  EXPECT_EQ(lines_, (Lines{2, 5, 8, 9}));
  EXPECT_EQ(table->report.stated_rows, 3);
  expect_counts(*table, 10);
}

TEST_F(CsvTable, MixedLineEndsAreMadeAlike) {
  const auto table = open("a,b\r\n1,2\n3,\"x\r\ny\"\r5,6\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(rows_, (Rows{"1,2", "3,\"x\r\ny\"", "5,6"}));
  EXPECT_EQ(lines_, (Lines{2, 3, 5}));
  EXPECT_EQ(*read_file(table->readable), "a,b\n1,2\n3,\"x\r\ny\"\n5,6\n");
}

TEST_F(CsvTable, WithoutAHeaderAllRecordsAreRows) {
  SourceLayout layout;
  layout.header = false;
  layout.columns = {"x", "y"};
  const auto table = open("\n张三,北京\n李四,上海\n张三,北京\n合计,2\n", layout);
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->columns, (Names{"x", "y"}));
  EXPECT_EQ(lines_, (Lines{2, 3, 4}));
  EXPECT_EQ(table->report.headers, 0);
  expect_counts(*table, 4);
}

TEST_F(CsvTable, AFirstRowOfOddQuotesIsARowToo) {
  SourceLayout layout;
  layout.header = false;
  layout.columns = {"x", "y"};
  const auto table = open("\"\" \"\"\"\n\n\"\"#,2\n3,4\n", layout);
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(lines_, (Lines{1, 3, 4}));
}

TEST_F(CsvTable, AQuoteIsAValue) {
  const auto table = open("a,b\n\"\"\"\",\n\"\",\n\"\"\"\"\"\",\"x\"\n", {});
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(lines_, (Lines{2, 4})) << "but an empty text in quotes is none";
}

TEST_F(CsvTable, WithNamesGivenTheHeaderIsStillNoRow) {
  SourceLayout layout;
  layout.columns = {"x", "y"};
  const auto table = open("a,b\n1,2\na,b\n3,4\n", layout);
  EXPECT_EQ(table->columns, (Names{"x", "y"}));
  EXPECT_EQ(lines_, (Lines{2, 4}));
}

TEST_F(CsvTable, RefusesWhatIsNoTable) {
  EXPECT_EQ(refusal(""), "ingest.empty_file");
  EXPECT_EQ(refusal("\n\n"), "ingest.empty_file");
  EXPECT_EQ(refusal(",,\n,,\n"), "ingest.empty_file");
  EXPECT_EQ(refusal("a,b\n1,\"2\n3,4\n"), "ingest.broken_quote");
  EXPECT_EQ(error_.arg("line"), "2");
  EXPECT_EQ(refusal("\"a\"b,c\n1,2\n"), "ingest.broken_quote") << "in the header";
  EXPECT_EQ(refusal(std::string(kMaxRecordBytes + 1, 'x') + "\n"), "ingest.record_too_long");
  EXPECT_EQ(refusal("a,b\n" + std::string(kMaxRecordBytes + 1, 'x') + "\n"), "ingest.record_too_long");
  SourceLayout layout;
  layout.skip_lines = 9;
  EXPECT_EQ(refusal("a,b\n1,2", layout), "ingest.empty_file");
}

TEST_F(CsvTable, AHeaderAloneIsATableWithoutRows) {
  const auto table = open("a,b\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->records, 0);
  EXPECT_EQ(table->columns, (Names{"a", "b"}));
}

TEST_F(CsvTable, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  request_.stop = stop.get_token();
  std::string text = "a,b\n";
  for (int i = 0; i < 70000; ++i) text += "1,2\n";
  EXPECT_EQ(open(text).error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace fenqun::reader
