// tests/unit/ledger/life_test.cpp - draft, reviewed, published, retired, and back.
#include "unit/ledger/ledger_fixture.hpp"

#include <stop_token>

namespace fenqun::ledger {
namespace {

class LifeTest : public LedgerTest {
 protected:
  RunState state(const std::string& id) {
    const auto life = life_of(*workspace_, id);
    EXPECT_TRUE(life.has_value());
    return life->state;
  }
  static std::string key(const Result<PublicationOutcome>& outcome) { return outcome ? "" : outcome.error().line.key; }
};

constexpr Month kJanuary(2026, 1);
constexpr Month kFebruary(2026, 2);
constexpr Month kMarch(2026, 3);

TEST_F(LifeTest, ARunThatNobodyAcceptedCannotBePublished) {
  add_run("r1", kJanuary, {{"1", "a"}, {"2", "b"}});
  EXPECT_EQ(state("r1"), RunState::Draft);
  const auto early = publish("r1");
  ASSERT_FALSE(early.has_value());
  EXPECT_EQ(early.error().code, ErrorCode::Denied);
  EXPECT_EQ(early.error().line.key, "ledger.not_reviewed");
  ASSERT_TRUE(review_run(*workspace_, {"r1", Decision::Refuse, "王主任", "两群没有区别"}).has_value());
  EXPECT_EQ(state("r1"), RunState::Refused);
  EXPECT_EQ(key(publish("r1")), "ledger.was_refused");
  accept("r1");
  EXPECT_EQ(state("r1"), RunState::Accepted);
  ASSERT_TRUE(publish("r1").has_value());
  EXPECT_EQ(state("r1"), RunState::Published);
  const auto life = life_of(*workspace_, "r1");
  ASSERT_EQ(life->decisions.size(), 2U) << "every decision stays";
  EXPECT_EQ(life->decisions[0].reason, "两群没有区别");
  EXPECT_EQ(life->decisions[1].by, "王主任");
  EXPECT_EQ(life->publications[0].decision_id, life->decisions[1].id);
}

TEST_F(LifeTest, ADecisionNeedsANameAndAReasonAndAKnownRun) {
  add_run("r1", kJanuary, {{"1", "a"}});
  EXPECT_EQ(review_run(*workspace_, {"r1", Decision::Accept, " ", "x"}).error().line.key, "ledger.no_name");
  EXPECT_EQ(review_run(*workspace_, {"r1", Decision::Accept, "x", ""}).error().line.key, "ledger.no_reason");
  EXPECT_EQ(review_run(*workspace_, {"r2", Decision::Accept, "x", "y"}).error().code, ErrorCode::NotFound);
  EXPECT_EQ(publish_run(*workspace_, {"r1", "", "", ""}).error().line.key, "ledger.no_name");
  EXPECT_EQ(ask("SELECT count(*) FROM run_decision"), 0);
}

TEST_F(LifeTest, SeveralRunsAreDecidedOnTogetherOrNoneIs) {
  add_run("r1", kJanuary, {{"1", "a"}});
  add_run("r2", kFebruary, {{"1", "b"}});
  const auto accepting = [](const std::string& run) { return ReviewRequest{run, Decision::Accept, "王主任", "可行"}; };
  const auto unknown = review_runs(*workspace_, {accepting("r1"), accepting("r9")});
  EXPECT_EQ(unknown.error().code, ErrorCode::NotFound);
  EXPECT_EQ(review_runs(*workspace_, {accepting("r1"), accepting("r1")}).error().line.key, "ledger.review_twice");
  EXPECT_EQ(ask("SELECT count(*) FROM run_decision"), 0) << "nothing of what failed";
  const auto done = review_runs(*workspace_, {accepting("r1"), accepting("r2")});
  ASSERT_TRUE(done.has_value());
  ASSERT_EQ(done->size(), 2U);
  EXPECT_EQ(done->back().id, done->front().id + 1);
  EXPECT_EQ(state("r1"), RunState::Accepted);
  EXPECT_EQ(state("r2"), RunState::Accepted);
  ASSERT_TRUE(publish("r1").has_value());
  EXPECT_TRUE(publish("r2").has_value()) << "each publication finds its own decision";
}

TEST_F(LifeTest, WhatChangedSinceItsReviewIsNotPublished) {
  add_run("r1", kJanuary, {{"1", "a"}});
  accept("r1");
  sql("UPDATE run SET result = replace(result, result->>'assignment_hash', 'another hash')");
  EXPECT_EQ(key(publish("r1")), "ledger.changed_since_review");
}

TEST_F(LifeTest, MoreThanSevenGroupsNeedAReasonThatIsKept) {
  Groups eight;
  for (int n = 0; n < 8; ++n) eight[std::to_string(n)] = "c" + std::to_string(n);
  add_run("r8", kJanuary, eight);
  accept("r8");
  const auto refused = publish("r8");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::Denied);
  EXPECT_EQ(refused.error().arg("groups"), "8");
  const auto done = publish_run(*workspace_, {"r8", "李班长", "", "省公司要求按八类统计"});
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(read_publications(workspace_->connection()).value().front().limit_override, "省公司要求按八类统计");
  eight.erase("7");
  published("r7", kFebruary, eight);
  EXPECT_EQ(read_publications(workspace_->connection()).value().back().limit_override, "") << "seven need none";
}

TEST_F(LifeTest, PublishingTwiceDoesNothingTwice) {
  published("r1", kJanuary, {{"1", "a"}, {"2", "b"}});
  const auto again = publish("r1");
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->already);
  EXPECT_EQ(again->publication.sequence, 1);
  EXPECT_EQ(ask("SELECT count(*) FROM publication"), 1);
  EXPECT_EQ(ask("SELECT count(*) FROM membership"), 2);
}

TEST_F(LifeTest, AStopBeforeTheCommitLeavesNothingBehind) {
  published("r1", kJanuary, {{"1", "a"}, {"2", "b"}});
  add_run("r2", kFebruary, {{"1", "b"}, {"2", "b"}});
  accept("r2");
  std::stop_source stop;
  warehouse::WorkspaceOptions options;
  options.stop = stop.get_token();
  reopen(options);
  stop.request_stop();
  const auto done = publish("r2");
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, ErrorCode::Cancelled);
  reopen();
  EXPECT_EQ(ask("SELECT count(*) FROM publication"), 1);
  EXPECT_EQ(ask("SELECT count(*) FROM membership"), 2);
  expect_sound();
  ASSERT_TRUE(publish("r2").has_value());
}

TEST_F(LifeTest, ARollbackPublishesTheEarlierRunAgainAndEachOneGoesAStepFurther) {
  const Groups first = {{"1", "a"}, {"2", "b"}};
  const Groups second = {{"1", "b"}, {"2", "b"}};
  const Groups third = {{"1", "a"}, {"3", "a"}};
  published("r1", kJanuary, first);
  published("r2", kFebruary, second);
  published("r3", kMarch, third);
  const auto back = roll_back(*workspace_, {"s", "王主任", "三月数据有误"});
  ASSERT_TRUE(back.has_value()) << back.error().line.key;
  EXPECT_EQ(back->publication.run_id, "r2");
  EXPECT_EQ(back->publication.restores, 2);
  EXPECT_EQ(groups_of(kMarch), second);
  EXPECT_EQ(groups_of(kMarch, 3), third) << "what was believed stays known";
  EXPECT_EQ(state("r3"), RunState::Replaced);
  const auto further = roll_back(*workspace_, {"s", "王主任", "二月也有误"});
  ASSERT_TRUE(further.has_value());
  EXPECT_EQ(further->publication.run_id, "r1");
  EXPECT_EQ(groups_of(kFebruary), first);
  EXPECT_EQ(groups_of(kMarch), first);
  const auto none = roll_back(*workspace_, {"s", "王主任", "x"});
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().line.key, "ledger.nothing_before");
  EXPECT_EQ(roll_back(*workspace_, {"t", "王主任", "x"}).error().line.key, "ledger.nothing_published");
  EXPECT_EQ(roll_back(*workspace_, {"s", "王主任", ""}).error().line.key, "ledger.no_reason");
  ASSERT_TRUE(publish("r3").has_value()) << "a run that was taken back may be published again";
  EXPECT_EQ(groups_of(kMarch), third);
  expect_sound();
}

TEST_F(LifeTest, ARetiredRunEndsItsTimeAndIsNotPublishedUnlessReviewedAnew) {
  published("r1", kJanuary, {{"1", "a"}, {"2", "b"}});
  EXPECT_EQ(review_run(*workspace_, {"r1", Decision::Refuse, "x", "y"}).error().line.key, "ledger.review_published");
  EXPECT_EQ(retire_run(*workspace_, {"r1", "王主任", "方案不再使用", Month(2025, 12)}).error().line.key,
            "ledger.retire_before");
  const auto done = retire_run(*workspace_, {"r1", "王主任", "方案不再使用", kMarch});
  ASSERT_TRUE(done.has_value()) << done.error().line.key;
  ASSERT_TRUE(done->publication.has_value());
  EXPECT_EQ(groups_of(kFebruary).size(), 2U);
  EXPECT_TRUE(groups_of(kMarch).empty());
  EXPECT_EQ(state("r1"), RunState::Retired);
  EXPECT_EQ(retire_run(*workspace_, {"r1", "王主任", "x", {}}).error().line.key, "ledger.already_retired");
  EXPECT_EQ(key(publish("r1")), "ledger.was_retired");
  ASSERT_TRUE(roll_back(*workspace_, {"s", "王主任", "停用有误"}).has_value());
  EXPECT_EQ(groups_of(kMarch).size(), 2U);
  EXPECT_EQ(state("r1"), RunState::Published);
  expect_sound();
}

TEST_F(LifeTest, ARunThatWasNeverInForceIsRetiredByAWord) {
  add_run("r1", kJanuary, {{"1", "a"}});
  const auto done = retire_run(*workspace_, {"r1", "王主任", "试算", {}});
  ASSERT_TRUE(done.has_value());
  EXPECT_FALSE(done->publication.has_value());
  EXPECT_EQ(state("r1"), RunState::Retired);
}

TEST_F(LifeTest, ARunGivenUpDoesNotComeBackByARollback) {
  published("r1", kJanuary, {{"1", "a"}});
  published("r2", kFebruary, {{"1", "b"}});
  ASSERT_TRUE(retire_run(*workspace_, {"r1", "王主任", "数据有误", {}}).has_value());
  EXPECT_EQ(groups_of(kJanuary), (Groups{{"1", "a"}})) << "its time that has passed stays";
  EXPECT_EQ(roll_back(*workspace_, {"s", "王主任", "x"}).error().line.key, "ledger.was_retired");
}

TEST_F(LifeTest, TheListTellsStateAndTimeOfEveryRun) {
  published("r1", kJanuary, {{"1", "a"}});
  published("r2", kFebruary, {{"1", "b"}});
  add_run("r3", kMarch, {{"1", "b"}});
  add_run("q1", kMarch, {{"1", "b"}}, "q");
  const auto all = list_runs(*workspace_, {}, {});
  ASSERT_TRUE(all.has_value()) << all.error().arg("reason");
  ASSERT_EQ(all->size(), 4U);
  EXPECT_EQ((*all)[0].run_id, "q1");
  EXPECT_EQ((*all)[1].run_id, "r3");
  EXPECT_EQ((*all)[1].scheme_title.zh, "方案");
  EXPECT_EQ((*all)[2].state, RunState::Published);
  EXPECT_EQ((*all)[2].in_force[0].to, std::nullopt);
  EXPECT_EQ((*all)[3].in_force[0].to, kFebruary);
  EXPECT_EQ(list_runs(*workspace_, {"s"}, kMarch)->size(), 1U);
}

}  // namespace
}  // namespace fenqun::ledger
