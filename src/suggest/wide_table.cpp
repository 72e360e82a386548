// suggest/wide_table.cpp
#include "suggest/wide_table.hpp"

#include "base/number.hpp"
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

class WideProposer {
 public:
  WideProposer(const WideShape& shape, const TableMatcher& matcher, const ContractSet& contracts,
               const TableFacts& facts, const Columns& columns)
      : shape_(shape), matcher_(matcher), contracts_(contracts), facts_(facts), columns_(columns) {}

  std::vector<ProposedEntry> propose() { return shape_.kind == WideKind::Customers ? by_customer() : by_time(); }

 private:
  // A row is a day: the header is the only list of customers.
  std::vector<ProposedEntry> by_customer() {
    const auto time = std::find_if(shape_.others.begin(), shape_.others.end(),
                                   [&](std::size_t column) { return matcher_.profiles()[column].time_share >= 0.9; });
    if (time == shape_.others.end()) return {};
    const auto& profile = matcher_.profiles()[*time];
    const auto* contract = contracts_.find(reading_entity(profile, columns_[*time], months_or_days(profile)));
    if (contract == nullptr) return {};
    auto entry = readings(*contract, *time, kCustomer);
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

  // A row is a customer, or one of its measures.
  std::vector<ProposedEntry> by_time() {
    const auto* contract = contracts_.find(shape_.kind == WideKind::Days ? "reading_day" : "reading_month");
    if (contract == nullptr) return {};
    const auto assigned = matcher_.assign(*contract, std::vector<bool>(matcher_.profiles().size(), false));
    const auto customer = std::find_if(assigned.begin(), assigned.end(),
                                       [](const Assignment& a) { return a.known->field->name == kCustomer; });
    if (customer == assigned.end()) return {};
    auto entry = readings(*contract, customer->column, contract->month_field);
    entry.wide->name_format = shape_.name_format;
    const auto& column = matcher_.profiles()[customer->column];
    entry.fields.push_back({kCustomer,
                            {customer->column},
                            source_text(column.name.text, customer->match.source),
                            std::min(0.99, customer->match.score),
                            customer->match.reasons,
                            false});
    return {std::move(entry)};
  }

  ProposedEntry readings(const Contract& contract, std::size_t keep, const std::string& name_to) const {
    ProposedEntry entry;
    entry.contract = &contract;
    entry.reasons = shape_.reasons;
    entry.wide = ProposedWide{{keep}, except(keep), {}, name_to, "", kEnergy, "", shape_.confidence, shape_.reasons};
    const auto unit = unit_of_names();
    entry.wide->value_unit = unit == "kWh" ? "" : unit;
    const bool is_energy = !unit.empty() || says_energy();
    entry.wide->reasons.push_back(is_energy ? Reason{"suggest.cells_energy", {{"name", facts_.names.front()}}}
                                            : Reason{"suggest.cells_guessed", {}});
    entry.confidence = shape_.confidence * (is_energy ? 1 : 0.7);
    entry.wide->confidence = entry.confidence;
    return entry;
  }

  void add_customers(const Contract& contract, std::size_t keep, std::vector<ProposedEntry>& entries) const {
    ProposedEntry entry;
    entry.contract = &contract;
    entry.distinct = true;
    entry.wide =
        ProposedWide{{keep}, except(keep), {}, kCustomer, "", "", "", shape_.confidence, {shape_.reasons.front()}};
    entry.confidence = shape_.confidence;
    entry.reasons = {{"suggest.customers_header", {}}};
    entry.fields.push_back(category(*contract.find("category"), entries.front()));
    entries.push_back(std::move(entry));
  }

  ProposedField category(const warehouse::Field& field, const ProposedEntry& readings) const {
    auto guessed = guessed_category(field, facts_, readings);
    if (!guessed.is_open || readings.contract->entity != "reading_day") return guessed;
    // Half of the customers use more than this in a day.
    constexpr double kDailyOfHomes = 30;
    std::vector<double> middles;
    for (const auto cell : shape_.cells) middles.push_back(facts_.profiles[cell].middle);
    std::nth_element(middles.begin(), middles.begin() + static_cast<std::ptrdiff_t>(middles.size() / 2), middles.end());
    const double middle = middles[middles.size() / 2];
    const bool home = middle <= kDailyOfHomes;
    return {field.name,
            {},
            home ? "{constant: residential}" : "{constant: non_residential}",
            0.5,
            {{"suggest.category_daily", {{"middle", shortest(middle)}, {"bound", shortest(kDailyOfHomes)}}}},
            false};
  }

  // Two rows a month apart are months; a single first of a month is a day.
  static std::string months_or_days(const ColumnProfile& times) {
    return times.distinct > 1 ? "reading_month" : "reading_day";
  }

  [[nodiscard]] std::vector<std::size_t> except(std::size_t keep) const {
    auto out = shape_.totals;
    for (const auto column : shape_.others) {
      if (column != keep) out.push_back(column);
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  /// daily_kwh_wide, 日电量（万千瓦时）: the unit of energy that the file's name says.
  [[nodiscard]] std::string unit_of_names() const {
    for (const auto& name : facts_.names) {
      const auto header = read_header(name);
      if (ingest::unit_factor(header.unit, "kWh")) return header.unit;
      for (const auto& word : header.words) {
        auto unit = known_unit(to_utf8(word));
        if (!unit.empty() && ingest::unit_factor(unit, "kWh")) return unit;
      }
    }
    return "";
  }

  [[nodiscard]] bool says_energy() const {
    constexpr std::array<std::u32string_view, 5> kWords = {U"电量", U"用电", U"energy", U"reading", U"consumption"};
    return std::any_of(facts_.names.begin(), facts_.names.end(), [&](const std::string& name) {
      const auto text = plain(name);
      return std::any_of(kWords.begin(), kWords.end(),
                         [&](std::u32string_view word) { return text.find(word) != std::u32string::npos; });
    });
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
