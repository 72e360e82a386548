// segment/rule_order.hpp - which rows of a decision table nobody can reach, because rows before them take everybody.
// Level 3, inside the room.
#pragma once

#include "segment/expression.hpp"

#include <cstddef>
#include <vector>

namespace fenqun::segment {

struct Unreachable {
  std::size_t rule = 0;
  std::vector<std::size_t> because;  // earlier rules that take all of it; empty: it can never hold by itself
};

/// What can be proved from the rules alone: comparisons of a feature with constants, `in`, missing or not, and whatever
/// is written alike, joined by and, or, not. What it does not name may still be out of reach. Cost: grows with the
/// number of alternatives of each rule, of which at most 256 are looked at; a rule with more is left alone.
std::vector<Unreachable> unreachable_rules(const std::vector<const Expression*>& rules);

}  // namespace fenqun::segment
