// ingest/number_sql.cpp
#include "ingest/number_sql.hpp"

#include "base/near_names.hpp"
#include "ingest/letter_forms.hpp"
#include "ingest/units.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

namespace fenqun::ingest {
namespace {

using warehouse::FieldType;
using warehouse::sql_text;

// Thousands are set apart by commas or blanks, three digits each: a comma elsewhere has two readings, so none.
constexpr std::string_view kPattern =
    R"(^(\()? *([+-])? *((?i:¥|RMB|CNY|人民币))? *([+-])? *)"
    R"((\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?)"
    R"( *([\p{L}%‰°℃][\p{L}\d%‰°℃/·²³]*)? *(-)? *(\))?$)";
constexpr std::string_view kParts =
    "['opening', 'sign', 'currency', 'inner', 'whole', 'fraction', 'exponent', 'unit', "
    "'trailing', 'closing']";

std::string target_type(const NumberTarget& target) {
  // A cast to a whole number would round 12.7; the detour leaves a fraction to be seen by the rules.
  return target.field->type == FieldType::Integer ? "DECIMAL(18, 3)" : warehouse::sql_type(*target.field);
}

std::string parts_sql(const std::string& text, const Reading& reading) {
  return fmt::format("regexp_extract({}, {}, {})", tidy_sql(text, reading, Width::Half, Placeholders::Empty),
                     sql_text(kPattern), kParts);
}

// A currency sign says what 元 says; with 万 after the number, what 万元 says.
constexpr std::string_view kUnit =
    "lower(CASE WHEN p.currency = '' OR contains(p.unit, '元') THEN p.unit ELSE p.unit || '元' END)";

// What is known of units, as lists: a long CASE would take its time to plan, in every field.
struct UnitTable {
  std::string texts = "''";  // no unit first
  std::string shifts = "0";
  std::string multipliers = "1";
  std::string own = "false";  // false: no unit, or a mere 万

  // Place of the unit as written, 0 for one that does not lead to the field's; an element there is NULL.
  [[nodiscard]] std::string place() const { return fmt::format("coalesce(list_position([{}], {}), 0)", texts, kUnit); }
  [[nodiscard]] std::string shift() const { return "[" + shifts + "][u]"; }
  [[nodiscard]] std::string multiplier() const { return "[" + multipliers + "][u]"; }
  [[nodiscard]] std::string is_own() const { return "[" + own + "][u]"; }
};

UnitTable units_for(const NumberTarget& target) {
  UnitTable table;
  for (const auto& suffix : unit_suffixes(unit_of(*target.field))) {
    if (suffix.has_unit && !target.unit_is_known) continue;
    table.texts += ", " + sql_text(lower_ascii(suffix.text));
    table.shifts += ", " + std::to_string(suffix.shift);
    table.multipliers += ", " + std::to_string(suffix.multiplier);
    table.own += suffix.has_unit ? ", true" : ", false";
  }
  return table;
}

// The number as plain digits. The point is moved in the text, since the database's own exponents lose digits; zeros
// on both sides make sure that there is always something to move it over.
std::string plain_digits_sql(const UnitTable& units) {
  const auto parts =
      "struct_pack(w := replace(replace(p.whole, ',', ''), ' ', ''), f := p.fraction, e := " + units.shift() +
      " + coalesce(TRY_CAST(nullif(p.exponent, '') AS INTEGER), 0))";
  const auto moved = with_sql(
      "n", parts,
      "CASE WHEN n.e = 0 THEN n.w || '.' || n.f WHEN n.e BETWEEN 1 AND 39 THEN n.w || rpad(n.f, 40, '0')[:n.e] || '.' "
      "|| "
      "n.f[n.e + 1:] WHEN n.e BETWEEN -39 AND -1 THEN left('0' || n.w, greatest(length(n.w) + 1 + n.e, 0)) || '.' || "
      "right(repeat('0', 40) || n.w, -n.e) || n.f END");
  return "CASE WHEN p.sign = '-' OR p.inner = '-' OR p.trailing <> '' OR p.opening <> '' THEN '-' ELSE '' END || " +
         moved;
}

std::string thorough_sql(const NumberTarget& target, const std::string& text, const Reading& reading) {
  const auto units = units_for(target);
  const auto times = [&](const std::string& factor) {
    return fmt::format("TRY_CAST(TRY_CAST(d AS DECIMAL(26, 9)) * {} AS {})", factor, target_type(target));
  };
  std::string number = "CASE WHEN " + units.multiplier() + " <> 1 THEN " + times(units.multiplier());
  if (!target.factor.empty() && target.factor != "1")
    number += " WHEN NOT " + units.is_own() + " THEN " + times(target.factor);
  number += " ELSE TRY_CAST(d AS " + target_type(target) + ") END";
  const std::string fits =
      "p.whole || p.fraction <> '' AND (p.opening = '') = (p.closing = '') AND length(p.opening || p.sign || p.inner "
      "|| "
      "p.trailing) <= 1 AND u > 0";
  return with_sql("p", parts_sql(text, reading),
                  with_sql("u", units.place(),
                           "CASE WHEN " + fits + " THEN " + with_sql("d", plain_digits_sql(units), number) + " END"));
}

// Texts of which the database's cast makes what they say. It takes a sign before blanks for nought and 1_000 for a
// thousand, and loses digits of numbers with an exponent.
std::string plain_sql(const std::string& text, const reader::TextTraits& traits) {
  std::string plain;
  const auto require = [&](const std::string& condition) { plain += (plain.empty() ? "" : " AND ") + condition; };
  if (traits.blank) require(fmt::format("NOT suffix({}, ' ')", text));
  if (traits.control) {
    for (const auto* blank : {"\t", "\n", "\v", "\f", "\r"}) require(fmt::format("NOT suffix({}, '{}')", text, blank));
  }
  if (traits.number_letters) {
    for (const auto* letter : {"e", "E", "_"}) require(fmt::format("NOT contains({}, '{}')", text, letter));
  }
  return plain.empty() ? text : fmt::format("CASE WHEN {1} THEN {0} END", text, plain);
}

// Thousands set apart by commas, the way of most spreadsheets: thirty times faster than the thorough one.
std::string without_commas_sql(const std::string& text) {
  return fmt::format(
      "CASE WHEN contains({0}, ',') AND regexp_full_match({0}, '[+-]?[0-9]{{1,3}}(,[0-9]{{3}})+([.][0-9]*)?') "
      "THEN replace({0}, ',', '') END",
      text);
}

// The field's own unit behind a plain number, 12.5元: ten times faster. NULL for all else.
std::string with_own_unit_sql(const NumberTarget& target, const std::string& text) {
  std::string any;
  for (const auto& suffix : unit_suffixes(unit_of(*target.field))) {
    if (suffix.has_unit && suffix.shift == 0 && suffix.multiplier == 1)
      any += (any.empty() ? "" : "|") + regex_quoted(suffix.text);
  }
  if (any.empty() || !target.unit_is_known) return "NULL";
  return fmt::format("TRY_CAST(nullif(regexp_extract({}, {}, 1), '') AS {})", text,
                     sql_text("^([+-]?[0-9]+(?:[.][0-9]*)?) ?(?i:" + any + ")$"), target_type(target));
}

}  // namespace

std::string scaled_sql(const NumberTarget& target, const std::string& number) {
  if (target.factor.empty() || target.factor == "1")
    return fmt::format("TRY_CAST({} AS {})", number, target_type(target));
  return fmt::format("TRY_CAST(TRY_CAST({} AS DECIMAL(26, 9)) * {} AS {})", number, target.factor, target_type(target));
}

std::string number_sql(const NumberTarget& target, const std::string& text, const Reading& reading) {
  return fmt::format("coalesce({}, CASE WHEN {} IS NOT NULL THEN coalesce({}, {}, {}) END)",
                     scaled_sql(target, plain_sql(text, reading.traits)), text,
                     scaled_sql(target, without_commas_sql(text)), with_own_unit_sql(target, text),
                     thorough_sql(target, text, reading));
}

std::vector<Misreading> number_misreadings(const NumberTarget& target, const std::string& text,
                                           const Reading& reading) {
  return {{"unknown_unit", target.unit_is_known ? name_list(unit_names(unit_of(*target.field))) : "",
           with_sql("p", parts_sql(text, reading),
                    "p.whole || p.fraction <> '' AND " + units_for(target).place() + " = 0")},
          {"bad_number", "", ""}};
}

}  // namespace fenqun::ingest
