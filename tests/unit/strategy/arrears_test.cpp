#include "strategy/arrears.hpp"

#include "unit/strategy/plan_fixture.hpp"

namespace fenqun::strategy {
namespace {

TEST(StrategyArrearsCalendar, TellsWhereADayIs) {
  const ArrearsRules rules;  // read 17 to 20, billed 22, dunned 8 days
  const auto on = [&](const std::string& day) {
    const auto found = arrears_day(rules, day);
    EXPECT_TRUE(found.has_value()) << day;
    return std::string(name_of(found->phase)) + (found->dunning_day > 0 ? std::to_string(found->dunning_day) : "");
  };
  EXPECT_EQ(on("2026-07-16"), "waiting");
  EXPECT_EQ(on("2026-07-17"), "reading");
  EXPECT_EQ(on("2026-07-20"), "reading");
  EXPECT_EQ(on("2026-07-21"), "checking");
  EXPECT_EQ(on("2026-07-22"), "dunning1");
  EXPECT_EQ(on("2026-07-29"), "dunning8");
  EXPECT_EQ(on("2026-07-30"), "waiting");
  EXPECT_EQ(on("2026-02-28"), "dunning7");
  EXPECT_EQ(on("2026-03-01"), "dunning8");  // of February's bills
  EXPECT_EQ(on("2026-03-02"), "waiting");
  EXPECT_EQ(arrears_day(rules, "2026-02-10")->dunning_to, "2026-03-01");
  EXPECT_EQ(arrears_day(rules, "2026-7-1").error().line.key, "strategy.no_day");
  EXPECT_EQ(arrears_day(rules, "2026-02-30").error().line.key, "strategy.no_day");
}

/// Customers "1" to "10" owe 1 to 10 CNY.
class StrategyArrears : public PlanTest {
 protected:
  void SetUp() override {
    make(10);
    sql("CREATE OR REPLACE TEMP VIEW wide AS SELECT *, CASE WHEN customer_id = '2' THEN 90 ELSE 10 END AS "
        "oldest_arrears_days, 1 AS unpaid_bills FROM (SELECT DATE '2026-06-01' AS as_of, CAST(i AS VARCHAR) AS "
        "customer_id, i AS arrears_cny FROM range(1, 11) t(i))");
    sql("CREATE OR REPLACE TEMP VIEW payment AS SELECT NULL::VARCHAR AS bill_id, '10' AS customer_id, DATE "
        "'2026-07-01' "
        "AS paid_on, 10.00 AS amount_cny, NULL::VARCHAR AS status");
    sql("CREATE OR REPLACE TEMP VIEW bill AS SELECT 'b' || i AS bill_id, CAST(i AS VARCHAR) AS customer_id, DATE "
        "'2026-06-20' AS due_on, CAST(i AS DECIMAL(18,2)) AS amount_cny, 'issued' AS status, 'regular' AS kind FROM "
        "range(1, 11) t(i)");
    write();
  }
  void write(const std::string& weights =
                 "  - {when: \"oldest_arrears_days > 60\", weight: 1.0, title: {zh: 久, en: "
                 "Long}}\n  - {when: \"arrears_cny > 0\", weight: 0.1, title: {zh: 其他, en: "
                 "Other}}\n") {
    strategies_->write("arrears_work",
                       "calendar: {bill_day: 22}\ncover: 0.5\nweights:\n" + weights +
                           "causes:\n  - {cause: rich, requirements: [R366], title: {zh: 有钱, en: Rich}, when: "
                           "\"group_of('abcd') = 'A'\", treatment: {zh: 谈, en: Talk}, channel: on_site}\n");
  }
  Result<ArrearsList> attempt(ArrearsFilter filter = {}) {
    if (filter.today.empty()) filter.today = "2026-07-05";
    return list_arrears(*workspace_, library(), filter);
  }
  ArrearsList list(ArrearsFilter filter = {}) {
    auto found = attempt(std::move(filter));
    EXPECT_TRUE(found.has_value()) << found.error().line.key << " " << found.error().arg("reason");
    return found ? *std::move(found) : ArrearsList();
  }
  static std::string customers(const ArrearsList& list) {
    std::string out;
    for (const auto& one : list.customers)
      out += (out.empty() ? "" : " ") + one.customer_id + (one.is_first ? "!" : "");
    return out;
  }
};

TEST_F(StrategyArrears, RankWhatIsAtRiskAndMarkTheFewToTurnToFirst) {
  const auto found = list();
  // At risk: 2 of customer 2, a tenth of the 53 that the others owe; half of the 7.3 is 2 + 1 + 0.9.
  EXPECT_EQ(customers(found), "2! 10! 9! 8 7 6 5 4 3 1");
  EXPECT_EQ(found.debtors, 10);
  EXPECT_DOUBLE_EQ(found.arrears_cny, 55);
  EXPECT_NEAR(found.at_risk_cny, 7.3, 1e-9);
  EXPECT_EQ(found.first, 3);
  EXPECT_EQ(found.everybody_minutes, 150);
  EXPECT_EQ(found.first_minutes, 45);
  EXPECT_EQ(found.customers.front().weighed_by, 0U);
  EXPECT_EQ(found.customers.front().oldest_days, 90);
}

TEST_F(StrategyArrears, TellCauseOrderAndWhatIsOwedToday) {
  sql("INSERT INTO work_order BY NAME SELECT '2026-07-000001' AS order_id, '9' AS customer_id, DATE '2026-07-01' AS "
      "month, "
      "'open' AS state, 'dunning' AS order_type, DATE '2026-07-22' AS begins_on");
  const auto found = list();
  const auto& nine = found.customers[2];
  EXPECT_EQ(nine.customer_id, "9");
  EXPECT_EQ(nine.cause, 0U);
  EXPECT_EQ(nine.order_id, "2026-07-000001");
  EXPECT_EQ(nine.owed_now_cny.value_or(""), "9.00");
  EXPECT_EQ(found.customers[1].cause, 1U);                    // of group D: none holds
  EXPECT_FALSE(found.customers[1].owed_now_cny.has_value());  // customer 10 has paid since
  std::int64_t of_causes = 0;
  for (const auto& one : found.causes) of_causes += one.customers;
  EXPECT_EQ(of_causes, found.debtors);
}

TEST_F(StrategyArrears, CanBeAskedOfACauseAScopeAndAPage) {
  ArrearsFilter filter;
  filter.cause = "rich";
  EXPECT_EQ(customers(list(filter)), "9! 7 5 3 1");
  EXPECT_EQ(list(filter).debtors, 10);
  filter.limit = 2;
  filter.offset = 1;
  EXPECT_EQ(customers(list(filter)), "7 5");
  EXPECT_EQ(list(filter).found, 5);
  ArrearsFilter scope;
  scope.customers_sql = "customer_id IN ('1', '3')";
  EXPECT_EQ(list(scope).debtors, 2);
  ArrearsFilter first;
  first.first_only = true;
  EXPECT_EQ(customers(list(first)), "2! 10! 9!");
  filter.cause = "poor";
  EXPECT_EQ(attempt(filter).error().line.key, "strategy.no_cause");
  ArrearsFilter wrong;
  wrong.today = "today";
  EXPECT_EQ(attempt(wrong).error().line.key, "strategy.no_day");
}

TEST_F(StrategyArrears, RefuseRulesThatAreNone) {
  const auto problem = [&] {
    const auto checked = check_library(workspace_->assets(), *catalogue_);
    return checked && !checked->problems.empty() ? checked->problems.front().line.key : "";
  };
  write("  - {when: \"arrears_cny > 0\", weight: 1.5, title: {zh: 其他, en: Other}}\n");
  EXPECT_EQ(problem(), "base.setting_wrong");
  write("  - {when: \"arrears_cny\", weight: 0.5, title: {zh: 其他, en: Other}}\n");
  EXPECT_EQ(problem(), "strategy.not_a_condition");
  write();
  EXPECT_EQ(problem(), "");
}

}  // namespace
}  // namespace fenqun::strategy
