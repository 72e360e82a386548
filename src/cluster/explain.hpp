// cluster/explain.hpp - why a row is in its group and what would move it out.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fenqun::cluster {

/// What one feature says for the own centre against the next.
struct FeatureReason {
  std::uint32_t column = 0;
  double contribution = 0;  // (x - next)² - (x - own)² in this column, scaled units²; below 0: speaks for the next
};

/// The change of a single feature that brings the row to the border of another group.
struct FeatureMove {
  double change = 0;       // added to the row's scaled value, with its sign
  std::uint32_t into = 0;  // the group at the border
};

/// The shortest way out of the group.
struct RowMove {
  double distance = 0;         // Euclidean, scaled units, >= 0
  std::uint32_t into = 0;      // the group at the border
  std::vector<double> change;  // d, added to the scaled row
};

struct RowExplanation {
  std::uint32_t own = 0;    // nearest centre, of equals the lowest; with prices the cheapest
  std::uint32_t next = 0;   // second nearest, with prices second cheapest
  double own_distance = 0;  // Euclidean
  double next_distance = 0;
  std::vector<FeatureReason> reasons;  // d, greatest contribution first, of equals the lower column; their
                                       // sum is next_distance² - own_distance²
  RowMove shortest;
  std::vector<std::optional<FeatureMove>> by_feature;  // d; absent: no change of this feature alone moves the row
};

/// Explains one scaled row against k >= 2 centres (k x d) of Euclidean k-means. Exact: groups are the cells
/// of points nearest to a centre, a cell is bounded by the planes half-way to other centres, and the border is where
/// two distances are equal; a hair beyond it the row belongs to `into` (of equal ways out, to the lowest such group).
/// Which of the other centres lies at the shortest way out need not be the second nearest. Time O(k d), double
/// precision.
/// With `prices` (k, or none) a row belongs where squared distance plus price is least, as where the sizes of groups
/// are bounded (bounded_prices()): the borders are planes as well, moved by the prices; `reasons` then add up to the
/// difference of the squared distances alone.
/// Errors: InvalidArgument (k < 2 or > 4096, columns or prices differ in number), BadData (NaN, Inf or beyond +-1e16 in
/// row or centres: names row and column, the row to explain being 0; another centre equals the own).
Result<RowExplanation> explain_row(std::span<const float> row, RowView<const float> centroids,
                                   std::span<const double> prices = {});

}  // namespace fenqun::cluster
