// cluster/kmeans.hpp - Lloyd's k-means on scaled feature rows.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

struct KMeansOptions {
  std::uint32_t cluster_count = 8;  // k, 1..4096 and <= rows
  std::uint32_t max_rounds = 100;   // per restart, >= 1
  std::uint32_t restarts = 8;       // >= 1; the least inertia wins, of equals the earliest
  double tolerance = 1e-4;          // stop once inertia falls by less than this fraction per round; 0 = to the end
  std::uint64_t seed = 1;
  Matrix<float> initial_centroids = {};  // k x d: start there, once; empty: k-means++
};

struct KMeansFit {
  Matrix<float> centroids;                 // k x d, same scale as the input columns
  std::vector<std::uint32_t> labels;       // n entries in [0, k): the nearest centroid, of equals the lowest
  std::vector<std::uint64_t> sizes;        // k entries, rows per group, all >= 1
  double inertia = 0;                      // sum of squared distances row - own centroid, added up in double
  bool converged = false;                  // false: max_rounds was the reason to stop
  std::uint32_t rounds = 0;                // assignments made by the winning restart
  std::uint32_t restart = 0;               // the restart that won, from 0
  std::uint64_t repaired = 0;              // emptied groups started anew, in the winning restart
  std::vector<double> inertia_by_round;    // of the winning restart, `rounds` entries
  std::vector<double> inertia_by_restart;  // `restarts` entries
};

/// Splits n x d `rows` into k groups of least total squared distance; an emptied group restarts at the row
/// farthest from its own centroid. A group is never empty at the end. Same rows and options give the same bits for
/// any thread count. Time O(n k d rounds restarts), memory n (two labelings and a distance) + 64 k d doubles.
/// Safe to call from several threads.
/// Errors: InvalidArgument (k, rounds, restarts, tolerance, the shape of initial_centroids or d > 65536), BadData (no
/// rows or columns; fewer distinct rows than k; NaN, Inf or beyond +-1e16: names row and column, both from 0),
/// Cancelled (stop seen between rounds).
/// Source: Lloyd 1982, IEEE Trans. IT 28(2); seeding: Arthur & Vassilvitskii, SODA 2007. See docs/math/kmeans.md.
Result<KMeansFit> fit_kmeans(RowView<const float> rows, const KMeansOptions& options, WorkerPool& pool,
                             const std::stop_token& stop = {});

}  // namespace fenqun::cluster
