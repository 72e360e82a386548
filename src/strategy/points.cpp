// strategy/points.cpp
#include "strategy/points.hpp"

#include "strategy/new_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace fenqun::strategy {
namespace {

using warehouse::sql_text;
using warehouse::Workspace;

std::string date_sql(Month month) { return "DATE " + sql_text(month.first_date()); }

// The first month from that of a day on that takes entries.
std::string open_month(const std::string& today) {
  return fmt::format(
      "(SELECT greatest(date_trunc('month', DATE {})::DATE, coalesce(max(month) + INTERVAL 1 MONTH, DATE "
      "'1900-01-01')::DATE) FROM points_settlement)",
      sql_text(today));
}

// Orders of `from` (order_id, reopened, owner_id, second_owner_id) by one rule.
std::string entering_points(const PointRule& rule, const std::string& from, const std::string& month) {
  return fmt::format(
      "INSERT INTO points_entry SELECT key, staff_id, {0}, order_id, {1}, {2}, now()::TIMESTAMP FROM (SELECT order_id, "
      "staff_id, md5(concat_ws('|', order_id, reopened, {1}, staff_id)) AS key FROM (SELECT order_id, reopened, "
      "unnest([owner_id, second_owner_id]) AS staff_id FROM ({3})) WHERE staff_id IS NOT NULL) WHERE NOT EXISTS "
      "(SELECT 1 FROM points_entry e WHERE e.entry_key = key)",
      month, sql_text(rule.code), rule.points, from);
}

bool is_about(const PointRule& rule, const Library& library, std::string_view order_type) {
  return rule.orders.empty() || std::any_of(rule.orders.begin(), rule.orders.end(),
                                            [&](std::size_t one) { return library.types[one].code == order_type; });
}

Result<std::optional<Settlement>> settlement_of(Workspace& workspace, Month month) {
  FENQUN_TRY(const auto found,
             workspace.connection().query(
                 "SELECT settled_by, strftime(settled_at, '%Y-%m-%d %H:%M:%S') FROM points_settlement "
                 "WHERE month = " +
                 date_sql(month)));
  if (found.rows.empty()) return std::optional<Settlement>();
  return std::optional(Settlement{found.text(0, 0), found.text(0, 1)});
}

}  // namespace

std::vector<std::string> booking(const Library& library, std::string_view order_type, const std::string& order_id,
                                 int round, Merit merit, const std::string& today) {
  std::vector<std::string> out;
  const auto order =
      fmt::format("SELECT order_id, {} AS reopened, owner_id, second_owner_id FROM work_order WHERE order_id = {}",
                  round, sql_text(order_id));
  for (const auto& rule : library.points.rules) {
    if (rule.when != merit || !is_about(rule, library, order_type)) continue;
    out.push_back(entering_points(rule, order, open_month(today)));
  }
  return out;
}

Result<PointsOfMonth> points_of_month(Workspace& workspace, const Library& library, Month month) {
  PointsOfMonth out;
  out.month = month;
  FENQUN_TRY(out.settled, settlement_of(workspace, month));
  FENQUN_TRY(const auto found,
             workspace.connection().query(
                 "SELECT e.staff_id, coalesce(any_value(s.staff_name), ''), coalesce(any_value(s.role), ''), "
                 "coalesce(any_value(s.org_unit_id), ''), e.rule, count(*), CAST(sum(e.points) AS BIGINT) FROM "
                 "points_entry e LEFT JOIN m_staff s ON s.staff_id = e.staff_id WHERE e.month = " +
                 date_sql(month) + " GROUP BY e.staff_id, e.rule ORDER BY e.staff_id, e.rule"));
  std::map<std::string, std::size_t> places;
  for (std::size_t n = 0; n < library.points.rules.size(); ++n) places.emplace(library.points.rules[n].code, n);
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    if (out.employees.empty() || out.employees.back().staff_id != found.text(r, 0)) {
      out.employees.push_back({found.text(r, 0), found.text(r, 1), found.text(r, 2), found.text(r, 3), 0, {}});
    }
    auto& employee = out.employees.back();
    employee.rules.push_back({found.text(r, 4), found.integer(r, 5), found.integer(r, 6)});
    employee.points += found.integer(r, 6);
  }
  const auto place = [&places](const PointsOfRule& one) {
    const auto at = places.find(one.rule);
    return at == places.end() ? places.size() : at->second;
  };
  for (auto& employee : out.employees) {
    std::stable_sort(employee.rules.begin(), employee.rules.end(),
                     [&](const auto& a, const auto& b) { return place(a) < place(b); });
  }
  std::stable_sort(out.employees.begin(), out.employees.end(),
                   [](const auto& a, const auto& b) { return a.points > b.points; });
  return out;
}

Result<std::vector<PointsEntry>> points_entries(Workspace& workspace, const std::string& staff_id, Month month) {
  FENQUN_TRY(const auto found,
             workspace.connection().query(
                 "SELECT order_id, rule, CAST(points AS BIGINT), strftime(booked_at, '%Y-%m-%d %H:%M:%S') FROM "
                 "points_entry WHERE staff_id = " +
                 sql_text(staff_id) + " AND month = " + date_sql(month) + " ORDER BY booked_at DESC, order_id, rule"));
  std::vector<PointsEntry> out;
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    out.push_back({month, found.text(r, 0), found.text(r, 1), found.integer(r, 2), found.text(r, 3)});
  }
  return out;
}

Result<SettleOutcome> settle_month(Workspace& workspace, const Library& library, Month month, const std::string& by,
                                   const std::string& today) {
  if (by.find_first_not_of(" \t") == std::string::npos) {
    return fail(ErrorCode::InvalidArgument, "strategy.by_missing");
  }
  if (today < month.plus(1).first_date()) {
    return fail(ErrorCode::Denied, "strategy.month_not_over",
                {{"month", month.text()}, {"from", month.plus(1).first_date()}});
  }
  SettleOutcome out;
  const auto held = hold_orders();
  FENQUN_TRY(const auto before, settlement_of(workspace, month));
  out.again = before.has_value();
  if (!out.again) {
    auto& connection = workspace.connection();
    const auto late = fmt::format(
        "SELECT order_id, reopened, owner_id, second_owner_id FROM work_order WHERE reopened > 0 AND state IN ('open', "
        "'accepted') AND due_on < {}",
        date_sql(month.plus(1)));
    FENQUN_CHECK(connection.execute("BEGIN"));
    const auto settle = [&]() -> Result<void> {
      FENQUN_TRY(const auto had, connection.query_integer("SELECT count(*) FROM points_entry"));
      for (const auto& rule : library.points.rules) {
        if (rule.when != Merit::MissedDeadline) continue;
        std::string types;
        for (const auto one : rule.orders) types += (types.empty() ? "" : ", ") + sql_text(library.types[one].code);
        FENQUN_CHECK(connection.execute(entering_points(
            rule, types.empty() ? late : late + " AND order_type IN (" + types + ")", date_sql(month))));
      }
      FENQUN_TRY(const auto have, connection.query_integer("SELECT count(*) FROM points_entry"));
      out.missed = have - had;
      return connection.execute(fmt::format("INSERT INTO points_settlement VALUES ({}, {}, now()::TIMESTAMP)",
                                            date_sql(month), sql_text(by)));
    };
    if (auto done = settle(); !done) {
      static_cast<void>(connection.execute("ROLLBACK"));
      return tl::make_unexpected(done.error());
    }
    FENQUN_CHECK(connection.execute("COMMIT"));
  }
  FENQUN_TRY(out.points, points_of_month(workspace, library, month));
  return out;
}

}  // namespace fenqun::strategy
