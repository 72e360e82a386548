// access/visible_data.hpp - the one place that says which customers and which values somebody may see. Level 2.
#pragma once

#include "access/viewer.hpp"
#include "warehouse/contract.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fenqun::access {

/// What one viewer may see of a workspace, as SQL over the views of its entities. Whoever answers a person reads data
/// of customers through it and nothing else (tests/lint/visible_data.py). The viewer's role, the rules and the
/// contracts must outlive it. Cheap to make; for one thread.
class VisibleData {
 public:
  VisibleData(const Viewer& viewer, const RoleSet& rules, const warehouse::ContractSet& contracts)
      : viewer_(viewer), rules_(rules), contracts_(contracts) {}

  /// How a field is seen: Public and Internal ones clear; others as the role says. Masked only where there is a mask.
  [[nodiscard]] Sight sight_of(const warehouse::Contract& contract, const warehouse::Field& field) const;
  /// Fields of an entity that are not clear.
  [[nodiscard]] std::vector<std::string> covered_fields(const warehouse::Contract& contract) const;
  /// May this person find customers by the field? Only by what is seen in clear.
  [[nodiscard]] bool may_search(std::string_view entity, std::string_view field) const;

  /// `(SELECT ...)`: the rows of an entity that are of customers in scope, with exactly the contract's columns, masked.
  /// Entities without a customer (units, lines, staff, days, prices) come whole, masked; outages of no single customer
  /// too. An unknown entity gives no row.
  [[nodiscard]] std::string rows_of(std::string_view entity) const;
  /// The same of one customer; no row where that one is out of scope.
  [[nodiscard]] std::string rows_of(std::string_view entity, std::string_view customer_id) const;
  /// `(SELECT customer_id ...)`: the customers in scope.
  [[nodiscard]] std::string customer_ids() const;
  /// A condition on the bare column: true for customers in scope. For tables of results (membership, assignment, wide).
  [[nodiscard]] std::string in_scope(const std::string& customer_id_column) const;
  /// A condition for a table whose rows belong to no customer by any column (quarantine): true for rows whose text
  /// names customers and none out of scope. Numbers that no customer has say nothing of whose a row is.
  [[nodiscard]] std::string names_own(const std::string& table, const std::string& text_column) const;
  /// The value of a field as this person may see it; for texts outside of tables (quarantine). Empty when left out.
  [[nodiscard]] std::string shown(const warehouse::Contract& contract, const warehouse::Field& field,
                                  const std::string& value) const;
  /// A count of customers in figures about groups: false when it is too small to be told.
  [[nodiscard]] bool may_tell(std::int64_t customers) const noexcept {
    return customers == 0 || customers >= rules_.smallest_cell;
  }
  /// Which of the counts that make up a total may be told: where a single one is too small, the next smallest is left
  /// out too, or it would be what the others leave of the total.
  [[nodiscard]] std::vector<bool> tellable(const std::vector<std::int64_t>& parts) const;

  [[nodiscard]] const Viewer& viewer() const noexcept { return viewer_; }
  [[nodiscard]] const RoleSet& rules() const noexcept { return rules_; }

 private:
  [[nodiscard]] std::string columns_of(const warehouse::Contract& contract) const;
  [[nodiscard]] std::string column_of(const warehouse::Contract& contract, const warehouse::Field& field) const;
  [[nodiscard]] std::string scope_condition() const;

  const Viewer& viewer_;
  const RoleSet& rules_;
  const warehouse::ContractSet& contracts_;
};

/// `(SELECT org_unit_id ...)`: these units and all below them.
std::string units_below(const std::vector<std::string>& units);

}  // namespace fenqun::access
