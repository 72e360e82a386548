#include "strategy/disconnection.hpp"

#include "unit/strategy/plan_fixture.hpp"

namespace fenqun::strategy {
namespace {

constexpr const char* kNow = "2026-07-20 10:00";
constexpr const char* kCut = "2026-07-20 11:00";

/// Customer "1" owes 100 CNY since 15 May 2026 and was dunned in June.
class Disconnection : public PlanTest {
 protected:
  void SetUp() override {
    PlanTest::SetUp();
    sql("CREATE OR REPLACE TEMP VIEW bill AS SELECT * FROM (VALUES ('b1', '1', DATE '2026-05-15', "
        "120.00::DECIMAL(18,2)), "
        "('b2', '1', DATE '2026-06-15', 80.00::DECIMAL(18,2)), ('b3', '2', DATE '2026-06-15', 80.00::DECIMAL(18,2))) "
        "t(bill_id, customer_id, due_on, amount_cny), (SELECT NULL::VARCHAR AS status, NULL::VARCHAR AS kind)");
    show_payments("('b1', '1', DATE '2026-05-20', 20.00), ('b2', '1', DATE '2026-06-15', 80.00)");
    sql("CREATE OR REPLACE TEMP VIEW dunning_event AS SELECT '1' AS customer_id, TIMESTAMP '2026-06-20 09:00' AS "
        "sent_at, "
        "'dunning' AS kind, 'delivered' AS outcome");
    auto law = load_disconnection_law(AssetStore(), *catalogue_);
    ASSERT_TRUE(law.has_value()) << law.error().line.key;
    law_.emplace(std::move(*law));
  }
  void show_payments(const std::string& rows) {
    // Somebody else paid yesterday: payments are known up to then.
    sql("CREATE OR REPLACE TEMP VIEW payment AS SELECT *, NULL::VARCHAR AS status FROM (VALUES ('b9', '9', DATE "
        "'2026-06-14', 1.00), ('b9', '9', DATE '2026-07-19', 1.00), " +
        rows + ") t(bill_id, customer_id, paid_on, amount_cny)");
  }
  Result<DisconnectionClock> record(LegalStep step, const std::string& at, const std::string& channel = "",
                                    const std::string& by = "所长") {
    return record_step(*workspace_, *law_, {"1", step, by, at, channel, "", kNow});
  }
  Result<WorkOrder> order(const std::string& cut_at = kCut, const std::string& now = kNow) {
    return order_disconnection(*workspace_, library(), *law_, {"1", "催费员", cut_at, now});
  }
  /// Why the order is refused; empty: it is made.
  std::string refusal(const std::string& cut_at = kCut, const std::string& now = kNow) {
    const auto done = order(cut_at, now);
    EXPECT_EQ(ask("SELECT count(*) FROM work_order WHERE order_type = 'disconnection'"), done.has_value() ? 1 : 0);
    if (done) return "";
    EXPECT_EQ(done.error().code, ErrorCode::Denied);
    return done.error().line.key;
  }

  std::optional<DisconnectionLaw> law_;
};

TEST_F(Disconnection, IsOrderedOnlyWhenNoStepIsMissing) {
  sql("CREATE OR REPLACE TEMP VIEW dunning_event AS SELECT '1' AS customer_id, TIMESTAMP '2026-06-20 09:00' AS "
      "sent_at, "
      "'dunning' AS kind, 'no_answer' AS outcome");
  EXPECT_EQ(refusal(), "strategy.not_dunned");
  ASSERT_TRUE(record(LegalStep::Dunned, "2026-07-01 09:00", "phone").has_value());
  EXPECT_EQ(refusal(), "strategy.not_approved");
  ASSERT_TRUE(record(LegalStep::Approved, "2026-07-02 09:00").has_value());
  EXPECT_EQ(refusal(), "strategy.no_notice");
  ASSERT_TRUE(record(LegalStep::Notice, "2026-07-03 09:00", "paper").has_value());
  EXPECT_EQ(refusal(), "strategy.no_last_notice");
  ASSERT_TRUE(record(LegalStep::LastNotice, "2026-07-20 09:50", "phone").has_value());
  EXPECT_EQ(refusal("2026-07-20 10:10"), "strategy.no_last_notice");  // 20 minutes after the last notice
  EXPECT_EQ(refusal(), "");
  const auto made = order();
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->type, "disconnection");
  EXPECT_EQ(made->due_on, "2026-07-20");
  EXPECT_EQ(ask("SELECT count(*) FROM work_order WHERE order_type = 'disconnection'"), 1);  // once for a matter
}

TEST_F(Disconnection, EachStepAloneIsMissed) {
  const std::vector<std::tuple<LegalStep, std::string, std::string, std::string>> steps = {
      {LegalStep::Approved, "2026-07-02 09:00", "", "strategy.not_approved"},
      {LegalStep::Notice, "2026-07-03 09:00", "on_site", "strategy.no_notice"},
      {LegalStep::LastNotice, "2026-07-20 10:00", "phone", "strategy.no_last_notice"}};
  for (const auto& one : steps) {
    const auto left_out = std::get<LegalStep>(one);
    const auto& expected = std::get<3>(one);
    sql("DELETE FROM disconnection_step");
    for (const auto& [step, at, channel, key] : steps) {
      if (step == left_out) continue;
      ASSERT_TRUE(record(step, at, channel).has_value());
    }
    EXPECT_EQ(refusal(), expected);
  }
}

TEST_F(Disconnection, WaitsUntilTheDebtIsOldEnough) {
  for (const auto& [step, at, channel] : std::vector<std::tuple<LegalStep, std::string, std::string>>{
           {LegalStep::Approved, "2026-06-01 09:00", ""}, {LegalStep::Notice, "2026-06-01 09:00", "paper"}}) {
    ASSERT_TRUE(record(step, at, channel).has_value());
  }
  sql("CREATE OR REPLACE TEMP VIEW dunning_event AS SELECT '1' AS customer_id, TIMESTAMP '2026-05-20 09:00' AS "
      "sent_at, "
      "'dunning' AS kind, 'delivered' AS outcome");
  EXPECT_EQ(refusal("2026-06-14 12:00", "2026-06-14 10:00"), "strategy.not_overdue_enough");  // day 30
  EXPECT_EQ(refusal("2026-06-15 12:00", "2026-06-15 10:00"), "strategy.no_last_notice");      // day 31
}

TEST_F(Disconnection, GivesHouseholdsSevenDaysAndOthersThree) {
  ASSERT_TRUE(record(LegalStep::Approved, "2026-07-02 09:00").has_value());
  ASSERT_TRUE(record(LegalStep::Notice, "2026-07-15 09:00", "paper").has_value());
  ASSERT_TRUE(record(LegalStep::LastNotice, "2026-07-20 10:00", "phone").has_value());
  EXPECT_EQ(refusal(), "strategy.notice_too_late");  // the category is not known: the longest time counts
  auto law = *law_;
  for (auto& [when, days] : law.notice_days) days = 5;
  const auto done = order_disconnection(*workspace_, library(), law, {"1", "催费员", kCut, kNow});
  EXPECT_TRUE(done.has_value()) << done.error().line.key;
}

TEST_F(Disconnection, MustBeReportedForImportantCustomers) {
  ASSERT_TRUE(record(LegalStep::Approved, "2026-07-02 09:00").has_value());
  ASSERT_TRUE(record(LegalStep::Notice, "2026-07-03 09:00", "paper").has_value());
  ASSERT_TRUE(record(LegalStep::LastNotice, "2026-07-20 10:00", "phone").has_value());
  auto law = *law_;
  auto always = segment::Expression::parse("arrears_cny > 0", segment::lookup_in(*catalogue_));
  ASSERT_TRUE(always.has_value());
  law.report_when = *always;
  const DisconnectionRequest request = {"1", "催费员", kCut, kNow};
  const auto refused = order_disconnection(*workspace_, library(), law, request);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "strategy.not_reported");
  ASSERT_TRUE(record(LegalStep::Reported, "2026-07-04 09:00").has_value());
  EXPECT_TRUE(order_disconnection(*workspace_, library(), law, request).has_value());
}

TEST_F(Disconnection, IsNeverOrderedForSomeCustomers) {
  auto law = *law_;
  auto always = segment::Expression::parse("arrears_cny > 0", segment::lookup_in(*catalogue_));
  ASSERT_TRUE(always.has_value());
  law.never_when = *always;
  const auto refused = order_disconnection(*workspace_, library(), law, {"1", "催费员", kCut, kNow});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "strategy.never_cut_off");
}

TEST_F(Disconnection, StopsWhenTheDebtIsPaid) {
  ASSERT_TRUE(record(LegalStep::Approved, "2026-07-02 09:00").has_value());
  show_payments(
      "('b1', '1', DATE '2026-05-20', 20.00), ('b2', '1', DATE '2026-06-15', 80.00), ('b1', '1', DATE "
      "'2026-07-19', 100.00)");
  EXPECT_EQ(refusal(), "strategy.nothing_owed");
  // A later debt is another matter: what was approved for the first does not count.
  show_payments("('b1', '1', DATE '2026-05-20', 120.00)");
  EXPECT_EQ(refusal(), "strategy.not_approved");
}

TEST_F(Disconnection, IsNotOrderedWhenNobodyCanTellWhatIsOwed) {
  show_payments("(NULL, '1', DATE '2026-05-20', 20.00)");
  EXPECT_EQ(refusal(), "strategy.payments_unassigned");
}

TEST_F(Disconnection, IsNotOrderedFromPaymentsOfLongAgo) {
  ASSERT_TRUE(record(LegalStep::Approved, "2026-07-02 09:00").has_value());
  ASSERT_TRUE(record(LegalStep::Notice, "2026-07-03 09:00", "paper").has_value());
  EXPECT_EQ(refusal("2026-07-23 12:00", "2026-07-23 10:00"), "strategy.payments_not_current");
  EXPECT_EQ(refusal("2026-07-22 12:00", "2026-07-22 10:00"), "strategy.no_last_notice");
}

TEST_F(Disconnection, TellsTheDebtAndEveryStep) {
  const auto clock = examine_disconnection(*workspace_, *law_, "1", kNow);
  ASSERT_TRUE(clock.has_value()) << clock.error().line.key;
  EXPECT_EQ(clock->owed_cny, "100.00");
  EXPECT_EQ(clock->unpaid_bills, 1);
  EXPECT_EQ(clock->oldest_due_on, "2026-05-15");
  EXPECT_EQ(clock->days_overdue, 66);
  ASSERT_EQ(clock->steps.size(), 8U);
  std::string told;
  for (const auto& step : clock->steps) {
    told += std::string(name_of(step.step)) + (step.done ? "+" : step.missing ? "-" : " ") + " ";
  }
  EXPECT_EQ(told, "allowed+ current+ overdue+ dunned+ approved- reported  notice- last_notice- ");
}

TEST_F(Disconnection, RefusesStepsThatCannotBe) {
  const auto key = [](const auto& done) { return done ? std::string() : done.error().line.key; };
  EXPECT_EQ(key(record(LegalStep::Approved, "2026-07-21 09:00")), "strategy.step_time");  // in the future
  EXPECT_EQ(key(record(LegalStep::Approved, "2026-05-15 09:00")), "strategy.step_time");  // before it was overdue
  EXPECT_EQ(key(record(LegalStep::Approved, "yesterday")), "strategy.no_time");
  EXPECT_EQ(key(record(LegalStep::Notice, "2026-07-03 09:00", "sms")), "strategy.notice_not_written");
  EXPECT_EQ(key(record(LegalStep::Approved, "2026-07-02 09:00", "", " ")), "strategy.by_missing");
  EXPECT_EQ(ask("SELECT count(*) FROM disconnection_step"), 0);
  EXPECT_EQ(key(examine_disconnection(*workspace_, *law_, "99", kNow)), "strategy.no_customer");
  EXPECT_EQ(key(examine_disconnection(*workspace_, *law_, "4", kNow)), "strategy.nothing_owed");
  EXPECT_EQ(refusal("2026-07-20 09:00"), "strategy.cut_in_the_past");
}

}  // namespace
}  // namespace fenqun::strategy
