// bench/balance_cases.cpp - groups within bounds: at full size, and against the best of all partitions.
#include "base/random.hpp"
#include "base/worker_pool.hpp"
#include "cases.hpp"
#include "cluster/balanced_kmeans.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace fenqun::bench {

Result<std::string> measure_balanced(const Words& words) {
  FENQUN_TRY(const auto rows, read_table(words[1], std::stoull(words[2])));
  const auto k = static_cast<std::uint32_t>(std::stoul(words[3]));
  WorkerPool pool(std::stoull(words[6]));
  const cluster::SizeBounds bounds{std::stoull(words[4]), std::stoull(words[5])};
  const cluster::KMeansOptions options{.cluster_count = k, .initial_centroids = first_rows(rows, k)};
  Result<cluster::BalancedFit> fitted;
  const double passed = seconds_of([&] { fitted = cluster::fit_balanced_kmeans(rows.view(), options, bounds, pool); });
  if (!fitted) return fail(fitted.error());
  const auto [smallest, largest] = std::ranges::minmax(fitted->fit.sizes);
  return fmt::format(
      "{{\"seconds\": [{}], \"inertia\": {}, \"free_inertia\": {}, \"smallest\": {}, \"largest\": {}, \"rounds\": {}}}",
      passed, fitted->fit.inertia, fitted->free_inertia, smallest, largest, fitted->fit.rounds);
}

namespace {

/// Squared distances to the own mean, over all groups.
double cost_of(const Matrix<float>& rows, const std::vector<std::uint32_t>& labels, std::size_t k) {
  double out = 0;
  for (std::size_t g = 0; g < k; ++g) {
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      double sum = 0;
      double squares = 0;
      double count = 0;
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        if (labels[r] != g) continue;
        const auto value = static_cast<double>(rows(r, c));
        sum += value;
        squares += value * value;
        count += 1;
      }
      if (count > 0) out += squares - sum * sum / count;
    }
  }
  return out;
}

/// The least cost of all ways to label the rows within the bounds.
double best_partition(const Matrix<float>& rows, std::size_t k, const cluster::SizeBounds& bounds) {
  std::vector<std::uint32_t> labels(rows.rows());
  std::vector<std::uint64_t> sizes(k);
  double best = std::numeric_limits<double>::infinity();
  const auto place = [&](const auto& self, std::size_t row) -> void {
    if (row == rows.rows()) {
      const bool holds = std::ranges::all_of(sizes, [&](std::uint64_t size) { return size >= bounds.least; });
      if (holds) best = std::min(best, cost_of(rows, labels, k));
      return;
    }
    for (std::uint32_t g = 0; g < k; ++g) {
      if (sizes[g] == bounds.most) continue;
      labels[row] = g;
      ++sizes[g];
      self(self, row + 1);
      // Groups without rows are alike.
      if (--sizes[g] == 0) return;
    }
  };
  place(place, 0);
  return best;
}

}  // namespace

Result<std::string> measure_exactness(const Words& words) {
  constexpr std::size_t kRows = 12;
  constexpr std::uint32_t kGroups = 3;
  const cluster::SizeBounds bounds{3, 5};
  const cluster::KMeansOptions options{
      .cluster_count = kGroups, .restarts = static_cast<std::uint32_t>(std::stoul(words[2])), .tolerance = 0};
  WorkerPool pool(1);
  std::vector<double> excess;
  for (std::uint64_t problem = 0; problem < std::stoull(words[1]); ++problem) {
    Random random(problem);
    Matrix<float> rows(kRows, 2);
    for (std::size_t r = 0; r < kRows; ++r) {
      for (std::size_t c = 0; c < 2; ++c) rows(r, c) = static_cast<float>(random.normal());
    }
    FENQUN_TRY(const auto fit, cluster::fit_balanced_kmeans(rows.view(), options, bounds, pool));
    excess.push_back(cost_of(rows, fit.fit.labels, kGroups) / best_partition(rows, kGroups, bounds) - 1);
  }
  std::ranges::sort(excess);
  return fmt::format("{{\"problems\": {}, \"worst_excess\": {}, \"within_percent\": {}}}", excess.size(), excess.back(),
                     std::ranges::count_if(excess, [](double value) { return value <= 0.01; }));
}

}  // namespace fenqun::bench
