// suggest/long_table.cpp
#include "suggest/long_table.hpp"

#include <algorithm>
#include <numeric>

namespace fenqun::suggest {
namespace {

using warehouse::Contract;
using warehouse::ContractSet;
using warehouse::Field;
using warehouse::FieldType;

bool is_time(const Field& field) {
  return field.type == FieldType::Date || field.type == FieldType::Timestamp || field.type == FieldType::Month;
}

class EntryMaker {
 public:
  EntryMaker(const Contract& contract, const std::vector<Assignment>& assigned, const TableMatcher& matcher,
             const TableFacts& facts)
      : contract_(contract), assigned_(assigned), matcher_(matcher), facts_(facts) {
    entry_.contract = &contract;
  }

  ProposedEntry make() {
    for (const auto& assigned : assigned_) entry_.fields.push_back(from_column(assigned));
    const Field* key = nullptr;
    for (const auto& field : contract_.fields) {
      if (!field.required || entry_.find(field.name) != nullptr) continue;
      const bool is_key = contract_.key.size() == 1 && contract_.key.front() == field.name;
      if (is_key && field.type == FieldType::Id && can_be_made(contract_, field)) {
        key = &field;  // last: it is made of the others
      } else {
        entry_.fields.push_back(made(field));
      }
    }
    if (key != nullptr) entry_.fields.push_back(made_key(contract_, *key, complete_fields()));
    sort_fields();
    return std::move(entry_);
  }

 private:
  ProposedField from_column(const Assignment& assigned) const {
    const auto& column = matcher_.profiles()[assigned.column];
    auto source = assigned.match.source;
    ProposedField field{assigned.known->field->name,          {assigned.column},      "",
                        std::min(0.99, assigned.match.score), assigned.match.reasons, false};
    if (assigned.known->field->type == FieldType::Timestamp) complete_time(assigned, column, source, field);
    field.source = source_text(column.name.text, source);
    return field;
  }

  // A day and a time of day in two columns, and times that name the end of what they measure.
  void complete_time(const Assignment& assigned, const ColumnProfile& column, ColumnSource& source,
                     ProposedField& field) const {
    if (column.has_end_of_day && contract_.area == warehouse::Area::Energy) {
      source.every = contract_.entity == "reading_hour" ? "hour" : "quarter_hour";
      field.reasons.push_back({"suggest.times_end", {}});
    }
    if (column.is_empty() || column.time_kind != TimeKind::Day || column.has_time_of_day) return;
    const auto* clock = clock_beside(*assigned.known);
    if (clock == nullptr) return;
    source.time = clock->name.text;
    field.columns.push_back(clock->index);
    field.confidence = std::max(field.confidence, 0.85);
    field.reasons.push_back({"suggest.time_beside", {{"column", clock->name.text}}});
  }

  /// The column of times of day whose name is that of the field, or the only one.
  [[nodiscard]] const ColumnProfile* clock_beside(const KnownField& known) const {
    const ColumnProfile* best = nullptr;
    double best_score = 0;
    std::size_t clocks = 0;
    for (const auto& column : matcher_.profiles()) {
      const bool taken = std::any_of(assigned_.begin(), assigned_.end(),
                                     [&](const Assignment& a) { return a.column == column.index; });
      if (taken || column.clock_share < 0.9 || !matcher_.is_usable(column.index)) continue;
      ++clocks;
      double score = 0;
      for (const auto& name : known.names) score = std::max(score, compare_names(column.name, name).score);
      if (best != nullptr && score <= best_score) continue;
      best = &column;
      best_score = score;
    }
    return clocks == 1 || best_score >= 0.5 ? best : nullptr;
  }

  ProposedField made(const Field& field) const {
    if (is_time(field)) {
      if (auto found = month_of_other(field)) return *found;
      if (auto found = only_times(field)) return *found;
    }
    if (contract_.entity == "customer" && field.name == "category") return guessed_category(field, facts_, entry_);
    if (contract_.entity == "weather_day" && field.name == "region") return guessed_region(field);
    return open_field(field);
  }

  // A bill that says when it was issued but not for which month.
  std::optional<ProposedField> month_of_other(const Field& field) const {
    if (field.type != FieldType::Month) return std::nullopt;
    for (const auto& assigned : assigned_) {
      const auto& column = matcher_.profiles()[assigned.column];
      const bool day =
          assigned.known->field->type == FieldType::Date || assigned.known->field->type == FieldType::Timestamp;
      if (!day || column.filled < column.rows) continue;
      ColumnSource source = assigned.match.source;
      source.month_of = true;
      return ProposedField{field.name,
                           {assigned.column},
                           source_text(column.name.text, source),
                           0.45,
                           {{"suggest.made_month_of", {{"column", column.name.text}}}},
                           false};
    }
    return std::nullopt;
  }

  // The only column of days can only be the day.
  std::optional<ProposedField> only_times(const Field& field) const {
    const ColumnProfile* only = nullptr;
    for (const auto& column : matcher_.profiles()) {
      const bool taken = std::any_of(assigned_.begin(), assigned_.end(),
                                     [&](const Assignment& a) { return a.column == column.index; });
      if (taken || column.is_empty() || column.time_share < 0.95 || column.is_bare_time) continue;
      if (only != nullptr) return std::nullopt;
      only = &column;
    }
    if (only == nullptr) return std::nullopt;
    ColumnSource source;
    std::vector<Reason> reasons = {{"suggest.only_times", {{"column", only->name.text}}}};
    const double score = match_values(*only, field, reasons, source);
    if (score == 0) return std::nullopt;
    return ProposedField{field.name, {only->index}, source_text(only->name.text, source), 0.45 * score, reasons, false};
  }

  /// Fields that have a value in every row of the sample.
  [[nodiscard]] std::vector<std::string> complete_fields() const {
    std::vector<std::string> names;
    for (const auto& field : entry_.fields) {
      const bool filled = std::all_of(field.columns.begin(), field.columns.end(), [&](std::size_t column) {
        const auto& profile = matcher_.profiles()[column];
        return profile.filled == profile.rows;
      });
      if (!field.is_open && (filled || contract_.find(field.field)->required)) names.push_back(field.field);
    }
    return names;
  }

  void sort_fields() {
    const auto place = [&](const ProposedField& field) {
      return contract_.find(field.field) - contract_.fields.data();
    };
    std::stable_sort(entry_.fields.begin(), entry_.fields.end(),
                     [&](const ProposedField& a, const ProposedField& b) { return place(a) < place(b); });
  }

  const Contract& contract_;
  const std::vector<Assignment>& assigned_;
  const TableMatcher& matcher_;
  const TableFacts& facts_;
  ProposedEntry entry_;
};

}  // namespace

std::string reading_entity(const ColumnProfile& times, const std::vector<Cell>& cells, const std::string& otherwise) {
  if (times.time_kind == TimeKind::Month) return "reading_month";
  if (times.only_first_days && !times.has_time_of_day) return otherwise;
  if (!times.has_time_of_day) return "reading_day";
  int step = 0;
  for (const auto& cell : cells) {
    if (const auto time = cell ? read_time(*cell) : std::nullopt) step = std::gcd(step, time->minute);
  }
  return step % 60 == 0 ? "reading_hour" : "reading_quarter_hour";
}

ProposedEntry make_entry(const Contract& contract, const std::vector<Assignment>& assigned, const TableMatcher& matcher,
                         const TableFacts& facts) {
  return EntryMaker(contract, assigned, matcher, facts).make();
}

std::vector<ProposedEntry> propose_long(const TableMatcher& matcher, const ContractSet& contracts,
                                        const TableFacts& facts, const Columns& columns) {
  auto choice = matcher.choose(facts.names);
  if (!choice) return {};
  const auto* time =
      choice->contract->area == warehouse::Area::Energy ? choice->find(choice->contract->month_field) : nullptr;
  if (time != nullptr && !matcher.profiles()[time->column].is_empty()) {
    const auto& profile = matcher.profiles()[time->column];
    const auto* exact = contracts.find(reading_entity(profile, columns[time->column], choice->contract->entity));
    if (exact != nullptr && exact != choice->contract) {
      choice->contract = exact;
      choice->assigned = matcher.assign(*exact, std::vector<bool>(facts.profiles.size(), false));
    }
    choice->reasons.push_back({"suggest.reading_step", {{"column", profile.name.text}}});
  }
  auto entry = make_entry(*choice->contract, choice->assigned, matcher, facts);
  entry.confidence = choice->confidence;
  entry.reasons = choice->reasons;
  return {std::move(entry)};
}

}  // namespace fenqun::suggest
