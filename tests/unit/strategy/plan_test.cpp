#include "strategy/plan.hpp"

#include "strategy/consent.hpp"
#include "unit/strategy/plan_fixture.hpp"

namespace fenqun::strategy {
namespace {

using StrategyPlan = PlanTest;

TEST_F(StrategyPlan, GivesNoPromotionToWhoOptedOutUntilHeIsBack) {
  strategies_->write_cells(cell("a", "arrears_cny <= 2", "follow_up", ", marketing: true"));
  EXPECT_TRUE(opt_out(*workspace_, "1", "li", "电话要求", "2026-06-30 10:00:00").value_or(false));
  EXPECT_FALSE(opt_out(*workspace_, "1", "li", "", "2026-06-30 11:00:00").value_or(true));
  EXPECT_EQ(suppressed(plan())["no_consent"], 1);
  EXPECT_EQ(orders(), "2 follow_up");
  EXPECT_TRUE(opt_in(*workspace_, "1", "li", "2026-07-01 10:00:00").value_or(false));
  EXPECT_FALSE(opt_in(*workspace_, "1", "li", "2026-07-01 10:00:00").value_or(true));
  plan();
  EXPECT_EQ(orders(), "1 follow_up, 2 follow_up");
  EXPECT_EQ(opt_out(*workspace_, "99", "li", "", "2026-06-30 10:00:00").error().line.key, "strategy.no_customer");
  EXPECT_EQ(opt_out(*workspace_, "1", " ", "", "2026-06-30 10:00:00").error().line.key, "strategy.by_missing");
}

TEST_F(StrategyPlan, OfALibraryWithoutMonthlyActionsIsEmpty) {
  const auto done = plan();
  EXPECT_EQ(done.wanted, 0);
  EXPECT_EQ(done.orders, 0);
  EXPECT_GT(done.plan_id, 0);
}

TEST_F(StrategyPlan, MakesOrdersForWhomACellHolds) {
  strategies_->write_cells(cell("good", "group_of('abcd') = 'A' and arrears_cny < 3", "callback"));
  const auto done = plan();
  EXPECT_EQ(orders(), "1 callback");
  EXPECT_EQ(done.customers, 4);
  EXPECT_EQ(done.features_of, Month(2026, 6));
  EXPECT_EQ(done.orders, 1);
  EXPECT_EQ(done.created, 1);
}

TEST_F(StrategyPlan, MakesNothingTwice) {
  strategies_->write_cells(cell("all", "arrears_cny > 0"));
  EXPECT_EQ(plan().created, 4);
  const auto before = text("SELECT string_agg(order_id || order_key, ',' ORDER BY order_id) FROM work_order");
  const auto again = plan();
  EXPECT_EQ(again.created, 0);
  EXPECT_EQ(again.orders, 4);
  EXPECT_EQ(text("SELECT string_agg(order_id || order_key, ',' ORDER BY order_id) FROM work_order"), before);
  EXPECT_EQ(ask("SELECT count(*) FROM service_plan"), 2);
  EXPECT_EQ(ask("SELECT count(*) FROM strategy_version"), 1);
}

TEST_F(StrategyPlan, AddsWhatANewCellAsksForAndLeavesTheRest) {
  strategies_->write_cells(cell("some", "arrears_cny > 3", "callback"));
  plan();
  sql("UPDATE work_order SET state = 'accepted'");
  strategies_->write_cells(cell("some", "arrears_cny > 2", "callback"));
  EXPECT_EQ(plan().created, 1);
  EXPECT_EQ(text("SELECT string_agg(customer_id || state, ',' ORDER BY customer_id) FROM work_order"),
            "3open,4accepted");
  EXPECT_EQ(ask("SELECT count(DISTINCT order_id) FROM work_order"), 2);
}

TEST_F(StrategyPlan, TellsOfOpenOrdersThatNothingAsksForAnyMore) {
  strategies_->write_cells(cell("some", "arrears_cny > 1", "callback"));
  EXPECT_EQ(plan().unasked, 0);
  sql("UPDATE work_order SET state = 'accepted' WHERE customer_id = '2'");
  strategies_->write_cells(cell("some", "arrears_cny > 3", "callback"));
  EXPECT_EQ(plan().unasked, 1);  // of customer 3; 2 is being worked on
  EXPECT_EQ(orders(), "2 callback, 3 callback, 4 callback");
}

TEST_F(StrategyPlan, CountsAddUp) {
  strategies_->write_cells(cell("one", "arrears_cny > 0") + cell("two", "arrears_cny > 1") +
                           cell("three", "arrears_cny > 2", "callback", "", "    yields_to: [two]\n"));
  const auto done = plan();
  EXPECT_EQ(done.wanted, 4 + 3 + 2);
  EXPECT_EQ(done.suppressed, 2);
  EXPECT_EQ(done.joined, 3);
  EXPECT_EQ(done.orders, 4);
  EXPECT_EQ(suppressed(done), (std::map<std::string, std::int64_t>{{kYields, 2}}));
  EXPECT_EQ(text("SELECT reasons FROM work_order WHERE customer_id = '4'"), "one.go, two.go");
}

TEST_F(StrategyPlan, KeepsTheReasonOfWhatItHoldsBack) {
  strategies_->write_cells(cell("first", "arrears_cny > 3", "callback") +
                           cell("second", "arrears_cny > 2", "visit", "", "    yields_to: [first]\n"));
  plan();
  const auto held = list_suppressed(*workspace_, {});
  ASSERT_TRUE(held.has_value());
  ASSERT_EQ(held->found, 1);
  EXPECT_EQ(held->actions[0].customer_id, "4");
  EXPECT_EQ(held->actions[0].cell, "second");
  EXPECT_EQ(held->actions[0].reason, kYields);
  EXPECT_EQ(orders(), "3 visit, 4 callback");
}

TEST_F(StrategyPlan, AsksForConsentToPromotion) {
  sql("UPDATE m_customer SET consents_to_contact = CASE customer_id WHEN '1' THEN true WHEN '2' THEN false END");
  strategies_->write_cells(cell("offer", "arrears_cny > 0", "callback", ", marketing: true"));
  const auto done = plan();
  EXPECT_EQ(orders(), "1 callback");
  EXPECT_EQ(suppressed(done), (std::map<std::string, std::int64_t>{{kNoConsent, 1}, {kConsentUnknown, 2}}));
}

TEST_F(StrategyPlan, HoldsPromotionBackWhileDunning) {
  strategies_->write_cells(cell("dun", "arrears_cny > 3", "dunning") +
                           cell("offer", "arrears_cny > 2", "callback", ", marketing: true"));
  const auto done = plan();
  EXPECT_EQ(orders(), "3 callback, 4 dunning");
  EXPECT_EQ(suppressed(done), (std::map<std::string, std::int64_t>{{kCollides, 1}}));
  EXPECT_EQ(text("SELECT detail FROM suppressed_action"), "dunning");
}

TEST_F(StrategyPlan, KeepsWithinTheContactCaps) {
  strategies_->write_cells(cell("a", "arrears_cny = 1", "visit") + cell("b", "arrears_cny = 1", "callback") +
                           cell("c", "arrears_cny = 1", "seminar") + cell("d", "arrears_cny = 1", "prepaid_meter") +
                           cell("e", "arrears_cny = 1", "follow_up", ", urgent: true"));
  const auto done = plan();
  // Urgent orders come first and are never held back; three contacts a month in all, one of them at the counter.
  EXPECT_EQ(orders(), "1 follow_up, 1 seminar, 1 visit");
  EXPECT_EQ(suppressed(done), (std::map<std::string, std::int64_t>{{kChannelCap, 1}, {kMonthCap, 1}}));
}

TEST_F(StrategyPlan, PrefersTheDepartmentThatComesFirst) {
  strategies_->write("rules",
                     "departments:\n  - {department: collection, title: {zh: 回收, en: Collection}}\n  - {department: "
                     "marketing, title: {zh: 营销, en: Marketing}}\n  - {department: service, title: {zh: 服务, en: "
                     "Service}}\ncaps: {month: 1}\n");
  strategies_->write_cells(cell("sell", "arrears_cny = 1", "callback"), "marketing", "a_sell");
  strategies_->write_cells(cell("collect", "arrears_cny = 1", "visit"), "collection", "b_collect");
  plan();
  EXPECT_EQ(orders(), "1 visit");
}

TEST_F(StrategyPlan, DisturbsSilentCustomersLess) {
  sql("INSERT INTO membership BY NAME SELECT 9 AS row_id, 'level2_channel' AS scheme, '1' AS customer_id, DATE "
      "'2026-06-01' "
      "AS valid_from, 'silent' AS group_code, 1 AS said_by");
  strategies_->write_cells(cell("a", "arrears_cny < 3", "visit") + cell("b", "arrears_cny < 3", "callback"));
  const auto done = plan();
  EXPECT_EQ(orders(), "1 visit, 2 callback, 2 visit");
  EXPECT_EQ(suppressed(done), (std::map<std::string, std::int64_t>{{kQuieter, 1}}));
}

TEST_F(StrategyPlan, NeverHoldsTheServiceFloorBack) {
  strategies_->write(
      "rules",
      "departments:\n  - {department: service, title: {zh: 服务, en: Service}}\ncaps: {month: 0}\nfloor: "
      "[rectification]\n");
  strategies_->write_cells(cell("a", "arrears_cny = 1", "visit") + cell("b", "arrears_cny = 1", "rectification"));
  plan();
  EXPECT_EQ(orders(), "1 rectification");
}

TEST_F(StrategyPlan, SpreadsACadenceOverTheMonths) {
  strategies_->write_cells(cell("yearly", "arrears_cny > 0", "visit", ", every_months: 12"));
  std::int64_t made = 0;
  for (int m = 0; m < 12; ++m) made += plan(Month(2026, 7).plus(m)).orders;
  EXPECT_EQ(made, 4);
  EXPECT_EQ(ask("SELECT count(DISTINCT customer_id) FROM work_order"), 4);
}

TEST_F(StrategyPlan, GivesOrdersToTheManagerOfTheCustomerElseToATeamOfTheArea) {
  strategies_->write_cells(cell("a", "arrears_cny = 1", "visit") + cell("b", "arrears_cny = 2", "callback") +
                           cell("c", "arrears_cny = 3", "drill"));
  const auto done = plan();
  EXPECT_EQ(text("SELECT owner_id FROM work_order WHERE customer_id = '1'"), "m1");
  EXPECT_EQ(ask("SELECT count(*) FROM work_order WHERE customer_id = '1' AND second_owner_id IN ('r1', 'r2')"), 1);
  EXPECT_EQ(text("SELECT owner_id FROM work_order WHERE customer_id = '2'"), "a1");  // of the own station
  EXPECT_EQ(ask("SELECT count(*) FROM work_order WHERE customer_id = '3' AND owner_id IS NULL"), 1);  // no inspector
  ASSERT_FALSE(done.employees.empty());
  const auto nobody = std::find_if(done.employees.begin(), done.employees.end(),
                                   [](const PlannedEmployee& one) { return one.staff_id.empty(); });
  ASSERT_NE(nobody, done.employees.end());
  EXPECT_EQ(nobody->role, "inspector");
}

TEST_F(StrategyPlan, CountsWorkingDaysByTheCalendar) {
  // 1 July 2026 is a Wednesday; the 2nd is made a holiday, Saturday the 4th a working day.
  sql("INSERT INTO m_calendar_day BY NAME SELECT DATE '2026-07-02' AS day, true AS is_holiday");
  sql("INSERT INTO m_calendar_day BY NAME SELECT DATE '2026-07-04' AS day, false AS is_holiday");
  strategies_->write_cells(cell("a", "arrears_cny = 1", "callback", ", by_days: 3") +
                           cell("b", "arrears_cny = 2", "callback", ", days: [10, 20]"));
  plan();
  EXPECT_EQ(text("SELECT begins_on || ' ' || due_on FROM work_order WHERE customer_id = '1'"), "2026-07-01 2026-07-04");
  EXPECT_EQ(text("SELECT begins_on || ' ' || due_on FROM work_order WHERE customer_id = '2'"), "2026-07-10 2026-07-20");
}

TEST_F(StrategyPlan, PreviewChangesNothing) {
  strategies_->write_cells(cell("all", "arrears_cny > 0"));
  const auto done = plan(Month(2026, 7), false);
  EXPECT_EQ(done.orders, 4);
  EXPECT_EQ(done.plan_id, 0);
  EXPECT_EQ(ask("SELECT (SELECT count(*) FROM work_order) + (SELECT count(*) FROM service_plan)"), 0);
}

TEST_F(StrategyPlan, TellsOfSchemesThatAreNotInForce) {
  strategies_->write_cells(cell("a", "group_of('key_accounts') = 'A'"));
  const auto done = plan();
  EXPECT_EQ(done.orders, 0);
  EXPECT_EQ(done.not_in_force, (std::vector<std::string>{"key_accounts", "level2_channel"}));
}

TEST_F(StrategyPlan, RefusesAMonthWithoutFeaturesOrGroups) {
  strategies_->write_cells(cell("a", "arrears_cny > 0"));
  const auto early = plan_month(*workspace_, library(), {Month(2026, 5), "x", true});
  ASSERT_FALSE(early.has_value());
  EXPECT_EQ(early.error().line.key, "strategy.nothing_prepared");
  sql("DELETE FROM membership");
  const auto without = plan_month(*workspace_, library(), {Month(2026, 7), "x", true});
  ASSERT_FALSE(without.has_value());
  EXPECT_EQ(without.error().line.key, "strategy.nothing_in_force");
  const auto nobody = plan_month(*workspace_, library(), {Month(2026, 7), " ", true});
  ASSERT_FALSE(nobody.has_value());
  EXPECT_EQ(nobody.error().line.key, "strategy.by_missing");
}

}  // namespace
}  // namespace fenqun::strategy
