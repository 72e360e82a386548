// cluster/rounds.hpp - what one round of k-means does: every row to its nearest centroid, every centroid to the centre
// of its rows. Level 1, inside the room.
#pragma once

#include "base/worker_pool.hpp"
#include "cluster/grouped_rows.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

namespace fenqun::cluster {

inline constexpr std::uint32_t kUnlabelled = std::numeric_limits<std::uint32_t>::max();

/// Per row, from one round to the next.
struct RowState {
  std::vector<std::uint32_t> labels;
  std::span<float> distances;  // to the own centroid by the metric, without factors; of rows searched last
};

/// What an assignment came to.
struct RoundCounts {
  std::vector<std::uint64_t> sizes;  // k: rows of a factor above 0
  double inertia = 0;
  std::uint64_t changed = 0;
  std::uint64_t searched = 0;
  bool is_measured = true;  // or else the inertia may be off by more than single precision makes it
};

/// The rounds of one run. Not for several threads.
class Rounds {
 public:
  Rounds() = default;
  Rounds(const Rounds&) = delete;
  Rounds& operator=(const Rounds&) = delete;
  virtual ~Rounds() = default;
  /// Labels of all kUnlabelled begin a run.
  virtual RoundCounts assign(const Matrix<float>& centroids, RowState& state) = 0;
  /// After an assignment: moves centroids to the centres of their rows. A centroid without rows, or in a column where
  /// its rows have no value, stays.
  virtual void update(const RowState& state, Matrix<float>& centroids) = 0;
  /// Labels were changed by hand since the last assignment.
  virtual void relabelled(const RowState& state) = 0;
};

/// Means of rows that all count 1: keeps the sums of the groups, moves only rows that changed, and with `is_pruning`
/// passes over rows whose nearest centroid is beyond doubt. Runs last `max_rounds` at most.
std::unique_ptr<Rounds> mean_rounds(const GroupedRows& rows, std::uint32_t k, bool is_pruning, std::uint32_t max_rounds,
                                    WorkerPool& pool);
/// Any metric, factors and missing values.
std::unique_ptr<Rounds> general_rounds(const GroupedRows& rows, std::uint32_t k, WorkerPool& pool);

/// The distances of all rows to their nearest centroid into `state`, as RoundCounts::inertia says; labels stay.
double measure_distances(const GroupedRows& rows, const Matrix<float>& centroids, RowState& state, WorkerPool& pool);

}  // namespace fenqun::cluster
