// cluster/gap.hpp - the gap statistic: does k-means find more than it would in rows without groups?
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "cluster/kmeans.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

struct GapOptions {
  std::uint32_t k_min = 1;           // >= 1; 1 asks whether there are groups at all
  std::uint32_t k_max = 9;           // >= k_min
  std::uint32_t references = 20;     // B, 2..1000: tables without groups to compare with
  std::uint32_t sample_rows = 2000;  // 10..1,000,000: rows drawn; n or more: all
  KMeansOptions kmeans = {};         // cluster_count is ignored, initial_centroids must be empty; its seed draws all
};

/// One k. Absent: the rows fall on k points or fewer, so that there is no logarithm to take.
struct GapOfK {
  std::uint32_t k = 0;
  double log_inertia = 0;     // natural logarithm of the inertia of the rows drawn
  double log_reference = 0;   // its mean over the reference tables
  double gap = 0;             // log_reference - log_inertia, higher is better
  double standard_error = 0;  // s_k: deviation over the reference tables (divided by B) times sqrt(1 + 1 / B)
};

struct GapStatistic {
  std::vector<GapOfK> trials;  // ascending k, from k_min; ends early where the rows hold no more groups
  std::uint64_t rows = 0;      // drawn
  /// The least k with gap(k) >= gap(k + 1) - s(k + 1); absent: the gap grows to the end of the range.
  std::optional<std::uint32_t> first_k;
};

/// The first k of `trials` from `least` on that the rule takes.
std::optional<std::uint32_t> first_k_of(const std::vector<GapOfK>& trials, std::uint32_t least);

/// Fits k-means for each k to the rows drawn and to B tables of as many rows, each column even between its least and
/// greatest value among the rows drawn (choice (a) of the source). Rows count alike; values must not be missing. Time
/// (B + 1) fits for each k on the sample, the tables side by side; memory sample_rows x d per thread. Same bits for any
/// thread count.
/// Errors: as fit_kmeans, and InvalidArgument (options out of range). Source: Tibshirani, Walther & Hastie, J. R. Stat.
/// Soc. B 63(2) (2001). See docs/math/choosing_k.md.
Result<GapStatistic> measure_gap(RowView<const float> rows, const GapOptions& options, WorkerPool& pool,
                                 const std::stop_token& stop = {});

}  // namespace fenqun::cluster
