#include "strategy/points.hpp"

#include "unit/strategy/plan_fixture.hpp"

namespace fenqun::strategy {
namespace {

class StrategyPoints : public PlanTest {
 protected:
  void SetUp() override {
    PlanTest::SetUp();
    strategies_->write(
        "points",
        "rectify_days: 5\nrules:\n"
        "  - {rule: good, when: in_order, orders: [visit], points: 2, requirements: [R410], title: {zh: 好, en: "
        "Good}}\n"
        "  - {rule: prompt, when: in_time, points: 1, requirements: [R410], title: {zh: 快, en: Prompt}}\n"
        "  - {rule: bad, when: at_fault, points: -2, requirements: [R410], title: {zh: 差, en: Bad}}\n"
        "  - {rule: late, when: missed_deadline, points: -3, requirements: [R410], title: {zh: 迟, en: Late}}\n");
    strategies_->write_cells(cell("a", "arrears_cny = 1", "visit"));
    plan();
    visit_ = text("SELECT order_id FROM work_order WHERE order_type = 'visit'");
  }
  MoveOutcome finish(const std::string& order, const std::string& outcome, const std::string& by,
                     const std::string& now = "2026-07-06 09:30") {
    const std::vector<std::pair<std::string, std::string>> form =
        order == visit_ ? std::vector<std::pair<std::string, std::string>>{{"met_whom", "张三"}}
                        : std::vector<std::pair<std::string, std::string>>{{"was_served", "true"}};
    auto done = move_order(*workspace_, library(), {order, Move::Finish, by, "", outcome, form, "", now});
    EXPECT_TRUE(done.has_value()) << done.error().line.key << " " << done.error().arg("reason");
    return done ? std::move(*done) : MoveOutcome();
  }
  /// Visits, and has the visit checked with this outcome.
  void visit_and_check(const std::string& outcome, const std::string& now = "2026-07-06 09:30") {
    const auto done = finish(visit_, "visited", "m1", now);
    ASSERT_TRUE(done.checker.has_value());
    finish(done.checker->order_id, outcome, "a1", now);
  }
  PointsOfMonth points(Month month = Month(2026, 7)) {
    auto read = points_of_month(*workspace_, library(), month);
    EXPECT_TRUE(read.has_value()) << read.error().line.key;
    return read ? std::move(*read) : PointsOfMonth();
  }
  /// "m1 3: good 2, prompt 1; ..."
  std::string told(Month month = Month(2026, 7)) {
    std::string out;
    for (const auto& one : points(month).employees) {
      out += (out.empty() ? "" : "; ") + one.staff_id + " " + std::to_string(one.points) + ":";
      for (const auto& rule : one.rules) out += " " + rule.rule + " " + std::to_string(rule.points);
    }
    return out;
  }
  Result<SettleOutcome> settle(Month month, const std::string& today) {
    return settle_month(*workspace_, library(), month, "王主任", today);
  }

  std::string visit_;
};

TEST_F(StrategyPoints, AreBookedForBothOfATeamWhenTheCheckFoundItInOrder) {
  finish(visit_, "visited", "m1");
  EXPECT_EQ(told(), "");  // nobody has checked it yet
  const auto checker = text("SELECT order_id FROM work_order WHERE verifies <> ''");
  const auto second = text("SELECT second_owner_id FROM work_order WHERE order_id = '" + visit_ + "'");
  finish(checker, "confirmed", "a1");
  EXPECT_EQ(told(), "m1 3: good 2 prompt 1; " + second + " 3: good 2 prompt 1");
}

TEST_F(StrategyPoints, GiveNothingForTimeWhereItWasFinishedAfterItsDueDate) {
  visit_and_check("confirmed", "2026-07-31 09:30");
  EXPECT_EQ(points().employees.front().points, 2);
}

TEST_F(StrategyPoints, AreLostOnceForEachFaultAndEarnedWhenItWasPutRight) {
  visit_and_check("not_served");
  EXPECT_EQ(points().employees.front().points, -2);
  EXPECT_EQ(text("SELECT CAST(due_on AS VARCHAR) FROM work_order WHERE order_id = '" + visit_ + "'"), "2026-07-13");
  visit_and_check("not_served", "2026-07-08 09:30");
  EXPECT_EQ(points().employees.front().points, -4);
  visit_and_check("confirmed", "2026-07-09 09:30");
  EXPECT_EQ(points().employees.front().points, -1);
}

TEST_F(StrategyPoints, AreSettledWhenTheMonthIsOverAndOnlyOnce) {
  visit_and_check("not_served");
  const auto early = settle(Month(2026, 7), "2026-07-31");
  ASSERT_FALSE(early.has_value());
  EXPECT_EQ(early.error().line.key, "strategy.month_not_over");
  const auto done = settle(Month(2026, 7), "2026-08-01");
  ASSERT_TRUE(done.has_value()) << done.error().line.key << done.error().arg("reason");
  EXPECT_EQ(done->missed, 2);  // both of the team
  EXPECT_EQ(done->points.employees.front().points, -5);
  ASSERT_TRUE(done->points.settled.has_value());
  EXPECT_EQ(done->points.settled->by, "王主任");
  const auto again = settle(Month(2026, 7), "2026-08-02");
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->again);
  EXPECT_EQ(again->missed, 0);
  EXPECT_EQ(again->points.employees.front().points, -5);
}

TEST_F(StrategyPoints, OfASettledMonthComeToTheNext) {
  ASSERT_TRUE(settle(Month(2026, 6), "2026-07-01").has_value());
  ASSERT_TRUE(settle(Month(2026, 7), "2026-08-01").has_value());
  visit_and_check("confirmed", "2026-07-06 09:30");
  EXPECT_EQ(told(Month(2026, 7)), "");
  EXPECT_EQ(points(Month(2026, 8)).employees.size(), 2U);
}

TEST_F(StrategyPoints, ListTheEntriesOfAnEmployee) {
  visit_and_check("confirmed");
  const auto entries = points_entries(*workspace_, "m1", Month(2026, 7));
  ASSERT_TRUE(entries.has_value());
  ASSERT_EQ(entries->size(), 2U);
  EXPECT_EQ(entries->front().order_id, visit_);
}

TEST_F(StrategyPoints, RefuseRulesThatAreNone) {
  strategies_->write("points",
                     "rectify_days: 0\nrules:\n  - {rule: a, when: sometimes, points: 1000, orders: [vist], "
                     "requirements: [R410], title: {zh: 好, en: Good}}\n");
  const auto checked = check_library(workspace_->assets(), *catalogue_);
  ASSERT_TRUE(checked.has_value());
  EXPECT_EQ(checked->problems.size(), 4U);
}

}  // namespace
}  // namespace fenqun::strategy
