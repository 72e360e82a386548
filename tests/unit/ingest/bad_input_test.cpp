// tests/unit/ingest/bad_input_test.cpp - input that cannot be loaded: each with its own message, exit code 3, and the
// workspace unchanged to the last byte.
#include "base/error_table.hpp"
#include "unit/ingest/fixture.hpp"
#include "unit/reader/gzip_bytes.hpp"

#include <sys/stat.h>

namespace fenqun::ingest {
namespace {

constexpr const char* kHeader = "bill_id,customer_id,month,energy_kwh,amount_cny\n";

class BadInput : public IngestTest {
 protected:
  void SetUp() override {
    IngestTest::SetUp();
    // Something is there already that must not be harmed.
    ASSERT_TRUE(load(write("old/bill.csv", std::string(kHeader) + "B0,0001,2026-01,10,5\n")).has_value());
    ASSERT_TRUE(load(write("old/customer.csv", "customer_id,category\n0001,residential\n")).has_value());
  }

  // The first rejection shown.
  static Error::Line first(const Error& error) { return error.context.empty() ? Error::Line{} : error.context.front(); }
  static std::string value_of(const Error::Line& line, std::string_view name) {
    for (const auto& arg : line.args) {
      if (arg.name == name) return arg.value;
    }
    return "";
  }
};

TEST_F(BadInput, BadDataMeansExitCodeThree) { EXPECT_EQ(traits_of(ErrorCode::BadData).exit_code, 3); }

TEST_F(BadInput, AnEmptyFile) {
  expect_refused(write("bill.csv", ""), "ingest.empty_file");
  expect_refused(write("b/bill.csv", "\n\n"), "ingest.empty_file");
}

TEST_F(BadInput, ABinaryFile) {
  using std::string_literals::operator""s;
  expect_refused(write("bill.csv", "PK\x03\x04\x00\x00\x08\x00"s), "ingest.binary_file");
  Error error;
  expect_refused(write("b/bill.csv", kHeader + "B1,0001,2026-01,1\x00,1\n"s), "ingest.binary_file", "", &error);
  EXPECT_EQ(error.arg("byte"), "65");
}

// A pipe that nobody writes to: whoever opens it waits for ever.
TEST_F(BadInput, APipeOrADevice) {
  const auto pipe = root() / "bill.csv";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(load(pipe).error().line.key, "reader.not_regular");
  EXPECT_EQ(load("/dev/null").error().line.key, "reader.not_regular");
  const auto file = write("b/bill.csv", std::string(kHeader) + "B1,0001,2026-01,1,1\n");
  const auto mapping = root() / "m.yaml";
  ASSERT_EQ(::mkfifo(mapping.c_str(), 0600), 0);
  EXPECT_EQ(load(file, mapping.string()).error().line.key, "reader.not_regular");
}

TEST_F(BadInput, LinesOfTotalsBetweenTheRowsAreNoCustomers) {
  const auto text = std::string(kHeader) + "B1,0001,2026-01,1,1\nB2,小计,2026-01,1,1\nB3,0002,2026-01,2,2\n";
  Error error;
  expect_refused(write("bill.csv", text), "ingest.rejected", "", &error);
  EXPECT_EQ(first(error).key, "ingest.reason_closing_line_as_id");
  EXPECT_EQ(value_of(first(error), "line"), "3");
  EXPECT_EQ(value_of(first(error), "value"), "小计");
  expect_refused(write("b/customer.csv", "customer_id,category\n小计,residential\n1,residential\n"), "ingest.rejected");
}

TEST_F(BadInput, AnErrorOfASpreadsheetIsNoName) {
  Error error;
  expect_refused(write("customer.csv", "customer_id,category,customer_name\n0002,residential,#REF!\n"),
                 "ingest.rejected", "", &error);
  EXPECT_EQ(first(error).key, "ingest.reason_spreadsheet_error");
}

TEST_F(BadInput, AFileInAnotherEncodingThanStatedSaysWhich) {
  Error error;
  const auto yaml = mapping(
      "source: {encoding: utf-8}\nload:\n  - entity: customer\n"
      "    fields: {customer_id: customer_id, category: category}\n");
  const auto file = write("customer.csv", "customer_id,category,customer_name\n1,residential,\xD5\xC5\xC8\xFD\n");
  expect_refused(file, "ingest.not_utf8", yaml, &error);
  EXPECT_EQ(error.arg("encoding"), "gb18030");
  EXPECT_EQ(error.arg("byte"), "49");
}

TEST_F(BadInput, AFileInAnEncodingThatNobodyCanBeSureOf) {
  Error error;
  expect_refused(write("customer.csv",
                       "customer_id,category,customer_name\n1,residential,Orl\xE9"
                       "ans\n"),
                 "reader.encoding_unclear", "", &error);
  EXPECT_EQ(error.arg("byte"), "52");
}

TEST_F(BadInput, AWorkbookThatOnlyCallsItselfSo) {
  using std::string_literals::operator""s;
  expect_refused(write("bill.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"s), "reader.old_workbook");
  expect_refused(write("bill.xlsx", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"s), "reader.old_workbook");
  expect_refused(write("b/bill.xls", "\xEF\xBB\xBF <html><table></table></html>"), "reader.web_page");
  EXPECT_TRUE(load(write("c/bill.xls", "bill_id\tcustomer_id\tmonth\tenergy_kwh\tamount_cny\nB7\t1\t2026-01\t1\t1\n"))
                  .has_value())
      << "a text with tabs";
}

TEST_F(BadInput, ACutGzipFile) {
  const auto whole = test::gzip_bytes(std::string(kHeader) + "B1,0001,2026-01,1,1\n");
  expect_refused(write("bill.csv.gz", whole.substr(0, whole.size() - 5)), "reader.gzip_cut");
  expect_refused(write("b/bill.csv.gz", whole + "left over"), "reader.gzip_damaged");
}

TEST_F(BadInput, ABrokenLineOfJson) {
  Error error;
  expect_refused(write("customer.jsonl", "{\"customer_id\":\"1\",\"category\":\"residential\"}\n\n{\"customer_id\":\n"),
                 "ingest.rejected", "", &error);
  EXPECT_EQ(error.arg("rejected"), "1");
  EXPECT_EQ(error.arg("rows"), "2");
  EXPECT_EQ(first(error).key, "ingest.reason_broken_json");
  EXPECT_EQ(value_of(first(error), "line"), "3");
}

TEST_F(BadInput, ABrokenQuote) {
  Error error;
  expect_refused(
      write("bill.csv", std::string(kHeader) + "B1,0001,2026-01,1,1\nB2,\"0001,2026-01,1,1\nB3,0001,2026-01,1,1\n"),
      "ingest.broken_quote", "", &error);
  EXPECT_EQ(error.arg("line"), "3");
}

TEST_F(BadInput, ABrokenQuoteIsRefusedHoweverMuchMayBeRejected) {
  const auto file = write("bill.csv", std::string(kHeader) + "B2,\"0001,2026-01,1,1\nB3,0001,2026-01,1,1\n");
  const auto outcome = load(file, "", 1.0);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().line.key, "ingest.broken_quote");
}

TEST_F(BadInput, AMissingRequiredColumn) {
  Error error;
  expect_refused(write("bill.csv", "bill_id,customer_id,month,amount_cny\nB1,0001,2026-01,1\n"),
                 "ingest.missing_columns", "", &error);
  EXPECT_EQ(error.arg("missing"), "energy_kwh");
  EXPECT_EQ(error.arg("columns"), "bill_id, customer_id, month, amount_cny");
}

TEST_F(BadInput, ANegativeEnergy) {
  Error error;
  expect_refused(write("bill.csv", std::string(kHeader) + "B1,0001,2026-01,1,1\nB2,0001,2026-01,-3.5,1\n"),
                 "ingest.rejected", "", &error);
  EXPECT_EQ(error.arg("rejected"), "1");
  EXPECT_EQ(error.arg("rows"), "2");
  EXPECT_EQ(error.arg("needed"), "0.5000");
  EXPECT_EQ(first(error).key, "ingest.reason_below_minimum");
  EXPECT_EQ(value_of(first(error), "line"), "3");
  EXPECT_EQ(value_of(first(error), "column"), "energy_kwh");
  EXPECT_EQ(value_of(first(error), "value"), "-3.5");
  EXPECT_EQ(value_of(first(error), "expected"), "0");
}

TEST_F(BadInput, ACustomerTwiceWithDifferentContent) {
  Error error;
  expect_refused(write("customer.csv", "customer_id,category\n7,residential\n8,residential\n7,non_residential\n"),
                 "ingest.rejected", "", &error);
  EXPECT_EQ(error.arg("rejected"), "2");
  EXPECT_EQ(first(error).key, "ingest.reason_conflicting_duplicate");
  EXPECT_EQ(value_of(first(error), "line"), "2");
  EXPECT_EQ(value_of(first(error), "value"), "7");
  EXPECT_EQ(value_of(first(error), "other_line"), "4");
}

TEST_F(BadInput, AMappingThatNamesAnUnknownField) {
  Error error;
  const auto yaml = mapping("load:\n  - entity: customer\n    fields:\n      customer_no: a\n");
  expect_refused(write("x.csv", "a\n1\n"), "ingest.mapping_unknown_field", yaml, &error);
  EXPECT_EQ(error.arg("line"), "4");
  EXPECT_EQ(error.arg("field"), "customer_no");
}

TEST_F(BadInput, AMappingThatNamesAColumnTheFileDoesNotHave) {
  Error error;
  const auto yaml =
      mapping("load:\n  - entity: customer\n    fields: {customer_id: [b], category: {constant: residential}}\n");
  const auto good =
      mapping("load:\n  - entity: customer\n    fields: {customer_id: b, category: {constant: residential}}\n");
  expect_refused(write("x.csv", "a,c\n1,2\n"), "ingest.no_column", good, &error);
  EXPECT_EQ(error.arg("column"), "b");
  EXPECT_EQ(error.arg("columns"), "a, c");
}

TEST_F(BadInput, AHeaderThatNamesATakenColumnTwice) {
  Error error;
  expect_refused(write("bill.csv", "bill_id,customer_id,month,energy_kwh,amount_cny, energy_kwh\nB1,1,2026-01,1,1,2\n"),
                 "ingest.column_twice", "", &error);
  EXPECT_EQ(error.arg("column"), "energy_kwh");
  const auto yaml =
      mapping("load:\n  - entity: customer\n    fields: {customer_id: b, category: {constant: residential}}\n");
  expect_refused(write("x.csv", "b,a,b\n1,2,3\n"), "ingest.column_twice", yaml, &error);
  EXPECT_TRUE(load(write("y.csv", "a,b,a\n1,2,3\n"), yaml).has_value()) << "nobody takes a";
  const auto wide = mapping(
      "load:\n  - entity: reading_day\n    wide: {keep: [day], name_to: customer_id, value_to: energy_kwh}\n"
      "    fields: {day: day}\n");
  expect_refused(write("w.csv", "day,7,8,7\n2026-01-01,1,2,1\n"), "ingest.column_twice", wide, &error);
  EXPECT_EQ(error.arg("column"), "7");
}

TEST_F(BadInput, AParquetColumnOfATypeThatIsNoneOfTheFields) {
  const struct {
    const char* column;
    const char* value;
    const char* type;
    const char* expected;
  } kCases[] = {
      {"energy_kwh", "[1, 2]", "INTEGER[]", "DECIMAL(18,3)"},
      {"customer_id", "{'a': 1}", "STRUCT(a INTEGER)", "VARCHAR"},
      {"customer_id", "MAP {'a': 1}", "MAP(VARCHAR, INTEGER)", "VARCHAR"},
      {"customer_id", "'x'::BLOB", "BLOB", "VARCHAR"},
      {"energy_kwh", "true", "BOOLEAN", "DECIMAL(18,3)"},
      {"energy_kwh", "DATE '2026-01-01'", "DATE", "DECIMAL(18,3)"},
      {"month", "202601.5::DOUBLE", "DOUBLE", "DATE"},
      {"month", "true", "BOOLEAN", "DATE"},
  };
  int number = 0;
  for (const auto& bad : kCases) {
    const auto path = (root() / ("bill_" + std::to_string(++number) + ".parquet")).string();
    ASSERT_EQ(ask("COPY (SELECT * REPLACE (" + std::string(bad.value) + " AS " + bad.column +
                  ") FROM (SELECT 'B1' AS bill_id, '1' AS customer_id, DATE '2026-01-01' AS month, 1 AS energy_kwh, 1 "
                  "AS amount_cny)) TO '" +
                  path + "' (FORMAT parquet)"),
              "1");
    IngestRequest request;
    request.file = path;
    request.entity = "bill";
    const auto outcome = ingest(*workspace_, request);
    ASSERT_FALSE(outcome.has_value()) << bad.type;
    EXPECT_EQ(outcome.error().code, ErrorCode::BadData);
    ASSERT_EQ(outcome.error().line.key, "ingest.column_type") << bad.type;
    EXPECT_EQ(outcome.error().arg("column"), bad.column);
    EXPECT_EQ(outcome.error().arg("type"), bad.type);
    EXPECT_EQ(outcome.error().arg("expected"), bad.expected);
  }
  const auto days = (root() / "calendar_day.parquet").string();
  for (const auto& [value, fits] : {std::pair("0", true), std::pair("true", true), std::pair("0.5", false)}) {
    ask("COPY (SELECT DATE '2026-01-01' AS day, " + std::string(value) + " AS is_holiday) TO '" + days +
        "' (FORMAT parquet)");
    const auto outcome = load(days, "", 1.0);
    EXPECT_EQ(outcome.has_value(), fits) << value;
    if (!outcome) {
      EXPECT_EQ(outcome.error().line.key, "ingest.column_type");
    }
  }
}

TEST_F(BadInput, AnUnreadablePath) {
  expect_refused(root() / "nothing.csv", "reader.no_file");
  expect_refused(root(), "reader.is_folder");
  expect_refused(root() / "nothing.csv" / "below.csv", "reader.no_file");
}

TEST_F(BadInput, AFileOfUnknownFormatOrEntity) {
  expect_refused(write("bill.doc", "x"), "ingest.unknown_format");
  expect_refused(write("what.csv", "a,b\n1,2\n"), "ingest.unknown_entity");
}

TEST_F(BadInput, AParquetFileThatIsNone) {
  expect_refused(write("bill.parquet", "a,b\n1,2\n"), "ingest.not_parquet");
  expect_refused(write("bill.parquet", "PK and so on"), "ingest.parquet_is_workbook");
  expect_refused(write("bill.parquet", "PAR1 and then nothing"), "ingest.parquet_cut");
  expect_refused(write("bill.parquet", "PAR1 and then nonsense PAR1"), "ingest.parquet_damaged");
}

TEST_F(BadInput, AWorkbookThatIsNone) { expect_refused(write("bill.xlsx", "PK and then nothing"), "ingest.not_xlsx"); }

TEST_F(BadInput, ValuesThatNoFieldTakes) {
  const struct {
    const char* row;
    const char* reason;
  } kCases[] = {
      {",0001,2026-01,1,1", "missing_required"},
      {"B1,\" \",2026-01,1,1", "missing_required"},
      {"B1,1,2026-13,1,1", "bad_month"},
      {"B1,1,epoch,1,1", "bad_month"},
      {"B1,1,0018-03,1,1", "bad_month"},
      {"B1,1,2026-01,1e99,1", "bad_number"},
      {"B1,1,2026-01,一百,1", "bad_number"},
      {"B1,1,2026-01,nan,1", "bad_number"},
      {"B1,1,2026-01,1_000,1", "bad_number"},
      {"B1,1,2026-01,6_0,1", "bad_number"},
      {"B1,1,2026-01,1,10000000000.01", "above_maximum"},
      {"B1,1,2026-01,1,", "missing_required"},
      {"B1,1,2026-01,1", "too_few_columns"},
      {"B1,\"1\"x,2026-01,1,1", "broken_quote"},
  };
  int number = 0;
  for (const auto& bad : kCases) {
    const auto outcome =
        load(write("c" + std::to_string(++number) + "/bill.csv", std::string(kHeader) + bad.row + "\n"));
    ASSERT_FALSE(outcome.has_value()) << bad.row;
    ASSERT_FALSE(outcome.error().context.empty()) << bad.row << outcome.error().line.key;
    EXPECT_EQ(outcome.error().context[0].key, std::string("ingest.reason_") + bad.reason) << bad.row;
    EXPECT_EQ(value_of(outcome.error().context[0], "line"), "2");
  }
  const auto dates = load(write(
      "payment.csv", "payment_id,customer_id,paid_on,amount_cny\n1,1,infinity,1\n2,1,2026-02-30,1\n3,1,18-1-1,1\n"));
  ASSERT_FALSE(dates.has_value());
  EXPECT_EQ(dates.error().arg("rejected"), "3");
}

TEST_F(BadInput, DatesWithSomethingAfterThem) {
  const struct {
    const char* name;
    const char* header;
    std::vector<std::string> bad;
    std::vector<std::string> good;
  } kCases[] = {
      {"payment.csv",
       "paid_on,payment_id,customer_id,amount_cny\n",
       {"2026-07-01x", "2026-07-01 garbage", "2026-07-01-02", "2026/7/1/2", "2026-07-01 25:99", "2026-07-01 08:30x",
        "2026-07", "2026-07-1x"},
       {"2026-07-01", "2026/7/1", " 2026-07-01 ", "2026-07-01 00:00:00", "2026-07-01T08:30:00", "2026-07-01 23:59:59.5",
        "2026-07-01T01:30:00+08:00"}},
      {"bill.csv",
       "month,bill_id,customer_id,energy_kwh,amount_cny\n",
       {"2026-01-31-9", "2026-07x", "2026-07-01x", "2026/7/1/2", "2026-07-01 25:99", "2026-07 x"},
       {"2026-07", "2026-7", "2026-07-31", "2026/7/1", " 2026-07-01", "2026-07-01 00:00:00"}},
      {"ticket.csv",
       "opened_at,ticket_id,customer_id,kind\n",
       {"2026-07-01x", "2026-07-01 garbage", "2026-07-01-02", "2026-07-01 25:99", "2026-07-01 08:30x"},
       {"2026-07-01", " 2026-07-01 08:30 ", "2026-07-01T08:30:00", "2026-07-01 08:30:00.25"}},
  };
  const std::map<std::string, std::string> rest = {
      {"payment.csv", ",1,1\n"}, {"bill.csv", ",1,1,1\n"}, {"ticket.csv", ",1,repair\n"}};
  const std::map<std::string, std::string> reasons = {
      {"payment.csv", "bad_date"}, {"bill.csv", "bad_month"}, {"ticket.csv", "bad_timestamp"}};
  for (const auto& kind : kCases) {
    std::string text = kind.header;
    int number = 0;
    for (const auto& value : kind.bad) text += value + ",bad" + std::to_string(++number) + rest.at(kind.name);
    for (const auto& value : kind.good) text += value + ",good" + std::to_string(++number) + rest.at(kind.name);
    const auto outcome = load(write(kind.name, text), "", 1.0);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key << outcome.error().arg("reason");
    EXPECT_EQ(outcome->total.rows_loaded, std::ssize(kind.good)) << kind.name;
    EXPECT_EQ(ask("SELECT count(*) FROM quarantine WHERE batch_id = '" + outcome->batch_id + "' AND reason = '" +
                  reasons.at(kind.name) + "' AND contains(raw, 'bad')"),
              std::to_string(kind.bad.size()))
        << kind.name << ask("SELECT string_agg(reason || ' ' || raw, '; ') FROM quarantine");
  }
  EXPECT_EQ(ask("SELECT string_agg(DISTINCT CAST(paid_on AS VARCHAR), ' ') FROM payment"), "2026-07-01")
      << "a date stays as it is written, whatever its time zone";
}

TEST_F(BadInput, ShowsOnlyTheFirstRejections) {
  std::string text = kHeader;
  for (int i = 0; i < 1000; ++i) text += "B" + std::to_string(i) + ",0001,2026-01,x,1\n";
  const auto outcome = load(write("bill.csv", text));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().context.size(), 5U);
  EXPECT_EQ(value_of(outcome.error().context[4], "line"), "6");
  EXPECT_EQ(outcome.error().arg("needed"), "1.0000");
}

TEST_F(BadInput, EveryMessageReadsInBothLanguages) {
  const auto outcome = load(write("bill.csv", std::string(kHeader) + "B1,1,2026-01,-1,1\n"));
  ASSERT_FALSE(outcome.has_value());
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto text = render_error(outcome.error(), *Texts::create(AssetStore(), language));
    EXPECT_EQ(text.find('{'), std::string::npos) << text;
    EXPECT_NE(text.find("bill.csv:2"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace fenqun::ingest
