// tests/unit/reader/json_table_test.cpp
#include "reader/json_table.hpp"

#include "reader/json_record.hpp"
#include "unit/reader/gzip_bytes.hpp"
#include "unit/reader/table_fixture.hpp"

namespace fenqun::reader {
namespace {

using Names = std::vector<std::string>;

class JsonTable : public TableTest {
 protected:
  Result<Table> open_lines(const std::string& text, const SourceLayout& layout = {}) {
    auto table = open(text, layout, "x.jsonl");
    if (table) {
      csv_ = *read_file(table->readable);
      broken_ = *read_file(table->broken);
    }
    return table;
  }
  std::string csv_;
  std::string broken_;
};

TEST_F(JsonTable, ColumnsAreTheUnionOfNamesInOrderOfAppearance) {
  const auto table = open_lines("{\"a\":1,\"b\":\"x\"}\n{\"c\":true,\"a\":2}\n{}\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->columns, (Names{"a", "b", "c"}));
  EXPECT_EQ(csv_, "1,x,\n2,,true\n,,\n");
  EXPECT_EQ(lines_, (Lines{1, 2, 3}));
  EXPECT_EQ(rows_[1], "{\"c\":true,\"a\":2}") << "a record is shown as it stands in the file";
  EXPECT_EQ(table->report.format, SourceFormat::JsonLines);
}

TEST_F(JsonTable, AnEmptyObjectBeforeAllOthersIsARow) {
  ASSERT_TRUE(open_lines("{}\n{\"a\":1,\"b\":2}\n"));
  EXPECT_EQ(csv_, ",\n1,2\n");
}

TEST_F(JsonTable, NumbersKeepTheirDigits) {
  ASSERT_TRUE(
      open_lines("{\"id\":44010012345678901234567890,\"big\":9007199254740993,\"d\":1.10,\"e\":1E5,\"n\":-0.5}\n"));
  EXPECT_EQ(csv_, "44010012345678901234567890,9007199254740993,1.10,1E5,-0.5\n");
}

TEST_F(JsonTable, ObjectsWithinGiveDottedNamesAndListsStayText) {
  const auto table = open_lines(
      "{\"客户\":{\"户号\":\"001\",\"地址\":{\"区\":\"天河\"}},\"表\":[1,{\"x\":[null,\"a\\\"b\"],\"y\":{}}],\"z\":2}"
      "\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->columns, (Names{"客户.户号", "客户.地址.区", "表", "z"}));
  EXPECT_EQ(csv_, "001,天河,\"[1,{\"\"x\"\":[null,\"\"a\\\"\"b\"\"],\"\"y\"\":{}}]\",2\n");
}

TEST_F(JsonTable, NullAndEmptyAreNoValue) {
  ASSERT_TRUE(open_lines("{\"a\":null,\"b\":\"\",\"c\":false}\n"));
  EXPECT_EQ(csv_, ",,false\n");
  ASSERT_TRUE(open_lines("{\"a\":1}\n{\"a\":null}\n"));
  EXPECT_EQ(csv_, "1\n\"\"\n") << "an empty line would be no record";
}

TEST_F(JsonTable, TextsMayHoldWhatCsvPartsValuesBy) {
  ASSERT_TRUE(open_lines(R"({"a":"x,y","b":"1\n2","c":"\"q\" \u6237"})"
                         "\n"));
  EXPECT_EQ(csv_, "\"x,y\",\"1\n2\",\"\"\"q\"\" 户\"\n");
}

TEST_F(JsonTable, LinesThatAreNoObjectAreBrokenRecords) {
  const auto table = open_lines(
      "{\"a\":1}\n\n{\"a\":\n[1]\n7\n{\"a\":1,\"a\":2}\n{\"a\":\"\\u0000\"}\n{\"a\":2} "
      "x\n{\"a.b\":1,\"a\":{\"b\":2}}\n{\"a\":3}\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->records, 9);
  EXPECT_EQ(table->broken_records, 7);
  EXPECT_EQ(csv_, "1\n3\n");
  EXPECT_EQ(table->columns, Names{"a"}) << "a broken line adds no column";
  EXPECT_EQ(broken_,
            "9,broken_json\n15,json_not_object\n19,json_not_object\n21,json_name_twice\n35,json_no_text\n"
            "50,broken_json\n60,json_name_twice\n");
  EXPECT_EQ(lines_, (Lines{1, 3, 4, 5, 6, 7, 8, 9, 10}));
}

TEST_F(JsonTable, DecodesAndUnpacks) {
  const auto table = open(test::gzip_bytes("{\"\xBB\xA7\xBA\xC5\":\"\xD5\xC5\xC8\xFD\"}\n"), {}, "x.ndjson.gz");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->columns, Names{"户号"});
  EXPECT_EQ(table->report.encoding, Encoding::Gb18030);
  EXPECT_TRUE(table->report.is_gzip);
}

TEST_F(JsonTable, PassesOverTheMarkAndLinesToSkip) {
  SourceLayout layout;
  layout.skip_lines = 1;
  const auto table = open_lines("\xEF\xBB\xBF# export\n{\"a\":1}\n", layout);
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(csv_, "1\n");
  EXPECT_EQ(lines_, Lines{2});
}

TEST_F(JsonTable, RefusesWhatIsNotLinesOfJson) {
  EXPECT_EQ(refusal("[{\"a\":1},\n{\"a\":2}]\n", {}, "x.jsonl"), "reader.json_list");
  EXPECT_EQ(refusal("a,b\n1,2\n", {}, "x.jsonl"), "reader.json_no_columns");
  EXPECT_EQ(refusal("\n\n", {}, "x.jsonl"), "ingest.empty_file");
  EXPECT_EQ(refusal("{\"a\":\"" + std::string(kMaxRecordBytes, 'x') + "\"}\n", {}, "x.jsonl"),
            "ingest.record_too_long");
  EXPECT_EQ(refusal("{\"a\":\"Orl\xE9"
                    "ans\"}\n",
                    {}, "x.jsonl"),
            "reader.encoding_unclear");
}

TEST(JsonRecords, RefusesLinesMadeToExhaustMemory) {
  JsonRecords records;
  std::string deep;
  for (std::size_t i = 0; i <= kJsonMaxDepth; ++i) deep += "{\"a\":";
  EXPECT_EQ(records.parse(deep + "1" + std::string(kJsonMaxDepth + 1, '}')), JsonFault::TooLarge);
  EXPECT_EQ(records.parse("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}"), JsonFault::TooLarge);
  std::string wide = "{\"a0\":0";
  for (std::size_t i = 1; i <= kJsonMaxColumns; ++i) wide += ",\"a" + std::to_string(i) + "\":0";
  EXPECT_EQ(records.parse(wide + "}"), JsonFault::TooLarge);
  EXPECT_TRUE(records.columns().empty());
  EXPECT_EQ(records.parse("{\"a\":{}}"), JsonFault::None);
  EXPECT_EQ(records.parse("{\"b\":[[],{\"c\":{}}]}"), JsonFault::None);
  EXPECT_EQ(records.values(), std::vector<std::string>{"[[],{\"c\":{}}]"});
}

}  // namespace
}  // namespace fenqun::reader
