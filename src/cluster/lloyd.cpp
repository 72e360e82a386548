// cluster/lloyd.cpp
#include "cluster/lloyd.hpp"

#include "cluster/kmeans_kernels.hpp"
#include "cluster/row_blocks.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr std::uint32_t kUnlabelled = std::numeric_limits<std::uint32_t>::max();

void reset(BlockSums& sums, std::size_t k, std::size_t cols) {
  sums.sums.assign(k * cols, 0.0);
  sums.counts.assign(k, 0);
  sums.inertia = 0;
  sums.changed = 0;
}

void add(BlockSums& to, const BlockSums& from) {
  for (std::size_t i = 0; i < to.sums.size(); ++i) to.sums[i] += from.sums[i];
  for (std::size_t i = 0; i < to.counts.size(); ++i) to.counts[i] += from.counts[i];
  to.inertia += from.inertia;
  to.changed += from.changed;
}

std::size_t count_distinct(RowView<const float> rows) {
  std::vector<std::size_t> order(rows.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto less = [&](std::size_t a, std::size_t b) {
    return std::ranges::lexicographical_compare(rows.row(a), rows.row(b));
  };
  std::ranges::sort(order, less);
  std::size_t distinct = 1;
  for (std::size_t i = 1; i < order.size(); ++i) distinct += less(order[i - 1], order[i]) ? 1U : 0U;
  return distinct;
}

}  // namespace

Lloyd::Lloyd(RowView<const float> rows, const KMeansOptions& options, WorkerPool& pool, std::stop_token stop)
    : rows_(rows),
      options_(options),
      pool_(pool),
      stop_(std::move(stop)),
      block_rows_(rows_per_block(rows.rows(), options.cluster_count * rows.cols())),
      labels_(rows.rows()),
      squared_(rows.rows()),
      partial_(WorkerPool::block_count(rows.rows(), block_rows_)) {}

Result<KMeansFit> Lloyd::run(Matrix<float> start) {
  centroids_ = std::move(start);
  std::ranges::fill(labels_, kUnlabelled);
  KMeansFit fit;
  for (;;) {
    if (stop_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    assign();
    FENQUN_TRY(const std::uint64_t repaired, repair_empty());
    fit.repaired += repaired;
    ++fit.rounds;
    const double before = fit.inertia_by_round.empty() ? std::numeric_limits<double>::infinity() : fit.inertia;
    fit.inertia = round_.inertia;
    fit.inertia_by_round.push_back(fit.inertia);
    const bool settled = round_.changed == 0 || before - fit.inertia <= options_.tolerance * before;
    fit.converged = repaired == 0 && (round_.changed == 0 || (fit.rounds > 1 && settled));
    if (fit.converged || fit.rounds == options_.max_rounds) break;
    update_centroids();
  }
  fit.centroids = centroids_;
  fit.labels = labels_;
  fit.sizes = round_.counts;
  return fit;
}

void Lloyd::assign() {
  pool_.for_blocks(rows_.rows(), block_rows_,
                   [this](std::size_t block, std::size_t begin, std::size_t end) { assign_block(block, begin, end); });
  reset(round_, centroids_.rows(), centroids_.cols());
  for (const auto& block : partial_) add(round_, block);
}

void Lloyd::assign_block(std::size_t block, std::size_t begin, std::size_t end) {
  BlockSums& mine = partial_[block];
  reset(mine, centroids_.rows(), centroids_.cols());
  std::vector<float> scratch(scratch_size(centroids_.rows(), centroids_.cols()));
  std::array<std::uint32_t, kRowsPerStep> labels;
  for (; begin < end; begin += kRowsPerStep) {
    const std::size_t count = std::min(kRowsPerStep, end - begin);
    const RowView<const float> step(rows_.row(begin).data(), count, rows_.cols(), rows_.stride());
    kernels().nearest(step, std::as_const(centroids_).view(), scratch, labels.data(), squared_.data() + begin);
    mine.inertia +=
        kernels().add_rows(step, labels.data(), squared_.data() + begin, mine.sums.data(), mine.counts.data());
    for (std::size_t i = 0; i < count; ++i) {
      mine.changed += labels_[begin + i] != labels[i] ? 1U : 0U;
      labels_[begin + i] = labels[i];
    }
  }
}

/// Gives every emptied group the row farthest from its own centroid and from the rows given away before.
Result<std::uint64_t> Lloyd::repair_empty() {
  std::uint64_t repaired = 0;
  std::vector<float> reach;
  for (std::uint32_t k = 0; k < round_.counts.size(); ++k) {
    if (round_.counts[k] > 0) continue;
    if (reach.empty()) reach = squared_;
    const auto row = farthest_row(reach);
    if (!row) {
      return fail(ErrorCode::BadData, "cluster.too_few_distinct_rows",
                  {{"k", std::to_string(round_.counts.size())}, {"distinct", std::to_string(count_distinct(rows_))}});
    }
    move_row(*row, k);
    ++repaired;
    const auto moved = rows_.row(*row);
    for (std::size_t r = 0; r < reach.size(); ++r) {
      if (reach[r] > 0) reach[r] = std::min(reach[r], squared_distance(rows_.row(r), moved));
    }
  }
  return repaired;
}

/// The row of greatest reach > 0 in a group of at least two, of equals the first.
std::optional<std::size_t> Lloyd::farthest_row(std::span<const float> reach) const {
  std::optional<std::size_t> farthest;
  float best = 0;
  for (std::size_t r = 0; r < reach.size(); ++r) {
    if (reach[r] > best && round_.counts[labels_[r]] > 1) {
      best = reach[r];
      farthest = r;
    }
  }
  return farthest;
}

void Lloyd::move_row(std::size_t row, std::uint32_t to) {
  const auto values = rows_.row(row);
  const std::uint32_t from = labels_[row];
  for (std::size_t c = 0; c < values.size(); ++c) {
    const auto value = static_cast<double>(values[c]);
    round_.sums[from * values.size() + c] -= value;
    round_.sums[to * values.size() + c] = value;
  }
  --round_.counts[from];
  round_.counts[to] = 1;
  round_.inertia -= static_cast<double>(squared_[row]);
  squared_[row] = 0;
  labels_[row] = to;
  std::ranges::copy(values, centroids_.row(to).begin());
}

void Lloyd::update_centroids() {
  for (std::size_t k = 0; k < centroids_.rows(); ++k) {
    const auto count = static_cast<double>(round_.counts[k]);
    const auto centroid = centroids_.row(k);
    for (std::size_t c = 0; c < centroid.size(); ++c) {
      centroid[c] = static_cast<float>(round_.sums[k * centroid.size() + c] / count);
    }
  }
}

}  // namespace fenqun::cluster
