// cluster/balanced_kmeans.hpp - k-means whose groups may not be too small or too large, and what that costs.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "cluster/bounded_assignment.hpp"
#include "cluster/kmeans.hpp"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

/// Bounds from shares of n rows, 0..1 each: at least floor(least_share n), at most ceil(most_share n) rows.
/// Errors: InvalidArgument (a share outside 0..1, least above most).
Result<SizeBounds> bounds_of_shares(std::uint64_t rows, double least_share, double most_share);

struct BalancedFit {
  KMeansFit fit;            // sizes within the bounds, or as near as the penalty makes them; inertia without penalties
  double free_inertia = 0;  // of the k-means without bounds that it began from
  std::vector<std::uint64_t> free_sizes;  // k
  double price = 0;         // inertia / free_inertia - 1; 0 when both are 0, infinity when only free_inertia is;
                            // a little below 0 is possible: both are local optima
  std::uint64_t moved = 0;  // rows that are not in the group of their nearest centroid
};

/// Lloyd's rounds with the exact bounded assignment (assign_bounded) in the place of the nearest centroid: no round
/// raises the cost. Restart 0 begins at the centroids of fit_kmeans with the same options, restart r at those that
/// k-means++ draws from stream (seed, r); the least cost (inertia and penalties) wins, of equals the earliest. Same
/// rows and options, same bits, for any thread count. Time: rounds x (n k d + assign_bounded); memory 32 n k bytes.
/// Errors: as fit_kmeans and assign_bounded, and InvalidArgument (a distance other than Euclidean, row weights, missing
/// values). Source: Bradley, Bennett & Demiriz, MSR-TR-2000-65 (2000).
Result<BalancedFit> fit_balanced_kmeans(RowView<const float> rows, const KMeansOptions& options,
                                        const SizeBounds& bounds, WorkerPool& pool, const std::stop_token& stop = {});

/// Squared Euclidean distances of n x d rows to k x d centroids, added in double, n x k: the costs of
/// assign_balanced().
Matrix<double> squared_distances(RowView<const float> rows, RowView<const float> centroids, WorkerPool& pool);

/// Rows in the groups of centroids that are there: the last step of fit_balanced_kmeans(), from stored centroids.
/// Errors: as assign_bounded; InvalidArgument (columns differ).
Result<BoundedAssignment> assign_balanced(RowView<const float> rows, RowView<const float> centroids,
                                          const SizeBounds& bounds, WorkerPool& pool, const std::stop_token& stop = {});

}  // namespace fenqun::cluster
