// suggest/companions.hpp - further entities that a table holds beside the one that it is about. Level 3.
#pragma once

#include "suggest/entity_choice.hpp"
#include "suggest/made_field.hpp"

namespace fenqun::suggest {

/// Adds entries to a proposal that has its main one: another record that the same row tells of (a bill's payment), the
/// customers that a list of facts names, and the unknown numbers of a list of customers as attributes.
void add_companions(Proposal& proposal, const TableMatcher& matcher, const warehouse::ContractSet& contracts,
                    const TableFacts& facts, const Columns& columns, const Surroundings& surroundings);

}  // namespace fenqun::suggest
