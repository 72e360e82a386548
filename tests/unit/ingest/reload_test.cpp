// tests/unit/ingest/reload_test.cpp - a repair that ends between taking out and loading again loses nothing.
#include "ingest/reload.hpp"

#include "ingest/batches.hpp"
#include "unit/ingest/fixture.hpp"

namespace fenqun::ingest {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBills = "bill_id,customer_id,month,energy_kwh,amount_cny\n";

class Reload : public IngestTest {
 protected:
  void SetUp() override {
    IngestTest::SetUp();
    first_ = load(write("a/bill.csv", std::string(kBills) + "B1,0001,2026-01,1,1\nB2,0002,2026-02,2,2\n"))->batch_id;
    second_ = load(write("b/bill.csv", std::string(kBills) + "B2,0002,2026-02,3,3\n"))->batch_id;
    ASSERT_TRUE(load(write("c/bill.csv", std::string(kBills) + "B9,0009,2026-05,3,3\n")).has_value());
    rows_ = ask(kRows);
  }
  void open_tolerant() {
    warehouse::WorkspaceOptions options;
    options.tolerate_damage = true;
    open(options);
  }
  /// As if it was killed after the chain of a lost file was taken out.
  void stop_halfway() {
    fs::remove(root() / "ws" / ask("SELECT path FROM lake_file WHERE entity = 'bill' AND month = '2026-01'"));
    open_tolerant();
    const auto found = warehouse::examine(*workspace_, warehouse::Repair::WhatCan);
    ASSERT_TRUE(found.has_value());
    const auto chains = damaged_chains(*workspace_, *found);
    ASSERT_TRUE(chains.has_value() && chains->size() == 1 && chains->front().size() == 2);
    ASSERT_TRUE(take_out(*workspace_, chains->front()).has_value());
    workspace_.reset();
  }
  static constexpr const char* kRows = "SELECT string_agg(b::VARCHAR, '|' ORDER BY bill_id) FROM bill b";
  std::string first_;
  std::string second_;
  std::string rows_;
};

TEST_F(Reload, ABatchThatWaitsIsReportedAndTheNextRepairLoadsItInOrder) {
  stop_halfway();
  const auto refused = warehouse::Workspace::open(root() / "ws", {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "warehouse.reload_waits");
  EXPECT_EQ(refused.error().arg("batch"), first_);
  open_tolerant();
  const auto found = warehouse::examine(*workspace_, warehouse::Repair::Nothing);
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->findings.size(), 2U + 1U) << "two that wait, and a notice on customers";
  EXPECT_EQ(found->findings[0].line.key, warehouse::kFoundWaiting);
  EXPECT_FALSE(found->is_sound());
  const auto origins = waiting(*workspace_);
  ASSERT_TRUE(origins.has_value());
  ASSERT_EQ(origins->size(), 2U);
  EXPECT_EQ(origins->front().batch_id, first_);
  for (const auto& origin : *origins) {
    const auto done = load_again(*workspace_, origin, nullptr);
    ASSERT_TRUE(done.has_value()) << done.error().line.key;
    EXPECT_EQ(done->batch_id, origin.batch_id);
  }
  open();
  EXPECT_EQ(ask(kRows), rows_);
  EXPECT_EQ(ask("SELECT count(*)::VARCHAR FROM reload"), "0");
}

TEST_F(Reload, ABatchThatWaitsCanBeGivenUpWhenItsSourceIsLost) {
  stop_halfway();
  fs::remove(root() / "a" / "bill.csv");
  open_tolerant();
  const auto lost = load_again(*workspace_, waiting(*workspace_)->front(), nullptr);
  ASSERT_FALSE(lost.has_value());
  EXPECT_EQ(lost.error().line.key, "ingest.source_gone");
  ASSERT_TRUE(undo_batch(*workspace_, first_).has_value());
  const auto origins = waiting(*workspace_);
  ASSERT_EQ(origins->size(), 1U);
  ASSERT_TRUE(load_again(*workspace_, origins->front(), nullptr).has_value());
  open();
  EXPECT_EQ(ask("SELECT string_agg(bill_id || energy_kwh, ' ' ORDER BY bill_id) FROM bill"), "B23.000 B93.000");
  EXPECT_EQ(ask("SELECT string_agg(batch_id) FROM batch_undone"), first_);
}

TEST_F(Reload, ASourceIsFoundWhereADropFolderMovedIt) {
  Origin origin;
  origin.batch_id = "b1";
  origin.path = write("drop/bill/x.csv", kBills);
  origin.content_hash = *hash_file(origin.path);
  EXPECT_EQ(*find_source(origin), origin.path);
  fs::create_directories(root() / "drop" / "loaded");
  fs::rename(origin.path, root() / "drop" / "loaded" / "b1_x.csv");
  EXPECT_EQ(*find_source(origin), root() / "drop" / "loaded" / "b1_x.csv");
  std::ofstream(root() / "drop" / "loaded" / "b1_x.csv") << "changed";
  EXPECT_FALSE(find_source(origin).has_value());
}

}  // namespace
}  // namespace fenqun::ingest
