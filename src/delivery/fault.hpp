// delivery/fault.hpp - what can be wrong with a row, and what is to become of it. Level 4.
#pragma once

#include "base/random.hpp"
#include "delivery/style.hpp"
#include "warehouse/contract.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::delivery {

enum class Fault : std::uint8_t {
  ImpossibleDate,   // 2026-02-30
  TwoDigitYear,     // 26-3-1
  Negative,         // below the least the field may be
  TooLarge,         // above the most
  BadNumber,        // 1.234,5
  UnknownUnit,      // 12斤
  UnknownCode,      // 其它类
  MissingRequired,  // an empty cell
  ScientificId,     // 6.13E+09
  ExtraColumn,      // a text with the delimiter that nobody quoted
  MissingColumns,   // a line that ends early
  CutLastLine,      // the file's last line, cut
  BrokenJson,       // a line of JSON that was cut
  DuplicateInFile,  // the row twice, in two styles
  Conflict,         // its key again with another content
  Orphan,           // a row of a customer that nobody knows
  Gap,              // the row is not there: a day without reading
  LongGap,          // as many days as nobody may fill in
  Spike,            // a reading a hundred times too large
  Rollover          // a reading of nearly ten thousand: the register began anew
};

struct FaultTraits {
  Fault fault;
  std::string_view name;    // in the plan and the manifest
  std::string_view reason;  // of the quarantine; empty: the row is not rejected
};
const FaultTraits& traits_of(Fault fault) noexcept;
std::optional<Fault> parse_fault(std::string_view name) noexcept;

/// The columns of a delivery, as far as faults ask.
using Fields = std::vector<const warehouse::Field*>;

/// A row with one cell made wrong.
struct Damage {
  std::size_t column = 0;  // of the row
  OutCell cell;
};

/// Chooses the cell and makes it wrong; nothing: the columns have no place for such a fault. Key columns stay whole, so
/// that the row can be told by its key, unless there is no other place.
std::optional<Damage> damage(Fault fault, const Fields& fields, const std::vector<std::string>& key,
                             const std::vector<Canonical>& row, Random& random);

/// Reason of the quarantine for a fault in `field`.
std::string reason_for(Fault fault, const warehouse::Field& field);

/// Another value that the field may have, for corrections: Decimal, Text, Boolean and Code; others stay as they are.
Canonical altered(const warehouse::Field& field, const Canonical& value);

/// A day's energy that is doubtful: Spike or Rollover.
Canonical swollen(Fault fault, const Canonical& value);

/// Which rows of `rows` get which fault: for each the number that `share` of the rows makes, at least `weight` and not
/// more than a quarter of all rows together; every row at most one. Same arguments, same choice.
std::map<std::int64_t, Fault> choose_rows(const std::vector<std::pair<Fault, double>>& faults, std::int64_t rows,
                                          double share, Random random);

}  // namespace fenqun::delivery
