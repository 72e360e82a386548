// suggest/companions.cpp
#include "suggest/companions.hpp"

#include "suggest/long_table.hpp"
#include "suggest/plain_text.hpp"

#include <algorithm>
#include <map>

namespace fenqun::suggest {
namespace {

using warehouse::ContractSet;

constexpr const char* kCustomer = "customer_id";

class Companions {
 public:
  Companions(Proposal& proposal, const TableMatcher& matcher, const ContractSet& contracts, const TableFacts& facts,
             const Columns& columns, const Surroundings& surroundings)
      : proposal_(proposal),
        matcher_(matcher),
        contracts_(contracts),
        facts_(facts),
        columns_(columns),
        surroundings_(surroundings) {}

  void add() {
    const auto* customer = proposal_.entries.front().find(kCustomer);
    if (customer == nullptr || customer->columns.size() != 1) return;
    customer_column_ = customer->columns.front();
    if (!proposal_.entries.front().wide) add_record();
    if (contracts_.find("customer") != nullptr) add_customers();
    if (contracts_.find("attribute") != nullptr) add_attributes();
  }

 private:
  [[nodiscard]] std::vector<bool> taken() const {
    std::vector<bool> out(matcher_.profiles().size(), false);
    for (const auto& entry : proposal_.entries) {
      for (const auto& field : entry.fields) {
        for (const auto column : field.columns) out[column] = true;
      }
    }
    return out;
  }

  [[nodiscard]] bool has(std::string_view entity) const {
    return std::any_of(proposal_.entries.begin(), proposal_.entries.end(),
                       [&](const ProposedEntry& entry) { return entry.contract->entity == entity; });
  }

  // A second entity counts when at least two columns are surely its own, and nothing it requires is lacking.
  void add_record() {
    constexpr double kSure = 0.85;
    constexpr std::ptrdiff_t kOwnColumns = 2;
    auto free = taken();
    free[customer_column_] = false;
    std::optional<ProposedEntry> best;
    double best_score = 0;
    for (const auto& contract : contracts_.all()) {
      if (has(contract.entity) || contract.entity == "customer" || contract.entity == "attribute") continue;
      auto assigned = matcher_.assign(contract, free);
      std::erase_if(assigned, [&](const Assignment& a) { return a.match.score < kSure; });
      const auto own = std::count_if(assigned.begin(), assigned.end(),
                                     [&](const Assignment& a) { return a.column != customer_column_; });
      if (own < kOwnColumns) continue;
      double score = 0;
      for (const auto& one : assigned) score += one.match.score;
      auto entry = make_entry(contract, assigned, matcher_, facts_);
      if (!entry.is_complete() || entry.find(kCustomer) == nullptr || score <= best_score) continue;
      best_score = score;
      best = std::move(entry);
    }
    if (!best) return;
    best->confidence = 0.6;
    best->reasons = {{"suggest.second_record", {{"count", std::to_string(best->fields.size())}}}};
    proposal_.entries.push_back(std::move(*best));
  }

  void add_customers() {
    if (has("customer")) return;
    const auto& contract = *contracts_.find("customer");
    auto assigned = matcher_.assign(contract, taken_but_customer());
    std::erase_if(assigned, [&](const Assignment& a) {
      return a.known->field->name != kCustomer && (a.match.score < 0.7 || !depends_on_customer(a.column));
    });
    const bool tells_more = assigned.size() > 1;
    if (surroundings_.has_customers && !tells_more) {
      proposal_.remarks.push_back({"suggest.customers_known", {}});
      return;
    }
    auto entry = make_entry(contract, assigned, matcher_, facts_);
    const auto* category = entry.find("category");
    if (category != nullptr && category->is_open) {
      // What the main entity says may tell it: amounts, energies.
      for (auto& field : entry.fields) {
        if (field.field == "category") {
          field = guessed_category(*contract.find("category"), facts_, proposal_.entries.front());
        }
      }
    }
    if (!entry.is_complete() || entry.find(kCustomer) == nullptr) {
      proposal_.remarks.push_back({"suggest.customers_unclear", {}});
      return;
    }
    entry.distinct = true;
    entry.confidence = tells_more ? 0.75 : 0.6;
    entry.reasons = {{"suggest.customers_named", {{"column", facts_.profiles[customer_column_].name.text}}}};
    proposal_.entries.push_back(std::move(entry));
  }

  [[nodiscard]] std::vector<bool> taken_but_customer() const {
    auto out = taken();
    out[customer_column_] = false;
    return out;
  }

  /// A customer has one value in this column, as far as the sample shows.
  [[nodiscard]] bool depends_on_customer(std::size_t column) const {
    std::map<std::string, const std::string*> values;
    for (std::size_t row = 0; row < columns_[column].size(); ++row) {
      const auto& customer = columns_[customer_column_][row];
      const auto& cell = columns_[column][row];
      if (!customer || !cell) continue;
      const auto [known, fresh] = values.emplace(*customer, &*cell);
      if (!fresh && *known->second != *cell) return false;
    }
    return true;
  }

  [[nodiscard]] bool is_measure(const ColumnProfile& column) const {
    constexpr double kAll = 0.99;
    // Long whole numbers are numbers of something, not measures.
    constexpr std::size_t kLongestMeasure = 9;
    const bool is_number = column.whole_share > kAll && column.least_length > kLongestMeasure;
    return !column.is_empty() && column.number_share >= kAll && !column.leading_zero && !is_number &&
           !(column.is_bare_time && column.time_share > kAll) && column.unit.empty();
  }

  /// 1, 2, 3 ...: the number of a row says nothing about its customer.
  [[nodiscard]] bool is_running_number(const ColumnProfile& column) const {
    // A few neighbours may be measures that happen to rise; of a count from one a few are enough.
    constexpr std::size_t kMany = 8;
    if (!column.is_unique() || column.whole_share < 1 || (column.rows < kMany && column.least > 1)) return false;
    const auto& cells = columns_[column.index];
    double last = 0;
    for (std::size_t row = 0; row < cells.size(); ++row) {
      const auto number = cells[row] ? read_number(*cells[row]) : std::nullopt;
      if (!number || (row > 0 && number->value != last + 1)) return false;
      last = number->value;
    }
    return true;
  }

  void add_attributes() {
    const auto& main = proposal_.entries.front();
    if (main.wide || main.contract->entity != "customer" || !matcher_.profiles()[customer_column_].is_unique()) return;
    const auto& contract = *contracts_.find("attribute");
    const auto used = taken();
    ProposedEntry entry;
    entry.contract = &contract;
    entry.wide.emplace();
    entry.wide->keep = {customer_column_};
    entry.wide->name_to = "attribute";
    entry.wide->value_to = "value_number";
    entry.wide->confidence = 0.5;
    for (const auto& column : matcher_.profiles()) {
      if (used[column.index] || !matcher_.is_usable(column.index) || !is_measure(column) || is_running_number(column))
        continue;
      entry.wide->listed.emplace_back(column.index, column.name.text);
    }
    if (entry.wide->listed.empty()) return;
    entry.wide->reasons = {{"suggest.attributes", {{"count", std::to_string(entry.wide->listed.size())}}}};
    entry.fields.push_back(*main.find(kCustomer));
    entry.fields.push_back(guessed_month(*contract.find("month"), facts_));
    if (!entry.is_complete()) {
      proposal_.remarks.push_back(
          {"suggest.attributes_no_month", {{"count", std::to_string(entry.wide->listed.size())}}});
      return;
    }
    entry.confidence = 0.5;
    entry.reasons = entry.wide->reasons;
    proposal_.entries.push_back(std::move(entry));
  }

  Proposal& proposal_;
  const TableMatcher& matcher_;
  const ContractSet& contracts_;
  const TableFacts& facts_;
  const Columns& columns_;
  const Surroundings& surroundings_;
  std::size_t customer_column_ = 0;
};

}  // namespace

void add_companions(Proposal& proposal, const TableMatcher& matcher, const ContractSet& contracts,
                    const TableFacts& facts, const Columns& columns, const Surroundings& surroundings) {
  Companions(proposal, matcher, contracts, facts, columns, surroundings).add();
}

}  // namespace fenqun::suggest
