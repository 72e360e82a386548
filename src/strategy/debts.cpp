// strategy/debts.cpp
#include "strategy/debts.hpp"

#include "warehouse/database.hpp"

#include <fmt/format.h>

namespace fenqun::strategy {

Result<std::vector<Debt>> overdue_debts(warehouse::Workspace& workspace, const std::vector<std::string>& customers,
                                        const std::string& today) {
  using warehouse::sql_text;
  std::vector<Debt> out;
  std::string list;
  for (const auto& id : customers) list += (list.empty() ? "" : ", ") + sql_text(id);
  if (list.empty()) return out;
  FENQUN_TRY(
      const auto found,
      workspace.connection().query(fmt::format(
          "WITH received AS (SELECT customer_id, bill_id, amount_cny FROM payment WHERE customer_id IN ({0}) AND "
          "paid_on <= {1} AND coalesce(status, 'received') IN ('received', 'partial')), owed AS (SELECT "
          "b.customer_id, b.due_on, b.amount_cny - coalesce(p.paid, 0) AS owed FROM (SELECT customer_id, bill_id, "
          "due_on, amount_cny FROM bill WHERE customer_id IN ({0}) AND coalesce(status, 'issued') <> 'cancelled' AND "
          "coalesce(kind, 'regular') <> 'refund' AND due_on < {1}) b LEFT JOIN (SELECT bill_id, sum(amount_cny) AS "
          "paid FROM received GROUP BY bill_id) p ON p.bill_id = b.bill_id) SELECT o.customer_id, CAST(sum(owed) - "
          "coalesce(any_value(u.paid), 0) AS VARCHAR), CAST(min(due_on) AS VARCHAR) FROM (SELECT * FROM owed WHERE "
          "owed > 0) o LEFT JOIN (SELECT customer_id, sum(amount_cny) AS paid FROM received WHERE bill_id IS NULL "
          "GROUP BY customer_id) u ON u.customer_id = o.customer_id GROUP BY o.customer_id HAVING sum(owed) - "
          "coalesce(any_value(u.paid), 0) > 0 ORDER BY 1",
          list, "DATE " + sql_text(today))));
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    out.push_back({found.text(r, 0), found.text(r, 1), found.text(r, 2)});
  }
  return out;
}

}  // namespace fenqun::strategy
