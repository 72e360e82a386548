// cluster/stream_batches.hpp - pieces of any size regrouped into batches of one size. Level 1, inside the room.
#pragma once

#include "base/worker_pool.hpp"
#include "cluster/row_source.hpp"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

/// How many rows are worked on at a time, and how they are cut for the threads.
struct BatchShape {
  std::size_t rows = 0;        // per batch
  std::size_t block_rows = 0;  // per block of a batch, each with k d partial sums of its own
};

/// By k and d alone: about 16 MiB of rows, at most 32 blocks, their sums within 128 MiB.
BatchShape batch_shape(std::size_t clusters, std::size_t cols) noexcept;
/// The same for batches of a given size.
BatchShape batch_shape(std::size_t clusters, std::size_t cols, std::size_t batch_rows) noexcept;

/// check_values of a batch: the error names the row from the beginning of the source.
Result<void> check_stream_values(RowView<const float> batch, std::uint64_t first_row, WorkerPool& pool);

/// Reads a source once and hands its rows over in batches of exactly `batch_rows`, the last one shorter. A piece that
/// holds whole batches is handed on without a copy.
class StreamBatches {
 public:
  using TakeBatch = std::function<Result<void>(std::uint64_t first_row, RowView<const float> batch)>;

  StreamBatches(RowSource& source, std::size_t batch_rows, std::stop_token stop);

  /// The number of rows. Errors: of the source and of `take`; InvalidArgument (a piece with other columns), Cancelled.
  Result<std::uint64_t> read(const TakeBatch& take);

 private:
  Result<void> add(RowView<const float> piece, const TakeBatch& take);
  Result<void> hand_over(RowView<const float> batch, const TakeBatch& take);

  RowSource& source_;
  std::stop_token stop_;
  std::size_t batch_rows_;
  std::vector<float> held_;  // rows not yet handed over, dense; grows up to a batch
  std::uint64_t done_ = 0;
};

}  // namespace fenqun::cluster
