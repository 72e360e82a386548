// cluster/stream_batches.cpp
#include "cluster/stream_batches.hpp"

#include "cluster/kmeans_kernels.hpp"
#include "cluster/row_checks.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace fenqun::cluster {

BatchShape batch_shape(std::size_t clusters, std::size_t cols) noexcept {
  constexpr std::size_t kBatchValues = std::size_t{1} << 22U;
  return batch_shape(clusters, cols, std::max(kRowsPerStep, kBatchValues / std::max<std::size_t>(cols, 1)));
}

BatchShape batch_shape(std::size_t clusters, std::size_t cols, std::size_t batch_rows) noexcept {
  constexpr std::size_t kMostBlocks = 32;
  constexpr std::size_t kMostDoubles = std::size_t{1} << 24U;
  const std::size_t partial = std::max<std::size_t>(clusters * cols, 1);
  const std::size_t blocks = std::clamp<std::size_t>(kMostDoubles / partial, 1, kMostBlocks);
  return {batch_rows, std::max(kRowsPerStep, (batch_rows + blocks - 1) / blocks)};
}

Result<void> check_stream_values(RowView<const float> batch, std::uint64_t first_row, WorkerPool& pool) {
  auto checked = check_values(batch, pool);
  if (checked) return {};
  Error error = std::move(checked).error();
  for (auto& arg : error.line.args) {
    if (arg.name == "row") arg.value = std::to_string(first_row + std::stoull(arg.value));
  }
  return fail(std::move(error));
}

StreamBatches::StreamBatches(RowSource& source, std::size_t batch_rows, std::stop_token stop)
    : source_(source), stop_(std::move(stop)), batch_rows_(batch_rows) {}

Result<std::uint64_t> StreamBatches::read(const TakeBatch& take) {
  held_.clear();
  done_ = 0;
  if (stop_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  FENQUN_CHECK(source_.read([&](RowView<const float> piece) { return add(piece, take); }));
  const std::size_t cols = source_.cols();
  if (!held_.empty()) FENQUN_CHECK(hand_over({held_.data(), held_.size() / cols, cols}, take));
  return done_;
}

Result<void> StreamBatches::add(RowView<const float> piece, const TakeBatch& take) {
  if (stop_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  const std::size_t cols = source_.cols();
  if (piece.cols() != cols) {
    return fail(ErrorCode::InvalidArgument, "cluster.columns_differ",
                {{"columns", std::to_string(piece.cols())}, {"expected", std::to_string(cols)}});
  }
  for (std::size_t begin = 0; begin < piece.rows();) {
    const float* const at = piece.data() + begin * piece.stride();
    if (held_.empty() && piece.rows() - begin >= batch_rows_) {
      FENQUN_CHECK(hand_over({at, batch_rows_, cols, piece.stride()}, take));
      begin += batch_rows_;
      continue;
    }
    const std::size_t count = std::min(batch_rows_ - held_.size() / cols, piece.rows() - begin);
    held_.reserve(batch_rows_ * cols);
    for (std::size_t r = 0; r < count; ++r)
      held_.insert(held_.end(), at + r * piece.stride(), at + r * piece.stride() + cols);
    begin += count;
    if (held_.size() < batch_rows_ * cols) continue;
    FENQUN_CHECK(hand_over({held_.data(), batch_rows_, cols}, take));
    held_.clear();
  }
  return {};
}

Result<void> StreamBatches::hand_over(RowView<const float> batch, const TakeBatch& take) {
  if (stop_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  FENQUN_CHECK(take(done_, batch));
  done_ += batch.rows();
  if (stop_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  return {};
}

}  // namespace fenqun::cluster
