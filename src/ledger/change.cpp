// ledger/change.cpp
#include "ledger/change.hpp"

#include "ledger/seal.hpp"

#include <fmt/format.h>

namespace fenqun::ledger {
namespace {

using warehouse::sql_text;

std::string date_sql(Month month) { return "DATE " + sql_text(month.first_date()); }
std::string date_sql(const std::optional<Month>& month) { return month ? date_sql(*month) : "NULL::DATE"; }

// Rows of the scheme that are believed and share a time with the publication; `whole`: one covers all of it.
enum class Cover : std::uint8_t { Whole, Part };
std::string touched_sql(const Publication& p, Cover cover) {
  const auto from = date_sql(p.valid_from);
  std::string whole = "valid_from <= " + from + " AND valid_to IS NULL";
  std::string shares = "(valid_to IS NULL OR valid_to > " + from + ")";
  if (p.valid_to) {
    const auto to = date_sql(*p.valid_to);
    whole = fmt::format("valid_from <= {} AND (valid_to IS NULL OR valid_to >= {})", from, to);
    shares += " AND valid_from < " + to;
  }
  return fmt::format(
      "SELECT row_id, customer_id, valid_from, valid_to, group_code, reason, said_by FROM membership WHERE scheme = {} "
      "AND superseded_by IS NULL AND {} AND {}({})",
      sql_text(p.scheme), shares, cover == Cover::Whole ? "" : "NOT ", whole);
}

// What each customer with a change was and becomes; old_row is missing for who is new, `said` false for who is gone.
// A customer whose rows cover the time in parts has one line for each, and one for what he becomes.
std::string changed_sql(const CodeMap& codes, const Publication& p) {
  return fmt::format(
      "SELECT coalesce(n.customer_id, s.customer_id) AS customer_id, n.row_id AS old_row, n.valid_from AS old_from, "
      "n.valid_to AS old_to, n.group_code AS old_group, n.reason AS old_reason, n.said_by AS old_said, "
      "s.customer_id IS NOT NULL AS said, s.group_code, s.reason FROM ({}) n FULL JOIN ({}) s ON "
      "n.customer_id = s.customer_id WHERE n.customer_id IS NULL OR s.customer_id IS NULL OR "
      "n.group_code IS DISTINCT FROM s.group_code OR n.reason IS DISTINCT FROM s.reason UNION ALL SELECT customer_id, "
      "row_id, valid_from, valid_to, group_code, reason, said_by, false, NULL, NULL FROM ({})",
      touched_sql(p, Cover::Whole), said_sql(p.run_in_force(), codes), touched_sql(p, Cover::Part));
}

// The changed time itself, and what the old rows said before and after it.
std::string opened_sql(const std::string& changed, const Publication& p) {
  const std::string from = date_sql(p.valid_from);
  const std::string before = fmt::format(
      "SELECT customer_id, old_from AS valid_from, {} AS valid_to, old_group AS group_code, old_reason AS reason, "
      "old_said AS said_by FROM {} WHERE old_from < {}",
      from, changed, from);
  const std::string during =
      fmt::format("SELECT customer_id, {}, {}, group_code, reason, {}::BIGINT FROM {} WHERE said", from,
                  date_sql(p.valid_to), p.sequence, changed);
  std::string all = before + " UNION ALL " + during;
  if (p.valid_to) {
    all += fmt::format(
        " UNION ALL SELECT customer_id, {}, old_to, old_group, old_reason, old_said FROM {} WHERE old_row IS NOT NULL "
        "AND "
        "(old_to IS NULL OR old_to > {})",
        date_sql(*p.valid_to), changed, date_sql(*p.valid_to));
  }
  return fmt::format(
      "SELECT *, {} AS seal FROM (SELECT {} - 1 + row_number() OVER (ORDER BY customer_id, valid_from) AS row_id, {} "
      "AS scheme, customer_id, valid_from, valid_to, group_code, reason, said_by, {}::BIGINT AS recorded_by FROM ({})) "
      "ORDER BY row_id",
      seal_sql(), p.first_row, sql_text(p.scheme), p.sequence, all);
}

// Who has a group before (in the first month) and after, and who of them another one.
Result<void> count_moves(warehouse::Connection& connection, const std::string& changed, const CodeMap& codes,
                         Publication& p) {
  const auto before = standing_sql(p.scheme, p.valid_from);
  FENQUN_TRY(const auto parts, connection.query_integer("SELECT count(*) FROM (" + touched_sql(p, Cover::Part) + ")"));
  if (parts > 0) {
    FENQUN_TRY(const auto both,
               connection.query("SELECT count(*), count(*) FILTER (n.group_code <> s.group_code) FROM (" + before +
                                ") n JOIN (" + said_sql(p.run_in_force(), codes) +
                                ") s ON n.customer_id = s.customer_id WHERE n.group_code IS NOT NULL AND s.group_code "
                                "IS NOT NULL"));
    p.compared = both.integer(0, 0);
    p.moved = both.integer(0, 1);
    return {};
  }
  // Without a second join: who has no line in `changed` stays.
  FENQUN_TRY(const auto changes,
             connection.query("SELECT count(old_group), count(*) FILTER (old_group IS NOT NULL AND group_code IS NOT "
                              "NULL) FROM " +
                              changed));
  FENQUN_TRY(const auto grouped, connection.query_integer("SELECT count(group_code) FROM (" + before + ")"));
  p.moved = changes.integer(0, 1);
  p.compared = grouped - changes.integer(0, 0) + p.moved;
  return {};
}

}  // namespace

std::string said_sql(const std::string& run_id, const CodeMap& codes) {
  std::string code = "group_code";
  std::string cases;
  for (const auto& [in_run, in_ledger] : codes) {
    if (in_run != in_ledger) cases += " WHEN " + sql_text(in_run) + " THEN " + sql_text(in_ledger);
  }
  if (!cases.empty()) code = "CASE group_code" + cases + " ELSE group_code END";
  return "SELECT customer_id, " + code +
         " AS group_code, CASE WHEN group_code IS NULL THEN coalesce(reason, '') END AS reason FROM assignment WHERE "
         "run_id = " +
         sql_text(run_id);
}

std::string standing_sql(const std::string& scheme, Month month) {
  return fmt::format(
      "SELECT row_id, customer_id, valid_from, valid_to, group_code, reason, said_by FROM membership WHERE scheme = {} "
      "AND superseded_by IS NULL AND valid_from <= {} AND (valid_to IS NULL OR valid_to > {})",
      sql_text(scheme), date_sql(month), date_sql(month));
}

Result<void> work_out_change(warehouse::Workspace& workspace, const std::string& scratch, const CodeMap& codes,
                             Publication& publication) {
  auto& connection = workspace.connection();
  const std::string name = warehouse::sql_name(scratch);
  const std::string changed = name + ".changed";
  FENQUN_CHECK(connection.execute("CREATE TABLE " + changed + " AS " + changed_sql(codes, publication)));
  FENQUN_CHECK(connection.execute("CREATE TABLE " + name + ".opened AS " + opened_sql(changed, publication)));
  FENQUN_CHECK(connection.execute("CREATE TABLE " + name + ".ended AS SELECT old_row AS row_id FROM " + changed +
                                  " WHERE old_row IS NOT NULL ORDER BY row_id"));
  FENQUN_CHECK(count_moves(connection, changed, codes, publication));
  FENQUN_TRY(const auto said, connection.query("SELECT count(*), count(group_code) FROM (" +
                                               said_sql(publication.run_in_force(), codes) + ")"));
  publication.customers = said.integer(0, 0);
  publication.classified = said.integer(0, 1);
  FENQUN_TRY(publication.ended, connection.query_integer("SELECT count(*) FROM " + name + ".ended"));
  FENQUN_TRY(publication.opened, connection.query_integer("SELECT count(*) FROM " + name + ".opened"));
  return {};
}

}  // namespace fenqun::ledger
