// tests/unit/ingest/folder_test.cpp
#include "unit/ingest/fixture.hpp"
#include "unit/reader/gzip_bytes.hpp"

namespace fenqun::ingest {
namespace {

class Folder : public IngestTest {
 protected:
  Result<FolderOutcome> load_folder() { return ingest_folder(*workspace_, root() / "in", {}); }

  void fill() {
    write("in/bill/2026-01.csv", "bill_id,customer_id,month,energy_kwh,amount_cny\nB1,1,2026-01,1,1\n");
    write("in/bill/2026-02.csv", "bill_id,customer_id,month,energy_kwh,amount_cny\nB2,1,2026-02,1,1\n");
    write("in/customer.csv", "customer_id,category\n1,residential\n");
    write("in/truth/customer.csv", "customer_id,planted\n1,x\n");
    write("in/notes.csv", "a\n1\n");
    write("in/synthetic.yaml", "synthetic: true\nseed: 1\n");
  }
};

TEST_F(Folder, LoadsFilesByTheirNamesMastersFirst) {
  fill();
  const auto outcomes = load_folder();
  ASSERT_TRUE(outcomes.has_value()) << outcomes.error().line.key;
  ASSERT_EQ(outcomes->files.size(), 3U);
  EXPECT_EQ(outcomes->files.front().file.filename(), "customer.csv");
  EXPECT_EQ(ask("SELECT count(*) FROM bill"), "2");
  EXPECT_EQ(ask("SELECT value FROM meta WHERE key = 'synthetic'"), "true");
}

TEST_F(Folder, ASecondTimeChangesNothing) {
  fill();
  ASSERT_TRUE(load_folder().has_value());
  const auto again = load_folder();
  ASSERT_TRUE(again.has_value());
  for (const auto& outcome : again->files) EXPECT_TRUE(outcome.already_loaded);
  EXPECT_EQ(ask("SELECT count(*) FROM batch"), "3");
}

TEST_F(Folder, NamesWhatItLeftAlone) {
  fill();
  write("in/bill/readme.txt", "bills of two months\n");
  write("in/bill/2026-02.docx", "x");
  write("in/household/a.csv", "a\n1\n");
  write("in/customer.doc", "x");
  write("in/.hidden", "x");
  const auto outcomes = load_folder();
  ASSERT_TRUE(outcomes.has_value()) << outcomes.error().line.key;
  std::vector<std::string> names;
  for (const auto& path : outcomes->foreign) names.push_back(path.lexically_relative(root() / "in").string());
  EXPECT_EQ(names, (std::vector<std::string>{"bill/2026-02.docx", "bill/readme.txt", "customer.doc", "household",
                                             "notes.csv"}));
}

TEST_F(Folder, TakesEveryFormatItCanRead) {
  write("in/customer.jsonl", "{\"customer_id\":\"1\",\"category\":\"residential\"}\n");
  write("in/bill.csv.gz", test::gzip_bytes("bill_id,customer_id,month,energy_kwh,amount_cny\nB1,1,2026-01,1,1\n"));
  write("in/payment.tsv", "payment_id\tcustomer_id\tpaid_on\tamount_cny\nP1\t1\t2026-01-03\t1\n");
  const auto outcomes = load_folder();
  ASSERT_TRUE(outcomes.has_value()) << outcomes.error().line.key;
  EXPECT_EQ(outcomes->files.size(), 3U);
  EXPECT_TRUE(outcomes->foreign.empty());
  EXPECT_EQ(ask("SELECT count(*) FROM bill JOIN customer USING (customer_id) JOIN payment USING (customer_id)"), "1");
}

TEST_F(Folder, RealDataIsNotMarkedSynthetic) {
  fill();
  std::filesystem::remove(root() / "in/synthetic.yaml");
  ASSERT_TRUE(load_folder().has_value());
  EXPECT_EQ(ask("SELECT count(*) FROM meta WHERE key = 'synthetic'"), "0");
}

TEST_F(Folder, StopsAtTheFirstBadFileAndSaysHowFarItCame) {
  fill();
  write("in/bill/2026-03.csv", "");
  const auto outcomes = load_folder();
  ASSERT_FALSE(outcomes.has_value());
  EXPECT_EQ(outcomes.error().line.key, "ingest.empty_file");
  ASSERT_FALSE(outcomes.error().context.empty());
  EXPECT_EQ(outcomes.error().context.back().key, "ingest.folder_stopped");
  EXPECT_EQ(outcomes.error().context.back().args[0].value, "3");
}

TEST_F(Folder, RefusesAFolderWithNothingInIt) {
  std::filesystem::create_directories(root() / "in");
  EXPECT_EQ(load_folder().error().line.key, "ingest.empty_folder");
  EXPECT_EQ(ingest_folder(*workspace_, root() / "none", {}).error().line.key, "ingest.unreadable");
  IngestRequest request;
  request.mapping = "powerco_client";
  EXPECT_EQ(ingest_folder(*workspace_, root() / "in", request).error().code, ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace fenqun::ingest
