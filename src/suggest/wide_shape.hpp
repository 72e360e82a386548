// suggest/wide_shape.hpp - tables with one column for each customer, day or month. Level 3.
#pragma once

#include "suggest/column_profile.hpp"
#include "suggest/field_match.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fenqun::suggest {

enum class WideKind {
  Customers,  // a row is a day, a column a customer
  Days,       // a row is a customer, a column a day
  Months,     // a row is a customer, a column a month
};

struct WideShape {
  WideKind kind = WideKind::Customers;
  std::vector<std::size_t> cells;   // columns whose cells are rows
  std::vector<std::size_t> totals;  // columns that sum the cells up
  std::vector<std::size_t> others;  // the rest
  std::string name_format;          // of days and months that strptime has to be told
  std::vector<Reason> reasons;
  double confidence = 0;
};

/// The cells of a sample by column.
using Columns = std::vector<std::vector<Cell>>;

/// Nothing where the table is not wide. `profiles` and `columns` are of the same columns in the same order.
std::optional<WideShape> find_wide_shape(std::span<const ColumnProfile> profiles, const Columns& columns);

}  // namespace fenqun::suggest
