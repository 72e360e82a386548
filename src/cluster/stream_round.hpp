// cluster/stream_round.hpp - one pass of k-means over batches of rows: sums of every group and what repairs an emptied
// one. Level 1, inside the room.
#pragma once

#include "base/worker_pool.hpp"
#include "cluster/row_source.hpp"
#include "cluster/stream_batches.hpp"

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

/// What rows add up to against given centroids.
struct StreamSums {
  std::vector<double> sums;           // k x d
  std::vector<std::uint64_t> counts;  // k
  double inertia = 0;

  void reset(std::size_t clusters, std::size_t cols);
  void add(const StreamSums& other);
};

/// Sums batch after batch. Blocks are added in their order: the same bits for any thread count.
class StreamRound {
 public:
  StreamRound(const BatchShape& shape, std::size_t clusters, std::size_t cols, WorkerPool& pool, std::stop_token stop);

  void begin();
  /// Adds rows against `centroids`; returns what they added. Errors: BadData (NaN, Inf or beyond +-1e16, the row
  /// counted from `first_row`), Cancelled.
  Result<const StreamSums*> add(std::uint64_t first_row, RowView<const float> batch, RowView<const float> centroids);
  /// Since begin().
  [[nodiscard]] const StreamSums& sums() const noexcept { return total_; }
  [[nodiscard]] bool has_empty() const noexcept;

  /// Gives emptied groups the far rows seen, the farthest first, as long as there are such, out of groups of at least
  /// two; changes their centroids and the sums. Returns how many got one. Errors: BadData (every row lies on its
  /// centroid: fewer distinct rows than k).
  Result<std::uint64_t> repair(Matrix<float>& centroids);

  /// The means of the groups; those without rows stay as in `centroids`.
  [[nodiscard]] Matrix<float> means(const Matrix<float>& centroids) const;

 private:
  struct FarRow {
    float squared = 0;
    std::uint32_t label = 0;
    std::size_t row = 0;  // within its batch
    std::vector<float> values;
  };
  struct Block {
    StreamSums sums;
    FarRow far;
  };

  void add_block(Block& block, RowView<const float> rows, RowView<const float> centroids, std::size_t first) const;
  void keep_far(const FarRow& far, RowView<const float> batch);
  [[nodiscard]] FarRow* farthest(std::span<const float> reach);
  void move(const FarRow& far, std::uint32_t to, Matrix<float>& centroids);

  BatchShape shape_;
  std::size_t clusters_;
  std::size_t cols_;
  WorkerPool& pool_;
  std::stop_token stop_;
  std::vector<Block> blocks_;
  StreamSums batch_;
  StreamSums total_;
  std::vector<FarRow> far_;  // farthest first, of equals the earliest
};

}  // namespace fenqun::cluster
