// ledger/transitions.cpp
#include "ledger/transitions.hpp"

#include "ledger/change.hpp"

#include <algorithm>
#include <tuple>

namespace fenqun::ledger {
namespace {

using warehouse::sql_text;

/// Where a month's state comes from.
struct MonthState {
  Month month;
  std::string run_id;  // empty: the ledger
  std::string sql;     // customer_id, group_code, reason and others
};

Result<std::optional<MonthState>> state_of(warehouse::Connection& connection, const TransitionRequest& request,
                                           Month month) {
  if (!request.runs_only) {
    const std::string standing = standing_sql(request.scheme, month);
    FENQUN_TRY(const auto rows, connection.query_integer("SELECT count(*) FROM (" + standing + ")"));
    if (rows > 0) return MonthState{month, "", standing};
  }
  FENQUN_TRY(const auto runs,
             connection.query("SELECT run_id FROM run WHERE scheme = " + sql_text(request.scheme) +
                              " AND as_of = " + sql_text(month.text()) + " ORDER BY created_at DESC, run_id LIMIT 1"));
  if (runs.rows.empty()) return std::optional<MonthState>();
  const auto id = runs.text(0, 0);
  return MonthState{month, id, said_sql(id, {})};
}

std::size_t place_of(const std::vector<std::string>& codes, const std::string& code) {
  return static_cast<std::size_t>(std::find(codes.begin(), codes.end(), code) - codes.begin());
}

// Groups in their order, then reasons, then who is not there.
auto place(const TransitionRequest& request, const std::string& code, bool is_group) {
  const int kind = code.empty() ? 2 : is_group ? 0 : 1;
  return std::tuple(kind, kind == 0 ? place_of(request.groups, code) : 0, code);
}

void count_ways(const TransitionRequest& request, TransitionStep& step) {
  if (!request.ladder.empty()) step.up = step.down = 0;
  for (const auto& cell : step.cells) {
    if (cell.from.empty() || cell.to.empty() || !cell.from_group || !cell.to_group) continue;
    step.in_both += cell.customers;
    if (cell.from == cell.to) {
      step.stayed += cell.customers;
      continue;
    }
    step.moved += cell.customers;
    const auto before = place_of(request.ladder, cell.from);
    const auto after = place_of(request.ladder, cell.to);
    if (before == request.ladder.size() || after == request.ladder.size()) continue;
    *(after > before ? step.up : step.down) += cell.customers;
  }
}

Result<TransitionStep> compare(warehouse::Connection& connection, const TransitionRequest& request,
                               const MonthState& from, const MonthState& to) {
  TransitionStep out;
  out.from = from.month;
  out.to = to.month;
  out.run_from = from.run_id;
  out.run_to = to.run_id;
  FENQUN_TRY(
      const auto rows,
      connection.query("SELECT coalesce(a.group_code, a.reason, ''), coalesce(b.group_code, b.reason, ''), "
                       "a.group_code IS NOT NULL, b.group_code IS NOT NULL, count(*) FROM (" +
                       from.sql + ") a FULL JOIN (" + to.sql + ") b ON a.customer_id = b.customer_id GROUP BY ALL"));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    out.cells.push_back(
        {rows.text(r, 0), rows.text(r, 1), rows.boolean(r, 2), rows.boolean(r, 3), rows.integer(r, 4), 0});
  }
  for (auto& cell : out.cells) {
    std::int64_t all = 0;
    for (const auto& other : out.cells) {
      if (other.from == cell.from && other.from_group == cell.from_group) all += other.customers;
    }
    cell.share = static_cast<double>(cell.customers) / static_cast<double>(all);
  }
  std::sort(out.cells.begin(), out.cells.end(), [&](const Transition& a, const Transition& b) {
    return std::tuple(place(request, a.from, a.from_group), place(request, a.to, a.to_group)) <
           std::tuple(place(request, b.from, b.from_group), place(request, b.to, b.to_group));
  });
  count_ways(request, out);
  return out;
}

}  // namespace

Result<Transitions> transitions_of(warehouse::Workspace& workspace, const TransitionRequest& request) {
  if (request.to.minus(request.from) <= 0) {
    return fail(ErrorCode::InvalidArgument, "ledger.transition_months",
                {{"from", request.from.text()}, {"to", request.to.text()}});
  }
  auto& connection = workspace.connection();
  Transitions out;
  std::vector<MonthState> states;
  for (auto month = request.from; month.minus(request.to) <= 0; month = month.plus(1)) {
    FENQUN_TRY(auto state, state_of(connection, request, month));
    if (state)
      states.push_back(std::move(*state));
    else
      out.unknown.push_back(month);
  }
  if (states.size() < 2) {
    return fail(ErrorCode::NotFound, "ledger.no_transitions",
                {{"scheme", request.scheme}, {"from", request.from.text()}, {"to", request.to.text()}});
  }
  for (std::size_t s = 1; s < states.size(); ++s) {
    FENQUN_TRY(auto step, compare(connection, request, states[s - 1], states[s]));
    out.steps.push_back(std::move(step));
  }
  FENQUN_TRY(out.whole, compare(connection, request, states.front(), states.back()));
  return out;
}

}  // namespace fenqun::ledger
