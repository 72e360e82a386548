// features/preparation_rules.hpp - how data are prepared: what may be used, what is filled in, what is doubtful, who is
// not comparable. From config/preparation/preparation.yaml. Level 2.
#pragma once

#include "base/asset.hpp"
#include "base/texts.hpp"
#include "warehouse/contract.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fenqun::features {

/// A rule that fills in missing values. One with `value` gives (customer_id, value) for customers, of which those
/// without a value of `field` take it; one with `count` is part of another query and is only counted here.
struct ImputationRule {
  std::string name;
  std::string entity;  // "customer"
  std::string field;   // "industry"
  BilingualText title;
  std::string value;  // SQL over the customers as they were loaded; empty: see count
  std::string count;  // SQL that gives one row: filled, customers
};

/// Points out months of customers whose readings are doubtful.
struct OutlierRule {
  std::string name;
  BilingualText title;
  std::string found;  // SQL that gives (customer_id, month)
};

/// Why a customer cannot be compared with others.
struct ComparabilityRule {
  std::string code;
  BilingualText reason;
  std::string when;  // SQL condition on columns of the wide table
};

/// Immutable after create. SQL may name the placeholders of features/sql_template.hpp.
struct PreparationRules {
  warehouse::Sensitivity highest_sensitivity = warehouse::Sensitivity::Internal;
  std::map<std::string, BilingualText> exceptions;  // "customer.age": why features may use it all the same
  double mostly_empty_share = 1;                    // a field or feature emptier than this is pointed out
  std::map<std::string, std::string> settings;      // figures for ${setting:...}
  std::vector<ImputationRule> imputation;
  std::vector<OutlierRule> outliers;
  std::vector<ComparabilityRule> not_comparable;
  std::string origin;

  /// Errors: BadData naming file and line (a field that no contract has, a name twice, a rule of no known kind).
  static Result<PreparationRules> create(const AssetStore& assets, const warehouse::ContractSet& contracts);
  /// May features use this field?
  [[nodiscard]] bool allows(const std::string& entity, const warehouse::Field& field) const;
  /// Changes when a value could; not with titles.
  [[nodiscard]] std::string fingerprint() const;
};

}  // namespace fenqun::features
