// suggest/long_table.hpp - tables with one row for each record of an entity. Level 3.
#pragma once

#include "suggest/entity_choice.hpp"
#include "suggest/made_field.hpp"

#include <string>
#include <vector>

namespace fenqun::suggest {

/// One entry, or none where no entity fits.
std::vector<ProposedEntry> propose_long(const TableMatcher& matcher, const warehouse::ContractSet& contracts,
                                        const TableFacts& facts, const Columns& columns);

/// An entry from columns assigned to fields; required fields without one are made, guessed, or left open.
ProposedEntry make_entry(const warehouse::Contract& contract, const std::vector<Assignment>& assigned,
                         const TableMatcher& matcher, const TableFacts& facts);

/// The reading entity for times of this column: by day, by month, or by the step between points in time. Days that are
/// all the first of a month may be either: `otherwise`.
std::string reading_entity(const ColumnProfile& times, const std::vector<Cell>& cells, const std::string& otherwise);

}  // namespace fenqun::suggest
