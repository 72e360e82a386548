// cluster/kmeans.hpp - Lloyd's k-means on scaled feature rows.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"
#include "cluster/distance.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

/// Where the centroids begin.
enum class StartMethod : std::uint8_t {
  PlusPlus,  // k-means++: k - 1 passes over the rows
  Parallel   // k-means||: five passes draw some 10 k candidates, k-means++ on those; the faster one for a large k
};

/// Whether rows that cannot have changed their group are passed over. The groups are the same either way.
enum class Pruning : std::uint8_t { Auto, Off };

/// One round, as it was just done.
struct KMeansRound {
  std::uint32_t restart = 0;   // from 0
  std::uint32_t round = 0;     // from 1
  double inertia = 0;          // after the assignment
  std::uint64_t changed = 0;   // rows that changed their group; all of them in round 1
  std::uint64_t searched = 0;  // rows whose values were looked at
  std::uint64_t repaired = 0;  // emptied groups started anew
};

struct KMeansOptions {
  std::uint32_t cluster_count = 8;  // k, 1..4096 and <= rows
  std::uint32_t max_rounds = 100;   // per restart, >= 1
  std::uint32_t restarts = 8;       // >= 1; the least inertia wins, of equals the earliest
  double tolerance = 1e-4;  // 0 <= t < 1: stop once inertia falls by less than this fraction per round; 0 = to the end
  std::uint64_t seed = 1;
  Matrix<float> initial_centroids = {};  // k x d: start there, once; empty: by `start`
  StartMethod start = StartMethod::PlusPlus;
  Distance distance = Distance::Euclidean;
  MissingValues missing = MissingValues::Refused;
  std::span<const float> row_weights = {};  // n, 0..1e6, one above 0; empty: all 1. Must outlive the call. Weights of
                                            // columns are part of the scaling (scaling.hpp).
  Pruning pruning = Pruning::Auto;
  std::function<void(const KMeansRound&)> on_round = {};  // after each round, from the calling thread
};

/// Values that were missing, with MissingValues::PartialDistance.
struct MissingReport {
  std::uint64_t values = 0;
  std::uint64_t rows = 0;                // with at least one
  std::vector<std::uint64_t> by_column;  // d entries; empty when missing values are refused
};

struct KMeansFit {
  Matrix<float> centroids;                 // k x d, same scale as the input columns (Cosine: unit vectors)
  Matrix<float> start;                     // k x d: where the winning restart began, group by group
  std::vector<std::uint32_t> labels;       // n entries in [0, k): the nearest centroid, of equals the lowest
  std::vector<std::uint64_t> sizes;        // k entries, rows per group, all >= 1
  double inertia = 0;                      // sum of distances row - own centroid (Euclidean: squared), each times the
                                           // row's weight and its factor for missing values, added up in double
  bool converged = false;                  // false: max_rounds was the reason to stop
  std::uint32_t rounds = 0;                // assignments made by the winning restart
  std::uint32_t restart = 0;               // the restart that won, from 0
  std::uint64_t repaired = 0;              // emptied groups started anew, in the winning restart
  std::vector<KMeansRound> log;            // of the winning restart, `rounds` entries
  std::vector<double> inertia_by_round;    // the same, inertia alone
  std::vector<double> inertia_by_restart;  // `restarts` entries
  MissingReport missing;
};

/// Splits n x d `rows` into k groups of least inertia; an emptied group restarts at the row that adds most to it. A
/// group is never empty at the end: each has a row of weight above 0. Same rows and options give the same bits for any
/// thread count and level of instructions. Time O(n k d rounds restarts), less where pruning finds rows that stay;
/// memory 12 n bytes + 64 k d doubles, with pruning up to n (d + 6) more, with Cosine also a copy of the rows.
/// Safe to call from several threads.
/// Errors: InvalidArgument (k, rounds, restarts, tolerance, row_weights, the shape of initial_centroids, d > 65536,
/// missing values with Cosine), BadData (no rows or columns; fewer distinct rows than k: those at distance 0 are the
/// same, by missing values or because they differ by less than about 1e-22; NaN, Inf or beyond +-1e16: names row and
/// column, both from 0; a row or column without values; a row of zeros with Cosine), Cancelled (stop seen between
/// rounds).
/// Source: Lloyd 1982, IEEE Trans. IT 28(2); seeding: Arthur & Vassilvitskii, SODA 2007; Bahmani et al., PVLDB 5(7)
/// (2012); pruning: Hamerly, SDM 2010. See docs/math/kmeans.md.
Result<KMeansFit> fit_kmeans(RowView<const float> rows, const KMeansOptions& options, WorkerPool& pool,
                             const std::stop_token& stop = {});

}  // namespace fenqun::cluster
