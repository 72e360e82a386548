// strategy/seen.cpp
#include "strategy/seen.hpp"

#include "strategy/consent.hpp"
#include "warehouse/database.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace fenqun::strategy {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

Result<Month> latest_prepared(warehouse::Workspace& workspace, Month month) {
  FENQUN_TRY(const auto files, workspace.lake_files("wide"));
  std::optional<Month> latest;
  for (const auto& file : files) {
    if (file.month <= month) latest = std::max(latest.value_or(file.month), file.month);
  }
  if (!latest) return fail(ErrorCode::NotFound, "strategy.nothing_prepared", {{"month", month.text()}});
  return *latest;
}

}  // namespace

Result<Seen> look_at_customers(warehouse::Workspace& workspace, const std::string& table, Month month,
                               const std::vector<const segment::Expression*>& conditions,
                               const std::vector<std::string>& also, const std::string& where) {
  auto& connection = workspace.connection();
  Seen out;
  FENQUN_TRY(out.features_of, latest_prepared(workspace, month));
  const auto day = "DATE " + sql_text(month.first_date());
  const auto in_force =
      "SELECT customer_id, scheme, group_code FROM membership WHERE superseded_by IS NULL AND valid_from <= " + day +
      " AND (valid_to IS NULL OR valid_to > " + day + ")";
  FENQUN_TRY(const auto schemes, connection.query("SELECT DISTINCT scheme FROM (" + in_force + ")"));
  if (schemes.rows.empty()) return fail(ErrorCode::NotFound, "strategy.nothing_in_force", {{"month", month.text()}});
  std::set<std::string> present;
  for (std::size_t r = 0; r < schemes.rows.size(); ++r) present.insert(schemes.text(r, 0));
  std::set<std::string> columns(also.begin(), also.end());
  for (const auto* const one : conditions) columns.insert(one->features().begin(), one->features().end());
  std::string features;
  std::string groups;
  for (const auto& column : columns) {
    const auto scheme = segment::scheme_of_column(column);
    if (!scheme) {
      features += ", w." + sql_name(column);
      continue;
    }
    features += ", g." + sql_name(column);
    groups += ", max(CASE WHEN scheme = " + sql_text(*scheme) + " THEN group_code END) AS " + sql_name(column);
    if (!present.contains(*scheme)) out.not_in_force.push_back(*scheme);
  }
  FENQUN_CHECK(connection.execute(
      "CREATE TABLE " + table + " AS SELECT w.customer_id" + features +
      ", c.account_manager_id AS own_manager, c.transformer_area_id AS own_area, c.station_id AS own_station, "
      "CASE WHEN x.customer_id IS NOT NULL THEN FALSE ELSE c.consents_to_contact END AS consents, "
      "(md5_number_lower(w.customer_id) >> 40)::BIGINT AS draw FROM (SELECT * FROM wide WHERE as_of = DATE " +
      sql_text(out.features_of.first_date()) + " AND (" + where +
      ")) w JOIN m_customer c ON c.customer_id = w.customer_id LEFT JOIN " + opted_out_sql() +
      " x ON x.customer_id = w.customer_id LEFT JOIN (SELECT customer_id" + groups + " FROM (" + in_force +
      ") GROUP BY customer_id) g ON g.customer_id = w.customer_id"));
  FENQUN_TRY(out.customers, connection.query_integer("SELECT count(*) FROM " + table));
  return out;
}

}  // namespace fenqun::strategy
