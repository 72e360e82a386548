// cluster/lloyd.hpp - the rounds of k-means from given starts. Level 1, inside the room.
#pragma once

#include "cluster/kmeans.hpp"
#include "cluster/rounds.hpp"

#include <memory>
#include <optional>
#include <span>

namespace fenqun::cluster {

/// Runs of Lloyd's algorithm over checked rows; memory is kept for the next run. Not for several threads.
class Lloyd {
 public:
  Lloyd(const GroupedRows& rows, const KMeansOptions& options, WorkerPool& pool, std::stop_token stop);

  /// From `start` (k x d) until nothing moves, the tolerance is met or max_rounds are done. The fit's restart fields
  /// stay empty. Errors: Cancelled; BadData (fewer distinct rows than k).
  Result<KMeansFit> run(Matrix<float> start, std::uint32_t restart);

 private:
  bool is_settled(const KMeansFit& fit, const RoundCounts& round) const;
  Result<std::uint64_t> repair_empty(RoundCounts& round);
  [[nodiscard]] std::optional<std::size_t> farthest_row(std::span<const float> reach, const RoundCounts& round) const;
  void found_group(std::size_t row, std::uint32_t group, RoundCounts& round);
  [[nodiscard]] std::vector<std::uint64_t> count_rows() const;

  GroupedRows rows_;
  const KMeansOptions& options_;
  WorkerPool& pool_;
  std::stop_token stop_;
  Matrix<float> centroids_;
  WorkerPool::Loan distances_;
  RowState state_;
  std::unique_ptr<Rounds> rounds_;
};

}  // namespace fenqun::cluster
