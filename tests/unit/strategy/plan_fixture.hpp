// tests/unit/strategy/plan_fixture.hpp - a workspace with a few customers, groups in force and employees.
#pragma once

#include "strategy/orders.hpp"
#include "strategy/plan.hpp"
#include "unit/segment/wide_fixture.hpp"
#include "unit/strategy/library_fixture.hpp"

#include <map>
#include <string>
#include <vector>

namespace fenqun::strategy {

class PlanTest : public segment::WideTest {
 protected:
  /// Customers "1" .. "n", customer i with arrears_cny = i, in group 'A' of abcd when i is odd, else 'D'; all in area
  /// "t1" of station "s1" with manager "m1"; employees of each role at the station.
  void SetUp() override { make(4); }
  void make(int customers) {
    make_wide("SELECT DATE '2026-06-01' AS as_of, CAST(i AS VARCHAR) AS customer_id, i AS arrears_cny FROM range(1, " +
              std::to_string(customers + 1) + ") t(i)");
    workspace_.emplace(open(1));
    strategies_.emplace(path());
    const auto n = std::to_string(customers + 1);
    sql("INSERT INTO m_customer BY NAME SELECT CAST(i AS VARCHAR) AS customer_id, 'residential' AS category, 'm1' AS "
        "account_manager_id, 't1' AS transformer_area_id, 's1' AS station_id, true AS consents_to_contact FROM "
        "range(1, " +
        n + ") t(i)");
    sql("INSERT INTO membership BY NAME SELECT i AS row_id, 'abcd' AS scheme, CAST(i AS VARCHAR) AS customer_id, DATE "
        "'2026-06-01' AS valid_from, CASE WHEN i % 2 = 1 THEN 'A' ELSE 'D' END AS group_code, 1 AS said_by FROM "
        "range(1, " +
        n + ") t(i)");
    sql("INSERT INTO m_staff BY NAME SELECT * FROM (VALUES ('m1', 'account_manager', 's1'), ('r1', 'meter_reader', "
        "'s1'), "
        "('r2', 'meter_reader', 's1'), ('c1', 'collector', 's1'), ('a1', 'agent', 's1'), ('a2', 'agent', 's2')) "
        "s(staff_id, role, org_unit_id)");
  }
  void sql(const std::string& statement) {
    const auto done = workspace_->connection().execute(statement);
    ASSERT_TRUE(done.has_value()) << statement << ": " << done.error().arg("reason");
  }
  [[nodiscard]] std::int64_t ask(const std::string& statement) {
    return workspace_->connection().query_integer(statement).value_or(-1);
  }
  [[nodiscard]] std::string text(const std::string& statement) {
    const auto found = workspace_->connection().query(statement);
    EXPECT_TRUE(found.has_value()) << statement;
    return found && !found->rows.empty() ? found->text(0, 0) : "";
  }
  [[nodiscard]] Library library() const {
    auto read = load_library(workspace_->assets(), *catalogue_);
    EXPECT_TRUE(read.has_value()) << read.error().line.key;
    return read ? std::move(*read) : Library();
  }
  PlanOutcome plan(Month month = Month(2026, 7), bool keep = true) {
    auto done = plan_month(*workspace_, library(), {month, "王主任", keep});
    EXPECT_TRUE(done.has_value()) << done.error().line.key << " " << done.error().arg("reason");
    return done ? std::move(*done) : PlanOutcome();
  }
  /// Customers and kinds of the orders made: "1 visit, 3 visit".
  std::string orders() {
    return text(
        "SELECT coalesce(string_agg(customer_id || ' ' || order_type, ', ' ORDER BY customer_id, order_type), '') "
        "FROM work_order");
  }
  std::map<std::string, std::int64_t> suppressed(const PlanOutcome& outcome) {
    std::map<std::string, std::int64_t> out;
    for (const auto& one : outcome.by_reason) out[one.reason] = one.actions;
    return out;
  }

  std::optional<warehouse::Workspace> workspace_;
  std::optional<StrategyFolder> strategies_;
};

}  // namespace fenqun::strategy
