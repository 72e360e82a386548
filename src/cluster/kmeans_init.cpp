// cluster/kmeans_init.cpp
#include "cluster/kmeans_init.hpp"

#include "cluster/kmeans_kernels.hpp"
#include "cluster/row_blocks.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::cluster {
namespace {

/// What each row adds to the inertia, measured from the nearest seed so far, and its sum per block: what the next seed
/// is drawn from.
class SeedDistances {
 public:
  SeedDistances(const GroupedRows& rows, WorkerPool& pool)
      : rows_(rows),
        pool_(pool),
        block_rows_(rows_per_block(rows.size())),
        nearest_(rows.size(), std::numeric_limits<float>::infinity()),
        block_sums_(WorkerPool::block_count(rows.size(), block_rows_)) {}

  void add_seeds(RowView<const float> seeds) {
    pool_.for_blocks(rows_.size(), block_rows_, [&](std::size_t block, std::size_t begin, std::size_t end) {
      std::vector<float> scratch(scratch_size(seeds.rows(), rows_.cols()));
      double sum = 0;
      for (; begin < end; begin += kRowsPerStep)
        sum += add_step(seeds, begin, std::min(end, begin + kRowsPerStep), scratch);
      block_sums_[block] = sum;
    });
  }

  [[nodiscard]] double total() const { return std::accumulate(block_sums_.begin(), block_sums_.end(), 0.0); }

  /// The row at which the running sum passes `target`; never one that adds nothing. total() must be > 0.
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

  /// Every row on its own with a chance of `wanted` times its part of the total, in order.
  [[nodiscard]] std::vector<std::size_t> draw(double wanted, std::uint64_t seed) const {
    const double scale = wanted / total();
    std::vector<std::vector<std::size_t>> drawn(block_sums_.size());
    pool_.for_blocks(rows_.size(), block_rows_, [&](std::size_t block, std::size_t begin, std::size_t end) {
      for (std::size_t r = begin; r < end; ++r) {
        if (Random(seed, r).uniform() < scale * static_cast<double>(nearest_[r])) drawn[block].push_back(r);
      }
    });
    std::vector<std::size_t> out;
    for (const auto& part : drawn) out.insert(out.end(), part.begin(), part.end());
    return out;
  }

 private:
  double add_step(RowView<const float> seeds, std::size_t begin, std::size_t end, std::span<float> scratch) {
    std::array<std::uint32_t, kRowsPerStep> labels;
    std::array<float, kRowsPerStep> distances;
    kernels().search(rows_.metric).nearest(rows_.part(begin, end), seeds, scratch, labels.data(), distances.data());
    double sum = 0;
    for (std::size_t r = begin; r < end; ++r) {
      const float factor = rows_.factors.empty() ? 1.0F : rows_.factors[r];
      nearest_[r] = std::min(nearest_[r], factor * distances[r - begin]);
      sum += static_cast<double>(nearest_[r]);
    }
    return sum;
  }

  GroupedRows rows_;
  WorkerPool& pool_;
  std::size_t block_rows_;
  std::vector<float> nearest_;
  std::vector<double> block_sums_;
};

/// Evenly, or by the factors.
std::size_t first_row(const GroupedRows& rows, Random& random) {
  if (rows.factors.empty()) return random.below(rows.size());
  double all = 0;
  for (const float factor : rows.factors) all += static_cast<double>(factor);
  double target = random.uniform() * all;
  std::size_t last = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (!(rows.factors[r] > 0)) continue;
    last = r;
    target -= static_cast<double>(rows.factors[r]);
    if (target < 0) break;
  }
  return last;
}

constexpr std::uint32_t kParallelPasses = 5;
constexpr double kDrawnPerPass = 2;  // times k

/// How much of the rows each candidate stands for.
std::vector<float> candidate_weights(const GroupedRows& rows, const Matrix<float>& candidates, WorkerPool& pool) {
  const std::size_t block_rows = rows_per_block(rows.size(), candidates.rows());
  std::vector<std::vector<double>> parts(WorkerPool::block_count(rows.size(), block_rows));
  pool.for_blocks(rows.size(), block_rows, [&](std::size_t block, std::size_t begin, std::size_t end) {
    parts[block].assign(candidates.rows(), 0.0);
    std::vector<float> scratch(scratch_size(candidates.rows(), rows.cols()));
    std::array<std::uint32_t, kRowsPerStep> labels;
    std::array<float, kRowsPerStep> distances;
    for (; begin < end; begin += kRowsPerStep) {
      const std::size_t last = std::min(end, begin + kRowsPerStep);
      kernels()
          .search(rows.metric)
          .nearest(rows.part(begin, last), candidates.view(), scratch, labels.data(), distances.data());
      for (std::size_t r = begin; r < last; ++r) parts[block][labels[r - begin]] += rows.factor(r);
    }
  });
  std::vector<float> weights(candidates.rows());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    double sum = 0;
    for (const auto& part : parts) sum += part[i];
    weights[i] = static_cast<float>(sum);
  }
  return weights;
}

}  // namespace

Result<Matrix<float>> seed_plus_plus(const GroupedRows& rows, std::uint32_t k, Random random, WorkerPool& pool,
                                     const std::stop_token& stop) {
  Matrix<float> seeds(k, rows.cols());
  SeedDistances distances(rows, pool);
  std::size_t row = first_row(rows, random);
  for (std::uint32_t i = 0;; ++i) {
    rows.copy_start(row, seeds.row(i));
    if (i + 1 == k) return seeds;
    if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    distances.add_seeds({seeds.row(i).data(), 1, rows.cols()});
    const double total = distances.total();
    if (total <= 0) {
      return fail(ErrorCode::BadData, "cluster.too_few_distinct_rows",
                  {{"k", std::to_string(k)}, {"distinct", std::to_string(i + 1)}});
    }
    row = distances.row_at(random.uniform() * total);
  }
}

Result<Matrix<float>> seed_parallel(const GroupedRows& rows, std::uint32_t k, Random random, WorkerPool& pool,
                                    const std::stop_token& stop) {
  std::vector<std::size_t> drawn = {first_row(rows, random)};
  std::size_t seen = 0;
  Matrix<float> candidates;
  SeedDistances distances(rows, pool);
  for (std::uint32_t pass = 0; pass <= kParallelPasses; ++pass) {
    candidates = Matrix<float>(drawn.size(), rows.cols());
    for (std::size_t i = 0; i < drawn.size(); ++i) rows.copy_start(drawn[i], candidates.row(i));
    if (pass == kParallelPasses) break;
    if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    if (drawn.size() > seen) {
      distances.add_seeds({candidates.row(seen).data(), drawn.size() - seen, rows.cols()});
      seen = drawn.size();
    }
    if (distances.total() <= 0) break;
    const auto more = distances.draw(kDrawnPerPass * k, random.next());
    drawn.insert(drawn.end(), more.begin(), more.end());
  }
  if (candidates.rows() < k) return seed_plus_plus(rows, k, random, pool, stop);
  const auto weights = candidate_weights(rows, candidates, pool);
  GroupedRows few{std::as_const(candidates).view(), rows.metric, weights, {}, rows.is_unit};
  auto seeds = seed_plus_plus(few, k, random, pool, stop);
  // Candidates that say the same are too few; the rows themselves may hold more.
  if (!seeds && seeds.error().code == ErrorCode::BadData) return seed_plus_plus(rows, k, random, pool, stop);
  return seeds;
}

}  // namespace fenqun::cluster
