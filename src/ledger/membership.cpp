// ledger/membership.cpp
#include "ledger/membership.hpp"

#include "ledger/publication.hpp"
#include "warehouse/spreadsheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace fenqun::ledger {
namespace {

using warehouse::sql_text;

const Publication* find(const std::vector<Publication>& publications, std::int64_t sequence) {
  const auto at = std::find_if(publications.begin(), publications.end(),
                               [&](const Publication& p) { return p.sequence == sequence; });
  return at == publications.end() ? nullptr : &*at;
}

BilingualText title_of(const Publication& publication, bool is_group, const std::string& code) {
  for (const auto& name : publication.names) {
    if (name.is_group == is_group && name.code == code) return name.title;
  }
  return {code, code};
}

void complete(MembershipInterval& interval, const std::vector<Publication>& publications) {
  const bool grouped = !interval.group_code.empty();
  if (const auto* said = find(publications, interval.said_by); said != nullptr) {
    interval.title = title_of(*said, grouped, grouped ? interval.group_code : interval.reason_code);
    interval.run_id = said->run_id;
    interval.scheme_version = said->scheme_version;
    interval.definition = said->definition;
  }
  if (const auto* wrote = find(publications, interval.recorded_by); wrote != nullptr) {
    interval.recorded_at = wrote->recorded_at;
  }
  if (!interval.superseded_by) return;
  if (const auto* by = find(publications, *interval.superseded_by); by != nullptr) {
    interval.superseded_at = by->recorded_at;
  }
}

// Rows that say what was believed of a month once publication `known` was written.
std::string believed_sql(const AsOfRequest& request) {
  const auto date = sql_text(request.month.first_date());
  std::string out = fmt::format(
      "SELECT * FROM membership WHERE valid_from <= DATE {} AND (valid_to IS NULL OR valid_to > DATE {})", date, date);
  if (!request.scheme.empty()) out += " AND scheme = " + sql_text(request.scheme);
  if (!request.as_known_by) return out + " AND superseded_by IS NULL";
  return out + fmt::format(" AND recorded_by <= {} AND (superseded_by IS NULL OR superseded_by > {})",
                           *request.as_known_by, *request.as_known_by);
}

Result<void> write_rows(warehouse::Connection& connection, const AsOfRequest& request, Language language) {
  const std::string title = language == Language::Chinese ? "title_zh" : "title_en";
  return warehouse::write_spreadsheet(
      connection,
      fmt::format(
          "SELECT m.scheme, m.customer_id, m.group_code, n.{} AS \"group\", m.reason AS reason_code, m.valid_from, "
          "p.run_id FROM ({}) m LEFT JOIN publication p ON p.sequence = m.said_by LEFT JOIN publication_name n ON "
          "n.sequence = m.said_by AND n.kind = 'group' AND n.code = m.group_code ORDER BY m.scheme, m.customer_id",
          title, believed_sql(request)),
      request.out);
}

std::vector<AsOfScheme> schemes_in_force(const std::vector<Publication>& publications, const AsOfRequest& request) {
  std::map<std::string, std::vector<Publication>> by_scheme;
  for (const auto& p : publications) {
    if (request.as_known_by && p.sequence > *request.as_known_by) continue;
    if (request.scheme.empty() || p.scheme == request.scheme) by_scheme[p.scheme].push_back(p);
  }
  std::vector<AsOfScheme> out;
  for (const auto& [scheme, of_scheme] : by_scheme) {
    const auto at = in_force(timeline_of(of_scheme), request.month);
    if (at) out.push_back({scheme, of_scheme[*at].run_in_force(), of_scheme[*at].sequence, 0, {}});
  }
  return out;
}

Result<void> count_groups(warehouse::Connection& connection, const AsOfRequest& request,
                          const std::vector<Publication>& publications, std::vector<AsOfScheme>& out) {
  FENQUN_TRY(const auto rows, connection.query("SELECT scheme, group_code, reason, max(said_by), count(*) FROM (" +
                                               believed_sql(request) +
                                               ") GROUP BY scheme, group_code, reason ORDER BY scheme, "
                                               "group_code IS NULL, count(*) DESC, group_code, reason"));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    const auto scheme =
        std::find_if(out.begin(), out.end(), [&](const AsOfScheme& s) { return s.scheme == rows.text(r, 0); });
    if (scheme == out.end()) continue;
    AsOfGroup group;
    group.is_group = !rows.is_null(r, 1);
    group.code = rows.text(r, group.is_group ? 1 : 2);
    group.customers = rows.integer(r, 4);
    group.title = {group.code, group.code};
    if (const auto* said = find(publications, rows.integer(r, 3)); said != nullptr) {
      group.title = title_of(*said, group.is_group, group.code);
    }
    scheme->customers += group.customers;
    scheme->groups.push_back(std::move(group));
  }
  return {};
}

}  // namespace

Result<std::vector<MembershipInterval>> history_of(warehouse::Workspace& workspace, const std::string& customer_id,
                                                   const std::string& scheme, Belief belief) {
  auto& connection = workspace.connection();
  std::string sql =
      "SELECT scheme, valid_from::VARCHAR, valid_to::VARCHAR, group_code, reason, said_by, recorded_by, "
      "superseded_by FROM membership WHERE customer_id = " +
      sql_text(customer_id);
  if (!scheme.empty()) sql += " AND scheme = " + sql_text(scheme);
  if (belief == Belief::Present) sql += " AND superseded_by IS NULL";
  FENQUN_TRY(const auto rows, connection.query(sql + " ORDER BY scheme, valid_from, recorded_by, row_id"));
  if (rows.rows.empty()) return fail(ErrorCode::NotFound, "ledger.no_customer", {{"customer", customer_id}});
  FENQUN_TRY(const auto publications, read_publications(connection));
  std::vector<MembershipInterval> out;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    MembershipInterval interval;
    interval.scheme = rows.text(r, 0);
    FENQUN_TRY(interval.from, Month::parse(rows.text(r, 1)));
    if (!rows.is_null(r, 2)) {
      FENQUN_TRY(interval.to, Month::parse(rows.text(r, 2)));
    }
    interval.group_code = rows.text(r, 3);
    interval.reason_code = rows.text(r, 4);
    interval.said_by = rows.integer(r, 5);
    interval.recorded_by = rows.integer(r, 6);
    if (!rows.is_null(r, 7)) interval.superseded_by = rows.integer(r, 7);
    complete(interval, publications);
    out.push_back(std::move(interval));
  }
  return out;
}

Result<std::vector<AsOfScheme>> as_of(warehouse::Workspace& workspace, const AsOfRequest& request, Language language) {
  auto& connection = workspace.connection();
  FENQUN_TRY(const auto publications, read_publications(connection));
  if (request.as_known_by && find(publications, *request.as_known_by) == nullptr) {
    return fail(ErrorCode::NotFound, "ledger.no_such_publication",
                {{"publication", std::to_string(*request.as_known_by)},
                 {"last", std::to_string(publications.empty() ? 0 : publications.back().sequence)}});
  }
  auto out = schemes_in_force(publications, request);
  if (out.empty()) {
    return request.scheme.empty()
               ? fail(ErrorCode::NotFound, "ledger.nothing_in_force", {{"month", request.month.text()}})
               : fail(ErrorCode::NotFound, "ledger.scheme_not_in_force",
                      {{"month", request.month.text()}, {"scheme", request.scheme}});
  }
  FENQUN_CHECK(count_groups(connection, request, publications, out));
  if (!request.out.empty()) FENQUN_CHECK(write_rows(connection, request, language));
  return out;
}

}  // namespace fenqun::ledger
