// suggest/wide_table.cpp
#include "suggest/wide_table.hpp"

#include "ingest/units.hpp"
#include "suggest/long_table.hpp"
#include "suggest/plain_text.hpp"

#include <algorithm>
#include <array>

namespace fenqun::suggest {
namespace {

using warehouse::Contract;
using warehouse::ContractSet;

constexpr const char* kEnergy = "energy_kwh";
constexpr const char* kCustomer = "customer_id";

/// What the cells of a wide table are, as far as the names of file and sheet say it.
struct CellMeaning {
  std::string unit;  // of energy, where it is not the field's
  bool is_power = false;
  Reason reason;
  double confidence = 1;
};

bool says_one_of(const std::vector<std::string>& names, std::initializer_list<std::u32string_view> words) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const auto text = plain(name);
    return std::any_of(words.begin(), words.end(),
                       [&](std::u32string_view word) { return text.find(word) != std::u32string::npos; });
  });
}

/// daily_kwh_wide, 日电量（万千瓦时）: the unit of `base` that a name says; empty where none does.
std::string unit_in(const std::vector<std::string>& names, std::string_view base) {
  for (const auto& name : names) {
    const auto header = read_header(name);
    if (!header.unit.empty() && ingest::unit_factor(header.unit, base)) return header.unit;
    for (const auto& word : header.words) {
      auto unit = known_unit(to_utf8(word));
      if (!unit.empty() && ingest::unit_factor(unit, base)) return unit;
    }
  }
  return "";
}

class WideProposer {
 public:
  WideProposer(const WideShape& shape, const TableMatcher& matcher, const ContractSet& contracts,
               const TableFacts& facts, const Columns& columns)
      : shape_(shape), matcher_(matcher), contracts_(contracts), facts_(facts), columns_(columns) {}

  std::vector<ProposedEntry> propose() {
    switch (shape_.kind) {
      case WideKind::Customers:
        return by_customer();
      case WideKind::Days:
        return by_time("reading_day", {});
      case WideKind::Months:
        return by_time("reading_month", {});
      case WideKind::QuarterHours:
        return by_time("reading_quarter_hour", only(TimeKind::Day));
      case WideKind::Hours:
        return by_time("reading_hour", only(TimeKind::Day));
      case WideKind::DaysOfMonth:
        return by_time("reading_day", only(TimeKind::Month));
      case WideKind::MonthsOfYear:
        return by_time("reading_month", year());
    }
    return {};
  }

 private:
  // A row is a day: the header is the only list of customers.
  std::vector<ProposedEntry> by_customer() {
    const auto time = std::find_if(shape_.others.begin(), shape_.others.end(),
                                   [&](std::size_t column) { return facts_.profiles[column].time_share >= 0.9; });
    if (time == shape_.others.end()) return {};
    const auto& profile = facts_.profiles[*time];
    // Two rows a month apart are months; a single first of a month is a day.
    const auto* contract = contracts_.find(
        reading_entity(profile, columns_[*time], profile.distinct > 1 ? "reading_month" : "reading_day"));
    if (contract == nullptr) return {};
    auto entry = readings(*contract, {*time});
    entry.wide->name_to = kCustomer;
    ColumnSource source;
    std::vector<Reason> reasons = {{"suggest.only_times", {{"column", profile.name.text}}}};
    const double score = match_values(profile, *contract->find(contract->month_field), reasons, source);
    entry.fields.push_back({contract->month_field,
                            {*time},
                            source_text(profile.name.text, source),
                            std::min(0.95, score),
                            reasons,
                            false});
    std::vector<ProposedEntry> entries = {std::move(entry)};
    if (const auto* customers = contracts_.find("customer")) add_customers(*customers, *time, entries);
    return entries;
  }

  /// A row is a customer, or a customer's day, month or year, which then stands in column `beside`.
  std::vector<ProposedEntry> by_time(const char* entity, std::optional<std::size_t> beside) {
    const auto* contract = contracts_.find(entity);
    if (contract == nullptr || beside.has_value() == shape_.series.empty()) return {};
    const auto assigned = matcher_.assign(*contract, std::vector<bool>(facts_.profiles.size(), false));
    const auto customer = std::find_if(assigned.begin(), assigned.end(),
                                       [](const Assignment& a) { return a.known->field->name == kCustomer; });
    if (customer == assigned.end() || customer->column == beside) return {};
    auto keep = std::vector<std::size_t>{customer->column};
    if (beside) keep.push_back(*beside);
    auto entry = readings(*contract, keep);
    const auto& column = facts_.profiles[customer->column];
    entry.fields.insert(entry.fields.begin(), {kCustomer,
                                               {customer->column},
                                               source_text(column.name.text, customer->match.source),
                                               std::min(0.99, customer->match.score),
                                               customer->match.reasons,
                                               false});
    if (beside) {
      entry.fields.push_back(put_together(contract->month_field, *beside));
    } else {
      entry.wide->name_to = contract->month_field;
      entry.wide->name_format = shape_.name_format;
    }
    return {std::move(entry)};
  }

  /// The day and the hour, the month and the day, the year and the month.
  [[nodiscard]] ProposedField put_together(const std::string& field, std::size_t beside) const {
    const auto& column = facts_.profiles[beside];
    const auto name = yaml_scalar(column.name.text);
    std::string source;
    if (shape_.kind == WideKind::DaysOfMonth) {
      source = "{month: " + name + ", day: cell_name}";
    } else if (shape_.kind == WideKind::MonthsOfYear) {
      source = "{year: " + name + ", month: cell_name}";
    } else {
      const auto format = column.time_format.empty() ? "" : ", format: " + yaml_scalar(column.time_format);
      source = "{date: " + name + ", time: cell_name" + format + "}";
    }
    return {field, {beside}, source, 0.85, {{"suggest.put_together", {{"column", column.name.text}}}}, false};
  }

  /// The only column of days, or of months.
  [[nodiscard]] std::optional<std::size_t> only(TimeKind kind) const {
    std::optional<std::size_t> found;
    for (const auto column : shape_.others) {
      const auto& profile = facts_.profiles[column];
      const bool month = profile.time_kind == TimeKind::Month || profile.only_first_days;
      if (profile.time_share < 0.9 || (kind == TimeKind::Month && !month)) continue;
      if (kind == TimeKind::Day && profile.time_kind == TimeKind::Month) continue;
      if (found) return std::nullopt;
      found = column;
    }
    return found;
  }

  [[nodiscard]] std::optional<std::size_t> year() const {
    constexpr double kFirst = 1900;
    constexpr double kLast = 2199;
    for (const auto column : shape_.others) {
      const auto& profile = facts_.profiles[column];
      const bool named = profile.name.letters == U"年份" || profile.name.letters == U"年度" ||
                         profile.name.letters == U"年" || profile.name.letters == U"year";
      if (named && profile.whole_share > 0.99 && profile.least >= kFirst && profile.greatest <= kLast) return column;
    }
    return std::nullopt;
  }

  [[nodiscard]] CellMeaning meaning() const {
    CellMeaning out;
    out.unit = unit_in(facts_.names, "kWh");
    const bool parts_of_day = shape_.kind == WideKind::QuarterHours || shape_.kind == WideKind::Hours;
    if (parts_of_day && out.unit.empty() &&
        (says_one_of(facts_.names, {U"功率", U"负荷", U"load", U"power"}) || !unit_in(facts_.names, "kW").empty())) {
      out.is_power = true;
      out.reason = {"suggest.cells_power", {{"name", facts_.names.front()}}};
      out.confidence = 0.85;
    } else if (!out.unit.empty() ||
               says_one_of(facts_.names, {U"电量", U"用电", U"energy", U"reading", U"consumption"})) {
      out.reason = {"suggest.cells_energy", {{"name", facts_.names.front()}}};
    } else {
      out.reason = {"suggest.cells_guessed", {}};
      out.confidence = 0.7;
    }
    if (out.unit == "kWh") out.unit.clear();
    return out;
  }

  [[nodiscard]] ProposedEntry readings(const Contract& contract, const std::vector<std::size_t>& keep) const {
    const auto cells = meaning();
    ProposedEntry entry;
    entry.contract = &contract;
    entry.reasons = shape_.reasons;
    entry.confidence = shape_.confidence * cells.confidence;
    entry.wide = wide(keep);
    entry.wide->confidence = entry.confidence;
    entry.wide->reasons = shape_.reasons;
    entry.wide->reasons.push_back(cells.reason);
    if (cells.is_power) {
      // Mean power over the interval, in kW.
      const auto* const factor =
          shape_.kind == WideKind::QuarterHours ? "{cell: value, multiply: 0.25}" : "{cell: value}";
      entry.fields.push_back({kEnergy, {}, factor, 0.6, {cells.reason}, false});
      entry.fields.push_back({"power_kw", {}, "{cell: value}", 0.7, {cells.reason}, false});
    } else {
      entry.wide->value_to = kEnergy;
      entry.wide->value_unit = cells.unit;
    }
    return entry;
  }

  [[nodiscard]] ProposedWide wide(const std::vector<std::size_t>& keep) const {
    ProposedWide out;
    out.keep = keep;
    out.confidence = shape_.confidence;
    out.reasons = {shape_.reasons.front()};
    out.series = shape_.series;
    if (!out.series.empty()) return out;
    out.except = shape_.totals;
    for (const auto column : shape_.others) {
      if (std::find(keep.begin(), keep.end(), column) == keep.end()) out.except.push_back(column);
    }
    std::sort(out.except.begin(), out.except.end());
    return out;
  }

  void add_customers(const Contract& contract, std::size_t keep, std::vector<ProposedEntry>& entries) const {
    ProposedEntry entry;
    entry.contract = &contract;
    entry.distinct = true;
    entry.wide = wide({keep});
    entry.wide->name_to = kCustomer;
    entry.confidence = shape_.confidence;
    entry.reasons = {{"suggest.customers_header", {}}};
    entry.fields.push_back(guessed_category(*contract.find("category"), facts_, entries.front()));
    entries.push_back(std::move(entry));
  }

  const WideShape& shape_;
  const TableMatcher& matcher_;
  const ContractSet& contracts_;
  const TableFacts& facts_;
  const Columns& columns_;
};

}  // namespace

std::vector<ProposedEntry> propose_wide(const WideShape& shape, const TableMatcher& matcher,
                                        const ContractSet& contracts, const TableFacts& facts, const Columns& columns) {
  return WideProposer(shape, matcher, contracts, facts, columns).propose();
}

}  // namespace fenqun::suggest
