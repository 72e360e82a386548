// delivery/wide_shape.hpp - how rows lie in a table with a column for each day, customer, hour or quarter. Level 4.
#pragma once

#include "delivery/header.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace fenqun::delivery {

/// Fields of the delivery are customer, time, measure.
class WideShape {
 public:
  /// `values`: the customers that have a column, or the days, in their order and canonical form; not looked at where
  /// the columns are hours, quarters or the days of a month.
  static WideShape create(const DeliverySpec& spec, const Fields& fields, const std::vector<std::string>& values,
                          Random& random);

  /// Which record a row belongs to, as text that differs between records.
  [[nodiscard]] std::string record_of(const std::vector<Canonical>& row) const;
  /// Its column among the cells, 0-based.
  [[nodiscard]] std::size_t column_of(const std::vector<Canonical>& row) const;
  /// What stands before the cells.
  [[nodiscard]] std::vector<OutCell> kept_of(const std::vector<Canonical>& row, Random& random) const;
  [[nodiscard]] const std::vector<HeaderCell>& kept() const noexcept { return kept_; }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

 private:
  WideShape(const DeliverySpec& spec, const Fields& fields) : spec_(&spec), fields_(&fields) {}
  const DeliverySpec* spec_;
  const Fields* fields_;
  std::vector<HeaderCell> kept_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> place_;  // of a value; empty where the column follows from the time
};

/// The rest of the mapping, from `wide:` on.
std::string wide_mapping(const DeliverySpec& spec, const Fields& fields, const std::vector<HeaderCell>& header);

}  // namespace fenqun::delivery
