// suggest/wide_shape.hpp - tables with one column for each customer, hour, day or month. Level 3.
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
  Days,          // a row is a customer, a column a day with its year
  Months,        // a row is a customer, a column a month with its year
  QuarterHours,  // a row is a customer on a day, a column a part of it
  Hours,
  DaysOfMonth,   // a row is a customer in a month, a column a day of it
  MonthsOfYear,  // a row is a customer in a year, a column a month of it
  Customers,     // a row is a day, a column a customer
};

struct WideShape {
  WideKind kind = WideKind::Customers;
  std::vector<std::size_t> cells;   // columns whose cells are rows
  std::vector<std::size_t> totals;  // columns that sum the cells up
  std::vector<std::size_t> others;  // the rest
  std::string name_format;          // of days and months that strptime has to be told
  std::string series;               // as ingest finds the columns by itself: "hours"; empty where it does not
  double middle = 0;                // median of the cells' medians
  std::vector<Reason> reasons;
  double confidence = 0;
};

/// The cells of a sample by column.
using Columns = std::vector<std::vector<Cell>>;

/// Every way in which the table can be taken for a wide one, the likelier first. `profiles` and `columns` are of the
/// same columns in the same order.
std::vector<WideShape> find_wide_shapes(std::span<const ColumnProfile> profiles, const Columns& columns);

}  // namespace fenqun::suggest
