// cluster/quality.hpp - how well a grouping separates the rows, by indices that look at every row.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>

namespace fenqun::cluster {

/// All from the groups' means, computed from rows and labels alone: any grouping can be measured, not only k-means.
struct ClusterQuality {
  double centroid_silhouette = 0;           // -1..1, higher is better; the simplified silhouette: distances to group
                                            // means instead of to all rows; a row alone in its group counts 0
  std::optional<double> calinski_harabasz;  // >= 0, higher is better; absent without spread inside groups, or k = n
  std::optional<double> davies_bouldin;     // >= 0, lower is better; absent when two group means coincide
  double smallest_share = 0;                // rows of the smallest group / n, 0..1
};

/// Measures the grouping of n x d `rows` by `labels` (n entries in [0, cluster_count), each group with a row).
/// Time O(n k d), memory n + 64 k d. Same bits for any thread count.
/// Errors: InvalidArgument (cluster_count not in 2..4096, number of labels differs from n, a label out of range, an
/// empty group), BadData (no rows; NaN, Inf or beyond +-1e16: names row and column), Cancelled.
/// Source: Hruschka, de Castro & Campello 2004 (simplified silhouette), after Rousseeuw, J. Comput. Appl. Math.
/// 20 (1987); Calinski & Harabasz, Commun. Stat. 3(1) (1974); Davies & Bouldin, IEEE Trans. PAMI 1(2) (1979).
/// See docs/math/indices.md.
Result<ClusterQuality> measure_quality(RowView<const float> rows, std::span<const std::uint32_t> labels,
                                       std::uint32_t cluster_count, WorkerPool& pool, const std::stop_token& stop = {});

}  // namespace fenqun::cluster
