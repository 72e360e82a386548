// tests/unit/ledger/verify_test.cpp - whatever is changed in the ledger's tables is found and located.
#include "ledger/run_diff.hpp"
#include "ledger/seal.hpp"
#include "segment/definitions.hpp"
#include "unit/ledger/ledger_fixture.hpp"

#include <gmock/gmock.h>

namespace fenqun::ledger {
namespace {

using testing::ElementsAre;

constexpr Month kJanuary(2026, 1);
constexpr Month kFebruary(2026, 2);

// 10,000 customers in three blocks; in February every tenth moves.
class VerifyTest : public LedgerTest {
 protected:
  void SetUp() override {
    LedgerTest::SetUp();
    add_big("r1", kJanuary, "CASE WHEN n % 2 = 0 THEN 'a' ELSE 'b' END");
    add_big("r2", kFebruary, "CASE WHEN n % 10 = 0 THEN 'b' WHEN n % 2 = 0 THEN 'a' ELSE 'b' END");
  }
  void add_big(const std::string& id, Month month, const std::string& group) {
    enter(describe(id, month, {"a", "b"}, "s", Named::Yes));
    sql("INSERT INTO assignment SELECT '" + id + "', printf('%06d', n), " + group +
        ", 'x', NULL, NULL, NULL, NULL FROM (SELECT range AS n FROM range(10000))");
    accept(id);
    ASSERT_TRUE(publish(id).has_value());
  }
  Verification look(const std::string& expected = "") {
    const auto found = verify(*workspace_, expected);
    EXPECT_TRUE(found.has_value()) << found.error().line.key << " " << found.error().arg("reason");
    return *found;
  }
  // The one finding after a statement.
  LedgerFinding after(const std::string& statement) {
    sql(statement);
    const auto found = look();
    EXPECT_EQ(found.findings.size(), 1U);
    for (const auto& finding : found.findings) {
      if (found.findings.size() > 1) ADD_FAILURE() << finding.line.key << " " << finding.publication;
    }
    return found.findings.empty() ? LedgerFinding() : found.findings.front();
  }
};

TEST_F(VerifyTest, AnUntouchedLedgerIsSoundAndSaysWhatWasLookedAt) {
  const auto found = look();
  EXPECT_TRUE(found.is_sound());
  EXPECT_EQ(found.publications, 2);
  EXPECT_EQ(found.rows, 12000);  // January of all, and January and February of a thousand
  EXPECT_EQ(found.last_hash.size(), 64U);
}

TEST_F(VerifyTest, OneChangedByteNamesPublicationCustomerAndColumn) {
  for (const auto& [column, value] : std::map<std::string, std::string>{{"group_code", "'c'"},
                                                                        {"reason", "''"},
                                                                        {"valid_from", "DATE '2025-12-01'"},
                                                                        {"valid_to", "DATE '2026-05-01'"},
                                                                        {"said_by", "2"},
                                                                        {"scheme", "'t'"},
                                                                        {"seal", "seal + 1"}}) {
    sql("CREATE OR REPLACE TABLE kept AS SELECT * FROM membership");
    const auto finding =
        after("UPDATE membership SET " + column + " = " + value + " WHERE customer_id = '005001' AND recorded_by = 1");
    EXPECT_EQ(finding.publication, 1);
    EXPECT_EQ(finding.customer_id, "005001");
    EXPECT_EQ(finding.row_id, 5002);
    EXPECT_THAT(finding.columns, ElementsAre(column));
    sql("DELETE FROM membership");
    sql("INSERT INTO membership SELECT * FROM kept");
  }
  EXPECT_TRUE(look().is_sound());
}

TEST_F(VerifyTest, CustomersOfAPublishedRunInOtherGroupsAreFoundEvenWhereTheNumbersStayTheSame) {
  const auto finding = after(
      "UPDATE assignment SET group_code = CASE WHEN customer_id = '000001' THEN 'a' ELSE 'b' END WHERE run_id = 'r1' "
      "AND customer_id IN ('000001', '000002')");
  EXPECT_EQ(finding.line.key, "ledger.run_changed");
  EXPECT_EQ(finding.publication, 1);
}

TEST_F(VerifyTest, ARunWhoseGroupsAreNoLongerAsLargeAsItSaidIsNotPublished) {
  constexpr Month kMarch(2026, 3);
  add_run("r3", kMarch, {{"000001", "a"}, {"000002", "b"}, {"000003", "!why"}});
  accept("r3");
  sql("DELETE FROM assignment WHERE run_id = 'r3' AND customer_id = '000003'");
  const auto refused = publish("r3");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "ledger.run_changed_since");
  EXPECT_EQ(look().publications, 2);
}

TEST_F(VerifyTest, AChangedTextOfAPublishedSchemeIsFoundAndNotUsed) {
  const auto hash = segment::fingerprint_of("the text");
  sql("INSERT INTO scheme_version VALUES ('t', 1, '" + hash + "', 'the text', 'here', now()::TIMESTAMP)");
  auto run = describe("r4", kJanuary, {"a"}, "t", Named::Yes);
  run.definition = hash;
  enter(run);
  sql("INSERT INTO assignment VALUES ('r4', '000001', 'a', 'x', NULL, NULL, NULL, NULL)");
  accept("r4");
  ASSERT_TRUE(publish("r4").has_value());
  EXPECT_TRUE(look().is_sound());
  const auto finding = after("UPDATE scheme_version SET text = 'another text' WHERE scheme = 't'");
  EXPECT_EQ(finding.line.key, "ledger.definition_changed");
  EXPECT_EQ(finding.publication, 3);
  const auto kept = segment::find_definition(*workspace_, "r4");
  ASSERT_FALSE(kept.has_value());
  EXPECT_EQ(kept.error().line.key, "segment.definition_changed");
}

TEST_F(VerifyTest, AnotherCustomerInARowIsFound) {
  const auto finding = after("UPDATE membership SET customer_id = '999999' WHERE row_id = 17");
  EXPECT_EQ(finding.row_id, 17);
  EXPECT_THAT(finding.columns, ElementsAre("customer_id"));
}

TEST_F(VerifyTest, ARowWhoseSealWasMadeAnewIsFoundByItsBlock) {
  const auto finding =
      after("UPDATE membership SET group_code = 'c' WHERE row_id = 5002; UPDATE membership SET seal = " + seal_sql() +
            " WHERE row_id = 5002");
  EXPECT_EQ(finding.line.key, "ledger.block_changed");
  EXPECT_EQ(finding.publication, 1);
  EXPECT_THAT(finding.columns, ElementsAre("group_code", "seal"));
  EXPECT_EQ(finding.line.args[1].value, "004096");
}

TEST_F(VerifyTest, ADeletedRowIsLocatedBetweenItsNeighbours) {
  const auto finding = after("DELETE FROM membership WHERE row_id = 3002");
  EXPECT_EQ(finding.line.key, "ledger.row_missing");
  EXPECT_EQ(finding.row_id, 3002);
  EXPECT_EQ(finding.line.args[2].value, "003000");
  EXPECT_EQ(finding.line.args[3].value, "003002");
}

TEST_F(VerifyTest, AWholeBlockDeletedIsFound) {
  sql("DELETE FROM membership WHERE row_id BETWEEN 4097 AND 8192");
  const auto found = look();
  EXPECT_FALSE(found.is_sound());
  EXPECT_EQ(found.findings.front().line.key, "ledger.row_missing");
}

TEST_F(VerifyTest, AnInsertedRowIsFound) {
  const auto copy = after("INSERT INTO membership SELECT * FROM membership WHERE row_id = 3002");
  EXPECT_EQ(copy.line.key, "ledger.row_added");
  EXPECT_EQ(copy.customer_id, "003001");
  sql("DELETE FROM membership WHERE row_id = 3002");
  sql("DELETE FROM membership WHERE row_id > 12000");
  sql("INSERT INTO membership VALUES (50000, 's', 'new', DATE '2026-01-01', NULL, 'a', NULL, 2, 2, 0, NULL)");
  const auto found = look();
  EXPECT_TRUE(std::any_of(found.findings.begin(), found.findings.end(), [](const auto& finding) {
    return finding.line.key == "ledger.row_added" && finding.customer_id == "new";
  }));
  sql("DELETE FROM membership WHERE row_id = 50000");
  sql("INSERT INTO membership VALUES (50000, 's', 'new', DATE '2026-01-01', NULL, 'a', NULL, 9, 9, 0, NULL)");
  EXPECT_EQ(look().findings.back().line.key, "ledger.row_of_nobody");
}

TEST_F(VerifyTest, ARowPutUnderAnotherPublicationIsFound) {
  sql("UPDATE membership SET recorded_by = 2 WHERE row_id = 3002");
  const auto found = look();
  ASSERT_GE(found.findings.size(), 1U);
  EXPECT_EQ(found.findings[0].line.key, "ledger.row_moved");
  EXPECT_EQ(found.findings[0].customer_id, "003001");
}

TEST_F(VerifyTest, AMarkOfSupersessionTakenAwayOrAddedIsFound) {
  const auto gone = after("UPDATE membership SET superseded_by = NULL WHERE row_id = 11");
  EXPECT_EQ(gone.line.key, "ledger.end_differs");
  EXPECT_EQ(gone.customer_id, "000010");
  sql("UPDATE membership SET superseded_by = 2 WHERE row_id = 11");
  EXPECT_EQ(after("UPDATE membership SET superseded_by = 2 WHERE row_id = 12").customer_id, "000011");
}

TEST_F(VerifyTest, AnEndTakenOutOfBothTablesIsFound) {
  sql("DELETE FROM membership_end WHERE row_id = 11");
  EXPECT_EQ(after("UPDATE membership SET superseded_by = NULL WHERE row_id = 11").line.key, "ledger.ends_changed");
}

TEST_F(VerifyTest, ChangedRecordsNamesReviewsAndBlocksAreFound) {
  for (const auto& [change, undo] : std::vector<std::pair<std::string, std::string>>{
           {"UPDATE publication SET published_by = 'x' WHERE sequence = 1",
            "UPDATE publication SET published_by = '李班长' WHERE sequence = 1"},
           {"UPDATE publication_name SET title_zh = 'x' WHERE sequence = 1 AND code = 'a'",
            "UPDATE publication_name SET title_zh = '群a' WHERE sequence = 1 AND code = 'a'"},
           {"UPDATE run_decision SET reason = 'x' WHERE decision_id = 1",
            "UPDATE run_decision SET reason = '业务上有意义' WHERE decision_id = 1"}}) {
    const auto finding = after(change);
    EXPECT_EQ(finding.line.key, "ledger.record_changed");
    EXPECT_EQ(finding.publication, 1);
    sql(undo);
  }
  EXPECT_TRUE(look().is_sound());
  sql("UPDATE publication_block SET hashes = replace(hashes, 'a', 'b') WHERE sequence = 1 AND block = 1");
  EXPECT_EQ(look().findings.front().line.key, "ledger.blocks_changed");
}

TEST_F(VerifyTest, APublicationTakenOutBreaksTheChain) {
  const auto last = look().last_hash;
  sql("DELETE FROM publication WHERE sequence = 1");
  EXPECT_EQ(look().findings.front().line.key, "ledger.publication_missing");
  sql("UPDATE publication SET sequence = 1");
  EXPECT_EQ(look().findings.front().line.key, "ledger.chain_broken");
  // Cut off at the end the chain is whole; only a hash kept elsewhere tells.
  sql("DELETE FROM publication; DELETE FROM membership; DELETE FROM membership_end");
  EXPECT_TRUE(look().is_sound());
  EXPECT_EQ(look(last).findings.front().line.key, "ledger.hash_not_in_chain");
}

TEST_F(VerifyTest, TwoRunsAreComparedCustomerByCustomer) {
  const auto diff = compare_runs(*workspace_, "r1", "r2");
  ASSERT_TRUE(diff.has_value()) << diff.error().line.key;
  EXPECT_EQ(diff->compared, 10000);
  EXPECT_EQ(diff->moved, 1000);
  ASSERT_EQ(diff->migrations.size(), 3U);
  EXPECT_EQ(diff->migrations[0].customers, 4000);  // a to a
  EXPECT_EQ(diff->migrations[1].to, "b");
  EXPECT_EQ(diff->migrations[1].customers, 1000);
  EXPECT_EQ(diff->migrations[2].customers, 5000);
  ASSERT_EQ(diff->carried.size(), 2U);
  EXPECT_DOUBLE_EQ(diff->carried[0].overlap, 0.8);
  // By whole numbers from the table 4000, 1000; 0, 5000.
  EXPECT_NEAR(diff->adjusted_rand_index.value(), 0.6399654332249121, 1e-12);
  EXPECT_EQ(compare_runs(*workspace_, "r1", "r9").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace fenqun::ledger
