// ingest/field_sql.cpp
#include "ingest/field_sql.hpp"

#include "ingest/near_names.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

namespace fenqun::ingest {
namespace {

using warehouse::Field;
using warehouse::FieldType;
using warehouse::sql_text;

constexpr std::string_view kFirstDay = "1900-01-01";
constexpr std::string_view kLastDay = "2200-12-31";

// Blanks of all kinds around a text, the ideographic and the non-breaking one too; nothing left counts as no value.
// Trimming costs thirty times what the look at both ends does, which nearly always finds nothing to trim.
std::string bare(const std::string& text) {
  std::string blank_at_an_end = text + " < '!'";
  for (const auto* wide : {"\u3000", "\u00a0"}) blank_at_an_end += fmt::format(" OR prefix({}, '{}')", text, wide);
  for (const auto* any : {" ", "\t", "\r", "\n", "\u3000", "\u00a0"}) {
    blank_at_an_end += fmt::format(" OR suffix({}, '{}')", text, any);
  }
  return fmt::format("nullif(CASE WHEN {0} THEN trim({1}, ' \t\r\n\u3000\u00a0') ELSE {1} END, '')", blank_at_an_end,
                     text);
}

std::string mapped_text(const FieldSource& source, const ColumnRef& column) {
  if (source.values.empty()) return column.text();
  std::string sql = "CASE " + bare(column.text());
  for (const auto& [from, to] : source.values) {
    sql += " WHEN " + sql_text(from) + " THEN " + (to ? sql_text(*to) : "NULL");
  }
  return sql + " ELSE " + column.text() + " END";
}

std::string format_list(const std::vector<std::string>& formats) {
  std::string out;
  for (const auto& format : formats) out += (out.empty() ? "" : ", ") + sql_text(format);
  return "[" + out + "]";
}

enum class ColumnKind : std::uint8_t { Text, Whole, Fraction, Boolean, Time, TimeOfDay, Other };

// Other: lists, structures, bytes and what else no field is made of.
ColumnKind kind_of(std::string_view type) {
  if (type.empty() || type.back() == ']') return ColumnKind::Other;
  if (type == "VARCHAR" || type == "JSON" || type == "UUID" || type == "\"NULL\"" || type.starts_with("ENUM("))
    return ColumnKind::Text;
  if (type == "BOOLEAN") return ColumnKind::Boolean;
  if (type == "FLOAT" || type == "DOUBLE" || type.starts_with("DECIMAL(")) return ColumnKind::Fraction;
  if (type == "DATE" || type.starts_with("TIMESTAMP")) return ColumnKind::Time;
  if (type.starts_with("TIME")) return ColumnKind::TimeOfDay;
  return type.ends_with("INT") || type == "INTEGER" || type == "UINTEGER" ? ColumnKind::Whole : ColumnKind::Other;
}

// The database's cast to a date stops after the day, whatever follows; its cast to a timestamp reads to the end, but
// knows no blanks. The day is taken as written, not as a time zone after it would move it.
std::string date_sql(const std::string& text, const std::string& trimmed) {
  return fmt::format("CASE WHEN TRY_CAST({} AS TIMESTAMP) IS NOT NULL THEN TRY_CAST({} AS DATE) END", trimmed, text);
}

std::string time_sql(const Field& field, const FieldSource& source, const ColumnRef& column, const std::string& text) {
  const bool native = source.values.empty() && kind_of(column.type) == ColumnKind::Time;
  const std::string target = field.type == FieldType::Timestamp ? "TIMESTAMP" : "DATE";
  std::string sql;
  if (native) {
    sql = fmt::format("TRY_CAST({} AS {})", column.sql, target);
  } else if (!source.formats.empty()) {
    sql = fmt::format("TRY_CAST(try_strptime({}, {}) AS {})", text, format_list(source.formats), target);
  } else if (field.type == FieldType::Month) {
    const auto whole = [&](const std::string& long_text) {
      return fmt::format("CASE WHEN length({0}) <= 7 THEN {0} || '-01' ELSE {1} END", text, long_text);
    };
    sql = date_sql(whole(text), whole(bare(text)));
  } else if (field.type == FieldType::Date) {
    sql = date_sql(text, bare(text));
  } else {
    sql = fmt::format("TRY_CAST({} AS TIMESTAMP)", bare(text));
  }
  return field.type == FieldType::Month ? "CAST(date_trunc('month', " + sql + ") AS DATE)" : sql;
}

std::string number_sql(const Field& field, const FieldSource& source, const ColumnRef& column,
                       const std::string& text) {
  auto raw = source.values.empty() ? column.sql : text;
  if (!source.values.empty() || column.type == "VARCHAR") {
    // The database takes 1_000 for a thousand, as its own SQL does.
    raw = fmt::format("CASE WHEN NOT contains({0}, '_') THEN {0} END", raw);
  } else if (column.type == "FLOAT") {
    // Scaled as what it is, it would lose the digits it has.
    raw = "CAST(" + raw + " AS DOUBLE)";
  }
  if (source.factor.empty() || source.factor == "1") {
    // A cast to a whole number would round 12.7; the detour leaves a fraction to be seen by the rules.
    if (field.type == FieldType::Integer) return fmt::format("TRY_CAST({} AS DECIMAL(18, 3))", raw);
    return fmt::format("TRY_CAST({} AS {})", raw, warehouse::sql_type(field));
  }
  return fmt::format("TRY_CAST(TRY_CAST({} AS DECIMAL(26, 9)) * {} AS {})", raw, source.factor,
                     warehouse::sql_type(field));
}

std::string boolean_sql(const FieldSource& source, const ColumnRef& column, const std::string& text) {
  if (source.values.empty() && column.type == "BOOLEAN") return column.sql;
  return fmt::format(
      "CASE WHEN lower({0}) IN ('true', 't', '1', 'yes', 'y', '是', '有') THEN true "
      "WHEN lower({0}) IN ('false', 'f', '0', 'no', 'n', '否', '无') THEN false END",
      bare(text));
}

std::string_view misread(FieldType type) {
  switch (type) {
    case FieldType::Date:
      return "bad_date";
    case FieldType::Month:
      return "bad_month";
    case FieldType::Timestamp:
      return "bad_timestamp";
    case FieldType::Boolean:
      return "bad_boolean";
    default:
      return "bad_number";
  }
}

bool is_text(FieldType type) { return type == FieldType::Id || type == FieldType::Text || type == FieldType::Code; }

// Shortest plain decimal: a limit of ten thousand million must not come out as 1e+10, which would be no decimal.
std::string limit_text(double limit) {
  auto text = fmt::format("{:.6f}", limit);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string code_list(const std::vector<std::string>& values) {
  std::string out;
  for (const auto& value : values) out += (out.empty() ? "" : ", ") + sql_text(value);
  return "(" + out + ")";
}

}  // namespace

bool can_hold(const ColumnRef& column, const Field& field, const FieldSource& source) {
  const auto kind = kind_of(column.type);
  if (kind == ColumnKind::Other || kind == ColumnKind::Text) return kind == ColumnKind::Text;
  if (!source.values.empty()) return true;
  switch (field.type) {
    case FieldType::Id:
    case FieldType::Text:
    case FieldType::Code:
      return true;
    case FieldType::Date:
    case FieldType::Month:
    case FieldType::Timestamp:
      return kind == ColumnKind::Time;
    case FieldType::Integer:
    case FieldType::Decimal:
      return kind == ColumnKind::Whole || kind == ColumnKind::Fraction;
    case FieldType::Boolean:
      return kind == ColumnKind::Boolean || kind == ColumnKind::Whole;
  }
  return false;
}

std::string typed_sql(const Field& field, const FieldSource& source, const ColumnRef& column) {
  const auto text = mapped_text(source, column);
  switch (field.type) {
    case FieldType::Id:
    case FieldType::Text:
    case FieldType::Code:
      return bare(text);
    case FieldType::Date:
    case FieldType::Month:
    case FieldType::Timestamp:
      return time_sql(field, source, column, text);
    case FieldType::Integer:
    case FieldType::Decimal:
      return number_sql(field, source, column, text);
    case FieldType::Boolean:
      return boolean_sql(source, column, text);
  }
  return bare(text);
}

std::string constant_sql(const Field& field, const std::string& text) {
  const auto whole = field.type == FieldType::Month ? text.substr(0, 7) + "-01" : text;
  return "CAST(" + sql_text(whole) + " AS " + warehouse::sql_type(field) + ")";
}

std::string canonical_text_sql(const Field& field, const std::string& typed) {
  if (field.type == FieldType::Month) return "strftime(" + typed + ", '%Y-%m')";
  return is_text(field.type) ? typed : "CAST(" + typed + " AS VARCHAR)";
}

std::vector<Rule> rules_of(const Field& field, const FieldSource& source, const ColumnRef& column,
                           const std::string& typed) {
  std::vector<Rule> rules;
  const auto text = mapped_text(source, column);
  const auto add = [&](std::string_view reason, std::string expected, std::string broken) {
    rules.push_back({std::string(reason), column.label, std::move(expected), std::move(broken), column.text()});
  };
  const auto absent = typed + " IS NULL";
  // CASE, not AND: the database may ask the parts of an AND in any order, and the second one is dear.
  if (!is_text(field.type)) {
    add(misread(field.type), "", "CASE WHEN " + absent + " THEN " + bare(text) + " END IS NOT NULL");
  }
  if (field.required) add("missing_required", "", absent);
  if (field.type == FieldType::Code) {
    add("unknown_code", name_list(field.values), typed + " NOT IN " + code_list(field.values));
  }
  if (field.type == FieldType::Integer) add("bad_number", "", typed + " <> floor(" + typed + ")");
  if (field.type == FieldType::Date || field.type == FieldType::Month || field.type == FieldType::Timestamp) {
    // The database knows dates by name: 'epoch' and 'infinity' have no digit.
    add(misread(field.type), "",
        fmt::format(
            "{0} < DATE '{1}' OR {0} >= DATE '{2}' + 1 OR CASE WHEN {0} IN (DATE '{1}', DATE '1970-01-01') THEN "
            "NOT regexp_matches({3}, '[0-9]') ELSE false END",
            typed, kFirstDay, kLastDay, text));
  }
  if (field.min) add("below_minimum", limit_text(*field.min), typed + " < " + limit_text(*field.min));
  if (field.max) add("above_maximum", limit_text(*field.max), typed + " > " + limit_text(*field.max));
  return rules;
}

}  // namespace fenqun::ingest
