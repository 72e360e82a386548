// cluster/lloyd.hpp - the rounds of k-means from given starts. Level 1, inside the room.
#pragma once

#include "cluster/kmeans.hpp"

#include <optional>
#include <span>

namespace fenqun::cluster {

/// What one block of rows adds to a round.
struct BlockSums {
  std::vector<double> sums;           // k x d
  std::vector<std::uint64_t> counts;  // k
  double inertia = 0;
  std::uint64_t changed = 0;  // rows whose label differs from the round before
};

/// One run of Lloyd's algorithm over checked rows; its memory is kept for the next run. Not for several threads.
class Lloyd {
 public:
  Lloyd(RowView<const float> rows, const KMeansOptions& options, WorkerPool& pool, std::stop_token stop);

  /// From `start` (k x d) until nothing moves, the tolerance is met or max_rounds are done. The fit's restart fields
  /// stay empty. Errors: Cancelled; BadData (fewer distinct rows than k).
  Result<KMeansFit> run(Matrix<float> start);

 private:
  void assign();
  void assign_block(std::size_t block, std::size_t begin, std::size_t end);
  Result<std::uint64_t> repair_empty();
  [[nodiscard]] std::optional<std::size_t> farthest_row(std::span<const float> reach) const;
  void move_row(std::size_t row, std::uint32_t to);
  void update_centroids();

  RowView<const float> rows_;
  KMeansOptions options_;
  WorkerPool& pool_;
  std::stop_token stop_;
  std::size_t block_rows_;
  Matrix<float> centroids_;
  std::vector<std::uint32_t> labels_;
  std::vector<float> squared_;      // n, distance to the own centroid
  std::vector<BlockSums> partial_;  // per block
  BlockSums round_;                 // of all blocks, added in block order
};

}  // namespace fenqun::cluster
