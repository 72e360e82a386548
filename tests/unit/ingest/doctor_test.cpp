// tests/unit/ingest/doctor_test.cpp - what is broken on purpose is found, and repaired where nothing is lost by it; and
// the lake kept small without losing a row.
#include "warehouse/doctor.hpp"

#include "ingest/batches.hpp"
#include "unit/ingest/fixture.hpp"
#include "warehouse/lake_care.hpp"

namespace fenqun::ingest {
namespace {

namespace fs = std::filesystem;
using warehouse::Examination;
using warehouse::Repair;
using warehouse::Severity;

constexpr const char* kBills = "bill_id,customer_id,month,energy_kwh,amount_cny\n";

class Doctor : public IngestTest {
 protected:
  void SetUp() override {
    IngestTest::SetUp();
    ASSERT_TRUE(load(write("customer.csv", "customer_id,category\n0001,residential\n0002,residential\n")).has_value());
    ASSERT_TRUE(
        load(write("a/bill.csv", std::string(kBills) + "B1,0001,2026-01,1,1\nB2,0002,2026-02,2,2\n")).has_value());
    ASSERT_TRUE(
        load(write("b/bill.csv", std::string(kBills) + "B2,0002,2026-02,3,3\nB3,0001,2026-01,4,4\nB3,x\n"), "", 0.5)
            .has_value());
  }
  Examination examine(Repair repair = Repair::Nothing) {
    warehouse::WorkspaceOptions options;
    options.tolerate_damage = true;
    open(options);
    auto done = warehouse::examine(*workspace_, repair);
    EXPECT_TRUE(done.has_value()) << done.error().line.key << " " << done.error().arg("reason");
    return done.value_or(Examination{});
  }
  /// Keys of the damages found.
  std::vector<std::string> damages(Repair repair = Repair::Nothing) {
    std::vector<std::string> keys;
    for (const auto& finding : examine(repair).findings) {
      if (finding.severity == Severity::Damage) keys.push_back(finding.line.key);
    }
    return keys;
  }
  fs::path lake_file(const std::string& where) {
    return root() / "ws" / ask("SELECT path FROM lake_file WHERE " + where + " ORDER BY path LIMIT 1");
  }
  using Keys = std::vector<std::string>;
};

TEST_F(Doctor, FindsNothingInAWorkspaceThatWasLeftAlone) {
  const auto found = examine();
  EXPECT_TRUE(found.is_sound());
  EXPECT_TRUE(found.findings.empty()) << found.findings.front().line.key;
  EXPECT_EQ(found.files, 4);
  EXPECT_EQ(found.rows, 2 + 3 + 1) << "customers, bills, the bill that was replaced";
  EXPECT_EQ(found.batches, 3);
  EXPECT_GT(found.references, 5);
}

TEST_F(Doctor, FindsABitThatFlipped) {
  const auto path = lake_file("entity = 'bill'");
  auto bytes = *read_file(path);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(damages(), Keys{"warehouse.found_hash"});
}

TEST_F(Doctor, FindsAFileThatIsGoneOrCut) {
  fs::remove(lake_file("entity = 'bill' AND month = '2026-01'"));
  fs::resize_file(lake_file("entity = 'bill' AND month = '2026-02'"), 100);
  const auto found = damages();
  EXPECT_EQ(found, (Keys{"warehouse.found_missing", "warehouse.found_size"}));
}

TEST_F(Doctor, FindsCountsThatDoNotAddUp) {
  ASSERT_EQ(ask("UPDATE batch_entity SET rows_loaded = rows_loaded + 1 WHERE entity = 'customer'; SELECT 'done'"),
            "done");
  EXPECT_EQ(damages(), (Keys{"warehouse.found_sum", "warehouse.found_batch_sum", "warehouse.found_batch_rows"}));
}

TEST_F(Doctor, FindsARowThatVanishedFromAMaster) {
  ASSERT_EQ(ask("DELETE FROM m_customer WHERE customer_id = '0002'; SELECT 'done'"), "done");
  const auto found = examine();
  ASSERT_FALSE(found.findings.empty());
  EXPECT_EQ(found.findings[0].line.key, "warehouse.found_batch_rows");
  EXPECT_FALSE(found.is_sound());
  EXPECT_EQ(found.findings[1].line.key, "warehouse.found_orphans") << "the bills of that customer";
  EXPECT_EQ(found.findings[1].severity, Severity::Notice);
}

TEST_F(Doctor, FindsAKeyThatStandsTwiceAndAQuarantineThatLostALine) {
  ASSERT_EQ(ask("INSERT INTO m_customer SELECT * FROM m_customer WHERE customer_id = '0001'; DELETE FROM quarantine; "
                "SELECT 'done'"),
            "done");
  EXPECT_EQ(damages(), (Keys{"warehouse.found_quarantine", "warehouse.found_batch_rows", "warehouse.found_key_twice"}));
}

TEST_F(Doctor, SetsUnknownFilesAsideAndForgetsLostFeatureMonths) {
  std::ofstream(root() / "ws" / "lake" / "bill" / "month=2026-01" / "mine.parquet") << "mine";
  ASSERT_EQ(
      ask("INSERT INTO lake_file VALUES ('_sums', '2026-01', 'lake/_sums/month=2026-01/s.parquet', '', 1, 4, 'x'); "
          "SELECT 'done'"),
      "done");
  fs::create_directories(root() / "ws" / "lake" / "_sums" / "month=2026-01");
  std::ofstream(root() / "ws" / "lake" / "_sums" / "month=2026-01" / "s.parquet") << "half";
  EXPECT_EQ(damages(), Keys{"warehouse.found_hash"});
  const auto repaired = examine(Repair::WhatCan);
  EXPECT_TRUE(repaired.is_sound());
  EXPECT_EQ(repaired.findings.size(), 2U);
  EXPECT_TRUE(fs::exists(root() / "ws" / "lost+found" / "bill" / "month=2026-01" / "mine.parquet"));
  EXPECT_TRUE(examine().findings.empty());
}

TEST_F(Doctor, CompactingChangesNoRowAndABatchCanStillBeUndone) {
  const auto rows = "SELECT string_agg(b::VARCHAR, '|' ORDER BY bill_id) FROM bill b";
  const auto before = ask(rows);
  const auto fingerprint = *workspace_->data_fingerprint();
  const auto done = warehouse::compact(*workspace_, "");
  ASSERT_TRUE(done.has_value()) << done.error().line.key << done.error().arg("reason");
  ASSERT_EQ(done->size(), 1U);
  EXPECT_EQ(done->front().files, 2);
  EXPECT_EQ(ask(rows), before);
  EXPECT_EQ(*workspace_->data_fingerprint(), fingerprint);
  EXPECT_TRUE(examine().findings.empty());
  // A correction of a row in the compacted file, undone; then the batch below it.
  const auto corrected = load(write("c/bill.csv", std::string(kBills) + "B3,0001,2026-01,9,9\nB1,0001,2026-01,1,1\n"));
  ASSERT_TRUE(corrected.has_value()) << corrected.error().line.key;
  EXPECT_EQ(corrected->total.rows_superseded, 1);
  EXPECT_EQ(corrected->total.rows_duplicate, 1);
  EXPECT_TRUE(examine().findings.empty());
  ASSERT_TRUE(undo_batch(*workspace_, corrected->batch_id).has_value());
  EXPECT_EQ(ask(rows), before);
  const auto second = ask("SELECT batch_id FROM batch ORDER BY sequence DESC LIMIT 1");
  ASSERT_TRUE(undo_batch(*workspace_, second).has_value());
  EXPECT_EQ(ask("SELECT string_agg(bill_id || energy_kwh, ' ' ORDER BY bill_id) FROM bill"), "B11.000 B22.000");
  EXPECT_TRUE(examine().findings.empty());
}

TEST_F(Doctor, ExpiredMonthsAreGoneButAccountedFor) {
  {
    workspace_.reset();
    std::ofstream(root() / "ws" / "fenqun.yaml", std::ios::app) << "retention: {bill: 1, superseded: 2}\n";
    open();
  }
  const auto fingerprint = *workspace_->data_fingerprint();
  const Month today(2200, 1);
  const auto shown = warehouse::expire(*workspace_, today, warehouse::Expire::Show);
  ASSERT_TRUE(shown.has_value()) << shown.error().line.key;
  EXPECT_EQ(shown->size(), 2U);
  EXPECT_EQ(ask("SELECT count(*) FROM bill"), "3");
  ASSERT_TRUE(warehouse::expire(*workspace_, today, warehouse::Expire::Remove).has_value());
  EXPECT_EQ(ask("SELECT string_agg(bill_id, ' ') FROM bill"), "B2");
  EXPECT_NE(*workspace_->data_fingerprint(), fingerprint);
  EXPECT_TRUE(examine().findings.empty());
  const auto second = ask("SELECT batch_id FROM batch ORDER BY sequence DESC LIMIT 1");
  EXPECT_EQ(undo_batch(*workspace_, second).error().line.key, "ingest.batch_expired");
}

TEST_F(Doctor, ARetentionThatCannotBeIsRefused) {
  workspace_.reset();
  std::ofstream(root() / "ws" / "fenqun.yaml", std::ios::app) << "retention: {customer: 3}\n";
  open();
  const auto refused = warehouse::expire(*workspace_, Month(2026, 1), warehouse::Expire::Show);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "warehouse.retention_wrong");
}

}  // namespace
}  // namespace fenqun::ingest
