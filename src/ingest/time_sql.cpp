// ingest/time_sql.cpp
#include "ingest/time_sql.hpp"

#include "warehouse/database.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::ingest {
namespace {

using warehouse::FieldType;
using warehouse::sql_text;

constexpr std::string_view kDay =
    R"(^(\d{4})(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})|(\d{2})(\d{2}))(|\D.*|(?:\d{4}|\d{6})(?:\.\d+)?)$)";
constexpr std::string_view kDayParts = "['y', 'm', 'd', 'm2', 'd2', 'rest']";

// What may follow a day: 日, the day of the week, a time of day, its zone.
constexpr std::string_view kRest =
    R"(^((?:\s*[日号])?(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?(?:[T\s]*(上午|下午|(?i:am|pm))?\s*(?:(\d{1,2}))"
    R"((?::(\d{1,2})(?::(\d{1,2})(?:[.,](\d+))?)?|\s*[时点]\s*(?:(\d{1,2})\s*分?\s*(?:(\d{1,2})\s*秒)?)?)|(\d{2})(\d{2}))"
    R"((\d{2})?(?:\.(\d+))?)\s*((?i:am|pm))?\s*((?i:z|utc|gmt)|[+-]\d{1,2}(?::?\d{2})?)?)?\s*)$)";
constexpr std::string_view kRestParts =
    "['whole', 'half', 'h', 'mi', 's', 'f', 'mi2', 's2', 'hc', 'mc', 'sc', 'fc', 'half2', 'zone']";

constexpr std::string_view kMonth = R"(^(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*月份?)?|(\d{2}))$)";

// Days since the end of 1899, as Excel writes them: five digits, which nothing else has.
constexpr std::string_view kSerial = R"(^([2-7]\d{4}|80000)(?:\.(\d+))?$)";

std::string whole_number(const std::string& text) {
  return "coalesce(TRY_CAST(nullif(" + text + ", '') AS INTEGER), 0)";
}

std::string serial_sql(FieldType type) {
  // Rounded to the second: a day's fraction in decimals is never exact.
  const auto seconds = "coalesce(CAST(round(TRY_CAST('0.' || nullif(regexp_extract(t, '" + std::string(kSerial) +
                       "', 2), '') AS DECIMAL(30, 15)) * 86400) AS BIGINT), 0)";
  const auto time = "CAST(DATE '1899-12-30' + CAST(regexp_extract(t, '" + std::string(kSerial) +
                    "', 1) AS INTEGER) AS TIMESTAMP) + to_seconds(" + seconds + ")";
  return type == FieldType::Timestamp ? time : "CAST(" + time + " AS DATE)";
}

// The day and the microseconds of its time, which are NULL when there can be no such time; `zone` as written.
std::string clock_struct() {
  const auto hour = fmt::format(
      "CASE WHEN c.half <> '' AND c.half2 <> '' THEN NULL WHEN lower(c.half || c.half2) IN ('上午', 'am') THEN "
      "CASE WHEN {0} < 12 THEN {0} WHEN {0} = 12 THEN 0 END WHEN c.half || c.half2 <> '' THEN "
      "CASE WHEN {0} < 12 THEN {0} + 12 WHEN {0} < 24 THEN {0} END ELSE {0} END",
      whole_number("(c.h || c.hc)"));
  return fmt::format(
      "struct_pack(day := TRY_CAST(d.y || '-' || d.m || d.m2 || '-' || d.d || d.d2 AS DATE), h := {}, mi := {}, s := "
      "{}, "
      "us := {}, zone := upper(c.zone), timed := c.h || c.hc <> '', "
      "fits := c.whole = d.rest AND (d.m2 <> '' OR (c.hc = '' AND NOT regexp_matches(d.rest, '^[0-9]'))))",
      hour, whole_number("(c.mi || c.mi2 || c.mc)"), whole_number("(c.s || c.s2 || c.sc)"),
      whole_number("rpad((c.f || c.fc)[:6], CASE WHEN c.f || c.fc = '' THEN 0 ELSE 6 END, '0')"));
}

std::string clock_sql(FieldType type, const Reading& reading) {
  const std::string is_midnight = "(k.h = 24 AND k.mi = 0 AND k.s = 0 AND k.us = 0)";
  const std::string local =
      "CAST(k.day AS TIMESTAMP) + to_microseconds(((k.h * 60 + k.mi) * 60 + k.s) * 1000000::BIGINT + k.us)";
  const std::string hours = "TRY_CAST(regexp_extract(k.zone, '^[+-]([0-9]{1,2})', 1) AS INTEGER)";
  const auto minutes = "CASE WHEN k.zone IN ('Z', 'UTC', 'GMT') THEN 0 WHEN " + hours + " <= 14 THEN (" + hours +
                       " * 60 + " + whole_number("regexp_extract(k.zone, '([0-9]{2})$', 1)") +
                       " * CASE WHEN length(k.zone) > 3 THEN 1 ELSE 0 END) * CASE WHEN k.zone[1] = '-' THEN -1 ELSE 1 "
                       "END END";
  const auto shifted =
      fmt::format("timezone({}, timezone('UTC', {} - to_minutes({})))", sql_text(reading.zone), local, minutes);
  const std::string as_written = type == FieldType::Timestamp ? local : "k.day";
  const std::string fits = "k.fits AND (NOT k.timed OR ((k.h < 24 OR " + is_midnight + ") AND k.mi < 60 AND k.s < 60))";
  const auto brought = type == FieldType::Timestamp ? shifted : "CAST(" + shifted + " AS DATE)";
  return "CASE WHEN " + fits + " THEN CASE WHEN k.zone = '' THEN " + as_written + " ELSE " + brought + " END END";
}

// Of a tidy text `t`.
std::string thorough_sql(FieldType type, const Reading& reading) {
  const auto day =
      with_sql("d", fmt::format("regexp_extract(t, {}, {}, 's')", sql_text(kDay), kDayParts),
               "CASE WHEN d.y <> '' THEN " +
                   with_sql("c", fmt::format("regexp_extract(d.rest, {}, {})", sql_text(kRest), kRestParts),
                            with_sql("k", clock_struct(), clock_sql(type, reading))) +
                   " END");
  if (type != FieldType::Month) {
    return fmt::format("CASE WHEN regexp_matches(t, '{}') THEN {} ELSE {} END", kSerial, serial_sql(type), day);
  }
  const auto month = fmt::format("TRY_CAST(regexp_replace(t, '{}', '\\1-\\2\\3-01') AS DATE)", kMonth);
  return fmt::format("CASE WHEN regexp_matches(t, '{}') THEN {} ELSE CAST(date_trunc('month', {}) AS DATE) END", kMonth,
                     month, day);
}

// What ISO texts, and such as differ little from them, need; NULL for all others. The database knows dates by name
// too, reads a time zone but forgets it, and takes a day for a date whatever follows: so the lengths and the first
// character are looked at.
std::string quick_sql(FieldType type, const std::string& text) {
  constexpr std::string_view kToSecond = "_____________:__:__";
  const auto digit_first = fmt::format("{} BETWEEN '0' AND ':'", text);
  if (type == FieldType::Timestamp) {
    return fmt::format(
        "CASE WHEN {1} AND ({0} LIKE '{2}' OR strlen({0}) BETWEEN 8 AND 10 OR (strlen({0}) <= 16 AND {0} LIKE '%:__')) "
        "THEN TRY_CAST({0} AS TIMESTAMP) END",
        text, digit_first, kToSecond);
  }
  if (type == FieldType::Month) {
    return fmt::format(
        "CASE WHEN {1} THEN CASE WHEN strlen({0}) <= 7 THEN TRY_CAST({0} || '-01' AS DATE) WHEN strlen({0}) <= 10 THEN "
        "CAST(date_trunc('month', TRY_CAST({0} AS TIMESTAMP)) AS DATE) END END",
        text, digit_first);
  }
  return fmt::format(
      "CASE WHEN {1} THEN CASE WHEN strlen({0}) BETWEEN 8 AND 10 THEN CAST(TRY_CAST({0} AS TIMESTAMP) AS DATE) "
      "WHEN {0} LIKE '{2}' AND TRY_CAST({0} AS TIMESTAMP) IS NOT NULL THEN TRY_CAST({0} AS DATE) END END",
      text, digit_first, kToSecond);
}

// Files that write every day so are many: ten times faster than the thorough way. A format that does not fit costs four
// times what one that fits does, so each text is tried with one.
std::string common_day_sql(FieldType type, const std::string& text) {
  const bool is_month = type == FieldType::Month;
  return fmt::format(
      "WHEN strlen({0}) = 8 AND TRY_CAST({0} AS UINTEGER) BETWEEN 10000101 AND 99991231 THEN try_strptime({0}, "
      "'%Y%m%d') "
      "WHEN strlen({0}) <= 17 AND {0} BETWEEN '0' AND ':' THEN CASE WHEN suffix({0}, '日') THEN try_strptime({0}, "
      "'%Y年%m月%d日') WHEN contains({0}, '.') THEN try_strptime({0}, {1}){2} END",
      text, is_month ? "['%Y.%m', '%Y.%m.%d']" : "'%Y.%m.%d'",
      is_month ? fmt::format(" WHEN suffix({0}, '月') THEN try_strptime({0}, '%Y年%m月') WHEN strlen({0}) = 6 AND "
                             "TRY_CAST({0} AS UINTEGER) BETWEEN 100001 AND 999912 THEN try_strptime({0}, '%Y%m')",
                             text)
               : "");
}

// ISO with a zone, and with a fraction of a second.
std::string common_time_sql(FieldType type, const std::string& text, const Reading& reading) {
  const auto written =
      type == FieldType::Timestamp
          ? fmt::format("TRY_CAST({} AS TIMESTAMP)", text)
          : fmt::format("CASE WHEN TRY_CAST({0} AS TIMESTAMP) IS NOT NULL THEN TRY_CAST({0} AS DATE) END", text);
  return fmt::format(
      " WHEN strlen({0}) <= 35 AND {0} LIKE '____-__-_____:__:__%' THEN CASE WHEN suffix({0}, 'Z') OR "
      "regexp_matches({0}, "
      "'[+-](0[0-9]|1[0-4]):?[0-5][0-9]$') THEN timezone({1}, TRY_CAST({0} AS TIMESTAMPTZ)) WHEN "
      "regexp_full_match({0}, "
      "'.{{19}}[.][0-9]+') THEN {2} END",
      text, sql_text(reading.zone), written);
}

std::string common_sql(FieldType type, const std::string& text, const Reading& reading) {
  auto time = "CASE " + common_day_sql(type, text) +
              (type == FieldType::Month ? "" : common_time_sql(type, text, reading)) + " END";
  if (type == FieldType::Timestamp) return time;
  return type == FieldType::Month ? "CAST(date_trunc('month', " + time + ") AS DATE)" : "CAST(" + time + " AS DATE)";
}

std::string typed(FieldType type, const std::string& time) {
  if (type == FieldType::Timestamp) return "TRY_CAST(" + time + " AS TIMESTAMP)";
  const auto day = "TRY_CAST(" + time + " AS DATE)";
  return type == FieldType::Month ? "CAST(date_trunc('month', " + day + ") AS DATE)" : day;
}

std::string formatted_sql(FieldType type, const std::vector<std::string>& formats, const std::string& text,
                          const Reading& reading) {
  std::string list;
  for (const auto& format : formats) list += (list.empty() ? "" : ", ") + sql_text(format);
  const bool has_zone = std::any_of(formats.begin(), formats.end(), [](const std::string& format) {
    return format.find("%z") != std::string::npos || format.find("%Z") != std::string::npos;
  });
  const auto read = [&](const std::string& of) {
    const auto time = fmt::format("try_strptime({}, [{}])", of, list);
    return typed(type, has_zone ? fmt::format("timezone({}, {})", sql_text(reading.zone), time) : time);
  };
  const auto tidy = tidy_sql(text, reading, Width::Half, Placeholders::Empty);
  return fmt::format("coalesce({}, CASE WHEN {} IS NOT NULL THEN {} END)", read(text), text,
                     with_sql("t", tidy, read("t")));
}

}  // namespace

std::string time_sql(FieldType type, const std::vector<std::string>& formats, const std::string& text,
                     const Reading& reading) {
  if (!formats.empty()) return formatted_sql(type, formats, text, reading);
  const auto tidy = tidy_sql(text, reading, Width::Half, Placeholders::Empty);
  return fmt::format("coalesce({}, CASE WHEN {} IS NOT NULL THEN coalesce({}, {}) END)", quick_sql(type, text), text,
                     common_sql(type, text, reading), with_sql("t", tidy, thorough_sql(type, reading)));
}

std::string native_time_sql(FieldType type, const std::string& value, const std::string& column_type,
                            const Reading& reading) {
  const bool has_zone = column_type == "TIMESTAMP WITH TIME ZONE";
  return typed(type, has_zone ? fmt::format("timezone({}, {})", sql_text(reading.zone), value) : value);
}

std::string_view time_misreading(FieldType type) {
  if (type == FieldType::Date) return "bad_date";
  return type == FieldType::Month ? "bad_month" : "bad_timestamp";
}

}  // namespace fenqun::ingest
