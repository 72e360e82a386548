// cluster/silhouette.hpp - the true silhouette, over all pairs of a stratified sample, with an interval.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

struct SilhouetteOptions {
  /// m, 2..100,000: rows drawn in all, from each group in proportion to its size, but no fewer than 20 (or all it has).
  /// n or more: every row, and the result is exact.
  std::uint32_t sample_rows = 3000;
  std::uint64_t seed = 1;
};

struct GroupSilhouette {
  std::uint64_t rows = 0;
  std::uint64_t sampled = 0;
  double mean = 0;  // -1..1, over the sampled rows
};

struct SilhouetteEstimate {
  double mean = 0;            // -1..1, higher is better: the groups' means weighted by the groups' sizes
  double standard_error = 0;  // of the sampling; 0 when every row was taken
  double low = 0;             // mean -+ 1.96 standard errors, within -1..1: holds the silhouette of all rows in
  double high = 0;            // about 95 of 100 samples
  bool is_exact = false;      // every row was taken
  std::vector<GroupSilhouette> groups;  // k
  std::vector<std::size_t> rows;        // the rows drawn, ascending
  std::vector<double> values;           // -1..1, their silhouettes: for a plot
};

/// Silhouette of the grouping of n x d `rows` by `labels`, Euclidean: (b - a) / max(a, b), with a a row's mean distance
/// to the other sampled rows of its group, b the least mean distance to those of another group; 0 for a row alone in
/// its group and for 0/0. The standard error is that of the stratified estimator, by the delete-a-group jackknife (up
/// to 20 parts of each group's sample left out in turn, with the correction for the share drawn): it counts rows both
/// as measured and as measured against. Time O(n + m² (d + k)), memory 8 n + 4 m (d + k) bytes. Same bits for any
/// thread count. Errors: as measure_quality, and InvalidArgument (sample_rows). Source: Rousseeuw, J. Comput. Appl.
/// Math. 20 (1987); jackknife: Wolter, Introduction to Variance Estimation (2007), ch. 4. See docs/math/choosing_k.md.
Result<SilhouetteEstimate> estimate_silhouette(RowView<const float> rows, std::span<const std::uint32_t> labels,
                                               std::uint32_t cluster_count, const SilhouetteOptions& options,
                                               WorkerPool& pool, const std::stop_token& stop = {});

}  // namespace fenqun::cluster
