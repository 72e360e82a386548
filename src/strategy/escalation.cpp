// strategy/escalation.cpp
#include "strategy/escalation.hpp"

#include "strategy/new_order.hpp"

#include <fmt/format.h>

namespace fenqun::strategy {
namespace {

using warehouse::sql_text;

// The working day so many before tomorrow: what was due before it is overdue for as many of them.
std::string working_day_back(const std::string& day, int days) {
  return fmt::format(
      "(SELECT min(day) FROM (SELECT d.day FROM (SELECT unnest(generate_series({0} - INTERVAL 200 DAY, {0}, INTERVAL 1 "
      "DAY))::DATE AS day) d LEFT JOIN m_calendar_day c ON c.day = d.day WHERE NOT coalesce(c.is_holiday, "
      "isodow(d.day) "
      "> 5) ORDER BY d.day DESC LIMIT {1}))",
      day, days);
}

}  // namespace

Result<std::vector<EscalationCount>> escalate_orders(warehouse::Workspace& workspace, const Library& library,
                                                     const std::string& by, const std::string& now) {
  if (by.find_first_not_of(" \t") == std::string::npos) {
    return fail(ErrorCode::InvalidArgument, "strategy.by_missing");
  }
  const auto day = "DATE " + sql_text(now.substr(0, 10));
  const auto at = "TIMESTAMP " + sql_text(now);
  auto& connection = workspace.connection();
  const auto held = hold_orders();
  FENQUN_TRY(auto scratch, workspace.scratch("escalate", warehouse::Workspace::ScratchPlace::InMemory));
  const auto table = warehouse::sql_name(scratch.catalogue()) + ".told";
  const auto& steps = library.rules.escalation;
  std::vector<EscalationCount> out;
  // From the last step down: an order that is overdue for long is told there at once.
  std::string step = "0";
  std::string role = "NULL";
  std::string work;
  for (const auto& type : library.types) {
    if (type.effort_minutes > 0) work += (work.empty() ? "" : ", ") + sql_text(type.code);
  }
  if (steps.empty() || work.empty()) return out;
  for (std::size_t n = 0; n < steps.size(); ++n) {
    const auto holds = fmt::format("due_on < {}", working_day_back(day, steps[n].days));
    step = fmt::format("CASE WHEN {} THEN {} ELSE {} END", holds, n + 1, step);
    role = fmt::format("CASE WHEN {} THEN {} ELSE {} END", holds, sql_text(name_of(steps[n].to)), role);
  }
  FENQUN_CHECK(connection.execute(fmt::format(
      "CREATE TABLE {} AS SELECT o.order_id, any_value(o.state) AS state, any_value(o.step) AS step, "
      "arg_min(s.staff_id, CASE WHEN s.org_unit_id = c.station_id THEN '0' ELSE '1' END || md5(s.staff_id || "
      "o.order_id)) AS told FROM (SELECT order_id, customer_id, state, escalation, {} AS step, {} AS role FROM "
      "work_order WHERE state IN ('open', 'accepted') AND order_type IN ({}) AND due_on < {}) o LEFT JOIN m_customer c "
      "ON c.customer_id = o.customer_id LEFT JOIN (SELECT * FROM m_staff WHERE left_on IS NULL OR left_on >= {}) s ON "
      "s.role = o.role WHERE o.step > coalesce(o.escalation, 0) GROUP BY o.order_id",
      table, step, role, work, day, day)));
  FENQUN_TRY(const auto found, connection.query("SELECT CAST(step AS BIGINT), count(*), count(CASE WHEN told IS NULL "
                                                "THEN 1 END) FROM " +
                                                table + " GROUP BY step ORDER BY step"));
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    out.push_back({static_cast<int>(found.integer(r, 0)), found.integer(r, 1), found.integer(r, 2)});
  }
  if (out.empty()) return out;
  FENQUN_CHECK(workspace.commit(
      scratch.folder(), {},
      {fmt::format("INSERT INTO work_order_event SELECT t.order_id, 1 + (SELECT coalesce(max(sequence), 0) FROM "
                   "work_order_event e WHERE e.order_id = t.order_id), {}, {}, 'escalate', t.state, t.state, NULL, "
                   "t.told, NULL FROM {} t",
                   at, sql_text(by), table),
       fmt::format("UPDATE work_order SET escalation = t.step, escalated_to = t.told, changed_at = {} FROM {} t WHERE "
                   "t.order_id = work_order.order_id",
                   at, table)}));
  return out;
}

}  // namespace fenqun::strategy
