// suggest/wide_table.hpp - entries for tables with one column for each customer, hour, day or month. Level 3.
#pragma once

#include "suggest/entity_choice.hpp"
#include "suggest/made_field.hpp"

#include <vector>

namespace fenqun::suggest {

/// The readings, and the customers that the header lists. Nothing where the rows do not say whose or when they are.
std::vector<ProposedEntry> propose_wide(const WideShape& shape, const TableMatcher& matcher,
                                        const warehouse::ContractSet& contracts, const TableFacts& facts,
                                        const Columns& columns);

}  // namespace fenqun::suggest
