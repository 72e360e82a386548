// app/customer_lists.cpp
#include "app/customer_lists.hpp"

#include "segment/wording.hpp"
#include "warehouse/spreadsheet.hpp"

#include <map>

namespace fenqun::app {
namespace {

namespace fs = std::filesystem;
using warehouse::sql_name;
using warehouse::sql_text;

// The CASE that gives each value its name; what has none stands as it is.
std::string named(const std::string& value, const std::map<std::string, std::string>& names) {
  if (names.empty()) return value;
  std::string out = "CASE " + value;
  for (const auto& [code, name] : names) out += " WHEN " + sql_text(code) + " THEN " + sql_text(name);
  return out + " ELSE " + value + " END";
}

Result<BilingualText> reason_of(const Session& session, const std::string& code) {
  for (const auto& rule : session.catalogue.rules().not_comparable) {
    if (rule.code == code) return rule.reason;
  }
  if (code != "closed" && code != "not_open_yet") return BilingualText{code, code};
  return segment::in_both_languages(session.workspace.assets(), "preparation.left_out_" + code);
}

class ListSql {
 public:
  explicit ListSql(Session& session) : session_(session) {}

  void column(const std::string& title, const std::string& value) {
    columns_ += (columns_.empty() ? "" : ",\n") + value + " AS " + sql_name(title);
  }
  void join(const std::string& what) { joins_ += "\n" + what; }

  void add_comparability() {
    const auto& texts = session_.texts;
    std::map<std::string, std::string> reasons = {{"closed", texts("preparation.left_out_closed")},
                                                  {"not_open_yet", texts("preparation.left_out_not_open_yet")}};
    for (const auto& rule : session_.catalogue.rules().not_comparable)
      reasons[rule.code] = rule.reason.in(session_.caller.language);
    column(texts("preparation.csv_customer"), "r.customer_id");
    column(texts("preparation.csv_comparable"), "CASE WHEN r.is_comparable THEN " +
                                                    sql_text(texts("preparation.csv_is_comparable")) + " ELSE " +
                                                    sql_text(texts("preparation.csv_not_comparable")) + " END");
    column(texts("preparation.csv_reason"), named("r.reason", reasons));
  }

  Result<void> write(Month month, const fs::path& file) {
    return warehouse::write_spreadsheet(session_.workspace.connection(),
                                        "SELECT " + columns_ + "\nFROM (SELECT * FROM readiness WHERE as_of = DATE " +
                                            sql_text(month.first_date()) + ") r" + joins_ + "\nORDER BY r.customer_id",
                                        file);
  }

 private:
  Session& session_;
  std::string columns_;
  std::string joins_;
};

// "customer.industry, customer.feeder_id" with each field's title.
std::string imputed_sql(const Session& session) {
  std::map<std::string, std::string> fields;
  for (const auto& rule : session.catalogue.rules().imputation) {
    const auto* contract = session.workspace.contracts().find(rule.entity);
    const auto* field = contract != nullptr ? contract->find(rule.field) : nullptr;
    if (field == nullptr) continue;
    fields[rule.entity + "." + rule.field] = contract->title.in(session.caller.language) +
                                             session.texts("preparation.of") + field->title.in(session.caller.language);
  }
  return "array_to_string(list_transform(string_split(r.imputed, ', '), lambda x: " + named("x", fields) + "), '; ')";
}

// "spike 2026-05, ..." with each rule's title.
std::string outliers_sql(const Session& session) {
  std::map<std::string, std::string> rules;
  for (const auto& rule : session.catalogue.rules().outliers) rules[rule.name] = rule.title.in(session.caller.language);
  return "array_to_string(list_transform(string_split(r.outliers, ', '), lambda x: split_part(x, ' ', 2) || ' ' || " +
         named("split_part(x, ' ', 1)", rules) + "), '; ')";
}

}  // namespace

Result<std::vector<segment::UnclassifiedResult>> list_not_comparable(Session& session, Month month) {
  constexpr int kExamples = 8;
  std::vector<segment::UnclassifiedResult> out;
  FENQUN_TRY(const auto found,
             session.workspace.connection().query(
                 "SELECT reason, customers, customer_id FROM (SELECT reason, customer_id, count(*) OVER (PARTITION BY "
                 "reason) AS customers, row_number() OVER (PARTITION BY reason ORDER BY customer_id) AS place FROM "
                 "readiness WHERE as_of = DATE " +
                 sql_text(month.first_date()) + " AND NOT is_comparable) WHERE place <= " + std::to_string(kExamples) +
                 " ORDER BY customers DESC, reason, place"));
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    const auto code = found.text(r, 0);
    if (out.empty() || out.back().code != code) {
      FENQUN_TRY(auto reason, reason_of(session, code));
      out.push_back({code, std::move(reason), found.integer(r, 1), {}});
    }
    out.back().examples.push_back(found.text(r, 2));
  }
  return out;
}

Result<void> write_readiness_list(Session& session, Month month, const fs::path& file) {
  const auto& texts = session.texts;
  ListSql list(session);
  list.add_comparability();
  list.column(texts("preparation.csv_imputed"), imputed_sql(session));
  list.column(texts("preparation.csv_outliers"), outliers_sql(session));
  const std::map<std::string, std::string> badges = {{"full", texts("preparation.badge_full")},
                                                     {"partial", texts("preparation.badge_partial")},
                                                     {"insufficient", texts("preparation.badge_insufficient")}};
  for (const auto& family : session.catalogue.families()) {
    list.column(texts("preparation.csv_sufficiency", {{"family", family.title.in(session.caller.language)}}),
                named("r." + sql_name("badge_" + family.name), badges));
  }
  return list.write(month, file);
}

Result<void> write_group_list(Session& session, Month month, const std::vector<const segment::RunResult*>& runs,
                              const fs::path& file) {
  const auto& texts = session.texts;
  const auto language = session.caller.language;
  ListSql list(session);
  list.add_comparability();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto& run = *runs[i];
    const std::string row = "a" + std::to_string(i);
    std::map<std::string, std::string> groups;
    for (const auto& group : run.groups) groups[group.code] = group.title.in(language);
    std::map<std::string, std::string> reasons;
    for (const auto& line : run.unclassified) reasons[line.code] = line.reason.in(language);
    list.join("LEFT JOIN assignment " + row + " ON " + row + ".run_id = " + sql_text(run.run_id) + " AND " + row +
              ".customer_id = r.customer_id");
    list.column(run.scheme_title.in(language), "CASE WHEN " + row + ".customer_id IS NULL THEN NULL WHEN " + row +
                                                   ".group_code IS NULL THEN " +
                                                   sql_text(texts("report.csv_unclassified")) + " ELSE " +
                                                   named(row + ".group_code", groups) + " END");
    list.column(texts("report.csv_why_unclassified", {{"scheme", run.scheme_title.in(language)}}),
                named(row + ".reason", reasons));
  }
  return list.write(month, file);
}

Result<report::Differing> list_differing(Session& session, const ledger::RunDiff& diff, std::size_t of_each,
                                         const fs::path& file) {
  const auto& texts = session.texts;
  const auto language = session.caller.language;
  const auto wide = [&](const char* feature) {
    return session.catalogue.find(feature) != nullptr ? "w." + sql_name(feature) + "::DOUBLE"
                                                      : std::string("NULL::DOUBLE");
  };
  std::string same;
  for (const auto& pair : diff.carried) {
    if (pair.from.empty()) continue;
    same += " AND NOT (a.group_code = " + sql_text(pair.from) + " AND b.group_code = " + sql_text(pair.to) + ")";
  }
  const std::string differing =
      "SELECT a.customer_id, a.group_code AS first_group, b.group_code AS second_group, " +
      wide("bill_revenue_12m_cny") + " AS revenue, " + wide("energy_12m_kwh") +
      " AS energy FROM assignment a JOIN assignment b ON b.customer_id = a.customer_id LEFT JOIN (SELECT * FROM wide "
      "WHERE as_of = DATE " +
      sql_text(diff.second.as_of.first_date()) +
      ") w ON w.customer_id = a.customer_id WHERE a.run_id = " + sql_text(diff.first.run_id) +
      " AND b.run_id = " + sql_text(diff.second.run_id) + " AND a.group_code IS NOT NULL AND b.group_code IS NOT NULL" +
      same;
  auto& connection = session.workspace.connection();
  report::Differing out;
  FENQUN_TRY(out.customers, connection.query_integer("SELECT count(*) FROM (" + differing + ")"));
  FENQUN_TRY(const auto rows,
             connection.query("SELECT customer_id, first_group, second_group, revenue, energy FROM (SELECT *, "
                              "row_number() OVER (PARTITION BY first_group, second_group ORDER BY revenue DESC NULLS "
                              "LAST, customer_id) AS place, count(*) OVER (PARTITION BY first_group, second_group) AS "
                              "alike FROM (" +
                              differing + ")) WHERE place <= " + std::to_string(of_each) +
                              " ORDER BY alike DESC, first_group, second_group, place"));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    const auto number = [&](std::size_t column) {
      return rows.is_null(r, column) ? std::nullopt : std::optional(rows.number(r, column));
    };
    out.first.push_back({rows.text(r, 0), rows.text(r, 1), rows.text(r, 2), number(3), number(4)});
  }
  const auto titled = [&](const segment::RunResult& run, const char* column) {
    std::map<std::string, std::string> groups;
    for (const auto& group : run.groups) groups[group.code] = group.title.in(language);
    return named(column, groups) + " AS " + sql_name(run.scheme_title.in(language));
  };
  FENQUN_CHECK(warehouse::write_spreadsheet(
      connection,
      "SELECT customer_id AS " + sql_name(texts("review.csv_customer")) + ", " + titled(diff.first, "first_group") +
          ", " + titled(diff.second, "second_group") + ", revenue AS " + sql_name(texts("review.csv_revenue")) +
          ", energy AS " + sql_name(texts("review.csv_energy")) + " FROM (" + differing + ") ORDER BY customer_id",
      file));
  out.file = file.filename().string();
  return out;
}

}  // namespace fenqun::app
