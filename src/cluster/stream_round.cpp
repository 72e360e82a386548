// cluster/stream_round.cpp
#include "cluster/stream_round.hpp"

#include "cluster/kmeans_kernels.hpp"
#include "cluster/row_checks.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr std::size_t kMostFarRows = 64;

}  // namespace

void StreamSums::reset(std::size_t clusters, std::size_t cols) {
  sums.assign(clusters * cols, 0.0);
  counts.assign(clusters, 0);
  inertia = 0;
}

void StreamSums::add(const StreamSums& other) {
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += other.sums[i];
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  inertia += other.inertia;
}

StreamRound::StreamRound(const BatchShape& shape, std::size_t clusters, std::size_t cols, WorkerPool& pool,
                         std::stop_token stop)
    : shape_(shape),
      clusters_(clusters),
      cols_(cols),
      pool_(pool),
      stop_(std::move(stop)),
      blocks_(WorkerPool::block_count(shape.rows, shape.block_rows)) {}

void StreamRound::begin() {
  total_.reset(clusters_, cols_);
  far_.clear();
}

Result<const StreamSums*> StreamRound::add(std::uint64_t first_row, RowView<const float> batch,
                                           RowView<const float> centroids) {
  FENQUN_CHECK(check_stream_values(batch, first_row, pool_));
  pool_.for_blocks(batch.rows(), shape_.block_rows, [&](std::size_t block, std::size_t begin, std::size_t end) {
    if (stop_.stop_requested()) return;
    add_block(blocks_[block], {batch.row(begin).data(), end - begin, cols_, batch.stride()}, centroids, begin);
  });
  if (stop_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  batch_.reset(clusters_, cols_);
  for (std::size_t b = 0; b < WorkerPool::block_count(batch.rows(), shape_.block_rows); ++b) {
    batch_.add(blocks_[b].sums);
    keep_far(blocks_[b].far, batch);
  }
  total_.add(batch_);
  return &batch_;
}

void StreamRound::add_block(Block& block, RowView<const float> rows, RowView<const float> centroids,
                            std::size_t first) const {
  block.sums.reset(clusters_, cols_);
  block.far = {};
  std::vector<float> scratch(scratch_size(clusters_, cols_));
  std::array<std::uint32_t, kRowsPerStep> labels;
  std::array<float, kRowsPerStep> squared;
  for (std::size_t begin = 0; begin < rows.rows(); begin += kRowsPerStep) {
    const std::size_t count = std::min(kRowsPerStep, rows.rows() - begin);
    const RowView<const float> step(rows.row(begin).data(), count, cols_, rows.stride());
    kernels().nearest(step, centroids, scratch, labels.data(), squared.data());
    kernels().add_rows(step, labels.data(), block.sums.sums.data(), block.sums.counts.data());
    block.sums.inertia += kernels().add_up({squared.data(), count});
    const auto far = std::max_element(squared.begin(), squared.begin() + count);
    if (*far <= block.far.squared) continue;
    const auto at = static_cast<std::size_t>(far - squared.begin());
    block.far = {*far, labels[at], first + begin + at, {}};
  }
}

void StreamRound::keep_far(const FarRow& far, RowView<const float> batch) {
  if (far.squared <= 0) return;
  if (far_.size() == kMostFarRows) {
    if (far.squared <= far_.back().squared) return;
    far_.pop_back();
  }
  const auto place = std::ranges::upper_bound(far_, far.squared, std::ranges::greater(), &FarRow::squared);
  const auto values = batch.row(far.row);
  far_.insert(place, FarRow{far.squared, far.label, far.row, {values.begin(), values.end()}});
}

bool StreamRound::has_empty() const noexcept { return std::ranges::find(total_.counts, 0U) != total_.counts.end(); }

Result<std::uint64_t> StreamRound::repair(Matrix<float>& centroids) {
  if (!has_empty()) return std::uint64_t{0};
  if (far_.empty()) {
    // Every group that has rows is a single point.
    const auto distinct = clusters_ - static_cast<std::size_t>(std::ranges::count(total_.counts, 0U));
    return fail(ErrorCode::BadData, "cluster.too_few_distinct_rows",
                {{"k", std::to_string(clusters_)}, {"distinct", std::to_string(distinct)}});
  }
  std::vector<float> reach;
  for (const auto& far : far_) reach.push_back(far.squared);
  std::uint64_t repaired = 0;
  for (std::uint32_t k = 0; k < clusters_; ++k) {
    if (total_.counts[k] > 0) continue;
    FarRow* const far = farthest(reach);
    if (far == nullptr) break;
    move(*far, k, centroids);
    ++repaired;
    for (std::size_t i = 0; i < reach.size(); ++i) {
      reach[i] = std::min(reach[i], squared_distance(far_[i].values, far->values));
    }
  }
  return repaired;
}

StreamRound::FarRow* StreamRound::farthest(std::span<const float> reach) {
  FarRow* out = nullptr;
  float best = 0;
  for (std::size_t i = 0; i < reach.size(); ++i) {
    if (reach[i] > best && total_.counts[far_[i].label] > 1) {
      best = reach[i];
      out = &far_[i];
    }
  }
  return out;
}

void StreamRound::move(const FarRow& far, std::uint32_t to, Matrix<float>& centroids) {
  for (std::size_t c = 0; c < cols_; ++c) {
    const auto value = static_cast<double>(far.values[c]);
    total_.sums[far.label * cols_ + c] -= value;
    total_.sums[to * cols_ + c] = value;
  }
  --total_.counts[far.label];
  total_.counts[to] = 1;
  total_.inertia -= static_cast<double>(far.squared);
  std::ranges::copy(far.values, centroids.row(to).begin());
}

Matrix<float> StreamRound::means(const Matrix<float>& centroids) const {
  Matrix<float> out = centroids;
  for (std::size_t k = 0; k < clusters_; ++k) {
    if (total_.counts[k] == 0) continue;
    const auto count = static_cast<double>(total_.counts[k]);
    for (std::size_t c = 0; c < cols_; ++c) out(k, c) = static_cast<float>(total_.sums[k * cols_ + c] / count);
  }
  return out;
}

}  // namespace fenqun::cluster
