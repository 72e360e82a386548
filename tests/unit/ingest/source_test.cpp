// tests/unit/ingest/source_test.cpp - files as offices send them, through to the workspace: every record of the file is
// in the counts, and what is rejected is found again where it stands.
#include "unit/ingest/fixture.hpp"

#include <xlsxwriter.h>

namespace fenqun::ingest {
namespace {

class SourceFiles : public IngestTest {
 protected:
  // In = loaded + duplicate + superseded + rejected, and the file's records = rows in + all that is none.
  static void expect_all_counted(const IngestOutcome& outcome) {
    ASSERT_TRUE(outcome.source.has_value());
    const auto& report = *outcome.source;
    EXPECT_EQ(outcome.records, report.rows);
    EXPECT_EQ(outcome.total.rows_in, report.rows);
    EXPECT_EQ(report.records(),
              report.rows + report.titles + report.headers + report.repeated_headers + report.closing + report.blank);
    const auto& total = outcome.total;
    EXPECT_EQ(total.rows_in, total.rows_loaded + total.rows_duplicate + total.rows_superseded + total.rows_rejected);
  }
  std::string quarantined() {
    return ask("SELECT string_agg(line || ' ' || reason || ' ' || raw, '; ' ORDER BY line) FROM quarantine");
  }
  // Sheets of bills, each with a title and a total.
  void write_book(const std::vector<std::string>& names, const std::vector<std::string>& months) const {
    lxw_workbook* book = workbook_new((root() / "bill.xlsx").c_str());
    for (std::size_t n = 0; n < names.size(); ++n) {
      lxw_worksheet* sheet = workbook_add_worksheet(book, names[n].c_str());
      worksheet_write_string(sheet, 0, 0, (names[n] + "电费清单").c_str(), nullptr);
      // The second sheet has its columns the other way round.
      const std::vector<std::string> header = {"bill_id", "customer_id", "month", "energy_kwh", "amount_cny"};
      const auto at = [&](std::size_t c) { return static_cast<lxw_col_t>(n == 1 ? header.size() - 1 - c : c); };
      for (std::size_t c = 0; c < header.size(); ++c)
        worksheet_write_string(sheet, 1, at(c), header[c].c_str(), nullptr);
      for (lxw_row_t r = 2; r < 4; ++r) {
        worksheet_write_string(sheet, r, at(0), ("B" + std::to_string(10 * n + r)).c_str(), nullptr);
        worksheet_write_string(sheet, r, at(1), "0001", nullptr);
        worksheet_write_string(sheet, r, at(2), months[n].c_str(), nullptr);
        worksheet_write_number(sheet, r, at(3), r == 3 && n == 1 ? -1 : 10, nullptr);
        worksheet_write_number(sheet, r, at(4), 5, nullptr);
      }
      worksheet_write_string(sheet, 4, 0, "合计", nullptr);
      worksheet_write_number(sheet, 4, 4, 10, nullptr);
    }
    ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  }
};

TEST_F(SourceFiles, ACsvFileWithAllThatStandsAroundTheRows) {
  const auto outcome =
      load(write("bill.csv",
                 "三月电费,,,,\nbill_id;customer_id;month;energy_kwh;amount_cny\nB1;0001;2026-03;1;1\n;;;;\n"
                 "bill_id;customer_id;month;energy_kwh;amount_cny\nB2;0001;2026-03;x;1\nB3;0002;2026-03;1\n"
                 "B4;0003;2026-03;1;1\n合计;;;3;4\n共 4 条;;;;\n"),
           "", 1.0);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  expect_all_counted(*outcome);
  EXPECT_EQ(outcome->source->records(), 10);
  EXPECT_EQ(outcome->total.rows_loaded, 2);
  EXPECT_EQ(outcome->source->stated_rows, 4);
  EXPECT_EQ(quarantined(), "6 bad_number B2;0001;2026-03;x;1; 7 too_few_columns B3;0002;2026-03;1");
}

TEST_F(SourceFiles, ChineseTextBehindAClosingQuoteIsRejectedAlone) {
  const auto outcome = load(write("customer.csv",
                                  "customer_id,note,category\n1,x,residential\n2,x,\"residential\"（新）\n"
                                  "3,\"x\"共,residential\n4,,residential\n"),
                            mapping("load:\n  - entity: customer\n    fields: {customer_id: customer_id, category: "
                                    "category}\n"),
                            1.0);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key << outcome.error().arg("reason");
  EXPECT_EQ(outcome->total.rows_loaded, 2);
  EXPECT_EQ(quarantined(), "3 broken_quote 2,x,\"residential\"（新）; 4 broken_quote 3,\"x\"共,residential");
}

TEST_F(SourceFiles, GbkIsDecodedWithoutBeingTold) {
  const auto outcome =
      load(write("customer.csv", "customer_id,category,customer_name\n1,residential,\xD5\xC5\xC8\xFD\n"));
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  EXPECT_EQ(outcome->source->encoding, reader::Encoding::Gb18030);
  EXPECT_EQ(ask("SELECT customer_name FROM customer"), "张三");
}

TEST_F(SourceFiles, LinesOfJsonWithBrokenOnesAmongThem) {
  const auto outcome = load(write("customer.jsonl",
                                  "{\"customer_id\":\"1\",\"category\":\"residential\"}\n"
                                  "not json\n"
                                  "{\"category\":\"residential\",\"customer_id\":44010012345678901234567890}\n\n"
                                  "{\"customer_id\":\"3\",\"category\":\"palace\"}\n"
                                  "{\"customer_id\":\"4\",\"category\":\"residential\",\"x\":{\"y\":1}}\n[]\n"),
                            "", 1.0);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key << outcome.error().arg("reason");
  expect_all_counted(*outcome);
  EXPECT_EQ(outcome->total.rows_in, 6);
  EXPECT_EQ(outcome->total.rows_loaded, 3);
  EXPECT_EQ(outcome->unread_columns, std::vector<std::string>{"x.y"});
  EXPECT_EQ(quarantined(),
            "2 broken_json not json; 5 unknown_code {\"customer_id\":\"3\",\"category\":\"palace\"}; "
            "7 json_not_object []");
  EXPECT_EQ(ask("SELECT string_agg(customer_id, ' ' ORDER BY customer_id) FROM customer"),
            "1 4 44010012345678901234567890");
}

TEST_F(SourceFiles, OneSheetWithTitleAndTotal) {
  write_book({"三月"}, {"2026-03"});
  const auto outcome = load(root() / "bill.xlsx");
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  expect_all_counted(*outcome);
  EXPECT_EQ(outcome->total.rows_loaded, 2);
  EXPECT_EQ(outcome->source->titles, 1);
  EXPECT_EQ(outcome->source->closing, 1);
}

TEST_F(SourceFiles, AllSheetsWithTheirColumnsInWhateverOrder) {
  write_book({"三月", "四月"}, {"2026-03", "2026-04"});
  std::string fields;
  for (const auto* name : {"bill_id", "customer_id", "month", "energy_kwh", "amount_cny"})
    fields += std::string("      ") + name + ": " + name + "\n";
  const auto yaml = mapping("source: {sheet: all}\nload:\n  - entity: bill\n    fields:\n" + fields);
  const auto refused = load(root() / "bill.xlsx", yaml);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().context.at(0).args.at(0).value, (root() / "bill.xlsx").string() + "#四月");
  const auto outcome = load(root() / "bill.xlsx", yaml, 1.0);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  expect_all_counted(*outcome);
  EXPECT_EQ(outcome->total.rows_loaded, 3);
  EXPECT_EQ(outcome->source->sheets, (std::vector<std::string>{"三月", "四月"}));
  EXPECT_EQ(outcome->source->records(), 10);
  EXPECT_EQ(ask("SELECT line || source FROM quarantine"), "4" + (root() / "bill.xlsx").string() + "#四月");
  EXPECT_EQ(ask("SELECT string_agg(bill_id, ' ' ORDER BY bill_id) FROM bill WHERE month = DATE '2026-04-01'"), "B12");
}

TEST_F(SourceFiles, AColumnWithoutANameIsNoCustomer) {
  const auto yaml = mapping(
      "load:\n  - entity: reading_day\n    wide: {keep: [day], name_to: customer_id, value_to: energy_kwh}\n"
      "    fields: {day: day}\n");
  const auto outcome = load(write("w.csv", "day,7,\n2026-01-01,1,2\n2026-01-02,1,\n"), yaml, 1.0);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  EXPECT_EQ(outcome->total.rows_loaded, 2);
  EXPECT_EQ(ask("SELECT reason || ' ' || column_name FROM quarantine"), "missing_required customer_id");
}

TEST_F(SourceFiles, TheSameRowsWhateverTheFileTheyComeIn) {
  const std::string csv = "payment_id,customer_id,paid_on,amount_cny\nP1,1,2026-01-03,1.50\nP2,1,2026-01-04,2\n";
  ASSERT_TRUE(load(write("payment.csv", csv)).has_value());
  std::string tabs = csv;
  std::replace(tabs.begin(), tabs.end(), ',', '\t');
  const std::vector<std::filesystem::path> again = {
      write("b/payment.tsv", tabs),
      write("c/payment.jsonl",
            "{\"payment_id\":\"P1\",\"customer_id\":1,\"paid_on\":\"2026-01-03\",\"amount_cny\":1.50}\n"
            "{\"payment_id\":\"P2\",\"customer_id\":\"1\",\"amount_cny\":2,\"paid_on\":\"2026-01-04\"}\n")};
  for (const auto& file : again) {
    const auto outcome = load(file);
    ASSERT_TRUE(outcome.has_value()) << file << outcome.error().line.key;
    EXPECT_EQ(outcome->total.rows_duplicate, 2) << file;
  }
}

}  // namespace
}  // namespace fenqun::ingest
