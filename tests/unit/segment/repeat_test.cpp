// tests/unit/segment/repeat_test.cpp - a run comes out the same from what is kept of it.
#include "segment/repeat.hpp"

#include "segment/definitions.hpp"
#include "segment/explain.hpp"
#include "unit/segment/wide_workspace.hpp"

namespace fenqun::segment {
namespace {

constexpr const char* kCustomers =
    "SELECT printf('%06d', range + 1) AS customer_id, round(exp(hash(range) / 18446744073709551616.0 * 8), 2) AS "
    "bill_revenue_12m_cny, floor(hash(range + 7) / 18446744073709551616.0 * 5) AS tickets_12m FROM range(300)";

std::string clusters(int publish) {
  return "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: tiers\nfeatures: [{name: bill_revenue_12m_cny, log: "
         "true, scale: zscore}, {name: tickets_12m, scale: zscore}]\nk: {publish: " +
         std::to_string(publish) + ", restarts: 2}\n";
}

class RepeatTest : public WideWorkspace {
 protected:
  void SetUp() override { make(kCustomers); }
};

TEST_F(RepeatTest, ARunIsRepeatedByItsStoredTextAfterTheFileWasChanged) {
  auto workspace = open();
  const auto scheme = this->scheme(clusters(3));
  SegmentOptions options;
  options.as_of = Month(2026, 6);
  options.seed = 99;
  options.k = 4;
  const auto run = run_scheme(workspace, *catalogue_, scheme, options, pool_);
  ASSERT_TRUE(run.has_value()) << run.error().line.key;
  const auto changed = this->scheme(clusters(2));
  ASSERT_NE(changed.fingerprint, scheme.fingerprint);
  const auto kept = scheme_of_run(workspace, *catalogue_, *run);
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->fingerprint, scheme.fingerprint);
  WorkerPool three(3);
  const auto again = repeat_run(workspace, *catalogue_, run->run_id, three);
  ASSERT_TRUE(again.has_value()) << again.error().line.key;
  EXPECT_TRUE(again->is_same);
  EXPECT_FALSE(again->is_data_changed);
  EXPECT_FALSE(again->is_build_changed);
  EXPECT_EQ(again->again.run_id, run->run_id);
  EXPECT_EQ(again->again.groups.size(), 4U) << "with the number that was asked for then";
  auto explainer = Explainer::create(workspace, *catalogue_, *kept, *run, pool_);
  ASSERT_TRUE(explainer.has_value());
  EXPECT_TRUE(explainer->explain("000001")->is_as_stored);
}

TEST_F(RepeatTest, ARunThatLooksAtOthersLooksAtTheirRunsOfThen) {
  auto workspace = open();
  const std::string rules =
      "scheme: y\nversion: 1\ntitle: {zh: 乙, en: B}\nmethod: rules\ngroups:\n  - {code: top, title: {zh: 甲, en: A}, "
      "when: \"group_of('x') = 'g1'\"}\n  - {code: rest, title: {zh: 乙, en: B}, when: \"true\"}\n";
  ASSERT_TRUE(run(workspace, this->scheme(clusters(3))).has_value());
  const auto first = run(workspace, this->scheme(rules, "y"));
  ASSERT_TRUE(first.has_value()) << first.error().line.key;
  ASSERT_TRUE(run(workspace, this->scheme(clusters(2))).has_value());
  const auto again = repeat_run(workspace, *catalogue_, first->run_id, pool_);
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->is_same);
  ASSERT_EQ(again->again.uses.size(), 1U);
  EXPECT_EQ(again->again.uses[0].run_id, first->uses[0].run_id);
  const auto anew = run(workspace, this->scheme(rules, "y"));
  ASSERT_TRUE(anew.has_value());
  EXPECT_NE(anew->assignment_hash, first->assignment_hash);
}

TEST_F(RepeatTest, TellsOfStoredRowsThatWereChangedAndNotOfTheData) {
  auto workspace = open();
  const auto run = this->run(workspace, this->scheme(clusters(3)));
  ASSERT_TRUE(run.has_value());
  auto& connection = workspace.connection();
  const auto moved = connection.execute("UPDATE assignment SET group_code = 'g1' WHERE group_code = 'g2'");
  ASSERT_TRUE(moved.has_value());
  const auto again = repeat_run(workspace, *catalogue_, run->run_id, pool_);
  ASSERT_TRUE(again.has_value()) << again.error().line.key;
  EXPECT_TRUE(again->is_assignment_changed);
  EXPECT_FALSE(again->is_same);
  EXPECT_FALSE(again->is_data_changed);
  const auto edited = connection.execute("UPDATE scheme_version SET text = replace(text, 'publish: 3', 'publish: 2')");
  ASSERT_TRUE(edited.has_value());
  EXPECT_EQ(repeat_run(workspace, *catalogue_, run->run_id, pool_).error().line.key, "segment.definition_changed");
}

TEST_F(RepeatTest, OtherValuesGiveAnotherAssignmentAndAnUnknownRunIsRefused) {
  std::string id;
  {
    auto workspace = open();
    const auto run = this->run(workspace, this->scheme(clusters(3)));
    ASSERT_TRUE(run.has_value());
    id = run->run_id;
    const auto unknown = repeat_run(workspace, *catalogue_, "0123", pool_);
    ASSERT_FALSE(unknown.has_value());
    EXPECT_EQ(unknown.error().line.key, "segment.no_run");
    // Other values where the run looks.
    const auto other = workspace.connection().execute(
        "CREATE TEMP TABLE as_it_was AS SELECT * FROM wide; CREATE OR REPLACE TEMP VIEW wide AS SELECT * REPLACE "
        "(bill_revenue_12m_cny * (1 + tickets_12m) AS bill_revenue_12m_cny) FROM as_it_was");
    ASSERT_TRUE(other.has_value()) << other.error().arg("reason");
    const auto again = repeat_run(workspace, *catalogue_, id, pool_);
    ASSERT_TRUE(again.has_value()) << again.error().line.key;
    EXPECT_FALSE(again->is_same);
  }
}

}  // namespace
}  // namespace fenqun::segment
