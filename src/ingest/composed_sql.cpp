// ingest/composed_sql.cpp
#include "ingest/composed_sql.hpp"

#include "ingest/text_sql.hpp"

#include <fmt/format.h>

namespace fenqun::ingest {
namespace {

using warehouse::Field;
using warehouse::FieldType;

std::string tidy(const std::string& text, const Reading& reading) {
  return tidy_sql(text, reading, Width::Half, Placeholders::Empty);
}

// A number of one or two digits as it is; of other texts what `pattern` leaves of them.
std::string within_number(const std::string& text, const char* pattern, const Reading& reading) {
  return fmt::format(
      "CASE WHEN strlen({0}) <= 2 AND TRY_CAST({0} AS UTINYINT) IS NOT NULL THEN {0} ELSE "
      "regexp_replace({1}, '{2}', '') END",
      text, tidy(text, reading), pattern);
}

// 1..24, P96, 第1小时: the hour, or other interval, of that number; everything else as it is.
std::string time_of_day(const FieldSource& source, const std::string& text, const Reading& reading) {
  if (source.interval_minutes == 0) return text;
  const auto number = with_sql(
      "t", tidy(text, reading),
      fmt::format(
          "TRY_CAST(regexp_extract(t, '^(?:第|[A-Za-z]+_?)?([0-9]{{1,2}})(?:时|点|小时|个小时)?(?:\\.0)?$', 1) AS "
          "INTEGER) * {}",
          source.interval_minutes));
  return fmt::format("CASE WHEN contains({0}, ':') THEN {0} ELSE {1} END", text,
                     with_sql("n", number,
                              fmt::format("CASE WHEN n IS NULL THEN {} ELSE lpad(CAST(n // 60 AS VARCHAR), 2, '0') || "
                                          "':' || lpad(CAST(n % 60 AS VARCHAR), 2, '0') END",
                                          text)));
}

}  // namespace

Field whole_field(const Field& field) {
  Field whole;
  whole.name = field.name;
  whole.type = field.type == FieldType::Timestamp ? FieldType::Date
               : field.type == FieldType::Date    ? FieldType::Month
                                                  : FieldType::Integer;
  return whole;
}

FieldSource whole_source(const FieldSource& source) {
  FieldSource whole;
  whole.columns = source.columns;
  whole.formats = source.formats;
  return whole;
}

std::string whole_sql(const Field& field, const FieldSource& source, const ColumnRef& whole, const Reading& reading) {
  if (field.type != FieldType::Month) return typed_sql(whole_field(field), whole_source(source), whole, reading);
  const auto year = with_sql("t", tidy(whole.text(), reading),
                             "TRY_CAST(regexp_extract(t, '^([0-9]{4})(?:\\.0)?年?$', 1) AS INTEGER)");
  return fmt::format(
      "coalesce(CASE WHEN strlen({0}) = 4 THEN TRY_CAST({0} AS USMALLINT) END, CASE WHEN {0} IS NOT NULL "
      "THEN {1} END)",
      whole.text(), year);
}

std::string at_position_sql(const Field& field, const std::string& whole) {
  if (field.type == FieldType::Timestamp) return "CAST(" + whole + " AS TIMESTAMP) + to_minutes(_at)";
  if (field.type == FieldType::Date)
    return fmt::format("CASE WHEN _at <= day(last_day({0})) THEN {0} + CAST(_at - 1 AS INTEGER) END", whole);
  return fmt::format("CASE WHEN {0} BETWEEN 1000 AND 9999 THEN make_date({0}, _at, 1) END", whole);
}

std::string joined_sql(const Field& field, const FieldSource& source, const std::string& whole,
                       const std::string& whole_text, const std::string& within_text, const Reading& reading) {
  // A whole that is none stays in the text, so that the whole of it is refused and shown.
  if (field.type == FieldType::Timestamp) {
    return fmt::format("coalesce(CAST({} AS VARCHAR), {}) || ' ' || {}", whole, whole_text,
                       time_of_day(source, within_text, reading));
  }
  const bool is_date = field.type == FieldType::Date;
  const auto beginning = is_date ? "strftime(" + whole + ", '%Y-%m')" : "CAST(" + whole + " AS VARCHAR)";
  return fmt::format("coalesce({}, {}) || '-' || {}", beginning, whole_text,
                     within_number(within_text, is_date ? "(?:[.]0|[日号])$" : "(?:[.]0|月份?)$", reading));
}

}  // namespace fenqun::ingest
