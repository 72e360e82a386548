// strategy/new_order.cpp
#include "strategy/new_order.hpp"

#include "warehouse/database.hpp"

#include <fmt/format.h>

namespace fenqun::strategy {
namespace {

using warehouse::sql_text;

// The place-th employee of a role for a customer, those of its station first.
std::string employee_sql(const NewOrder& order, const std::string& role, int place) {
  std::string without;
  for (const auto& staff : order.not_by) {
    if (!staff.empty()) without += " AND staff_id <> " + sql_text(staff);
  }
  return fmt::format(
      "SELECT staff_id FROM m_staff WHERE role = {} AND (left_on IS NULL OR left_on >= DATE {}){} ORDER BY "
      "(org_unit_id IS "
      "NOT DISTINCT FROM (SELECT station_id FROM m_customer WHERE customer_id = {} LIMIT 1)) DESC, md5(staff_id || {}) "
      "LIMIT "
      "1 OFFSET {}",
      sql_text(role), sql_text(order.begins_on), without, sql_text(order.customer_id), sql_text(order.customer_id),
      place);
}

}  // namespace

std::unique_lock<std::mutex> hold_orders() {
  static std::mutex mutex;
  return std::unique_lock(mutex);
}

std::string key_sql(const std::string& key) { return "md5(" + sql_text(key) + ")"; }

std::string working_days_after(const std::string& day_sql, int days) {
  if (days == 0) return day_sql;
  return fmt::format(
      "(SELECT max(day) FROM (SELECT d.day FROM (SELECT unnest(generate_series({0} + INTERVAL 1 DAY, {0} + INTERVAL "
      "150 DAY, INTERVAL 1 DAY))::DATE AS day) d LEFT JOIN m_calendar_day c ON c.day = d.day WHERE NOT "
      "coalesce(c.is_holiday, isodow(d.day) > 5) ORDER BY d.day LIMIT {1}))",
      day_sql, days);
}

std::string entering(const NewOrder& order) {
  const auto day = "DATE " + sql_text(order.begins_on);
  const auto due = working_days_after(day, order.by_days);
  return fmt::format(
      "INSERT INTO work_order SELECT strftime({0}, '%Y-%m') || '-' || lpad(CAST(n.number AS VARCHAR), 6, '0'), "
      "n.number, "
      "{1}, {2}, {3}, (SELECT transformer_area_id FROM m_customer WHERE customer_id = {3} LIMIT 1), "
      "date_trunc('month', {0})::DATE, 0, 'open', ({4}), {5}, {6}, {7}, {8}, FALSE, {0}, {9}, {10}, {11}, NULL, "
      "now()::TIMESTAMP, now()::TIMESTAMP, 0, NULL, {12}, 0, NULL FROM (SELECT coalesce(max(number), 0) + 1 AS number "
      "FROM "
      "work_order "
      "WHERE month = date_trunc('month', {0})::DATE) n WHERE NOT EXISTS (SELECT 1 FROM work_order WHERE order_key = "
      "{1})",
      day, key_sql(order.key), sql_text(order.type), sql_text(order.customer_id),
      employee_sql(order, order.owner_role, 0),
      order.team_of == 2 ? "(" + employee_sql(order, order.owner_role, 1) + ")" : "NULL", sql_text(order.owner_role),
      sql_text(order.channel), order.is_urgent ? "TRUE" : "FALSE", due, order.effort_minutes, sql_text(order.reasons),
      order.verifies.empty() ? "NULL" : sql_text(order.verifies));
}

}  // namespace fenqun::strategy
