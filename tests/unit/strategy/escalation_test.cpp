#include "strategy/escalation.hpp"

#include "unit/strategy/plan_fixture.hpp"

namespace fenqun::strategy {
namespace {

/// An order of customer 1, due on Wednesday 2026-07-08; the shipped rules: after 2 working days the supervisor, after 5
/// the manager.
class StrategyEscalation : public PlanTest {
 protected:
  void SetUp() override {
    PlanTest::SetUp();
    sql("INSERT INTO m_staff BY NAME SELECT * FROM (VALUES ('u1', 'supervisor', 's1'), ('u2', 'supervisor', 's2'), "
        "('b1', 'manager', 's2')) s(staff_id, role, org_unit_id)");
    sql("INSERT INTO work_order BY NAME SELECT '2026-07-000001' AS order_id, '1' AS customer_id, DATE '2026-07-01' AS "
        "month, 'open' AS state, 'visit' AS order_type, DATE '2026-07-01' AS begins_on, DATE '2026-07-08' AS due_on, "
        "'on_site' AS channel, false AS is_urgent, false AS is_marketing, 40 AS effort_minutes, 0 AS reopened, 'm1' AS "
        "owner_id, now()::TIMESTAMP AS changed_at");
  }
  std::string escalate(const std::string& day) {
    const auto done = escalate_orders(*workspace_, library(), "li", day + " 08:00:00");
    EXPECT_TRUE(done.has_value()) << done.error().line.key << " " << done.error().arg("reason");
    std::string out;
    for (const auto& one : *done) {
      out += (out.empty() ? "" : ", ") + std::to_string(one.step) + ":" + std::to_string(one.orders) +
             (one.nobody > 0 ? "?" : "");
    }
    return out;
  }
  WorkOrder order() {
    auto found = find_order(*workspace_, "2026-07-000001");
    EXPECT_TRUE(found.has_value());
    return found ? *found : WorkOrder();
  }
};

TEST_F(StrategyEscalation, GoesStepByStepInWorkingDaysAndTellsNobodyTwice) {
  EXPECT_EQ(escalate("2026-07-08"), "");
  EXPECT_EQ(escalate("2026-07-09"), "");
  EXPECT_EQ(escalate("2026-07-10"), "1:1");
  EXPECT_EQ(order().escalated_to, "u1");
  EXPECT_EQ(order().escalation, 1);
  EXPECT_EQ(escalate("2026-07-10"), "");
  EXPECT_EQ(escalate("2026-07-14"), "");  // Tuesday: the fourth working day
  EXPECT_EQ(escalate("2026-07-15"), "2:1");
  EXPECT_EQ(order().escalated_to, "b1");  // of another station: there is none at this one
  EXPECT_EQ(escalate("2026-08-15"), "");
  const auto events = events_of(*workspace_, "2026-07-000001");
  ASSERT_TRUE(events.has_value());
  ASSERT_EQ(events->size(), 2U);
  EXPECT_EQ(events->front().move, "escalate");
  EXPECT_EQ(events->front().note, "u1");
  EXPECT_EQ(events->front().to, OrderState::Open);
}

TEST_F(StrategyEscalation, ComesToWhoIsToldUntilItIsDone) {
  escalate("2026-07-10");
  OrderFilter filter;
  filter.owner = "u1";
  EXPECT_EQ(list_orders(*workspace_, filter)->found, 1);
  sql("UPDATE work_order SET state = 'done'");
  EXPECT_EQ(list_orders(*workspace_, filter)->found, 0);
  EXPECT_EQ(escalate("2026-08-15"), "");
}

TEST_F(StrategyEscalation, LeavesWhatTheProgramSends) {
  sql("UPDATE work_order SET order_type = 'notice'");
  EXPECT_EQ(escalate("2026-08-15"), "");
}

TEST_F(StrategyEscalation, BeginsAnewWhereAnOrderIsOpenedAgain) {
  EXPECT_EQ(escalate("2026-08-15"), "2:1");
  sql("UPDATE work_order SET state = 'closed'");
  const auto opened = move_order(*workspace_, library(),
                                 {"2026-07-000001", Move::Reopen, "u1", "再看", "", {}, "", "2026-08-17 09:00:00"});
  ASSERT_TRUE(opened.has_value()) << opened.error().line.key;
  EXPECT_EQ(order().escalation, 0);
  EXPECT_EQ(order().escalated_to, "");
}

TEST_F(StrategyEscalation, TellsWhenNobodyHasTheRole) {
  sql("DELETE FROM m_staff WHERE role = 'supervisor'");
  EXPECT_EQ(escalate("2026-07-10"), "1:1?");
  EXPECT_EQ(order().escalation, 1);
  EXPECT_EQ(order().escalated_to, "");
  EXPECT_EQ(escalate_orders(*workspace_, library(), " ", "2026-07-10 08:00:00").error().line.key,
            "strategy.by_missing");
}

}  // namespace
}  // namespace fenqun::strategy
