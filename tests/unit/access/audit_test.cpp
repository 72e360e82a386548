// tests/unit/access/audit_test.cpp
#include "access/audit.hpp"

#include "unit/access/open_workspace.hpp"

namespace fenqun::access {
namespace {

class AuditTest : public test::OpenWorkspace {
 protected:
  void SetUp() override {
    test::OpenWorkspace::SetUp();
    open();
  }
  void open() {
    auto trail = AuditTrail::create(std::move(*workspace_->connect()));
    ASSERT_TRUE(trail.has_value());
    trail_ = std::move(*trail);
  }
  static AuditEntry entry(const std::string& user, const std::string& action) {
    AuditEntry out;
    out.at = Moment(std::chrono::seconds(1'800'000'000));
    out.user = user;
    out.action = action;
    out.outcome = "done";
    return out;
  }
  std::unique_ptr<AuditTrail> trail_;
};

TEST_F(AuditTest, WhatIsNotOnDiskIsHandedToAnotherTrail) {
  ASSERT_TRUE(trail_->note(entry("a", "x")).has_value());
  trail_->note_later(entry("b", "y"));
  auto left = trail_->take_unwritten();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_TRUE(trail_->take_unwritten().empty());
  open();
  trail_->note_later(std::move(left.front()));
  EXPECT_EQ(trail_->search({})->total, 2);
  EXPECT_FALSE(trail_->verify()->first_broken.has_value());
}

TEST_F(AuditTest, EntriesAreChainedAcrossRestarts) {
  ASSERT_TRUE(trail_->note(entry("a", "x")).has_value());
  open();
  ASSERT_TRUE(trail_->note(entry("b", "y")).has_value());
  const auto found = trail_->search({});
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->total, 2);
  EXPECT_EQ(found->items[0].prior_hash, found->items[1].hash);
  const auto verified = trail_->verify();
  EXPECT_EQ(verified->entries, 2);
  EXPECT_FALSE(verified->first_broken.has_value());
  EXPECT_EQ(verified->head, found->items[0].hash);
}

TEST_F(AuditTest, WhatIsPutOffKeepsItsPlaceInTheChain) {
  trail_->note_later(entry("a", "look"));
  ASSERT_TRUE(trail_->note(entry("a", "change")).has_value());
  EXPECT_EQ(ask("SELECT string_agg(action, ' ' ORDER BY sequence) FROM audit").text(0, 0), "look change");
  EXPECT_FALSE(trail_->verify()->first_broken.has_value());
}

TEST_F(AuditTest, AnythingChangedTakenAwayOrPutInIsFound) {
  for (int n = 0; n < 5; ++n) ASSERT_TRUE(trail_->note(entry("a", std::to_string(n))).has_value());
  run("CREATE TABLE kept AS SELECT * FROM audit");
  for (const std::string fault :
       {"UPDATE audit SET user_name = 'b' WHERE sequence = 3", "DELETE FROM audit WHERE sequence = 3",
        "INSERT INTO audit SELECT * REPLACE (6 AS sequence) FROM audit WHERE sequence = 3",
        "UPDATE audit SET subject = 'x', action = '' WHERE sequence = 3",
        "UPDATE audit SET hash = 'x' WHERE sequence = 3"}) {
    run(fault);
    EXPECT_TRUE(fault.starts_with("INSERT") || trail_->verify()->first_broken == 3) << fault;
    run("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept");
    EXPECT_FALSE(trail_->verify()->first_broken.has_value());
  }
  run("DELETE FROM audit WHERE sequence = 5");
  EXPECT_EQ(trail_->verify()->first_broken, 5);
}

TEST_F(AuditTest, ASearchTakesPartsAndPages) {
  for (int n = 0; n < 5; ++n) {
    auto one = entry(n % 2 == 0 ? "even" : "odd", "GET /customers/{customer}");
    one.subject = "c" + std::to_string(n);
    one.at += std::chrono::seconds(n);
    ASSERT_TRUE(trail_->note(one).has_value());
  }
  AuditQuery query;
  query.user = "even";
  query.limit = 2;
  const auto page = trail_->search(query);
  EXPECT_EQ(page->total, 3);
  EXPECT_EQ(page->items[0].subject, "c4");
  query = {};
  query.part = "c3";
  EXPECT_EQ(trail_->search(query)->total, 1);
  query.part = "' OR true --";
  EXPECT_EQ(trail_->search(query)->total, 0);
  query = {};
  query.from = Moment(std::chrono::seconds(1'800'000'002));
  query.to = Moment(std::chrono::seconds(1'800'000'004));
  EXPECT_EQ(trail_->search(query)->total, 2);
}

TEST_F(AuditTest, ExportsAreLoggedInOrder) {
  ExportEntry one;
  one.user = "a";
  one.purpose = "visit";
  one.rows = 7;
  ASSERT_TRUE(trail_->note_export(one).has_value());
  open();
  one.user = "b";
  ASSERT_TRUE(trail_->note_export(one).has_value());
  const auto page = trail_->exports(0, 10);
  ASSERT_EQ(page->total, 2);
  EXPECT_EQ(page->items[0].user, "b");
  EXPECT_EQ(page->items[0].sequence, 2);
  EXPECT_EQ(page->items[1].rows, 7);
}

}  // namespace
}  // namespace fenqun::access
