// cluster/medoids.hpp - k-medoids: each group is described by one of its own rows, the most typical one.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "cluster/kmeans.hpp"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

struct MedoidOptions {
  KMeansOptions kmeans = {};         // k, seed, distance, and the start; without row weights and missing values
  std::uint32_t max_rounds = 100;    // >= 1: passes over all candidates
  std::uint32_t whole_rows = 5000;   // 2..20,000: up to so many rows are searched as a whole, more by samples
  std::uint32_t samples = 5;         // 1..1000
  std::uint32_t sample_rows = 2000;  // 2..20,000, and > k
  std::vector<std::size_t> initial_medoids = {};  // k different rows: start there, and search as a whole; empty: the
                                                  // medoids of the groups of fit_kmeans
};

struct MedoidFit {
  KMeansFit fit;  // centroids: the medoids' rows; labels: nearest medoid, of equals the lowest;
                  // inertia as k-means counts it (Euclidean: squared); rounds: passes; converged: the
                  // last pass found no better medoid; restart: the sample that won
  std::vector<std::size_t> medoids;  // k row numbers, by group
  double deviation = 0;              // what is made least: sum of distances row - own medoid (Euclidean: not squared)
  std::vector<double> deviation_by_swap;  // of the rows searched, in the start and after each swap: falls each time
  bool is_sampled = false;                // searched by samples
};

/// Finds k rows so that the distances of all rows to the nearest of them add up to little: a local least that no swap
/// of one medoid for one other row improves (of the sample, where sampled). FasterPAM: each pass looks at every row as
/// a candidate and takes at once the best swap with it that lowers the deviation. More than whole_rows rows: the search
/// runs on samples that hold the best medoids so far, and the set of least deviation over all rows wins, of equals the
/// earliest (CLARA). Time O(m² d) once for m rows searched and O(m²) a pass; memory 4 m² bytes. Same bits for any
/// thread count. Errors: as fit_kmeans, and InvalidArgument (options; initial_medoids not k different rows of the
/// table), Cancelled (within a pass).
/// Source: Schubert & Rousseeuw, Information Systems 101 (2021); Kaufman & Rousseeuw, Finding Groups in Data (1990),
/// ch.
/// 3. See docs/math/medoids.md.
Result<MedoidFit> fit_medoids(RowView<const float> rows, const MedoidOptions& options, WorkerPool& pool,
                              const std::stop_token& stop = {});

}  // namespace fenqun::cluster
