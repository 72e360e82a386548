#include "strategy/orders.hpp"
#include "unit/strategy/plan_fixture.hpp"

namespace fenqun::strategy {
namespace {

class OrderCoverage : public PlanTest {};

TEST_F(OrderCoverage, CountsWhatIsDoneCheckedInTimeAndOverdueByAreaAndOwner) {
  sql("INSERT INTO m_org_unit BY NAME SELECT 't1' AS org_unit_id, '一号台区' AS unit_name");
  sql("INSERT INTO work_order BY NAME SELECT * FROM (VALUES ('o1', 't1', 'm1', 'closed'), ('o2', 't1', 'm1', 'done'), "
      "('o3', 't1', 'r1', 'open'), ('o4', 't2', 'm1', 'open'), ('o5', 't2', 'm1', 'cancelled')) v(order_id, area_id, "
      "owner_id, state), (SELECT 'visit' AS order_type, '1' AS customer_id, DATE '2026-07-01' AS month, DATE "
      "'2026-07-10' "
      "AS due_on)");
  sql("INSERT INTO work_order_event BY NAME SELECT * FROM (VALUES ('o1', TIMESTAMP '2026-07-10 18:00'), ('o2', "
      "TIMESTAMP "
      "'2026-07-11 08:00')) e(order_id, done_at), (SELECT 'finish' AS move, 1 AS sequence)");
  OrderFilter filter;
  filter.month = Month(2026, 7);
  const auto areas = cover(*workspace_, filter, CoverageBy::Area, "2026-07-11");
  ASSERT_TRUE(areas.has_value()) << areas.error().arg("reason");
  ASSERT_EQ(areas->size(), 2U);
  EXPECT_EQ((*areas)[0].key, "t2");  // nothing done
  EXPECT_EQ((*areas)[0].planned, 1);
  EXPECT_EQ((*areas)[0].overdue, 1);
  const auto& first = (*areas)[1];
  EXPECT_EQ(first.name, "一号台区");
  EXPECT_EQ(first.planned, 3);
  EXPECT_EQ(first.done, 2);
  EXPECT_EQ(first.checked, 1);
  EXPECT_EQ(first.in_time, 1);
  const auto owners = cover(*workspace_, filter, CoverageBy::Owner, "2026-07-10");
  ASSERT_TRUE(owners.has_value());
  ASSERT_EQ(owners->size(), 2U);
  EXPECT_EQ((*owners)[0].key, "r1");
  EXPECT_EQ((*owners)[0].overdue, 0);
}

}  // namespace
}  // namespace fenqun::strategy
