// ingest/field_sql.cpp
#include "ingest/field_sql.hpp"

#include "base/near_names.hpp"
#include "ingest/number_sql.hpp"
#include "ingest/text_sql.hpp"
#include "ingest/time_sql.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

namespace fenqun::ingest {
namespace {

using warehouse::Field;
using warehouse::FieldType;
using warehouse::sql_text;

constexpr std::string_view kFirstDay = "1900-01-01";
constexpr std::string_view kLastDay = "2200-12-31";

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

bool is_time(FieldType type) {
  return type == FieldType::Date || type == FieldType::Month || type == FieldType::Timestamp;
}
bool is_text(FieldType type) { return type == FieldType::Id || type == FieldType::Text || type == FieldType::Code; }

// Shortest plain decimal: a limit of ten thousand million must not come out as 1e+10, which would be no decimal.
std::string limit_text(double limit) {
  auto text = fmt::format("{:.6f}", limit);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

NumberTarget number_target(const Field& field, const FieldSource& source) {
  return {&field, source.factor, !source.multiplied};
}

// "residential 居民, non_residential 非居民": what may be written, or is known by a name.
std::string code_names(const Field& field) {
  std::vector<std::string> names;
  for (const auto& code : field.codes)
    names.push_back(code.title.zh == code.code ? code.code : code.code + " " + code.title.zh);
  return name_list(names);
}

std::vector<Misreading> misreadings_of_type(const Field& field, const FieldSource& source, const std::string& text,
                                            const Reading& reading) {
  switch (field.type) {
    case FieldType::Id:
      return id_misreadings(text, reading);
    case FieldType::Text:
      return {};
    case FieldType::Code:
      return {{"unknown_code", code_names(field), ""}};
    case FieldType::Date:
    case FieldType::Month:
    case FieldType::Timestamp:
      return {{std::string(time_misreading(field.type)), "", ""}};
    case FieldType::Integer:
    case FieldType::Decimal:
      return number_misreadings(number_target(field, source), text, reading);
    case FieldType::Boolean:
      return {{"bad_boolean", "", ""}};
  }
  return {};
}

std::vector<Misreading> text_misreadings(const Field& field, const FieldSource& source, const std::string& text,
                                         const Reading& reading) {
  auto out = misreadings_of_type(field, source, text, reading);
  // A text that is there and still none can only be that.
  const auto tidy = tidy_sql(text, reading, Width::Half, Placeholders::Empty);
  out.insert(out.begin(), {"spreadsheet_error", "", out.empty() ? "" : is_spreadsheet_error_sql(tidy)});
  return out;
}

// Of a column that is of the field's kind already: too large a number.
std::vector<Misreading> native_misreadings(const Field& field) {
  if (is_text(field.type)) return {};
  if (is_time(field.type)) return {{std::string(time_misreading(field.type)), "", ""}};
  return {{field.type == FieldType::Boolean ? "bad_boolean" : "bad_number", "", ""}};
}

// Whether a value that came to the limit by rounding lies beyond it: -0.0001 becomes 0.000. `beyond`: "<" or ">".
std::string rounds_to_sql(const Field& field, const FieldSource& source, const ColumnRef& column,
                          const std::string& typed, double limit, std::string_view beyond) {
  if (field.type != FieldType::Decimal) return "false";
  const auto at_limit = typed + " = " + limit_text(limit);
  const bool by_text = is_read_as_text(column, field, source);
  // However the number is written, what is below nought has a sign and a digit that counts.
  if (by_text && limit == 0 && beyond == "<") {
    return at_limit + " AND " + column.text() + " NOT IN ('0', '0.0', '0.00', '0.000') AND regexp_matches(" +
           column.text() + ", '[-−–－(（][^eEＥｅ]*[1-9１-９]|[1-9１-９][^eEＥｅ]*[-－]\\s*$')";
  }
  auto exact = "TRY_CAST(" + (by_text ? column.text() : column.sql) + " AS DECIMAL(26, 9))";
  if (!source.factor.empty()) exact += " * " + source.factor;
  return at_limit + " AND " + exact + " " + std::string(beyond) + " " + limit_text(limit);
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
      return kind == ColumnKind::Time || kind == ColumnKind::Whole;
    case FieldType::Integer:
    case FieldType::Decimal:
      return kind == ColumnKind::Whole || kind == ColumnKind::Fraction;
    case FieldType::Boolean:
      return kind == ColumnKind::Boolean || kind == ColumnKind::Whole;
  }
  return false;
}

bool is_read_as_text(const ColumnRef& column, const Field& field, const FieldSource& source) {
  if (!source.values.empty()) return true;
  const auto kind = kind_of(column.type);
  switch (field.type) {
    case FieldType::Id:
    case FieldType::Text:
      return kind != ColumnKind::Whole;
    case FieldType::Code:
      return true;
    case FieldType::Date:
    case FieldType::Month:
    case FieldType::Timestamp:
      return kind != ColumnKind::Time;
    case FieldType::Integer:
    case FieldType::Decimal:
      return kind != ColumnKind::Whole && kind != ColumnKind::Fraction;
    case FieldType::Boolean:
      return kind != ColumnKind::Boolean;
  }
  return true;
}

std::string mapped_sql(const FieldSource& source, const ColumnRef& column) {
  if (source.values.empty()) return column.text();
  std::string sql = "CASE " + bare_sql(column.text());
  for (const auto& [from, to] : source.values) {
    sql += " WHEN " + sql_text(from) + " THEN " + (to ? sql_text(*to) : "NULL");
  }
  return sql + " ELSE " + column.text() + " END";
}

std::string typed_sql(const Field& field, const FieldSource& source, const ColumnRef& column, const Reading& reading) {
  const bool by_text = is_read_as_text(column, field, source);
  switch (field.type) {
    case FieldType::Id:
      return by_text ? id_sql(column.text(), reading) : column.text();
    case FieldType::Text:
      return by_text ? plain_text_sql(column.text(), reading) : column.text();
    case FieldType::Code:
      return code_sql(field, column.text(), reading);
    case FieldType::Date:
    case FieldType::Month:
    case FieldType::Timestamp:
      return begin_of_interval_sql(source, by_text ? time_sql(field.type, source.formats, column.text(), reading)
                                                   : native_time_sql(field.type, column.sql, column.type, reading));
    case FieldType::Integer:
    case FieldType::Decimal:
      if (by_text) return number_sql(number_target(field, source), column.text(), reading);
      // A single-precision number scaled as what it is would lose the digits it has.
      return scaled_sql(number_target(field, source),
                        column.type == "FLOAT" ? "CAST(" + column.sql + " AS DOUBLE)" : column.sql);
    case FieldType::Boolean:
      return by_text ? boolean_sql(column.text()) : column.sql;
  }
  return column.text();
}

std::string begin_of_interval_sql(const FieldSource& source, const std::string& typed) {
  if (source.stamp != Stamp::End || source.interval_minutes == 0) return typed;
  return typed + " - to_minutes(" + std::to_string(source.interval_minutes) + ")";
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
                           const std::string& typed, const Reading& reading) {
  std::vector<Rule> rules;
  const auto shown = column.shown.empty() ? column.text() : column.shown;
  const auto add = [&](std::string_view reason, std::string expected, std::string broken, std::string guard = "") {
    rules.push_back(
        {std::string(reason), column.label, std::move(expected), std::move(broken), shown, std::move(guard)});
  };
  const auto text = column.text();
  const bool by_text = is_read_as_text(column, field, source);
  const auto is_there =
      by_text ? tidy_sql(text, reading, Width::Half, Placeholders::Empty) + " IS NOT NULL" : text + " IS NOT NULL";
  auto misread = by_text ? text_misreadings(field, source, text, reading) : native_misreadings(field);
  if (field.required) {
    const auto guard = typed + " IS NULL";
    if (!misread.empty()) add("missing_required", "", "NOT (" + is_there + ")", guard);
    for (auto& each : misread) add(each.reason, std::move(each.expected), std::move(each.applies), guard);
    if (misread.empty()) add("missing_required", "", guard);
  } else {
    // CASE, not AND: the database may ask the parts of an AND in any order, and the second one is dear.
    const auto guard = "CASE WHEN " + typed + " IS NULL AND " + column.sql + " IS NOT NULL THEN " + is_there + " END";
    for (auto& each : misread) add(each.reason, std::move(each.expected), std::move(each.applies), guard);
  }
  if (field.type == FieldType::Integer) add("bad_number", "", typed + " <> floor(" + typed + ")");
  if (is_time(field.type)) {
    add(time_misreading(field.type), "",
        fmt::format("{0} < DATE '{1}' OR {0} >= DATE '{2}' + 1", typed, kFirstDay, kLastDay));
  }
  const auto beyond = [&](double limit, std::string_view sign) {
    return typed + " " + std::string(sign) + " " + limit_text(limit) + " OR " +
           rounds_to_sql(field, source, column, typed, limit, sign);
  };
  if (field.min) add("below_minimum", limit_text(*field.min), beyond(*field.min, "<"));
  if (field.max) add("above_maximum", limit_text(*field.max), beyond(*field.max, ">"));
  return rules;
}

std::string fault_sql(const std::vector<Rule>& rules) {
  if (rules.empty()) return "CAST(NULL AS SMALLINT)";
  std::string fault = "CASE";
  for (std::size_t i = 0; i < rules.size();) {
    const auto& guard = rules[i].guard;
    if (guard.empty()) {
      fault += " WHEN " + rules[i].broken + " THEN " + std::to_string(i + 1);
      ++i;
      continue;
    }
    std::string inner;
    std::string otherwise;
    for (; i < rules.size() && rules[i].guard == guard; ++i) {
      const auto number = std::to_string(i + 1);
      if (rules[i].broken.empty())
        otherwise = number;
      else
        inner += " WHEN " + rules[i].broken + " THEN " + number;
    }
    fault += " WHEN " + guard + " THEN " + (inner.empty() ? otherwise : "CASE" + inner + " ELSE " + otherwise + " END");
  }
  return "CAST(" + fault + " END AS SMALLINT)";
}

}  // namespace fenqun::ingest
