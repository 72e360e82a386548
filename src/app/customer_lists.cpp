// app/customer_lists.cpp
#include "app/customer_lists.hpp"

#include "segment/wording.hpp"

#include <map>
#include <system_error>

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
    // Spreadsheets take a file for UTF-8 that begins with a byte order mark.
    const std::string mark = columns_.empty() ? "\xEF\xBB\xBF" : "";
    columns_ += (columns_.empty() ? "" : ",\n") + guarded(value) + " AS " + sql_name(mark + title);
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

  // Beside `file` first, then in its place: never half.
  Result<void> write(Month month, const fs::path& file) {
    auto beside = file;
    beside += ".part";
    FENQUN_CHECK(session_.workspace.connection().execute(
        "COPY (SELECT " + columns_ + "\nFROM (SELECT * FROM readiness WHERE as_of = DATE " +
        sql_text(month.first_date()) + ") r" + joins_ + "\nORDER BY r.customer_id) TO " + sql_text(beside.string()) +
        " (FORMAT csv, HEADER)"));
    std::error_code ec;
    fs::rename(beside, file, ec);
    if (ec) return fail(ErrorCode::Io, "base.cannot_write", {{"path", file.string()}, {"reason", ec.message()}});
    return {};
  }

 private:
  // A spreadsheet would take such a text for a formula.
  static std::string guarded(const std::string& value) {
    return "CASE WHEN left(" + value + ", 1) IN ('=', '+', '-', '@', chr(9)) THEN '''' || " + value + " ELSE " + value +
           " END";
  }

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

}  // namespace fenqun::app
