// ingest/number_sql.hpp - SQL that reads exact decimals from texts as offices write them. Level 2.
#pragma once

#include "ingest/text_sql.hpp"

#include <string>
#include <vector>

namespace fenqun::ingest {

/// What a number is to become.
struct NumberTarget {
  const warehouse::Field* field = nullptr;  // Integer or Decimal
  std::string factor;                       // exact decimal by which the column's numbers are multiplied; empty: 1
  bool unit_is_known = true;  // false: the factor is of the mapping's making, and a unit at a value means nothing to it
};

/// DECIMAL of an SQL text, NULL where there is none: 1234.5, 1,234.50, 1 234.50, (1,234.50), 1,234.50-, 1.23E+05,
/// ¥12, 12元, 1.2万, 3MWh, 45% and all of that in full width. Exact: never through a binary fraction. A number with two
/// readings (1.234,50) has none. Whole-number fields keep three digits after the point, for a rule to see a fraction.
/// Cost: one cast where the text is plain.
std::string number_sql(const NumberTarget& target, const std::string& text, const Reading& reading);

/// "unknown_unit", "bad_number".
std::vector<Misreading> number_misreadings(const NumberTarget& target, const std::string& text, const Reading& reading);

/// The same of a column that holds numbers already.
std::string scaled_sql(const NumberTarget& target, const std::string& number);

}  // namespace fenqun::ingest
