// cluster/assign.hpp - places rows in the groups of a model that was fitted before.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"
#include "cluster/distance.hpp"

#include <cstdint>
#include <limits>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

/// next_labels of a model with a single group.
inline constexpr std::uint32_t kNoLabel = std::numeric_limits<std::uint32_t>::max();

struct AssignOptions {
  Distance distance = Distance::Euclidean;         // as the model was fitted
  MissingValues missing = MissingValues::Refused;  // as the model was fitted
  bool wants_next = true;                          // false: next_* stay empty, which is faster
};

/// n entries each.
struct Assignment {
  std::vector<std::uint32_t> labels;       // nearest centroid, of equals the lowest
  std::vector<float> distances;            // to that centroid: Euclidean (not squared), Manhattan, or 1 - cosine; with
                                           // missing values times the row's factor (its root where Euclidean)
  std::vector<std::uint32_t> next_labels;  // second nearest centroid; kNoLabel when there is only one
  std::vector<float> next_distances;       // to the second nearest; infinity when there is only one
};

/// Nearest and second nearest of k centroids (1..4096 x d) for each of n x d `rows`; n may be 0. Both in the scale the
/// model was fitted in. Time O(n k d). Same bits for any thread count.
/// Errors: InvalidArgument (no centroids or too many, columns differ, missing values with Cosine), BadData (NaN, Inf or
/// beyond +-1e16 in rows or centroids: names row and column; a row without values; with Cosine a row or centroid of
/// zeros), Cancelled (stop seen before the work begins).
Result<Assignment> assign_rows(RowView<const float> rows, RowView<const float> centroids, const AssignOptions& options,
                               WorkerPool& pool, const std::stop_token& stop = {});

/// With the default options.
Result<Assignment> assign_rows(RowView<const float> rows, RowView<const float> centroids, WorkerPool& pool,
                               const std::stop_token& stop = {});

}  // namespace fenqun::cluster
