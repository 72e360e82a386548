// tests/unit/ledger/publish_several_test.cpp - several runs published together: all or nothing.
#include "unit/ledger/ledger_fixture.hpp"

namespace fenqun::ledger {
namespace {

class PublishSeveralTest : public LedgerTest {
 protected:
  Result<std::vector<PublicationOutcome>> publish_all(const std::vector<std::string>& ids) {
    std::vector<PublishRequest> requests;
    for (const auto& id : ids) requests.push_back({id, "李班长", "", ""});
    return publish_runs(*workspace_, requests);
  }
};

TEST_F(PublishSeveralTest, EachIsAPublicationOfItsOwnInOneChain) {
  published("r0", Month(2026, 5), {{"a", "x"}, {"b", "x"}}, "one");
  add_run("r1", Month(2026, 6), {{"a", "x"}, {"b", "y"}}, "one");
  add_run("r2", Month(2026, 6), {{"a", "p"}, {"b", "!why"}}, "two");
  accept("r1");
  accept("r2");
  const auto done = publish_all({"r1", "r2", "r0"});
  ASSERT_TRUE(done.has_value()) << done.error().line.key << " " << done.error().arg("reason");
  ASSERT_EQ(done->size(), 3U);
  EXPECT_EQ((*done)[0].publication.sequence, 2);
  EXPECT_EQ((*done)[1].publication.sequence, 3);
  EXPECT_EQ((*done)[1].publication.prior_hash, (*done)[0].publication.hash);
  EXPECT_TRUE((*done)[2].already);
  EXPECT_EQ(groups_of(Month(2026, 6), {}, "one"), (Groups{{"a", "x"}, {"b", "y"}}));
  EXPECT_EQ(groups_of(Month(2026, 6), {}, "two"), (Groups{{"a", "p"}, {"b", "!why"}}));
  EXPECT_EQ(groups_of(Month(2026, 5), {}, "one"), (Groups{{"a", "x"}, {"b", "x"}}));
  expect_sound();
}

TEST_F(PublishSeveralTest, OneThatMayNotBePublishedKeepsAllBack) {
  add_run("r1", Month(2026, 6), {{"a", "x"}}, "one");
  add_run("r2", Month(2026, 6), {{"a", "p"}}, "two");
  accept("r1");
  const auto done = publish_all({"r1", "r2"});
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().line.key, "ledger.not_reviewed");
  EXPECT_EQ(ask("SELECT count(*) FROM publication"), 0);
  EXPECT_EQ(ask("SELECT count(*) FROM membership"), 0);
}

TEST_F(PublishSeveralTest, TwoRunsOfOneSchemeArePublishedOneAfterTheOther) {
  add_run("r1", Month(2026, 5), {{"a", "x"}}, "one");
  add_run("r2", Month(2026, 6), {{"a", "y"}}, "one");
  accept("r1");
  accept("r2");
  const auto done = publish_all({"r1", "r2"});
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().line.key, "ledger.scheme_twice");
  EXPECT_EQ(ask("SELECT count(*) FROM publication"), 0);
}

TEST_F(PublishSeveralTest, TheSchemesOwnReasonAllowsMoreThanSevenGroups) {
  Groups groups;
  for (char code = 'a'; code <= 'h'; ++code) groups[std::string("c") + code] = std::string(1, code);
  std::set<std::string> codes;
  for (const auto& [customer, code] : groups) codes.insert(code);
  auto run = describe("r1", Month(2026, 6), codes, "one", Named::Yes);
  enter(run);
  accept("r1");
  EXPECT_EQ(publish_all({"r1"}).error().line.key, "ledger.too_many_groups");
  run.run_id = "r2";
  run.group_limit_override = "八个供电所各一群";
  enter(run);
  accept("r2");
  const auto done = publish_all({"r2"});
  ASSERT_TRUE(done.has_value()) << done.error().line.key;
  EXPECT_EQ(done->front().publication.limit_override, "八个供电所各一群");
}

}  // namespace
}  // namespace fenqun::ledger
