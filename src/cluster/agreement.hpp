// cluster/agreement.hpp - how far two groupings of the same rows agree.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace fenqun::cluster {

/// How many rows carry label i in the first grouping and j in the second.
struct ContingencyTable {
  Matrix<std::uint64_t> counts;              // (highest label of first + 1) x (highest of second + 1)
  std::vector<std::uint64_t> first_totals;   // row sums of counts
  std::vector<std::uint64_t> second_totals;  // column sums of counts
  std::uint64_t total = 0;                   // n
};

/// Time O(n + table), memory 8 bytes a cell.
/// Errors: InvalidArgument (lengths differ, or more than 16,777,216 cells: labels are meant to count from 0), BadData
/// (no rows).
Result<ContingencyTable> contingency_table(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second);

/// 1 for the same grouping under any names, about 0 for chance, down to -0.5 for worse; 1 as well when both put all
/// rows into one group or each row into its own. Pair counts are exact integers up to 4,294,967,296 rows.
/// Source: Hubert & Arabie, J. Classification 2 (1985). See docs/math/indices.md.
double adjusted_rand_index(const ContingencyTable& table) noexcept;

/// The same from the labels. Errors: as contingency_table.
Result<double> adjusted_rand_index(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second);

}  // namespace fenqun::cluster
