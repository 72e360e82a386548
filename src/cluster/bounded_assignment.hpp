// cluster/bounded_assignment.hpp - the cheapest way to put rows into groups that must be neither too small nor too
// large. Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

/// How many rows a group may have. Without `penalty` the bounds hold; with it (> 0, in units of cost) each row that a
/// group has too few or too many costs that much, and the cheapest mixture is found.
struct SizeBounds {
  std::uint64_t least = 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  std::optional<double> penalty = {};
};

struct BoundedAssignment {
  std::vector<std::uint32_t> labels;  // n, in [0, k)
  std::vector<std::uint64_t> sizes;   // k
  double cost = 0;                    // sum of costs(row, label), without penalties
  std::uint64_t moved = 0;            // rows that are not in their cheapest group
};

/// Exact: a minimum-cost flow from rows through groups, found by shortest augmenting paths in the graph of groups,
/// whose edge from g to h is the row of g that h takes at the least extra cost. `costs` n x k, k in 1..4096. Same
/// input, same bits. Time O(n k) and O(k² + k log n) for each row that has to move; memory 16 n k bytes. Errors:
/// InvalidArgument (bounds that no sizes can meet - names n, k and both -, penalty not above 0), BadData (no rows or
/// columns; NaN, Inf: names row and column), Cancelled. Source: Ahuja, Magnanti & Orlin, Network Flows (1993), ch. 9;
/// on k-means: Bradley, Bennett & Demiriz, MSR-TR-2000-65.
Result<BoundedAssignment> assign_bounded(RowView<const double> costs, const SizeBounds& bounds,
                                         const std::stop_token& stop = {});

/// What a place costs a row besides its own cost, once all others keep to the bounds as cheaply as they can: entry
/// (own, g), k x k, is what the others pay more when a row of group own goes to g (0 on the diagonal; below 0: they
/// save). A row of group `own` whose costs alone become c belongs to the group with the least c[g] + price(own, g);
/// with the row changed, assign_bounded() puts it there. `labels` are those that assign_bounded() gave for `costs` and
/// `bounds`, without a penalty. Infinity: nobody can make room. Time O(n k + k³). Errors: InvalidArgument (labels of
/// another number or beyond k; a penalty), Source: as above, the residual graph.
Result<Matrix<double>> bounded_prices(RowView<const double> costs, const SizeBounds& bounds,
                                      const std::vector<std::uint32_t>& labels);

}  // namespace fenqun::cluster
