// delivery/fault.cpp
#include "delivery/fault.hpp"

#include "base/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace fenqun::delivery {
namespace {

using warehouse::Field;
using warehouse::FieldType;

constexpr std::array<FaultTraits, 20> kTraits = {{
    {Fault::ImpossibleDate, "impossible_date", "bad_date"},
    {Fault::TwoDigitYear, "two_digit_year", "bad_date"},
    {Fault::Negative, "negative", "below_minimum"},
    {Fault::TooLarge, "too_large", "above_maximum"},
    {Fault::BadNumber, "bad_number", "bad_number"},
    {Fault::UnknownUnit, "unknown_unit", "unknown_unit"},
    {Fault::UnknownCode, "unknown_code", "unknown_code"},
    {Fault::MissingRequired, "missing_required", "missing_required"},
    {Fault::ScientificId, "scientific_id", "id_is_a_number_in_scientific_form"},
    {Fault::ExtraColumn, "extra_column", "too_many_columns"},
    {Fault::MissingColumns, "missing_columns", "too_few_columns"},
    {Fault::CutLastLine, "cut_last_line", "too_few_columns"},
    {Fault::BrokenJson, "broken_json", "broken_json"},
    {Fault::DuplicateInFile, "duplicate_in_file", ""},
    {Fault::Conflict, "conflict_in_file", "conflicting_duplicate"},
    {Fault::Orphan, "orphan", ""},
    {Fault::Gap, "gap", ""},
    {Fault::LongGap, "long_gap", ""},
    {Fault::Spike, "spike", ""},
    {Fault::Rollover, "rollover", ""},
}};

bool is_time(const Field& field) {
  return field.type == FieldType::Date || field.type == FieldType::Timestamp || field.type == FieldType::Month;
}
bool is_number(const Field& field) { return field.type == FieldType::Decimal || field.type == FieldType::Integer; }

bool has_place(Fault fault, const Field& field) {
  switch (fault) {
    case Fault::ImpossibleDate:
    case Fault::TwoDigitYear:
      return is_time(field);
    case Fault::Negative:
      return field.type == FieldType::Decimal && field.min && *field.min >= 0;
    case Fault::TooLarge:
      // More than the type holds is no number at all.
      return is_number(field) && field.max && *field.max < 1e10;
    case Fault::BadNumber:
      return is_number(field);
    case Fault::UnknownUnit:
      return field.type == FieldType::Decimal && (field.unit == "kWh" || field.unit == "CNY");
    case Fault::UnknownCode:
      return field.type == FieldType::Code;
    case Fault::MissingRequired:
      return field.required;
    case Fault::ScientificId:
      return field.type == FieldType::Id && !field.references.empty();
    default:
      return false;
  }
}

std::string wrong_text(Fault fault, const Field& field, const Canonical& value, Random& random) {
  const auto year = value && value->size() >= 4 ? value->substr(0, 4) : std::string("2026");
  switch (fault) {
    case Fault::ImpossibleDate: {
      if (field.type == FieldType::Month) return year + "-13";
      constexpr std::array<const char*, 4> kDays = {"-02-30", "-04-31", "-13-01", "-06-00"};
      return year + kDays[random.below(kDays.size())] + (field.type == FieldType::Timestamp ? " 08:30:00" : "");
    }
    case Fault::TwoDigitYear:
      return field.type == FieldType::Month ? year.substr(2) + "-03" : year.substr(2) + "-3-1";
    case Fault::Negative:
      return fmt::format("-{}.5", 1 + random.below(900));
    case Fault::TooLarge:
      return fmt::format("{}",
                         static_cast<std::int64_t>(*field.max) + 1 + static_cast<std::int64_t>(random.below(1000)));
    case Fault::BadNumber: {
      constexpr std::array<const char*, 3> kTexts = {"1.234,50", "约300", "12,34"};
      return kTexts[random.below(kTexts.size())];
    }
    case Fault::UnknownUnit:
      return fmt::format("{}斤", 1 + random.below(900));
    case Fault::UnknownCode: {
      constexpr std::array<const char*, 3> kTexts = {"未分类", "ZZ99", "待定类别"};
      return kTexts[random.below(kTexts.size())];
    }
    case Fault::ScientificId:
      return "6.13E+09";
    default:
      return {};
  }
}

}  // namespace

const FaultTraits& traits_of(Fault fault) noexcept { return kTraits[static_cast<std::size_t>(fault)]; }

std::optional<Fault> parse_fault(std::string_view name) noexcept {
  const auto* at =
      std::find_if(kTraits.begin(), kTraits.end(), [&](const auto& traits) { return traits.name == name; });
  return at == kTraits.end() ? std::nullopt : std::optional(at->fault);
}

std::string reason_for(Fault fault, const Field& field) {
  const bool is_date = fault == Fault::ImpossibleDate || fault == Fault::TwoDigitYear;
  if (is_date && field.type == FieldType::Month) return "bad_month";
  if (is_date && field.type == FieldType::Timestamp) return "bad_timestamp";
  return std::string(traits_of(fault).reason);
}

Canonical altered(const Field& field, const Canonical& value) {
  if (!value) return field.type == FieldType::Text ? Canonical("更正") : value;
  switch (field.type) {
    case FieldType::Decimal: {
      // One more in the first place: still a number of the field, below any most.
      auto text = *value;
      const auto at = text.find_first_of("0123456789");
      text[at] = text[at] == '9' ? '8' : static_cast<char>(text[at] + 1);
      return text;
    }
    case FieldType::Text: {
      // A number, such as a telephone's, stays one.
      const bool is_number = value->find_first_not_of("0123456789") == std::string::npos;
      if (!is_number || value->empty()) return *value + "（更正）";
      auto text = *value;
      text.back() = text.back() == '9' ? '0' : static_cast<char>(text.back() + 1);
      return text;
    }
    case FieldType::Boolean:
      return *value == "true" ? "false" : "true";
    case FieldType::Code: {
      const auto at = std::find(field.values.begin(), field.values.end(), *value);
      return at + 1 < field.values.end() ? *(at + 1) : field.values.front();
    }
    default:
      return value;
  }
}

Canonical swollen(Fault fault, const Canonical& value) {
  if (!value) return value;
  const double kwh = parse_number(*value).value_or(0);
  return fmt::format("{:.3f}", fault == Fault::Rollover ? 9990 + kwh : 150 * kwh + 100);
}

std::optional<Damage> damage(Fault fault, const Fields& fields, const std::vector<std::string>& key,
                             const std::vector<Canonical>& row, Random& random) {
  std::vector<std::size_t> places, key_places;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!has_place(fault, *fields[i])) continue;
    const bool is_key = std::find(key.begin(), key.end(), fields[i]->name) != key.end();
    (is_key ? key_places : places).push_back(i);
  }
  if (places.empty()) places = key_places;
  if (places.empty()) return std::nullopt;
  Damage out;
  out.column = places[random.below(places.size())];
  out.cell.text = wrong_text(fault, *fields[out.column], row[out.column], random);
  out.cell.kind = out.cell.text.empty() ? OutCell::Kind::Empty : OutCell::Kind::Text;
  return out;
}

std::map<std::int64_t, Fault> choose_rows(const std::vector<std::pair<Fault, double>>& faults, std::int64_t rows,
                                          double share, Random random) {
  std::map<std::int64_t, Fault> out;
  const auto most = rows / 4;
  for (const auto& [fault, weight] : faults) {
    const auto wanted = std::max<std::int64_t>(static_cast<std::int64_t>(std::ceil(weight)),
                                               std::llround(static_cast<double>(rows) * share * weight));
    for (std::int64_t i = 0; i < wanted && static_cast<std::int64_t>(out.size()) < most; ++i) {
      auto row = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(rows)));
      while (out.contains(row)) row = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(rows)));
      out.emplace(row, fault);
    }
  }
  return out;
}

}  // namespace fenqun::delivery
