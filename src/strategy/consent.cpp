// strategy/consent.cpp
#include "strategy/consent.hpp"

#include "strategy/new_order.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

namespace fenqun::strategy {
namespace {

using warehouse::sql_text;

// Whether the customer has opted out.
Result<bool> look(warehouse::Workspace& workspace, const std::string& customer, const std::string& by) {
  if (by.find_first_not_of(" \t") == std::string::npos) {
    return fail(ErrorCode::InvalidArgument, "strategy.by_missing");
  }
  auto& connection = workspace.connection();
  FENQUN_TRY(const auto there,
             connection.query_integer("SELECT count(*) FROM m_customer WHERE customer_id = " + sql_text(customer)));
  if (there == 0) return fail(ErrorCode::NotFound, "strategy.no_customer", {{"customer", customer}});
  FENQUN_TRY(const auto open, connection.query_integer("SELECT count(*) FROM " + opted_out_sql() +
                                                       " WHERE customer_id = " + sql_text(customer)));
  return open > 0;
}

}  // namespace

std::string opted_out_sql() { return "(SELECT DISTINCT customer_id FROM opt_out WHERE ended_at IS NULL)"; }

Result<bool> opt_out(warehouse::Workspace& workspace, const std::string& customer, const std::string& by,
                     const std::string& note, const std::string& now) {
  const auto held = hold_orders();
  FENQUN_TRY(const auto is_out, look(workspace, customer, by));
  if (is_out) return false;
  FENQUN_CHECK(workspace.connection().execute(
      fmt::format("INSERT INTO opt_out VALUES ({}, NULL, {}, TIMESTAMP {}, {}, NULL)", sql_text(customer), sql_text(by),
                  sql_text(now), note.empty() ? "NULL" : sql_text(note))));
  return true;
}

Result<bool> opt_in(warehouse::Workspace& workspace, const std::string& customer, const std::string& by,
                    const std::string& now) {
  const auto held = hold_orders();
  FENQUN_TRY(const auto is_out, look(workspace, customer, by));
  if (!is_out) return false;
  FENQUN_CHECK(workspace.connection().execute(fmt::format(
      "UPDATE opt_out SET ended_at = TIMESTAMP {}, note = concat_ws(' / ', note, {}) WHERE ended_at IS NULL "
      "AND customer_id = {}",
      sql_text(now), sql_text(by), sql_text(customer))));
  return true;
}

}  // namespace fenqun::strategy
