// features/workbench.cpp
#include "features/workbench.hpp"

#include "base/number.hpp"
#include "features/monthly.hpp"
#include "features/stage_progress.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace fenqun::features {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

constexpr std::string_view kPopulation = "open_customer";
constexpr std::uint8_t kReferenceScale = 6;
constexpr double kReferenceFactor = 1e6;

std::string family_table(const std::string& family) { return "family_" + family; }

bool is_stored(const Intermediate& table) { return !table.is_view && table.by_month.empty(); }

std::string_view sql_type(FeatureType type) {
  switch (type) {
    case FeatureType::Number:
      return "DOUBLE";
    case FeatureType::Category:
      return "VARCHAR";
    case FeatureType::Flag:
      return "BOOLEAN";
  }
  return "VARCHAR";
}

std::string joined(const std::set<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out.empty() ? "-" : out;
}

std::set<std::string> without(std::set<std::string> names, const std::set<std::string>& others) {
  for (const auto& other : others) names.erase(other);
  return names;
}

}  // namespace

Workbench::Workbench(warehouse::Workspace& workspace, warehouse::Workspace::Scratch& scratch,
                     const FeatureCatalogue& catalogue, TemplateValues values)
    : workspace_(workspace),
      scratch_(scratch),
      catalogue_(catalogue),
      values_(std::move(values)),
      in_place_(workspace) {}

Workbench::~Workbench() {
  // Also after a stop: the views must not outlive the database that they look into.
  workspace_.connection().watch(nullptr, {});
  for (const auto& view : views_) {
    static_cast<void>(workspace_.connection().execute("DROP VIEW IF EXISTS temp." + sql_name(view)));
  }
  workspace_.connection().watch(workspace_.options().progress, workspace_.options().stop);
}

Result<std::string> Workbench::filled(const std::string& sql, const std::string& origin) const {
  return fill_template(sql, origin, values_);
}

std::string Workbench::table(const std::string& name) const {
  return sql_name(scratch_.catalogue()) + "." + sql_name(name);
}

Result<void> Workbench::show(const std::string& table) {
  views_.push_back(table);
  return workspace_.connection().execute("CREATE OR REPLACE TEMP VIEW " + sql_name(table) + " AS SELECT * FROM " +
                                         sql_name(scratch_.catalogue()) + "." + sql_name(table));
}

Result<void> Workbench::make_reference(const ReferenceTable& table) {
  using warehouse::ColumnType;
  std::vector<warehouse::ColumnSpec> columns;
  for (const auto& column : table.columns) {
    const bool number = column.type == ReferenceType::Number;
    columns.push_back(
        {column.name, number ? ColumnType::Decimal : ColumnType::Text, number ? kReferenceScale : std::uint8_t{0}});
  }
  auto& connection = workspace_.connection();
  FENQUN_TRY(auto appender,
             connection.appender(scratch_.catalogue(), table.name, columns, warehouse::Connection::Table::Create));
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (row[c].empty()) {
        appender.set_null(c);
      } else if (table.columns[c].type == ReferenceType::Text) {
        appender.set_text(c, row[c]);
      } else {
        appender.set_decimal(c, std::llround(parse_number(row[c]).value_or(0) * kReferenceFactor));
      }
    }
    FENQUN_CHECK(appender.end_row());
  }
  FENQUN_CHECK(appender.close());
  return show(table.name);
}

Result<void> Workbench::limit_facts() {
  for (const auto& contract : workspace_.contracts().all()) {
    if (contract.kind != warehouse::EntityKind::Fact) continue;
    FENQUN_TRY(auto files, workspace_.lake_files(contract.entity));
    const auto later = std::erase_if(files, [&](const auto& file) { return file.month > values_.as_of; });
    if (later == 0) continue;
    FENQUN_CHECK(in_place_.show(contract.entity, entity_rows(workspace_.folder(), contract, files)));
  }
  return {};
}

// Customers with what the rules give in place of what is missing; what was loaded is not touched.
Result<void> Workbench::impute() {
  auto& connection = workspace_.connection();
  const auto& contract = *workspace_.contracts().find("customer");
  const auto& rules = catalogue_.rules();
  const auto imputed = table("imputed");
  FENQUN_CHECK(connection.execute("CREATE TABLE " + imputed +
                                  " (customer_id VARCHAR, field VARCHAR, rule VARCHAR, value VARCHAR)"));
  std::set<std::string> fields;
  for (const auto& rule : rules.imputation) {
    if (rule.value.empty()) continue;
    FENQUN_TRY(const auto sql, filled(rule.value, rules.origin));
    const auto field = sql_text(rule.field);
    FENQUN_CHECK(connection.execute("INSERT INTO " + imputed + " SELECT c.customer_id, " + field + ", " +
                                    sql_text(rule.name) + ", min(CAST(v.value AS VARCHAR)) FROM customer c JOIN (" +
                                    sql + "\n) v ON v.customer_id = c.customer_id LEFT JOIN " + imputed +
                                    " i ON i.customer_id = c.customer_id AND i.field = " + field + " WHERE c." +
                                    sql_name(rule.field) +
                                    " IS NULL AND v.value IS NOT NULL AND i.customer_id IS NULL GROUP BY 1"));
    fields.insert(rule.field);
  }
  FENQUN_CHECK(show("imputed"));
  std::string columns;
  std::string joins;
  for (const auto& field : contract.fields) {
    const auto name = sql_name(field.name);
    columns += columns.empty() ? "" : ", ";
    if (!fields.contains(field.name)) {
      columns += "c." + name;
      continue;
    }
    const auto alias = sql_name("of " + field.name);
    columns += "coalesce(c." + name + ", CAST(" + alias + ".value AS " + warehouse::sql_type(field) + ")) AS " + name;
    joins += " LEFT JOIN " + imputed + " " + alias + " ON " + alias + ".customer_id = c.customer_id AND " + alias +
             ".field = " + sql_text(field.name);
  }
  return in_place_.show("customer", "SELECT " + columns + " FROM m_customer c" + joins);
}

// The months of a monthly table lie in the lake, made before.
Result<std::string> Workbench::monthly_rows(const Intermediate& table, const std::string& sql) {
  FENQUN_TRY(auto files, workspace_.lake_files(monthly_entity(table.name)));
  std::erase_if(files, [&](const auto& file) { return file.month > values_.as_of; });
  if (files.empty()) return "SELECT * FROM (" + sql + "\n) LIMIT 0";
  return "SELECT * FROM " + lake_table(workspace_.folder(), files);
}

Result<void> Workbench::make_intermediate(const Intermediate& table) {
  FENQUN_TRY(const auto sql, fill_template(table.sql, table.origin, values_));
  if (!table.by_month.empty()) {
    FENQUN_TRY(const auto rows, monthly_rows(table, sql));
    views_.push_back(table.name);
    return workspace_.connection().execute("CREATE OR REPLACE TEMP VIEW " + sql_name(table.name) + " AS " + rows);
  }
  if (table.is_view) {
    views_.push_back(table.name);
    return workspace_.connection().execute("CREATE OR REPLACE TEMP VIEW " + sql_name(table.name) + " AS\n" + sql);
  }
  FENQUN_CHECK(workspace_.connection().execute("CREATE TABLE " + sql_name(scratch_.catalogue()) + "." +
                                               sql_name(table.name) + " AS\n" + sql));
  return show(table.name);
}

Result<void> Workbench::make_family(const Family& family) {
  FENQUN_TRY(const auto sql, fill_template(family.sql, family.origin, values_));
  const auto table = family_table(family.name);
  FENQUN_CHECK(workspace_.connection().execute("CREATE TABLE " + sql_name(scratch_.catalogue()) + "." +
                                               sql_name(table) + " AS\n" + sql));
  return check_family(family, table);
}

Result<void> Workbench::check_family(const Family& family, const std::string& table) {
  auto& connection = workspace_.connection();
  const auto full_name = sql_name(scratch_.catalogue()) + "." + sql_name(table);
  FENQUN_TRY(const auto head, connection.query("SELECT column_name FROM (DESCRIBE " + full_name + ")"));
  std::set<std::string> expected = {"customer_id"};
  for (const auto& feature : catalogue_.features()) {
    if (feature.family == family.name) expected.insert(feature.name);
  }
  std::set<std::string> found;
  for (std::size_t r = 0; r < head.rows.size(); ++r) found.insert(head.text(r, 0));
  if (found != expected) {
    return fail(ErrorCode::BadData, "features.columns_differ",
                {{"file", family.origin},
                 {"lacking", joined(without(expected, found))},
                 {"extra", joined(without(found, expected))}});
  }
  return {};
}

// Only when the wide table has more rows than there are customers: to count all ids of each family takes time.
Result<void> Workbench::find_customer_twice() {
  for (const auto& family : catalogue_.families()) {
    FENQUN_TRY(const auto surplus,
               workspace_.connection().query_integer("SELECT count(*) - count(DISTINCT customer_id) FROM " +
                                                     table(family_table(family.name))));
    if (surplus == 0) continue;
    return fail(ErrorCode::BadData, "features.customer_twice",
                {{"file", family.origin}, {"rows", std::to_string(surplus)}});
  }
  return {};
}

Result<std::int64_t> Workbench::open_month() {
  FENQUN_CHECK(workspace_.connection().execute(catalogue_.macros()));
  FENQUN_CHECK(limit_facts());
  FENQUN_CHECK(impute());
  for (const auto& table : catalogue_.references()) FENQUN_CHECK(make_reference(table));
  for (const auto& table : catalogue_.intermediates()) {
    FENQUN_CHECK(make_intermediate(table));
    if (table.name == kPopulation) break;
  }
  return workspace_.connection().query_integer("SELECT count(*) FROM " + sql_name(kPopulation));
}

Result<void> Workbench::find_outliers() {
  for (const auto& table : catalogue_.intermediates()) {
    if (!is_stored(table) && table.name != kPopulation) FENQUN_CHECK(make_intermediate(table));
  }
  auto& connection = workspace_.connection();
  const auto& rules = catalogue_.rules();
  const auto outliers = table("outlier");
  FENQUN_CHECK(connection.execute("CREATE TABLE " + outliers + " (rule VARCHAR, customer_id VARCHAR, month DATE)"));
  for (const auto& rule : rules.outliers) {
    FENQUN_TRY(const auto sql, filled(rule.found, rules.origin));
    FENQUN_CHECK(connection.execute("INSERT INTO " + outliers + " SELECT DISTINCT " + sql_text(rule.name) +
                                    ", customer_id, month FROM (" + sql + "\n)"));
  }
  return show("outlier");
}

Result<void> Workbench::compute() {
  const auto& tables = catalogue_.intermediates();
  const auto& families = catalogue_.families();
  const auto stored = std::count_if(tables.begin(), tables.end(), is_stored);
  StageProgress stage(workspace_, "features.progress_compute", static_cast<std::size_t>(stored) + families.size());
  for (const auto& table : tables) {
    if (!is_stored(table) || table.name == kPopulation) continue;
    stage.next(table.name);
    FENQUN_CHECK(make_intermediate(table));
  }
  for (const auto& family : families) {
    stage.next(family.name);
    FENQUN_CHECK(make_family(family));
  }
  return {};
}

Result<void> Workbench::write(const std::filesystem::path& file) {
  std::string sql = "SELECT DATE " + sql_text(values_.as_of.first_date()) + " AS as_of, o.customer_id";
  for (const auto& feature : catalogue_.features()) {
    sql += ",\n  CAST(" + sql_name(family_table(feature.family)) + "." + sql_name(feature.name) + " AS " +
           std::string(sql_type(feature.type)) + ") AS " + sql_name(feature.name);
  }
  sql += "\nFROM " + sql_name(kPopulation) + " o";
  for (const auto& family : catalogue_.families()) {
    const auto table = sql_name(family_table(family.name));
    sql += "\nLEFT JOIN " + sql_name(scratch_.catalogue()) + "." + table + " " + table + " ON " + table +
           ".customer_id = o.customer_id";
  }
  StageProgress stage(workspace_, "features.progress_write", 1);
  stage.next(values_.as_of.text());
  auto& connection = workspace_.connection();
  FENQUN_TRY(const auto rows,
             connection.query_integer("COPY (" + sql + "\nORDER BY o.customer_id) TO " + sql_text(file.string()) +
                                      " (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"));
  FENQUN_TRY(const auto open, connection.query_integer("SELECT count(*) FROM " + sql_name(kPopulation)));
  return rows == open ? Result<void>() : find_customer_twice();
}

// Of each open customer: why it is not comparable, if so, and how much of each family's needs there is.
Result<std::string> Workbench::judged(const std::filesystem::path& wide) const {
  std::string reason = "CASE";
  for (const auto& rule : catalogue_.rules().not_comparable) {
    reason += " WHEN " + rule.when + " THEN " + sql_text(rule.code);
  }
  std::string sql =
      "SELECT customer_id, " + (reason == "CASE" ? "CAST(NULL AS VARCHAR)" : reason + " END") + " AS reason";
  for (const auto& family : catalogue_.families()) {
    std::string present;
    for (const auto& feature : catalogue_.features()) {
      if (feature.family != family.name) continue;
      present += (present.empty() ? "(" : " + ") + std::string("CASE WHEN ") + sql_name(feature.name) +
                 " IS NULL THEN 0 ELSE 1 END";
    }
    FENQUN_TRY(const auto have,
               filled(with_present(family.needs.have, present.empty() ? "0" : present + ")"), family.origin));
    sql += ",\n  CAST(floor(coalesce(" + have + ", 0)) AS BIGINT) AS " + sql_name("have_" + family.name);
  }
  return sql + "\nFROM read_parquet(" + sql_text(wide.string()) + ")";
}

Result<void> Workbench::write_readiness(const std::filesystem::path& wide, const std::filesystem::path& file) {
  FENQUN_TRY(const auto judged_rows, judged(wide));
  FENQUN_TRY(const auto closed, filled("c.closed_on <= ${month_end}", ""));
  std::string sql =
      "SELECT DATE " + sql_text(values_.as_of.first_date()) +
      " AS as_of, c.customer_id, j.customer_id IS NOT NULL AND j.reason IS NULL AS is_comparable, CASE WHEN "
      "j.customer_id IS NOT NULL THEN j.reason WHEN " +
      closed + " THEN 'closed' ELSE 'not_open_yet' END AS reason, i.fields AS imputed, x.months AS outliers";
  for (const auto& family : catalogue_.families()) {
    const auto have = "j." + sql_name("have_" + family.name);
    sql += ",\n  CASE WHEN j.customer_id IS NULL THEN NULL WHEN " + have + " >= " + std::to_string(family.needs.full) +
           " THEN 'full' WHEN " + have + " >= " + std::to_string(family.needs.partial) +
           " THEN 'partial' ELSE 'insufficient' END AS " + sql_name("badge_" + family.name) + ", " + have;
  }
  sql +=
      "\nFROM m_customer c LEFT JOIN (" + judged_rows +
      ") j ON j.customer_id = c.customer_id LEFT JOIN (SELECT customer_id, string_agg(field, ', ' ORDER BY field) AS "
      "fields FROM imputed GROUP BY customer_id) i ON i.customer_id = c.customer_id LEFT JOIN (SELECT customer_id, "
      "string_agg(rule || ' ' || strftime(month, '%Y-%m'), ', ' ORDER BY rule, month) AS months FROM outlier GROUP BY "
      "customer_id) x ON x.customer_id = c.customer_id";
  return workspace_.connection().execute("COPY (" + sql + "\nORDER BY c.customer_id) TO " + sql_text(file.string()) +
                                         " (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)");
}

}  // namespace fenqun::features
