#include "strategy/notices.hpp"

#include "unit/strategy/plan_fixture.hpp"

namespace fenqun::strategy {
namespace {

constexpr const char* kNow = "2026-07-02 10:00:00";

/// Customers "1" to "4" are all told by text message.
class StrategyNotices : public PlanTest {
 protected:
  void SetUp() override {
    PlanTest::SetUp();
    sql("UPDATE m_customer SET customer_name = '客户' || customer_id, contact_phone = '1380000000' || customer_id");
    write("尊敬的{customer_name}，欠费{arrears_cny}元，详询{hotline}。");
    plan();
  }
  void write(const std::string& message, const std::string& channel = "sms") {
    strategies_->write_cells(
        "  - cell: a\n    requirements: [R373]\n    when: \"arrears_cny <= 4\"\n    text: {zh: 告知, en: Tell}\n"
        "    actions:\n      - {action: go, order: notice, on: month, channel: " +
        channel + ", text: {zh: 告知, en: Tell}, message: {zh: \"" + message + "\", en: \"x\"}}\n");
  }
  NoticesMade make() {
    auto made = make_notices(*workspace_, library(), Month(2026, 7), kNow);
    EXPECT_TRUE(made.has_value()) << made.error().line.key << made.error().arg("reason");
    return made ? *made : NoticesMade();
  }
};

TEST_F(StrategyNotices, HaveTheCustomersTextAndNumberAndAreMadeOnce) {
  const auto made = make();
  EXPECT_EQ(made.orders, 4);
  EXPECT_EQ(made.made, 4);
  EXPECT_EQ(made.queued, 4);
  EXPECT_EQ(text("SELECT text FROM notice WHERE customer_id = '3'"), "尊敬的客户3，欠费3.00元，详询95598。");
  EXPECT_EQ(text("SELECT recipient FROM notice WHERE customer_id = '3'"), "13800000003");
  EXPECT_EQ(text("SELECT CAST(due_at AS VARCHAR) FROM notice WHERE customer_id = '3'"), "2026-07-01 00:00:00");
  EXPECT_EQ(make().made, 0);
  EXPECT_EQ(ask("SELECT count(*) FROM notice"), 4);
}

TEST_F(StrategyNotices, ThatLackAValueOrANumberAreNotQueued) {
  sql("UPDATE m_customer SET customer_name = NULL WHERE customer_id = '1'");
  sql("UPDATE m_customer SET contact_phone = NULL WHERE customer_id = '2'");
  const auto made = make();
  EXPECT_EQ(made.incomplete, 1);
  EXPECT_EQ(made.no_recipient, 1);
  EXPECT_EQ(made.queued, 2);
}

TEST_F(StrategyNotices, CloseTheirOrdersWithWhatCameOfThem) {
  make();
  sql("UPDATE notice SET state = 'sent' WHERE customer_id = '1'");
  sql("UPDATE notice SET state = 'undelivered' WHERE customer_id = '2'");
  sql("UPDATE notice SET state = 'awaiting' WHERE customer_id = '3'");
  EXPECT_EQ(close_told_orders(*workspace_, kNow).value_or(-1), 2);
  EXPECT_EQ(text("SELECT string_agg(customer_id || ' ' || state || ' ' || coalesce(outcome, '-'), ', ' ORDER BY "
                 "customer_id) FROM "
                 "work_order"),
            "1 closed delivered, 2 closed undelivered, 3 open -, 4 open -");
  EXPECT_EQ(ask("SELECT count(*) FROM work_order_event WHERE done_by = 'outbox'"), 2);
  EXPECT_EQ(close_told_orders(*workspace_, kNow).value_or(-1), 0);
}

}  // namespace
}  // namespace fenqun::strategy
