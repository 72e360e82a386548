// ingest/units.hpp - units that lead to those of the contracts. Level 2.
#pragma once

#include "warehouse/contract.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::ingest {

/// The unit of a field's values: the contract's, or "share" for a field called so (0.25 and 25 %).
std::string unit_of(const warehouse::Field& field);

/// The exact factor from `unit` to the contract's `base` unit: ("MWh", "kWh") -> "1000". Nothing when there is none.
std::optional<std::string> unit_factor(std::string_view unit, std::string_view base);

/// How a value may be written with its unit, and what that makes of the number: number * multiplier * 10 ^ shift.
struct UnitSuffix {
  std::string text;  // "万kWh", "元", "万" ...; letters A to Z as usual, to be compared in either case
  int shift = 0;
  int multiplier = 1;
  bool has_unit = true;  // false: a mere 千, 万, 亿, which leaves the unit to the column
};

/// All of them for values in `base`. No two agree but for the case of letters.
std::vector<UnitSuffix> unit_suffixes(std::string_view base);

/// The units among them, for a message: "kWh, Wh, MWh, 度 ...".
std::vector<std::string> unit_names(std::string_view base);

}  // namespace fenqun::ingest
