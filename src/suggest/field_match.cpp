// suggest/field_match.cpp
#include "suggest/field_match.hpp"

#include "base/number.hpp"
#include "ingest/units.hpp"
#include "suggest/plain_text.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace fenqun::suggest {
namespace {

using warehouse::Field;
using warehouse::FieldType;

// A column without values can be anything that its name says.
constexpr double kNothingSeen = 0.6;
constexpr double kFewFit = 0.5;
constexpr double kNearAll = 0.95;

std::string percent(double share) { return shortest(std::floor(share * 1000) / 10); }

std::string example_of(const ColumnProfile& column) { return column.examples.empty() ? "" : column.examples.front(); }

/// `share` of the values fit: all is good, half is too little.
double from_share(double share) { return share < kFewFit ? 0 : (share - kFewFit) / (1 - kFewFit); }

double match_number(const ColumnProfile& column, const Field& field, std::vector<Reason>& reasons,
                    ColumnSource& source) {
  double score = from_share(column.number_share);
  if (score == 0) {
    reasons.push_back({"suggest.values_no_number", {{"example", example_of(column)}}});
    return 0;
  }
  if (field.type == FieldType::Integer && column.whole_share < kNearAll) score *= 0.3;
  auto unit = known_unit(column.unit);
  if (unit.empty()) unit = column.name.unit;
  const auto own = ingest::unit_of(field);
  if (!unit.empty() && !own.empty()) {
    const auto factor = ingest::unit_factor(unit, own);
    if (!factor) {
      reasons.push_back({"suggest.unit_differs", {{"unit", unit}, {"expected", own}}});
      return score * 0.2;
    }
    // A unit that stands behind the values is read with them.
    if (*factor != "1" && column.unit.empty()) source.unit = unit;
    reasons.push_back({"suggest.unit_fits", {{"unit", unit}}});
  }
  const double factor = source.unit.empty() ? 1 : parse_number(*ingest::unit_factor(unit, own)).value_or(1);
  const bool low = field.min && column.least * factor < *field.min;
  const bool high = field.max && column.greatest * factor > *field.max;
  if (low || high) {
    reasons.push_back({low ? "suggest.values_below" : "suggest.values_above",
                       {{"value", shortest(low ? column.least : column.greatest)}}});
    return score * 0.7;
  }
  reasons.push_back(
      {"suggest.values_numbers", {{"least", shortest(column.least)}, {"greatest", shortest(column.greatest)}}});
  return score;
}

double match_time(const ColumnProfile& column, const Field& field, std::vector<Reason>& reasons, ColumnSource& source) {
  double score = from_share(column.time_share);
  if (score == 0) {
    // Workbooks count days from 1900: 43160 is 2018-03-01.
    constexpr double kFirstSerial = 25569;
    constexpr double kLastSerial = 73050;
    if (column.whole_share > kNearAll && column.least >= kFirstSerial && column.greatest <= kLastSerial) {
      reasons.push_back({"suggest.values_serials", {{"example", example_of(column)}}});
      return 0.5;
    }
    reasons.push_back({"suggest.values_no_time", {{"example", example_of(column)}}});
    return 0;
  }
  if (column.is_bare_time) score *= 0.9;
  if (field.type == FieldType::Month && column.time_kind != TimeKind::Month) {
    // Months are often written as their first day; another day's month is a choice of ours.
    source.month_of = !column.only_first_days;
    score *= source.month_of ? 0.85 : 0.95;
  }
  if (field.type != FieldType::Month && column.time_kind == TimeKind::Month) {
    reasons.push_back({"suggest.values_months", {{"example", example_of(column)}}});
    return 0;
  }
  if (field.type == FieldType::Timestamp && column.time_kind != TimeKind::Time) score *= 0.8;
  if (field.type == FieldType::Date && column.has_time_of_day) score *= 0.8;
  source.format = column.time_format;
  if (column.unclear_order) {
    reasons.push_back({"suggest.unclear_order", {{"example", example_of(column)}}});
    score *= 0.5;
  }
  reasons.push_back(
      {source.month_of ? "suggest.values_month_of" : "suggest.values_times", {{"example", example_of(column)}}});
  return score;
}

double match_boolean(const ColumnProfile& column, std::vector<Reason>& reasons) {
  const double score = column.distinct > 6 ? 0 : from_share(column.yes_no_share);
  reasons.push_back(
      {score > 0 ? "suggest.values_yes_no" : "suggest.values_not_yes_no", {{"example", example_of(column)}}});
  return score;
}

/// The code that bears the name; and whether the name is one of its own rather than near to one.
std::pair<const warehouse::CodeValue*, bool> code_of(const Field& field, const std::string& value) {
  const auto wanted = letters_of(plain(value));
  const warehouse::CodeValue* near = nullptr;
  std::size_t near_length = 0;
  for (const auto& code : field.codes) {
    auto names = code.synonyms;
    names.insert(names.end(), {code.code, code.title.zh, code.title.en});
    for (const auto& name : names) {
      const auto known = letters_of(plain(name));
      if (known == wanted && !known.empty()) return {&code, true};
      const bool contains = known.size() > 1 && wanted.find(known) != std::u32string::npos;
      if (contains && known.size() > near_length) {
        near = &code;
        near_length = known.size();
      }
    }
  }
  return {near, false};
}

double match_code(const ColumnProfile& column, const Field& field, std::vector<Reason>& reasons, ColumnSource& source) {
  if (column.values.empty()) {
    reasons.push_back({"suggest.values_too_many", {{"count", std::to_string(column.distinct)}}});
    return 0;
  }
  double good = 0;
  std::string unknown;
  for (const auto& value : column.values) {
    const auto [code, exact] = code_of(field, value);
    if (code == nullptr) {
      if (unknown.empty()) unknown = value;
      continue;
    }
    good += exact ? 1 : 0.6;
    if (!exact) source.values.emplace_back(value, code->code);
  }
  const double share = good / static_cast<double>(column.values.size());
  if (unknown.empty()) {
    reasons.push_back({"suggest.values_codes", {{"count", std::to_string(column.values.size())}}});
  } else {
    reasons.push_back({"suggest.values_unknown_code", {{"value", unknown}, {"share", percent(share)}}});
  }
  return share;
}

// Reasons end up in files that are passed on: numbers and names of customers are not quoted.
double match_id(const ColumnProfile& column, std::vector<Reason>& reasons) {
  constexpr std::size_t kLongest = 64;
  if (column.greatest_length > kLongest || column.whole_share < column.number_share) {
    reasons.push_back({"suggest.values_no_id", {}});
    return 0.1;
  }
  // Dates with separators are no numbers of customers; digits alone might be.
  if (column.time_share > kNearAll && !column.is_bare_time) {
    reasons.push_back({"suggest.values_no_id", {}});
    return 0;
  }
  reasons.push_back({"suggest.values_ids", {{"count", std::to_string(column.distinct)}}});
  return 1;
}

double match_text(const ColumnProfile& column, std::vector<Reason>& reasons) {
  if (column.time_share > kNearAll && !column.is_bare_time) {
    reasons.push_back({"suggest.values_are_times", {{"example", example_of(column)}}});
    return 0.2;
  }
  if (column.number_share > kNearAll && column.whole_share < kNearAll) {
    reasons.push_back({"suggest.values_are_numbers", {{"example", example_of(column)}}});
    return 0.3;
  }
  reasons.push_back({"suggest.values_text", {}});
  return 0.9;
}

Reason name_reason(const HeaderName& header, const HeaderName& known, const NameMatch& match) {
  const TextArgs names = {{"column", header.text}, {"name", known.text}};
  switch (match.likeness) {
    case Likeness::Same:
      return {"suggest.name_same", names};
    case Likeness::Contains:
      return {"suggest.name_contains", names};
    case Likeness::Words:
      return {"suggest.name_words", names};
    case Likeness::Spelling:
      return {"suggest.name_spelling", names};
    case Likeness::None:
      break;
  }
  return {"suggest.name_none", names};
}

}  // namespace

std::vector<KnownField> known_fields(const warehouse::Contract& contract) {
  std::vector<KnownField> out;
  for (const auto& field : contract.fields) {
    KnownField known{&contract, &field, {}};
    for (const auto& name : {field.name, field.title.zh, field.title.en}) known.names.push_back(read_header(name));
    for (const auto& name : field.synonyms) known.names.push_back(read_header(name));
    out.push_back(std::move(known));
  }
  return out;
}

double match_values(const ColumnProfile& column, const Field& field, std::vector<Reason>& reasons,
                    ColumnSource& source) {
  if (column.is_empty()) {
    reasons.push_back({"suggest.values_none", {}});
    return kNothingSeen;
  }
  switch (field.type) {
    case FieldType::Integer:
    case FieldType::Decimal:
      return match_number(column, field, reasons, source);
    case FieldType::Date:
    case FieldType::Timestamp:
    case FieldType::Month:
      return match_time(column, field, reasons, source);
    case FieldType::Boolean:
      return match_boolean(column, reasons);
    case FieldType::Code:
      return match_code(column, field, reasons, source);
    case FieldType::Id:
      return match_id(column, reasons);
    case FieldType::Text:
      return match_text(column, reasons);
  }
  return 0;
}

FieldMatch match_field(const ColumnProfile& column, const KnownField& known) {
  FieldMatch match;
  const HeaderName* nearest = nullptr;
  NameMatch best;
  for (std::size_t i = 0; i < known.names.size(); ++i) {
    auto found = compare_names(column.name, known.names[i]);
    // A synonym is a little less than the name; several entities may share it.
    constexpr std::size_t kOwnNames = 3;
    if (i >= kOwnNames) found.score *= 0.97;
    if (found.score > best.score) {
      best = found;
      nearest = &known.names[i];
    }
  }
  if (nearest == nullptr) return match;
  match.name_score = best.score;
  match.reasons.push_back(name_reason(column.name, *nearest, best));
  match.value_score = match_values(column, *known.field, match.reasons, match.source);
  if (match.value_score > 0) match.score = match.name_score * (0.35 + 0.65 * match.value_score);
  return match;
}

}  // namespace fenqun::suggest
