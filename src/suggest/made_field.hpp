// suggest/made_field.hpp - required fields that no column gives: keys put together, constants the file lets guess.
// Level 3.
#pragma once

#include "suggest/proposal.hpp"

#include <span>
#include <string>
#include <vector>

namespace fenqun::suggest {

/// What a table says besides its columns' names.
struct TableFacts {
  std::vector<std::string> names;  // of the file and the sheet
  std::span<const ColumnProfile> profiles;
  double cell_middle = 0;  // wide: half of the customers use more than this in a cell's time
  double cell_bound = 0;   // what divides homes from the rest in that time; 0: the table is not wide
};

/// How a column stands in a mapping: `户号`, `{column: 日期, format: "%d/%m/%Y"}`, `{month_of: 日期}`,
/// `{date: 日期, time: 时间}`.
std::string source_text(const std::string& column, const ColumnSource& source);

/// An identifier put together of what the entry's rows say, so that the same row from another file is known again:
/// `{join: [customer_id, paid_on, {occurrence_of: [customer_id, paid_on]}]}`. `complete`: fields that no row lacks.
ProposedField made_key(const warehouse::Contract& contract, const warehouse::Field& field,
                       const std::vector<std::string>& complete);

/// A residential customer or not, as far as names, capacities, amounts or energies let guess: 0.5..0.75; open where
/// nothing does. `entry`: what was proposed for the table's main entity so far.
ProposedField guessed_category(const warehouse::Field& field, const TableFacts& facts, const ProposedEntry& entry);

/// `{constant: local}`: a file of one region's weather need not say which.
ProposedField guessed_region(const warehouse::Field& field);

/// The latest month of the table's dates, but for those on which something ends.
ProposedField guessed_month(const warehouse::Field& field, const TableFacts& facts);

/// Nothing says what it is.
ProposedField open_field(const warehouse::Field& field);

}  // namespace fenqun::suggest
