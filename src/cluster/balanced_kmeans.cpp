// cluster/balanced_kmeans.cpp
#include "cluster/balanced_kmeans.hpp"

#include "cluster/kmeans_init.hpp"
#include "cluster/row_blocks.hpp"
#include "cluster/row_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

double penalties(const SizeBounds& bounds, const std::vector<std::uint64_t>& sizes) {
  double sum = 0;
  for (const auto size : sizes) {
    const auto outside = size < bounds.least ? bounds.least - size : size > bounds.most ? size - bounds.most : 0;
    sum += bounds.penalty.value_or(0) * static_cast<double>(outside);
  }
  return sum;
}

// Squared distances of all rows to all centroids. Columns outside, groups inside: the sums lie side by side.
template <class Real>
void measure(RowView<const float> rows, RowView<const Real> centroids, WorkerPool& pool, Matrix<double>& costs) {
  const std::size_t k = centroids.rows();
  Matrix<double> turned(centroids.cols(), k);
  for (std::size_t g = 0; g < k; ++g) {
    for (std::size_t c = 0; c < centroids.cols(); ++c) turned(c, g) = static_cast<double>(centroids(g, c));
  }
  pool.for_blocks(rows.rows(), rows_per_block(rows.rows()), [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r) {
      const auto row = rows.row(r);
      double* const sums = costs.row(r).data();
      std::fill(sums, sums + k, 0.0);
      for (std::size_t c = 0; c < row.size(); ++c) {
        const auto value = static_cast<double>(row[c]);
        const double* const centres = turned.row(c).data();
        for (std::size_t g = 0; g < k; ++g) sums[g] += (value - centres[g]) * (value - centres[g]);
      }
    }
  });
}

class BalancedLloyd {
 public:
  BalancedLloyd(RowView<const float> rows, const KMeansOptions& options, const SizeBounds& bounds, WorkerPool& pool,
                std::stop_token stop)
      : rows_(rows),
        options_(options),
        bounds_(bounds),
        pool_(pool),
        stop_(std::move(stop)),
        centroids_(options.cluster_count, rows.cols()),
        costs_(rows.rows(), options.cluster_count) {}

  Result<BalancedFit> run(const Matrix<float>& start) {
    for (std::size_t g = 0; g < centroids_.rows(); ++g)
      std::copy(start.row(g).begin(), start.row(g).end(), centroids_.row(g).begin());
    BalancedFit out;
    auto& fit = out.fit;
    double cost = std::numeric_limits<double>::infinity();
    for (;;) {
      measure(rows_, std::as_const(centroids_).view(), pool_, costs_);
      FENQUN_TRY(auto assigned, assign_bounded(std::as_const(costs_).view(), bounds_, stop_));
      ++fit.rounds;
      fit.inertia = assigned.cost;
      fit.inertia_by_round.push_back(fit.inertia);
      const double before = std::exchange(cost, assigned.cost + penalties(bounds_, assigned.sizes));
      const bool is_settled = assigned.labels == fit.labels;
      fit.converged = is_settled || (fit.rounds > 1 && before - cost <= options_.tolerance * before);
      fit.labels = std::move(assigned.labels);
      fit.sizes = std::move(assigned.sizes);
      out.moved = assigned.moved;
      if (fit.converged || fit.rounds == options_.max_rounds) break;
      update(fit.labels, fit.sizes);
    }
    fit.centroids = Matrix<float>(centroids_.rows(), centroids_.cols());
    for (std::size_t g = 0; g < centroids_.rows(); ++g) {
      for (std::size_t c = 0; c < centroids_.cols(); ++c) fit.centroids(g, c) = static_cast<float>(centroids_(g, c));
    }
    return out;
  }

 private:
  // The means of the groups; a group without rows, which a least size of 0 allows, stays where it is.
  void update(const std::vector<std::uint32_t>& labels, const std::vector<std::uint64_t>& sizes) {
    const std::size_t d = centroids_.cols();
    const std::size_t block_rows = rows_per_block(rows_.rows(), centroids_.rows() * d);
    std::vector<Matrix<double>> partial(WorkerPool::block_count(rows_.rows(), block_rows));
    pool_.for_blocks(rows_.rows(), block_rows, [&](std::size_t block, std::size_t begin, std::size_t end) {
      partial[block] = Matrix<double>(centroids_.rows(), d);
      for (std::size_t r = begin; r < end; ++r) {
        const auto row = rows_.row(r);
        const auto sum = partial[block].row(labels[r]);
        for (std::size_t c = 0; c < d; ++c) sum[c] += static_cast<double>(row[c]);
      }
    });
    for (std::size_t g = 0; g < centroids_.rows(); ++g) {
      if (sizes[g] == 0) continue;
      for (std::size_t c = 0; c < d; ++c) {
        double sum = 0;
        for (const auto& part : partial) sum += part(g, c);
        centroids_(g, c) = sum / static_cast<double>(sizes[g]);
      }
    }
  }

  RowView<const float> rows_;
  const KMeansOptions& options_;
  const SizeBounds& bounds_;
  WorkerPool& pool_;
  std::stop_token stop_;
  Matrix<double> centroids_;
  Matrix<double> costs_;
};

}  // namespace

Result<SizeBounds> bounds_of_shares(std::uint64_t rows, double least_share, double most_share) {
  const auto check = [](const char* option, double value, double low) -> Result<void> {
    if (value >= low && value <= 1) return {};
    return fail(ErrorCode::InvalidArgument, "cluster.option_range",
                {{"option", option}, {"value", fmt::format("{}", value)}, {"expected", fmt::format("{}..1", low)}});
  };
  FENQUN_CHECK(check("least_share", least_share, 0));
  FENQUN_CHECK(check("most_share", most_share, least_share));
  const auto all = static_cast<double>(rows);
  return SizeBounds{static_cast<std::uint64_t>(std::floor(least_share * all)),
                    static_cast<std::uint64_t>(std::ceil(most_share * all)),
                    {}};
}

Result<BalancedFit> fit_balanced_kmeans(RowView<const float> rows, const KMeansOptions& options,
                                        const SizeBounds& bounds, WorkerPool& pool, const std::stop_token& stop) {
  FENQUN_CHECK(check_plain(options));
  FENQUN_TRY(const auto unbound, fit_kmeans(rows, options, pool, stop));
  const bool is_given = options.initial_centroids.rows() > 0;
  const std::uint32_t restarts = is_given ? 1 : options.restarts;
  BalancedLloyd lloyd(rows, options, bounds, pool, stop);
  BalancedFit best;
  std::vector<double> inertias;
  double least = std::numeric_limits<double>::infinity();
  for (std::uint32_t restart = 0; restart < restarts; ++restart) {
    Matrix<float> start = unbound.centroids;
    if (restart > 0) {
      FENQUN_TRY(start,
                 seed_plus_plus(GroupedRows{rows}, options.cluster_count, Random(options.seed, restart), pool, stop));
    }
    FENQUN_TRY(auto fit, lloyd.run(start));
    inertias.push_back(fit.fit.inertia);
    const double cost = fit.fit.inertia + penalties(bounds, fit.fit.sizes);
    if (!(cost < least)) continue;
    least = cost;
    best = std::move(fit);
    best.fit.restart = restart;
  }
  best.fit.inertia_by_restart = std::move(inertias);
  best.free_inertia = unbound.inertia;
  best.free_sizes = unbound.sizes;
  if (best.fit.inertia > 0 || unbound.inertia > 0) best.price = best.fit.inertia / unbound.inertia - 1;
  return best;
}

Matrix<double> squared_distances(RowView<const float> rows, RowView<const float> centroids, WorkerPool& pool) {
  Matrix<double> out(rows.rows(), centroids.rows());
  measure(rows, centroids, pool, out);
  return out;
}

Result<BoundedAssignment> assign_balanced(RowView<const float> rows, RowView<const float> centroids,
                                          const SizeBounds& bounds, WorkerPool& pool, const std::stop_token& stop) {
  if (rows.cols() != centroids.cols()) {
    return fail(ErrorCode::InvalidArgument, "cluster.columns_differ",
                {{"columns", std::to_string(rows.cols())}, {"expected", std::to_string(centroids.cols())}});
  }
  const auto costs = squared_distances(rows, centroids, pool);
  return assign_bounded(costs.view(), bounds, stop);
}

}  // namespace fenqun::cluster
