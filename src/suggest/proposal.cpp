// suggest/proposal.cpp
#include "suggest/proposal.hpp"

#include "base/number.hpp"
#include "suggest/companions.hpp"
#include "suggest/entity_choice.hpp"
#include "suggest/long_table.hpp"
#include "suggest/wide_table.hpp"

#include <algorithm>
#include <map>

namespace fenqun::suggest {
namespace {

using warehouse::ContractSet;

class Proposer {
 public:
  Proposer(const Table& table, const ContractSet& contracts, const Surroundings& surroundings)
      : table_(table), contracts_(contracts), surroundings_(surroundings), unusable_(table.headers.size(), false) {
    for (std::size_t i = 0; i < table.headers.size(); ++i) {
      profiles_.push_back(profile_column(table.headers[i], i, table.columns[i]));
    }
    names_.push_back(table.file);
    if (!table.sheet.empty()) names_.push_back(table.sheet);
  }

  Proposal propose() {
    Proposal proposal;
    mark_unusable(proposal);
    TableFacts facts{names_, profiles_};
    for (const auto& shape : find_wide_shapes(profiles_, table_.columns)) {
      // A wide table's cells are too many to be compared with every field, and have no names to compare.
      auto unnamed = unusable_;
      for (const auto cell : shape.cells) unnamed[cell] = true;
      for (const auto total : shape.totals) unnamed[total] = true;
      const TableMatcher matcher(contracts_, profiles_, unnamed);
      facts.cell_middle = shape.middle;
      facts.cell_bound = daily_share(shape.kind);
      proposal.entries = propose_wide(shape, matcher, contracts_, facts, table_.columns);
      if (!proposal.entries.empty()) return completed(std::move(proposal), matcher, facts, &shape);
    }
    facts.cell_bound = 0;
    const TableMatcher matcher(contracts_, profiles_, unusable_);
    proposal.entries = propose_long(matcher, contracts_, facts, table_.columns);
    return completed(std::move(proposal), matcher, facts, nullptr);
  }

 private:
  /// Half of all homes use less than this; shown with the guess.
  static double daily_share(WideKind kind) {
    switch (kind) {
      case WideKind::QuarterHours:
        return 0.4;
      case WideKind::Hours:
        return 1.5;
      case WideKind::Months:
      case WideKind::MonthsOfYear:
        return 500;
      case WideKind::Days:
      case WideKind::DaysOfMonth:
      case WideKind::Customers:
        break;
    }
    return 30;
  }

  Proposal completed(Proposal proposal, const TableMatcher& matcher, const TableFacts& facts, const WideShape* shape) {
    if (!proposal.entries.empty()) {
      add_companions(proposal, matcher, contracts_, facts, table_.columns, surroundings_);
    }
    list_left(proposal, matcher, shape);
    return proposal;
  }

  void mark_unusable(Proposal& proposal) {
    std::map<std::string, std::size_t> counts;
    for (const auto& header : table_.headers) ++counts[header];
    for (std::size_t i = 0; i < table_.headers.size(); ++i) {
      const auto& header = table_.headers[i];
      const bool blank = profiles_[i].name.whole.empty();
      if (!blank && counts[header] == 1) continue;
      unusable_[i] = true;
      proposal.left.push_back({i, blank ? Reason{"suggest.left_blank", {}}
                                        : Reason{"suggest.left_twice", {{"count", std::to_string(counts[header])}}}});
    }
  }

  // Why nothing reads a column.
  void list_left(Proposal& proposal, const TableMatcher& matcher, const WideShape* shape) {
    std::vector<bool> read = unusable_;
    bool reads_cells = false;
    for (const auto& entry : proposal.entries) {
      for (const auto& field : entry.fields) {
        for (const auto column : field.columns) read[column] = true;
      }
      if (!entry.wide) continue;
      for (const auto& [column, name] : entry.wide->listed) read[column] = true;
      reads_cells = reads_cells || entry.wide->listed.empty();
    }
    if (shape != nullptr && reads_cells) {
      for (const auto cell : shape->cells) read[cell] = true;
    }
    for (std::size_t i = 0; i < table_.headers.size(); ++i) {
      if (!read[i]) proposal.left.push_back({i, reason_left(proposal, matcher, shape, i)});
    }
    std::stable_sort(proposal.left.begin(), proposal.left.end(),
                     [](const LeftColumn& a, const LeftColumn& b) { return a.column < b.column; });
  }

  static Reason unknown(const ColumnProfile& column) {
    constexpr double kMost = 0.9;
    if (column.is_empty()) return {"suggest.left_empty", {}};
    if (column.time_share >= kMost) return {"suggest.left_times", {{"example", column.examples.front()}}};
    if (column.number_share >= kMost) {
      return {"suggest.left_numbers", {{"least", shortest(column.least)}, {"greatest", shortest(column.greatest)}}};
    }
    return {"suggest.left_unknown", {{"count", std::to_string(column.distinct)}}};
  }

  Reason reason_left(const Proposal& proposal, const TableMatcher& matcher, const WideShape* shape,
                     std::size_t column) const {
    if (shape != nullptr && std::find(shape->totals.begin(), shape->totals.end(), column) != shape->totals.end()) {
      return {"suggest.left_total", {}};
    }
    const FieldMatch* nearest = nullptr;
    const KnownField* known = nullptr;
    for (const auto& entry : proposal.entries) {
      const auto* found = matcher.nearest(*entry.contract, column);
      if (found == nullptr || (nearest != nullptr && nearest->name_score >= found->second.name_score)) continue;
      known = found->first;
      nearest = &found->second;
    }
    constexpr double kNear = 0.6;
    if (nearest == nullptr || nearest->name_score < kNear) return unknown(profiles_[column]);
    const auto field = known->contract->entity + "." + known->field->name;
    for (const auto& entry : proposal.entries) {
      const auto* taken = entry.contract == known->contract ? entry.find(known->field->name) : nullptr;
      if (taken != nullptr && !taken->columns.empty() && nearest->value_score > 0) {
        return {"suggest.left_taken", {{"field", field}, {"column", table_.headers[taken->columns.front()]}}};
      }
    }
    return {"suggest.left_values", {{"field", field}}};
  }

  const Table& table_;
  const ContractSet& contracts_;
  const Surroundings& surroundings_;
  std::vector<ColumnProfile> profiles_;
  std::vector<std::string> names_;
  std::vector<bool> unusable_;
};

}  // namespace

const ProposedField* ProposedEntry::find(std::string_view field) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const ProposedField& f) { return f.field == field; });
  return found == fields.end() ? nullptr : &*found;
}

bool ProposedEntry::is_complete() const {
  return std::none_of(fields.begin(), fields.end(), [](const ProposedField& field) { return field.is_open; });
}

bool Proposal::is_complete() const {
  return !entries.empty() &&
         std::all_of(entries.begin(), entries.end(), [](const ProposedEntry& entry) { return entry.is_complete(); });
}

Proposal propose(const Table& table, const ContractSet& contracts, const Surroundings& surroundings) {
  return Proposer(table, contracts, surroundings).propose();
}

}  // namespace fenqun::suggest
