// suggest/entity_choice.hpp - which entity a table is about, and which of its columns are which fields. Level 3.
#pragma once

#include "suggest/proposal.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace fenqun::suggest {

struct Assignment {
  const KnownField* known = nullptr;
  std::size_t column = 0;
  FieldMatch match;
};

struct EntityChoice {
  const warehouse::Contract* contract = nullptr;
  std::vector<Assignment> assigned;  // one column for a field, one field for a column
  double score = 0;
  double confidence = 0;  // set for the entity that was chosen
  std::vector<Reason> reasons;

  [[nodiscard]] const Assignment* find(std::string_view field) const;
};

/// Contracts with their names made ready once, and the profiles of a table's columns.
class TableMatcher {
 public:
  /// Columns of `unusable` take no part. The arguments must outlive it.
  TableMatcher(const warehouse::ContractSet& contracts, std::span<const ColumnProfile> profiles,
               std::vector<bool> unusable);

  /// Fields of one entity from the columns that are not `taken`, best matches first.
  [[nodiscard]] std::vector<Assignment> assign(const warehouse::Contract& contract,
                                               const std::vector<bool>& taken) const;
  /// The entity that says most about the columns which other entities do not; nothing where no column says anything.
  /// `names`: of the file and the sheet.
  [[nodiscard]] std::optional<EntityChoice> choose(const std::vector<std::string>& names) const;
  /// The best match of a column among the fields of one entity; null where it bears no likeness to any.
  [[nodiscard]] const std::pair<const KnownField*, FieldMatch>* nearest(const warehouse::Contract& contract,
                                                                        std::size_t column) const;
  [[nodiscard]] bool is_usable(std::size_t column) const { return !unusable_[column]; }
  [[nodiscard]] std::span<const ColumnProfile> profiles() const noexcept { return profiles_; }

 private:
  struct Candidate {
    const KnownField* known;
    std::size_t column;
    FieldMatch match;
  };
  struct Entity {
    const warehouse::Contract* contract;
    std::vector<KnownField> fields;
    std::vector<Candidate> candidates;  // best first
    std::map<std::size_t, std::pair<const KnownField*, FieldMatch>> nearest;
  };
  [[nodiscard]] double score(const Entity& entity, EntityChoice& choice, const std::vector<std::string>& names) const;
  [[nodiscard]] double rarity(std::size_t column, double score) const;

  std::span<const ColumnProfile> profiles_;
  std::vector<bool> unusable_;
  std::vector<Entity> entities_;
};

/// Whether a required field without a column can be made: from other fields, from a date, or as a constant.
bool can_be_made(const warehouse::Contract& contract, const warehouse::Field& field);

/// How much of `names` is a name of the entity: 0..1.
double name_likeness(const warehouse::Contract& contract, const std::vector<std::string>& names);

}  // namespace fenqun::suggest
