// cluster/stability.hpp - does the same grouping come out when the rows are drawn again?
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "cluster/kmeans.hpp"

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

struct StabilityOptions {
  std::uint32_t resamples = 20;  // B, 2..1000
  /// m, 10..1,000,000: rows per resample, drawn with replacement, and rows on which groupings are compared, drawn
  /// once without; n or more: n draws, all rows compared.
  std::uint32_t sample_rows = 5000;
};

struct Stability {
  std::vector<double> agreement;  // adjusted Rand index of each resample with the grouping, -0.5..1
  double mean = 0;
  double least = 0;
  std::uint32_t skipped = 0;  // resamples with fewer distinct rows than groups, left out; agreement + skipped = B
};

/// How well `labels` (n, in [0, cluster_count), a k-means of n x d `rows` with these options) comes back: each resample
/// is fitted, each row to compare goes to the nearest of its centroids, and the labels are compared (names do not
/// matter). Time B fits on m rows, side by side; memory m x d per thread. Same bits for any thread count.
/// Errors: as fit_kmeans, and InvalidArgument (options, labels), BadData (no resample held k distinct rows).
/// Source: Hennig, Comput. Stat. Data Anal. 52(1) (2007), bootstrap; Hubert & Arabie 1985 (index). See
/// docs/math/choosing_k.md.
Result<Stability> measure_stability(RowView<const float> rows, std::span<const std::uint32_t> labels,
                                    const KMeansOptions& kmeans, const StabilityOptions& options, WorkerPool& pool,
                                    const std::stop_token& stop = {});

}  // namespace fenqun::cluster
