// suggest/entity_choice.cpp
#include "suggest/entity_choice.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fenqun::suggest {
namespace {

using warehouse::Contract;
using warehouse::Field;
using warehouse::FieldType;

constexpr double kWorthTaking = 0.5;

}  // namespace

const Assignment* EntityChoice::find(std::string_view field) const {
  const auto found = std::find_if(assigned.begin(), assigned.end(),
                                  [&](const Assignment& a) { return a.known->field->name == field; });
  return found == assigned.end() ? nullptr : &*found;
}

TableMatcher::TableMatcher(const warehouse::ContractSet& contracts, std::span<const ColumnProfile> profiles,
                           std::vector<bool> unusable)
    : profiles_(profiles), unusable_(std::move(unusable)) {
  entities_.reserve(contracts.all().size());
  for (const auto& contract : contracts.all()) {
    auto& entity = entities_.emplace_back(Entity{&contract, known_fields(contract), {}, {}});
    for (const auto& column : profiles_) {
      if (unusable_[column.index]) continue;
      for (const auto& known : entity.fields) {
        auto match = match_field(column, known);
        if (match.name_score == 0) continue;
        const auto near = entity.nearest.find(column.index);
        if (near == entity.nearest.end() || near->second.second.name_score < match.name_score) {
          entity.nearest.insert_or_assign(column.index, std::pair(&known, match));
        }
        if (match.score >= kWorthTaking) entity.candidates.push_back({&known, column.index, std::move(match)});
      }
    }
    // Ties: the field that the contract names first, the column that the file has first.
    std::stable_sort(entity.candidates.begin(), entity.candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.match.score > b.match.score; });
  }
}

std::vector<Assignment> TableMatcher::assign(const Contract& contract, const std::vector<bool>& taken) const {
  std::vector<Assignment> out;
  std::vector<bool> used = taken;
  const auto entity =
      std::find_if(entities_.begin(), entities_.end(), [&](const Entity& e) { return e.contract == &contract; });
  for (const auto& candidate : entity->candidates) {
    const bool filled = std::any_of(out.begin(), out.end(),
                                    [&](const Assignment& a) { return a.known->field == candidate.known->field; });
    if (used[candidate.column] || filled) continue;
    used[candidate.column] = true;
    out.push_back({candidate.known, candidate.column, candidate.match});
  }
  return out;
}

// 1 for a column that only one entity knows, a tenth for one that ten know.
double TableMatcher::rarity(std::size_t column, double score) const {
  std::size_t knowing = 0;
  for (const auto& entity : entities_) {
    knowing += std::any_of(entity.candidates.begin(), entity.candidates.end(), [&](const Candidate& candidate) {
      return candidate.column == column && candidate.match.score >= score - 0.05;
    });
  }
  return 1.0 / static_cast<double>(std::max<std::size_t>(knowing, 1));
}

double TableMatcher::score(const Entity& entity, EntityChoice& choice, const std::vector<std::string>& names) const {
  double sum = 0;
  for (const auto& assigned : choice.assigned) {
    sum += assigned.match.score * rarity(assigned.column, assigned.match.score);
  }
  double whole = 1;
  for (const auto& field : entity.contract->fields) {
    if (!field.required || choice.find(field.name) != nullptr) continue;
    whole *= can_be_made(*entity.contract, field) ? 0.8 : 0.25;
  }
  const double likeness = name_likeness(*entity.contract, names);
  if (likeness > 0.5) {
    choice.reasons.push_back({"suggest.entity_name", {{"name", names.front()}}});
  }
  return (sum + 0.7 * likeness) * whole;
}

std::optional<EntityChoice> TableMatcher::choose(const std::vector<std::string>& names) const {
  std::optional<EntityChoice> best;
  double second = 0;
  for (const auto& entity : entities_) {
    EntityChoice choice{entity.contract, assign(*entity.contract, unusable_), 0, 0, {}};
    if (choice.assigned.empty()) continue;
    choice.score = score(entity, choice, names);
    if (!best || choice.score > best->score) {
      second = best ? best->score : 0;
      best = std::move(choice);
    } else {
      second = std::max(second, choice.score);
    }
  }
  constexpr double kLeast = 0.3;
  if (!best || best->score < kLeast) return std::nullopt;
  best->confidence = std::min(0.99, best->score / (best->score + second) * std::min(1.0, 0.55 + 0.3 * best->score));
  std::string fields;
  for (const auto& assigned : best->assigned) fields += (fields.empty() ? "" : ", ") + assigned.known->field->name;
  best->reasons.insert(best->reasons.begin(), {"suggest.entity_columns",
                                               {{"count", std::to_string(best->assigned.size())}, {"fields", fields}}});
  return best;
}

const std::pair<const KnownField*, FieldMatch>* TableMatcher::nearest(const Contract& contract,
                                                                      std::size_t column) const {
  const auto entity =
      std::find_if(entities_.begin(), entities_.end(), [&](const Entity& e) { return e.contract == &contract; });
  const auto found = entity->nearest.find(column);
  return found == entity->nearest.end() ? nullptr : &found->second;
}

bool can_be_made(const Contract& contract, const Field& field) {
  // A number of its own can be put together of what the row says.
  if (field.type == FieldType::Id && contract.key.size() == 1 && contract.key.front() == field.name) {
    return contract.entity != "customer" && contract.entity != "org_unit" && contract.entity != "line" &&
           contract.entity != "staff";
  }
  if (contract.entity == "customer") return field.name == "category";
  if (contract.entity == "weather_day") return field.name == "region";
  return false;
}

double name_likeness(const Contract& contract, const std::vector<std::string>& names) {
  double best = 0;
  auto known = contract.synonyms;
  known.insert(known.end(), {contract.entity, contract.title.zh, contract.title.en});
  for (const auto& name : names) {
    const auto header = read_header(name);
    for (const auto& one : known) best = std::max(best, compare_names(header, read_header(one)).score);
  }
  return best;
}

}  // namespace fenqun::suggest
