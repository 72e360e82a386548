// cluster/coarse_rows.hpp - a copy of the rows in one byte a value, which tells for nearly every row which centroid is
// the nearest, beyond doubt. Level 1, inside the room. Source: docs/math/kmeans.md.
#pragma once

#include "base/worker_pool.hpp"
#include "cluster/coarse_kernels.hpp"
#include "cluster/grouped_rows.hpp"

#include <cstdint>
#include <vector>

namespace fenqun::cluster {

/// Of unweighted rows without missing values, cut into blocks of `block_rows`. Cost: one pass; n d bytes, on loan from
/// the pool.
class CoarseRows {
 public:
  CoarseRows(const GroupedRows& rows, std::size_t block_rows, WorkerPool& pool);
  /// Rows begin..end, tiles of one block; all rows have to be before the first search. From any thread.
  void encode(std::size_t begin, std::size_t end);

  /// Makes the following searches be among `centroids` (k x d, k >= 2). Exact distances differ from computed ones by
  /// the share `rounding` at most.
  void aim(RowView<const float> centroids, float rounding);
  /// The rows of tile `tile` of block `block`; bits of `open` for those whose nearest centroid, by the arithmetic of
  /// row_distance(), has to be looked for. `before`: labels of its rows.
  void search(std::size_t block, std::size_t tile, std::span<const std::uint32_t> before, CoarseFound& out) const;
  /// Of a few tiles, those of rows that a search leaves open.
  [[nodiscard]] double open_share() const;
  [[nodiscard]] std::size_t rows_in_tile(std::size_t block, std::size_t tile) const;
  [[nodiscard]] std::size_t tiles_in_block(std::size_t block) const;

 private:
  struct Scale {
    std::vector<float> middle;    // d
    std::vector<float> step;      // d; 0 where the sample is constant
    std::vector<float> per_step;  // d, 1 / step or 0
    double off_unit = 0;
    double rounding = 0;  // of the distance between a row and what its codes say, at most
  };
  static Scale scale_of(const GroupedRows& rows);
  [[nodiscard]] std::size_t tiles() const;
  [[nodiscard]] double reach() const;
  void weigh(RowView<const float> centroids);
  void find_slack(RowView<const float> centroids, double rounding);

  GroupedRows rows_;
  std::size_t cols_;
  std::size_t block_rows_;
  std::size_t tiles_per_block_;
  Scale scale_;
  WorkerPool::Loan memory_;
  std::span<std::int8_t> codes_;        // tiles x tile_bytes
  std::vector<std::uint8_t> off_;       // tiles x kTileRows
  std::vector<std::uint64_t> outside_;  // tiles
  // Of the centroids aimed at.
  double per_unit_ = 1;              // score units of a squared distance of 1
  std::vector<double> from_middle_;  // k x d
  std::vector<double> unrounded_;    // k x d: what rounding took off the weights
  std::vector<std::int32_t> base_;
  std::int32_t slack_ = 0;
  std::vector<std::int32_t> slack_per_off_;
  std::vector<std::int32_t> weights_;
};

}  // namespace fenqun::cluster
