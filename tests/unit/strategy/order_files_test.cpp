#include "strategy/order_files.hpp"

#include "unit/strategy/plan_fixture.hpp"

#include <algorithm>

namespace fenqun::strategy {
namespace {

class OrderFiles : public PlanTest {
 protected:
  static WorkOrder order() {
    WorkOrder out;
    out.order_id = "2026-07-000001";
    out.type = "visit";
    out.customer_id = "=1+1";
    out.area_id = "t1";
    out.month = Month(2026, 7);
    out.begins_on = "2026-07-30";
    out.due_on = "2026-07-31";
    out.changed_at = "2026-07-01 09:30:00.5";
    out.owner_id = "m\"1";
    out.outcome = "visited";
    out.channel = "on_site";
    return out;
  }
};

TEST_F(OrderFiles, TableIsSafeForASpreadsheet) {
  const auto text = orders_csv({order()}, library(), Language::Chinese);
  EXPECT_EQ(text.substr(0, 3), "\xEF\xBB\xBF");
  EXPECT_NE(text.find("\"工单编号\""), std::string::npos);
  EXPECT_NE(text.find("\"'=1+1\""), std::string::npos);
  EXPECT_NE(text.find("\"m\"\"1\""), std::string::npos);
  EXPECT_NE(text.find("\"已走访\""), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST_F(OrderFiles, CalendarHasWholeDaysAndShortLines) {
  auto urgent = order();
  urgent.is_urgent = true;
  urgent.customer_id = std::string(60, '9') + ",汉汉汉汉汉汉汉汉汉汉";
  urgent.state = OrderState::Cancelled;
  const auto text = orders_calendar({order(), urgent}, library(), Language::Chinese);
  EXPECT_NE(text.find("DTSTART;VALUE=DATE:20260730\r\n"), std::string::npos);
  EXPECT_NE(text.find("DTEND;VALUE=DATE:20260801\r\n"), std::string::npos);  // the day after the last
  EXPECT_NE(text.find("UID:2026-07-000001@fenqun\r\n"), std::string::npos);
  EXPECT_NE(text.find("STATUS:CANCELLED\r\n"), std::string::npos);
  EXPECT_NE(text.find("\\,"), std::string::npos);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 75U);
    at = end + 2;
  }
}

}  // namespace
}  // namespace fenqun::strategy
