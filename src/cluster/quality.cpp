// cluster/quality.cpp
#include "cluster/quality.hpp"

#include "cluster/kmeans_kernels.hpp"
#include "cluster/row_blocks.hpp"
#include "cluster/row_checks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::cluster {
namespace {

using Labels = std::span<const std::uint32_t>;

struct Grouping {
  std::vector<std::uint64_t> sizes;  // k
  Matrix<double> means;              // k x d
  Matrix<float> centroids;           // the means as the kernels take them
};

/// What the distances of a block of rows to the means add up to.
struct DistanceSums {
  std::vector<double> scatter;  // k, distances to the own mean
  double within = 0;            // squared distances to the own mean
  double silhouette = 0;
};

Grouping find_means(RowView<const float> rows, Labels labels, std::uint32_t k, WorkerPool& pool) {
  const std::size_t cols = rows.cols();
  const std::size_t block_rows = rows_per_block(rows.rows(), k * cols);
  const std::size_t blocks = WorkerPool::block_count(rows.rows(), block_rows);
  std::vector<std::vector<double>> sums(blocks);
  std::vector<std::vector<std::uint64_t>> counts(blocks);
  pool.for_blocks(rows.rows(), block_rows, [&](std::size_t block, std::size_t begin, std::size_t end) {
    sums[block].assign(k * cols, 0.0);
    counts[block].assign(k, 0);
    kernels().add_rows({rows.row(begin).data(), end - begin, cols, rows.stride()}, labels.data() + begin,
                       sums[block].data(), counts[block].data());
  });
  Grouping out{std::vector<std::uint64_t>(k), Matrix<double>(k, cols), Matrix<float>(k, cols)};
  for (std::size_t block = 0; block < blocks; ++block) {
    for (std::size_t g = 0; g < k; ++g) {
      out.sizes[g] += counts[block][g];
      for (std::size_t c = 0; c < cols; ++c) out.means(g, c) += sums[block][g * cols + c];
    }
  }
  for (std::size_t g = 0; g < k; ++g) {
    for (std::size_t c = 0; c < cols; ++c) {
      out.means(g, c) /= static_cast<double>(std::max<std::uint64_t>(out.sizes[g], 1));
      out.centroids(g, c) = static_cast<float>(out.means(g, c));
    }
  }
  return out;
}

void add_distances(RowView<const float> rows, Labels labels, const Grouping& groups, std::span<float> scratch,
                   DistanceSums& sums) {
  std::array<std::uint32_t, kRowsPerStep> nearest;
  std::array<std::uint32_t, kRowsPerStep> next;
  std::array<float, kRowsPerStep> squared;
  std::array<float, kRowsPerStep> next_squared;
  kernels().nearest_two(rows, groups.centroids.view(), scratch, nearest.data(), squared.data(), next.data(),
                        next_squared.data());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const std::uint32_t label = labels[r];
    const bool is_nearest = nearest[r] == label;
    const float own_squared = is_nearest ? squared[r] : squared_distance(rows.row(r), groups.centroids.row(label));
    const double own = std::sqrt(static_cast<double>(own_squared));
    const double other = std::sqrt(static_cast<double>(is_nearest ? next_squared[r] : squared[r]));
    sums.within += static_cast<double>(own_squared);
    sums.scatter[label] += own;
    const double greater = std::max(own, other);
    if (greater > 0 && groups.sizes[label] > 1) sums.silhouette += (other - own) / greater;
  }
}

DistanceSums sum_distances(RowView<const float> rows, Labels labels, const Grouping& groups, WorkerPool& pool) {
  const std::size_t k = groups.sizes.size();
  const std::size_t block_rows = rows_per_block(rows.rows(), k * rows.cols());
  std::vector<DistanceSums> partial(WorkerPool::block_count(rows.rows(), block_rows));
  pool.for_blocks(rows.rows(), block_rows, [&](std::size_t block, std::size_t begin, std::size_t end) {
    partial[block].scatter.assign(k, 0.0);
    std::vector<float> scratch(scratch_size(k, rows.cols()));
    for (; begin < end; begin += kRowsPerStep) {
      const std::size_t count = std::min(kRowsPerStep, end - begin);
      add_distances({rows.row(begin).data(), count, rows.cols(), rows.stride()}, labels.subspan(begin, count), groups,
                    scratch, partial[block]);
    }
  });
  DistanceSums out{std::vector<double>(k), 0, 0};
  for (const auto& block : partial) {
    for (std::size_t g = 0; g < k; ++g) out.scatter[g] += block.scatter[g];
    out.within += block.within;
    out.silhouette += block.silhouette;
  }
  return out;
}

double squared_between(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

std::optional<double> calinski_harabasz(const Grouping& groups, double within, std::size_t rows) {
  const std::size_t k = groups.sizes.size();
  if (rows == k || within <= 0) return std::nullopt;
  std::vector<double> centre(groups.means.cols());
  for (std::size_t g = 0; g < k; ++g) {
    const double share = static_cast<double>(groups.sizes[g]) / static_cast<double>(rows);
    for (std::size_t c = 0; c < centre.size(); ++c) centre[c] += share * groups.means(g, c);
  }
  double between = 0;
  for (std::size_t g = 0; g < k; ++g) {
    between += static_cast<double>(groups.sizes[g]) * squared_between(groups.means.row(g), centre);
  }
  return (between / static_cast<double>(k - 1)) / (within / static_cast<double>(rows - k));
}

std::optional<double> davies_bouldin(const Grouping& groups, std::span<const double> scatter) {
  const std::size_t k = groups.sizes.size();
  double sum = 0;
  for (std::size_t g = 0; g < k; ++g) {
    double worst = 0;
    for (std::size_t h = 0; h < k; ++h) {
      if (h == g) continue;
      const double apart = std::sqrt(squared_between(groups.means.row(g), groups.means.row(h)));
      if (apart <= 0) return std::nullopt;
      const double spread =
          scatter[g] / static_cast<double>(groups.sizes[g]) + scatter[h] / static_cast<double>(groups.sizes[h]);
      worst = std::max(worst, spread / apart);
    }
    sum += worst;
  }
  return sum / static_cast<double>(k);
}

}  // namespace

Result<ClusterQuality> measure_quality(RowView<const float> rows, Labels labels, std::uint32_t cluster_count,
                                       WorkerPool& pool, const std::stop_token& stop) {
  FENQUN_CHECK(check_labels(labels, rows.rows(), cluster_count));
  FENQUN_CHECK(check_rows(rows, pool));
  const Grouping groups = find_means(rows, labels, cluster_count, pool);
  const auto smallest = std::ranges::min_element(groups.sizes);
  if (*smallest == 0) {
    return fail(ErrorCode::InvalidArgument, "cluster.empty_group",
                {{"group", std::to_string(smallest - groups.sizes.begin())}});
  }
  if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  const DistanceSums sums = sum_distances(rows, labels, groups, pool);
  const auto n = static_cast<double>(rows.rows());
  return ClusterQuality{sums.silhouette / n, calinski_harabasz(groups, sums.within, rows.rows()),
                        davies_bouldin(groups, sums.scatter), static_cast<double>(*smallest) / n};
}

}  // namespace fenqun::cluster
