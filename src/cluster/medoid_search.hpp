// cluster/medoid_search.hpp - the swaps of k-medoids on a table of distances. Level 1, inside the room.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"
#include "cluster/distance.hpp"

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

/// Distances of all pairs of m rows (m x m, symmetric): Euclidean (not squared), Manhattan or 1 - cosine (no row of
/// zeros). Sums in double. Time O(m² d).
Matrix<float> all_distances(RowView<const float> rows, Distance distance, WorkerPool& pool);

/// The row of `group` (numbers) with the least sum of distances to the others, of equals the first.
std::size_t medoid_of(const Matrix<float>& distances, std::span<const std::size_t> group);

struct MedoidSearch {
  std::vector<std::size_t> medoids;  // k
  std::vector<double> deviations;    // at the start and after each swap
  std::uint32_t passes = 0;
  bool converged = false;
};

/// FasterPAM from `medoids` (k >= 1 different rows). Errors: Cancelled.
Result<MedoidSearch> swap_medoids(const Matrix<float>& distances, std::vector<std::size_t> medoids,
                                  std::uint32_t max_passes, const std::stop_token& stop);

}  // namespace fenqun::cluster
