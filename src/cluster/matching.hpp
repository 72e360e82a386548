// cluster/matching.hpp - pairs two sets so that the pairs are worth most.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <limits>
#include <vector>

namespace fenqun::cluster {

/// Stands where a row or group has no partner.
inline constexpr std::uint32_t kUnmatched = std::numeric_limits<std::uint32_t>::max();

/// For each row of `worth` (a x b, a and b up to 4096) the column it is paired with, or kUnmatched: min(a, b) pairs,
/// each row and column in one at most, of the greatest total. Same input, same pairs. Time O(s² l) for the shorter side
/// s and the longer l, memory O(a b). Errors: InvalidArgument (a or b above 4096), BadData (NaN or Inf: names row and
/// column). Source: shortest augmenting paths, Jonker & Volgenant, Computing 38 (1987); Kuhn, Nav. Res. Log. Q. 2
/// (1955).
Result<std::vector<std::uint32_t>> best_matching(RowView<const double> worth);

}  // namespace fenqun::cluster
