// cluster/kmeans_init.cpp
#include "cluster/kmeans_init.hpp"

#include "cluster/kmeans_kernels.hpp"
#include "cluster/row_blocks.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace fenqun::cluster {
namespace {

/// Each row's squared distance to the nearest seed so far, and its sum per block: what the next seed is drawn from.
class SeedDistances {
 public:
  SeedDistances(RowView<const float> rows, WorkerPool& pool)
      : rows_(rows),
        pool_(pool),
        block_rows_(rows_per_block(rows.rows())),
        nearest_(rows.rows(), std::numeric_limits<float>::infinity()),
        block_sums_(WorkerPool::block_count(rows.rows(), block_rows_)) {}

  void add_seed(RowView<const float> seed) {
    pool_.for_blocks(rows_.rows(), block_rows_, [&](std::size_t block, std::size_t begin, std::size_t end) {
      std::vector<float> scratch(scratch_size(1, rows_.cols()));
      double sum = 0;
      for (; begin < end; begin += kRowsPerStep)
        sum += add_step(seed, begin, std::min(end, begin + kRowsPerStep), scratch);
      block_sums_[block] = sum;
    });
  }

  [[nodiscard]] double total() const { return std::accumulate(block_sums_.begin(), block_sums_.end(), 0.0); }

  /// The row at which the running sum of distances passes `target`; never one at distance 0. total() must be > 0.
  [[nodiscard]] std::size_t row_at(double target) const {
    std::size_t last = 0;
    for (std::size_t block = 0; block < block_sums_.size(); ++block) {
      const bool is_last = block + 1 == block_sums_.size();
      if (!is_last && target >= block_sums_[block]) {
        target -= block_sums_[block];
        continue;
      }
      const std::size_t end = std::min(nearest_.size(), (block + 1) * block_rows_);
      for (std::size_t r = block * block_rows_; r < end; ++r) {
        if (nearest_[r] <= 0) continue;
        last = r;
        target -= static_cast<double>(nearest_[r]);
        if (target < 0) return r;
      }
    }
    // Rounding left the target at or above the sum: the last row that could have been drawn.
    for (std::size_t r = nearest_.size(); last == 0 && r-- > 0;) {
      if (nearest_[r] > 0) last = r;
    }
    return last;
  }

 private:
  double add_step(RowView<const float> seed, std::size_t begin, std::size_t end, std::span<float> scratch) {
    std::array<std::uint32_t, kRowsPerStep> labels;
    std::array<float, kRowsPerStep> squared;
    kernels().nearest({rows_.row(begin).data(), end - begin, rows_.cols(), rows_.stride()}, seed, scratch,
                      labels.data(), squared.data());
    double sum = 0;
    for (std::size_t r = begin; r < end; ++r) {
      nearest_[r] = std::min(nearest_[r], squared[r - begin]);
      sum += static_cast<double>(nearest_[r]);
    }
    return sum;
  }

  RowView<const float> rows_;
  WorkerPool& pool_;
  std::size_t block_rows_;
  std::vector<float> nearest_;
  std::vector<double> block_sums_;
};

}  // namespace

Result<Matrix<float>> seed_plus_plus(RowView<const float> rows, std::uint32_t k, Random random, WorkerPool& pool,
                                     const std::stop_token& stop) {
  Matrix<float> seeds(k, rows.cols());
  SeedDistances distances(rows, pool);
  std::size_t row = random.below(rows.rows());
  for (std::uint32_t i = 0;; ++i) {
    std::ranges::copy(rows.row(row), seeds.row(i).begin());
    if (i + 1 == k) return seeds;
    if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    distances.add_seed({seeds.row(i).data(), 1, rows.cols()});
    const double total = distances.total();
    if (total <= 0) {
      return fail(ErrorCode::BadData, "cluster.too_few_distinct_rows",
                  {{"k", std::to_string(k)}, {"distinct", std::to_string(i + 1)}});
    }
    row = distances.row_at(random.uniform() * total);
  }
}

}  // namespace fenqun::cluster
