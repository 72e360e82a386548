// tests/unit/ingest/ingest_test.cpp - files that load, and what the workspace says afterwards.
#include "unit/ingest/fixture.hpp"

#include <xlsxwriter.h>

namespace fenqun::ingest {
namespace {

constexpr const char* kBills =
    "bill_id,customer_id,month,energy_kwh,amount_cny\n"
    "B2,0002,2026-01,10.5,5.25\n"
    "B1,0001,2026-01,100,51.2\n"
    "B3,0001,2026-02-01,80,40\n";

class Ingest : public IngestTest {};

void expect_counts(const EntityCounts& counts, std::int64_t in, std::int64_t loaded, std::int64_t duplicate,
                   std::int64_t rejected) {
  EXPECT_EQ(counts.rows_in, in);
  EXPECT_EQ(counts.rows_loaded, loaded);
  EXPECT_EQ(counts.rows_duplicate, duplicate);
  EXPECT_EQ(counts.rows_rejected, rejected);
}

TEST_F(Ingest, LoadsCanonicalFactsByMonthSortedByCustomer) {
  const auto outcome = load(write("bill.csv", kBills));
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  EXPECT_EQ(outcome->batch_id.size(), 16U);
  EXPECT_EQ(outcome->records, 3);
  expect_counts(outcome->total, 3, 3, 0, 0);
  EXPECT_EQ(ask("SELECT string_agg(month || ' ' || rows, ', ' ORDER BY month) FROM lake_file"), "2026-01 2, 2026-02 1");
  EXPECT_EQ(ask("SELECT string_agg(bill_id, ',') FROM read_parquet('" +
                (root() / "ws" / ask("SELECT path FROM lake_file WHERE month = '2026-01'")).string() + "')"),
            "B1,B2");
  EXPECT_EQ(ask("SELECT customer_id FROM bill WHERE bill_id = 'B2'"), "0002") << "leading zeros live";
  EXPECT_EQ(ask("SELECT month FROM bill WHERE bill_id = 'B3'"), "2026-02-01");
  EXPECT_EQ(ask("SELECT sum(amount_cny) FROM bill"), "96.45");
  EXPECT_EQ(ask("SELECT count(peak_kwh) FROM bill"), "0");
}

TEST_F(Ingest, LoadsMastersWithTheirBatch) {
  const auto outcome =
      load(write("customer.csv", "customer_id,category,voltage_kv\n 0001 ,residential,0.22\n0002,non_residential,\n"));
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  EXPECT_EQ(ask("SELECT string_agg(customer_id || category, ',' ORDER BY 1) FROM customer"),
            "0001residential,0002non_residential");
  EXPECT_EQ(ask("SELECT count(*) FROM m_customer WHERE batch_id = '" + outcome->batch_id + "'"), "2");
}

TEST_F(Ingest, TheSameFileAgainDoesNothingAndSaysSo) {
  const auto file = write("bill.csv", kBills);
  const auto first = load(file);
  ASSERT_TRUE(first.has_value());
  const auto before = fingerprint();
  const auto again = load(file);
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->already_loaded);
  EXPECT_EQ(again->batch_id, first->batch_id);
  expect_counts(again->total, 0, 0, 0, 0);
  ASSERT_EQ(again->entities.size(), 1U);
  EXPECT_EQ(again->entities[0].entity, "bill");
  expect_counts(again->entities[0], 0, 0, 0, 0);
  EXPECT_EQ(fingerprint(), before);
}

TEST_F(Ingest, RowsThatSayTheSameAgainAreDuplicates) {
  ASSERT_TRUE(load(write("bill.csv", kBills)).has_value());
  const auto outcome =
      load(write("b/bill.csv", std::string(kBills) + "B4,0009,2026-02,1,1\nB4,0009,2026-02,1.000,1\n"));
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  expect_counts(outcome->total, 5, 1, 4, 0);
  EXPECT_EQ(ask("SELECT count(*) FROM bill"), "4");
  EXPECT_EQ(ask("SELECT count(*) FROM lake_file"), "3") << "no empty file for the month that brought nothing new";
  EXPECT_EQ(ask("SELECT rows_in || ' ' || rows_loaded || ' ' || rows_duplicate FROM batch WHERE rows_in = 5"), "5 1 4");
}

TEST_F(Ingest, AKeyThatHoldsItsMonthIsAnotherOneInAnotherMonth) {
  const std::string days = "customer_id,day,energy_kwh\n";
  ASSERT_TRUE(load(write("reading_day.csv", days + "1,2026-01-01,5\n")).has_value());
  const auto outcome = load(write("b/reading_day.csv", days + "1,2026-02-01,5\n"));
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  expect_counts(outcome->total, 1, 1, 0, 0);
}

TEST_F(Ingest, RejectedRowsWithinTheShareGoToQuarantine) {
  const auto file = write("bill.csv",
                          "bill_id,customer_id,month,energy_kwh,amount_cny\n"
                          "B1,0001,2026-01,-5,1\n"
                          "\n"
                          "B2,0001,\"2026-\n13\",1,1\n"
                          "B3,0001\n"
                          "B4,0001,2026-01,1,1\n"
                          "B5,0001,2026-01,1,1,9\n");
  const auto outcome = load(file, "", 0.8);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  expect_counts(outcome->total, 5, 1, 0, 4);
  EXPECT_EQ(
      ask("SELECT string_agg(line || ' ' || reason || ' ' || coalesce(column_name, '-') || ' ' || coalesce(value, "
          "'-'), '; ' "
          "ORDER BY line) FROM quarantine"),
      "2 below_minimum energy_kwh -5; 4 bad_month month 2026-\n13; 6 too_few_columns - -; 8 too_many_columns - -");
  EXPECT_EQ(ask("SELECT raw FROM quarantine WHERE line = 4"), "B2,0001,\"2026-\n13\",1,1");
  EXPECT_EQ(ask("SELECT count(*) FROM quarantine WHERE batch_id = '" + outcome->batch_id + "' AND source = '" +
                file.string() + "' AND entity = 'bill'"),
            "4");
}

TEST_F(Ingest, ShareOfTheCommandGoesBeforeMappingBeforeSettings) {
  const auto file = write("x.csv", "id,kind\n1,a\n2,residential\n");
  const std::string yaml = "load:\n  - entity: customer\n    fields: {customer_id: id, category: kind}\n";
  EXPECT_FALSE(load(file, mapping(yaml)).has_value());
  EXPECT_TRUE(load(file, mapping("max_rejected_share: 0.5\n" + yaml)).has_value());
  EXPECT_FALSE(load(file, mapping("max_rejected_share: 0.6\n" + yaml), 0.1).has_value());
  write("ws/fenqun.yaml", "name: test\ningest: {max_rejected_share: 0.5}\n");
  open();
  EXPECT_TRUE(load(write("y.csv", "id,kind\n5,a\n6,residential\n"), mapping(yaml)).has_value());
}

TEST_F(Ingest, MapsForeignColumnsUnitsDatesAndCodes) {
  const auto file =
      write("账单.csv", "年报表\n户号;月份;电量(MWh);电费(分);备注\n0001;202601;1.2345;12345;x\n0001;202602;0;-;y\n");
  const auto outcome = load(file, mapping(R"(
source: {delimiter: ";", skip_lines: 1}
load:
  - entity: bill
    fields:
      bill_id: {join: [customer_id, month]}
      customer_id: 户号
      month: {column: 月份, format: "%Y%m"}
      energy_kwh: {column: 电量(MWh), unit: MWh}
      amount_cny: {column: 电费(分), unit: 分, values: {"-": "0"}}
)"));
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key << outcome.error().arg("reason");
  EXPECT_EQ(outcome->unread_columns, std::vector<std::string>{"备注"});
  EXPECT_EQ(ask("SELECT string_agg(concat_ws(' ', bill_id, energy_kwh, amount_cny), ', ' ORDER BY bill_id) FROM bill"),
            "0001-2026-01 1234.500 123.45, 0001-2026-02 0.000 0.00");
}

TEST_F(Ingest, UnfoldsWideTablesByCustomerAndByDate) {
  const auto by_customer = load(write("a.csv", "day,7,8,total\n2026-01-01,1.5,2,3.5\n2026-01-02,,4,4\n"), mapping(R"(
load:
  - entity: reading_day
    wide: {keep: [day], columns: {except: [total]}, name_to: customer_id, value_to: energy_kwh}
    fields: {day: day}
  - entity: customer
    distinct: true
    wide: {keep: [day], columns: {except: [total]}, name_to: customer_id}
    fields: {category: {constant: non_residential}}
)"));
  ASSERT_TRUE(by_customer.has_value()) << by_customer.error().line.key << by_customer.error().arg("reason");
  expect_counts(by_customer->entities[0], 3, 3, 0, 0);
  expect_counts(by_customer->entities[1], 2, 2, 0, 0);
  EXPECT_EQ(
      ask("SELECT string_agg(customer_id || ' ' || day || ' ' || energy_kwh, ', ' ORDER BY ALL) FROM reading_day"),
      "7 2026-01-01 1.500, 8 2026-01-01 2.000, 8 2026-01-02 4.000");
  const auto by_date = load(write("b.csv", "户号,2026/3/1,2026/3/2\n9,1,2\n"), mapping(R"(
load:
  - entity: reading_day
    wide: {keep: [户号], name_to: day, name_format: "%Y/%m/%d", value_to: energy_kwh, value_unit: MWh}
    fields: {customer_id: 户号}
)"));
  ASSERT_TRUE(by_date.has_value()) << by_date.error().line.key << by_date.error().arg("reason");
  EXPECT_EQ(ask("SELECT sum(energy_kwh) FROM reading_day WHERE customer_id = '9'"), "3000");
}

TEST_F(Ingest, BringsTimesToTheZoneOfTheWorkspace) {
  const auto set_zone = [&](const std::string& zone) {
    workspace_.reset();
    write("ws/fenqun.yaml", "name: test\nzone: " + zone + "\n");
    open();
  };
  const auto opened = [&] { return ask("SELECT string_agg(opened_at, ' ' ORDER BY opened_at) FROM ticket"); };
  const std::string header = "ticket_id,customer_id,kind,opened_at\n";
  ASSERT_TRUE(load(write("a/ticket.csv", header + "1,1,repair,2026-03-01T00:30:00Z\n")).has_value());
  EXPECT_EQ(opened(), "2026-03-01 08:30:00");
  set_zone("Asia/Urumqi");
  ASSERT_TRUE(
      load(write("b/ticket.csv", header + "2,1,报修,2026-03-01T00:30:00Z\n3,1,报修,2026-03-01 01:00\n")).has_value());
  EXPECT_EQ(opened(), "2026-03-01 01:00:00 2026-03-01 06:30:00 2026-03-01 08:30:00");
  set_zone("Asia/Peking");
  const auto refused = load(write("c/ticket.csv", header + "4,1,repair,2026-03-01\n"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "ingest.unknown_zone");
  EXPECT_EQ(refused.error().arg("zone"), "Asia/Peking");
}

TEST_F(Ingest, SeveralEntriesOfOneEntityAreTakenTogether) {
  const auto yaml = mapping(R"(
load:
  - entity: contact
    where: {column: 缴费人, filled: true}
    fields:
      contact_id: {join: [customer_id, {constant: payer}]}
      customer_id: 户号
      role: {constant: payer}
      contact_name: 缴费人
      phone: 缴费人电话
  - entity: customer
    fields: {customer_id: 户号, category: {constant: residential}}
  - entity: contact
    where: {column: 电工, filled: true}
    fields:
      contact_id: {join: [customer_id, {constant: electrician}]}
      customer_id: 户号
      role: {constant: electrician}
      contact_name: 电工
      is_preferred: 首选
)");
  const auto outcome =
      load(write("x.csv",
                 "户号,缴费人,缴费人电话,电工,首选\n1,张三,138,李四,是\n2,王五,139,-,\n3,,,赵六,maybe\n4,a\n"
                 "1,张三,138,李四,否\n"),
           yaml, 1.0);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key << outcome.error().arg("reason");
  ASSERT_EQ(outcome->entities.size(), 2U);
  const auto& contacts = outcome->entities[0];
  EXPECT_EQ(contacts.entity, "contact");
  EXPECT_EQ(contacts.rows_in, 7) << "three payers, three electricians, and the record that cannot be split";
  EXPECT_EQ(contacts.rows_loaded, 2);
  EXPECT_EQ(contacts.rows_duplicate, 1);
  EXPECT_EQ(contacts.rows_rejected, 4);
  EXPECT_EQ(ask("SELECT string_agg(contact_id || ' ' || contact_name || ' ' || coalesce(phone, '?'), '; ' ORDER BY "
                "contact_id) FROM contact"),
            "1-payer 张三 138; 2-payer 王五 139");
  EXPECT_EQ(
      ask("SELECT string_agg(line || ' ' || reason || ' ' || coalesce(column_name, ''), '; ' ORDER BY line, reason) "
          "FROM quarantine "
          "WHERE entity = 'contact'"),
      "2 conflicting_duplicate contact_id; 4 bad_boolean 首选; 5 too_few_columns ; 6 conflicting_duplicate contact_id");
  EXPECT_EQ(outcome->entities[1].rows_loaded, 3);
}

TEST_F(Ingest, AWideCellThatCannotBeIsRejectedWithItsLine) {
  const auto outcome = load(write("a.csv", "day,7,8\n2026-01-01,1,2\n2026-01-02,x,4\n2026-01-03,5\n"), mapping(R"(
load:
  - entity: reading_day
    wide: {keep: [day], name_to: customer_id, value_to: energy_kwh}
    fields: {day: day}
)"),
                            0.5);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  expect_counts(outcome->total, 5, 3, 0, 2);
  EXPECT_EQ(ask("SELECT string_agg(line || reason, ' ' ORDER BY line) FROM quarantine"),
            "3bad_number 4too_few_columns");
}

TEST_F(Ingest, NumbersEqualRowsAndFiltersRecords) {
  const auto outcome =
      load(write("a.csv", "c,d,v,s\n1,2026-01-01,5,ok\n1,2026-01-01,5,void\n1,2026-01-01,5,ok\n"), mapping(R"(
load:
  - entity: payment
    where: {column: s, equals: ok}
    fields:
      payment_id: {join: [customer_id, paid_on, amount_cny, {occurrence_of: [customer_id, paid_on]}]}
      customer_id: c
      paid_on: d
      amount_cny: v
)"));
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  expect_counts(outcome->total, 2, 2, 0, 0);
  EXPECT_EQ(ask("SELECT string_agg(payment_id, ' ' ORDER BY 1) FROM payment"),
            "1-2026-01-01-5.00-1 1-2026-01-01-5.00-2");
}

TEST_F(Ingest, ReadsGb18030Utf16AndAByteOrderMark) {
  const std::string yaml =
      "load:\n  - entity: customer\n    fields: {customer_id: 户号, category: {constant: residential}}\n";
  ASSERT_TRUE(load(write("gb.csv", "\xBB\xA7\xBA\xC5\n1\n"), mapping("source: {encoding: gbk}\n" + yaml)).has_value());
  using std::string_literals::operator""s;
  ASSERT_TRUE(load(write("u16.csv", "\xFF\xFE\x37\x62\xF7\x53\x0A\x00\x32\x00\x0A\x00"s),
                   mapping("source: {encoding: utf-16}\n" + yaml))
                  .has_value());
  ASSERT_TRUE(load(write("bom.csv", "\xEF\xBB\xBF户号\r\n3\r\n"), mapping(yaml)).has_value());
  EXPECT_EQ(ask("SELECT string_agg(customer_id, ',' ORDER BY 1) FROM customer"), "1,2,3");
}

TEST_F(Ingest, ReadsLinesThatEndNowThisWayNowThat) {
  const auto outcome =
      load(write("customer.csv", "customer_id,category\n1,residential\r\n\r2,residential\r3,house\n"), "", 0.5);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  expect_counts(outcome->total, 3, 2, 0, 1);
  EXPECT_EQ(ask("SELECT line FROM quarantine"), "5");
}

TEST_F(Ingest, ReadsASheetAndNamesItsRows) {
  const auto path = root() / "book.xlsx";
  lxw_workbook* book = workbook_new(path.c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "缴费");
  lxw_format* date = workbook_add_format(book);
  format_set_num_format_index(date, 14);
  for (const auto& [column, name] : {std::pair(0, "户号"), std::pair(1, "日期"), std::pair(2, "金额")}) {
    worksheet_write_string(sheet, 1, static_cast<std::uint16_t>(column), name, nullptr);
  }
  worksheet_write_number(sheet, 3, 0, 1000000001, nullptr);
  worksheet_write_number(sheet, 3, 1, 43160, date);
  worksheet_write_number(sheet, 3, 2, 101, nullptr);
  worksheet_write_number(sheet, 5, 0, 1000000002, nullptr);
  worksheet_write_string(sheet, 5, 1, "someday", nullptr);
  worksheet_write_number(sheet, 5, 2, 7, nullptr);
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  const auto outcome = load(path, mapping(R"(
source: {sheet: 缴费, skip_lines: 1}
load:
  - entity: payment
    fields: {payment_id: {join: [customer_id, paid_on]}, customer_id: 户号, paid_on: 日期, amount_cny: 金额}
)"),
                            0.5);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  EXPECT_EQ(ask("SELECT payment_id FROM payment"), "1000000001-2018-03-01");
  EXPECT_EQ(ask("SELECT line || ' ' || column_name || ' ' || value FROM quarantine"), "6 日期 someday");
}

TEST_F(Ingest, LoadsParquetWithTheSameChecks) {
  const auto path = (root() / "bill.parquet").string();
  ASSERT_EQ(ask("COPY (SELECT * FROM (VALUES ('B1', '0001', DATE '2026-01-01', 1.5, 2), ('B2', '0001', DATE "
                "'2026-01-01', -1, 2), "
                "('B3', NULL, DATE '2026-01-01', 1, 2)) t(bill_id, customer_id, month, energy_kwh, amount_cny)) TO '" +
                path + "' (FORMAT parquet)"),
            "3");
  const auto outcome = load(path, "", 0.7);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key << outcome.error().arg("reason");
  expect_counts(outcome->total, 3, 1, 0, 2);
  EXPECT_EQ(ask("SELECT energy_kwh FROM bill"), "1.5");
  EXPECT_EQ(ask("SELECT string_agg(line || reason || coalesce(value, ''), ' ' ORDER BY line) FROM quarantine"),
            "2below_minimum-1.0 3missing_required");
  EXPECT_EQ(ask("SELECT raw FROM quarantine WHERE line = 3"),
            R"({"bill_id":"B3","customer_id":null,"month":"2026-01-01","energy_kwh":1.0,"amount_cny":2})");
}

TEST_F(Ingest, ReadsFloatColumnsOfParquetExactly) {
  const auto path = (root() / "bill.parquet").string();
  ASSERT_EQ(ask("COPY (SELECT 'B1' AS bill_id, '1' AS customer_id, DATE '2026-01-01' AS month, 16777218::FLOAT AS "
                "energy_kwh, 4194305.5::FLOAT AS amount_cny) TO '" +
                path + "' (FORMAT parquet)"),
            "1");
  const auto outcome = load(path);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key << outcome.error().arg("reason");
  EXPECT_EQ(ask("SELECT energy_kwh || ' ' || amount_cny FROM bill"), "16777218.000 4194305.50");
}

TEST_F(Ingest, GuessesTheEntityFromNameFolderOrHeader) {
  ASSERT_TRUE(load(write("calendar_day/2026.csv", "day,is_holiday\n2026-01-01,1\n")).has_value());
  ASSERT_TRUE(load(write("feed.csv", "day,is_holiday,is_special_holiday\n2026-01-02,0,0\n")).has_value());
  EXPECT_EQ(ask("SELECT count(*) FROM calendar_day"), "2");
}

TEST_F(Ingest, AHeaderWithoutRowsLoadsNothing) {
  const auto outcome = load(write("ticket.csv", "ticket_id,customer_id,opened_at,kind\n"));
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  expect_counts(outcome->total, 0, 0, 0, 0);
}

TEST_F(Ingest, ResultDoesNotDependOnTheNumberOfThreads) {
  std::string text = "bill_id,customer_id,month,energy_kwh,amount_cny\n";
  for (int i = 0; i < 60000; ++i) {
    text += "B" + std::to_string(i) + ",C" + std::to_string(i * 7919 % 5000) + ",2026-0" + std::to_string(1 + i % 3) +
            "," + std::to_string(i % 977) + ".5," + std::to_string(i % 101) + "\n";
  }
  const auto file = write("bill.csv", text);
  std::vector<std::string> hashes;
  for (const std::size_t threads : {1U, 4U}) {
    std::filesystem::remove_all(root() / "ws");
    workspace_.reset();
    ASSERT_TRUE(warehouse::Workspace::init(root() / "ws", "test").has_value());
    warehouse::WorkspaceOptions options;
    options.threads = threads;
    open(options);
    ASSERT_TRUE(load(file).has_value());
    std::string all;
    const auto files = workspace_->lake_files("bill");
    ASSERT_TRUE(files.has_value());
    for (const auto& lake_file : *files) all += *hash_file(root() / "ws" / lake_file.path);
    hashes.push_back(all);
  }
  EXPECT_EQ(hashes[0], hashes[1]);
}

TEST_F(Ingest, StopsWhenAskedAndLeavesNothing) {
  const auto file = write("bill.csv", kBills);
  const auto before = fingerprint();
  std::stop_source stop;
  warehouse::WorkspaceOptions options;
  options.stop = stop.get_token();
  open(options);
  stop.request_stop();
  const auto outcome = load(file);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(fingerprint(), before);
}

}  // namespace
}  // namespace fenqun::ingest
