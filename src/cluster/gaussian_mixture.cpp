// cluster/gaussian_mixture.cpp
#include "cluster/gaussian_mixture.hpp"

#include "cluster/row_blocks.hpp"
#include "cluster/row_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr double kNoRows = 1e-10;  // of a row: a cloud with less weight keeps its place

/// What a block of rows adds to a round; column by column, the clouds side by side.
struct CloudSums {
  std::vector<double> weights;  // k
  Matrix<double> first;         // d x k: membership times difference to the old mean
  Matrix<double> second;        // d x k: the same of its square
  double log_likelihood = 0;
};

/// The log-densities of a mixture, laid out column by column.
class Densities {
 public:
  explicit Densities(const GaussianMixture& model)
      : k_(model.means.rows()), offsets_(k_), means_(model.means.cols(), k_), halves_(model.means.cols(), k_) {
    for (std::size_t g = 0; g < k_; ++g) {
      offsets_[g] = std::log(model.shares[g]);  // -inf for a cloud without rows
      for (std::size_t c = 0; c < means_.rows(); ++c) {
        const double variance = model.variances(g, c);
        means_(c, g) = model.means(g, c);
        if (variance <= 0) continue;
        halves_(c, g) = 0.5 / variance;
        offsets_[g] -= 0.5 * std::log(2 * std::numbers::pi * variance);
      }
    }
  }

  /// Fills `memberships` (k) of a row and returns the logarithm of its density.
  double measure(std::span<const float> row, std::span<double> memberships) const {
    std::ranges::copy(offsets_, memberships.begin());
    for (std::size_t c = 0; c < row.size(); ++c) {
      const auto value = static_cast<double>(row[c]);
      const auto means = means_.row(c);
      const auto halves = halves_.row(c);
      for (std::size_t g = 0; g < k_; ++g) {
        const double difference = value - means[g];
        memberships[g] -= difference * difference * halves[g];
      }
    }
    const double greatest = *std::ranges::max_element(memberships);
    double sum = 0;
    for (double& membership : memberships) {
      membership = std::exp(membership - greatest);
      sum += membership;
    }
    for (double& membership : memberships) membership /= sum;
    return greatest + std::log(sum);
  }

 private:
  std::size_t k_;
  std::vector<double> offsets_;  // k
  Matrix<double> means_;         // d x k
  Matrix<double> halves_;        // d x k: 1 / (2 variance); 0: the column is left out
};

class Em {
 public:
  Em(RowView<const float> rows, const GaussianMixtureOptions& options, WorkerPool& pool)
      : rows_(rows),
        k_(options.kmeans.cluster_count),
        pool_(pool),
        block_rows_(rows_per_block(rows.rows(), k_ * (2 * rows.cols() + 1))) {
    out_.memberships = Matrix<float>(rows.rows(), k_);
    out_.model = {std::vector<double>(k_), Matrix<double>(k_, rows.cols()), Matrix<double>(k_, rows.cols())};
    find_floors(options.variance_floor);
  }

  /// The clouds of a grouping: shares, means and variances of its groups.
  void start(const KMeansFit& fit) {
    for (std::size_t g = 0; g < k_; ++g) {
      for (std::size_t c = 0; c < rows_.cols(); ++c) out_.model.means(g, c) = static_cast<double>(fit.centroids(g, c));
    }
    const auto sums = add_up([&](std::size_t row, std::span<double> memberships) {
      std::ranges::fill(memberships, 0.0);
      memberships[fit.labels[row]] = 1;
      return 0.0;
    });
    maximise(sums);
  }

  CloudSums expect() {
    const Densities densities(out_.model);
    return add_up([&](std::size_t row, std::span<double> memberships) {
      const double density = densities.measure(rows_.row(row), memberships);
      for (std::size_t g = 0; g < k_; ++g) out_.memberships(row, g) = static_cast<float>(memberships[g]);
      return density;
    });
  }

  void maximise(const CloudSums& sums) {
    for (std::size_t g = 0; g < k_; ++g) {
      const double weight = sums.weights[g];
      out_.model.shares[g] = weight / static_cast<double>(rows_.rows());
      if (weight < kNoRows) continue;
      for (std::size_t c = 0; c < rows_.cols(); ++c) {
        const double moved = sums.first(c, g) / weight;
        out_.model.means(g, c) += moved;
        out_.model.variances(g, c) = std::max(floors_[c], sums.second(c, g) / weight - moved * moved);
        if (floors_[c] <= 0) out_.model.variances(g, c) = 0;
      }
    }
  }

  /// Labels and all that follows from them; `out_` is given away.
  GaussianMixtureFit finish(KMeansFit fit, double log_likelihood) {
    fit.sizes.assign(k_, 0);
    for (std::size_t r = 0; r < rows_.rows(); ++r) {
      const auto row = std::as_const(out_.memberships).row(r);
      fit.labels[r] = static_cast<std::uint32_t>(std::ranges::max_element(row) - row.begin());
      ++fit.sizes[fit.labels[r]];
    }
    for (std::size_t g = 0; g < k_; ++g) {
      for (std::size_t c = 0; c < rows_.cols(); ++c) fit.centroids(g, c) = static_cast<float>(out_.model.means(g, c));
    }
    fit.inertia = inertia_of(fit.labels);
    const auto varied = static_cast<double>(std::ranges::count_if(floors_, [](double floor) { return floor > 0; }));
    const auto k = static_cast<double>(k_);
    out_.log_likelihood = log_likelihood;
    out_.bic = -2 * log_likelihood + (k - 1 + 2 * k * varied) * std::log(static_cast<double>(rows_.rows()));
    out_.fit = std::move(fit);
    return std::move(out_);
  }

  std::vector<double>& log_likelihoods() { return out_.log_likelihood_by_round; }

 private:
  /// Sums over all rows of what `measure` makes of each: fills the memberships, returns the log-density.
  template <class Measure>
  CloudSums add_up(const Measure& measure) {
    const std::size_t d = rows_.cols();
    std::vector<CloudSums> partial(WorkerPool::block_count(rows_.rows(), block_rows_));
    pool_.for_blocks(rows_.rows(), block_rows_, [&](std::size_t block, std::size_t begin, std::size_t end) {
      CloudSums& sums = partial[block];
      sums = {std::vector<double>(k_), Matrix<double>(d, k_), Matrix<double>(d, k_), 0};
      Matrix<double> means(d, k_);
      for (std::size_t g = 0; g < k_; ++g) {
        for (std::size_t c = 0; c < d; ++c) means(c, g) = out_.model.means(g, c);
      }
      std::vector<double> memberships(k_);
      for (std::size_t r = begin; r < end; ++r) {
        sums.log_likelihood += measure(r, memberships);
        for (std::size_t g = 0; g < k_; ++g) sums.weights[g] += memberships[g];
        const auto row = rows_.row(r);
        for (std::size_t c = 0; c < d; ++c) add_column(static_cast<double>(row[c]), means.row(c), memberships, c, sums);
      }
    });
    CloudSums out = std::move(partial.front());
    for (std::size_t block = 1; block < partial.size(); ++block) {
      const CloudSums& sums = partial[block];
      out.log_likelihood += sums.log_likelihood;
      for (std::size_t g = 0; g < k_; ++g) out.weights[g] += sums.weights[g];
      for (std::size_t c = 0; c < d; ++c) {
        for (std::size_t g = 0; g < k_; ++g) {
          out.first(c, g) += sums.first(c, g);
          out.second(c, g) += sums.second(c, g);
        }
      }
    }
    return out;
  }

  void add_column(double value, std::span<const double> means, const std::vector<double>& memberships,
                  std::size_t column, CloudSums& sums) const {
    const auto first = sums.first.row(column);
    const auto second = sums.second.row(column);
    for (std::size_t g = 0; g < k_; ++g) {
      const double difference = value - means[g];
      const double part = memberships[g] * difference;
      first[g] += part;
      second[g] += part * difference;
    }
  }

  /// Of each column `share` of its variance over all rows; 0 for a constant column.
  void find_floors(double share) {
    const std::size_t d = rows_.cols();
    floors_.assign(d, 0);
    pool_.for_blocks(d, 1, [&](std::size_t c, std::size_t, std::size_t) {
      const float first = rows_(0, c);
      bool is_constant = true;
      double mean = 0;
      for (std::size_t r = 0; r < rows_.rows(); ++r) {
        mean += static_cast<double>(rows_(r, c));
        is_constant = is_constant && rows_(r, c) == first;
      }
      if (is_constant) return;
      mean /= static_cast<double>(rows_.rows());
      double squares = 0;
      for (std::size_t r = 0; r < rows_.rows(); ++r) {
        const double difference = static_cast<double>(rows_(r, c)) - mean;
        squares += difference * difference;
      }
      floors_[c] = share * squares / static_cast<double>(rows_.rows());
    });
  }

  [[nodiscard]] double inertia_of(const std::vector<std::uint32_t>& labels) const {
    const std::size_t block_rows = rows_per_block(rows_.rows());
    std::vector<double> partial(WorkerPool::block_count(rows_.rows(), block_rows));
    pool_.for_blocks(rows_.rows(), block_rows, [&](std::size_t block, std::size_t begin, std::size_t end) {
      for (std::size_t r = begin; r < end; ++r) {
        const auto mean = out_.model.means.row(labels[r]);
        for (std::size_t c = 0; c < mean.size(); ++c) {
          const double difference = static_cast<double>(rows_(r, c)) - mean[c];
          partial[block] += difference * difference;
        }
      }
    });
    double sum = 0;
    for (const double part : partial) sum += part;
    return sum;
  }

  RowView<const float> rows_;
  std::size_t k_;
  WorkerPool& pool_;
  std::size_t block_rows_;
  std::vector<double> floors_;  // d
  GaussianMixtureFit out_;
};

Result<void> check_number(const char* option, double value, bool is_good, const char* expected) {
  if (is_good) return {};
  return fail(ErrorCode::InvalidArgument, "cluster.option_range",
              {{"option", option}, {"value", fmt::format("{}", value)}, {"expected", expected}});
}

Result<void> check_options(const GaussianMixtureOptions& options) {
  FENQUN_CHECK(check_plain(options.kmeans));
  FENQUN_CHECK(check_option("max_rounds", options.max_rounds, 1, std::numeric_limits<std::uint32_t>::max()));
  FENQUN_CHECK(
      check_number("tolerance", options.tolerance, options.tolerance >= 0 && std::isfinite(options.tolerance), ">= 0"));
  return check_number("variance_floor", options.variance_floor,
                      options.variance_floor > 0 && options.variance_floor <= 1, "> 0, <= 1");
}

}  // namespace

Result<GaussianMixtureFit> fit_gaussian_mixture(RowView<const float> rows, const GaussianMixtureOptions& options,
                                                WorkerPool& pool, const std::stop_token& stop) {
  FENQUN_CHECK(check_options(options));
  FENQUN_TRY(auto fit, fit_kmeans(rows, options.kmeans, pool, stop));
  Em em(rows, options, pool);
  em.start(fit);
  fit.converged = false;
  fit.log.clear();
  fit.inertia_by_round.clear();
  for (fit.rounds = 1;; ++fit.rounds) {
    if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    const auto sums = em.expect();
    auto& by_round = em.log_likelihoods();
    const double least_rise = options.tolerance * static_cast<double>(rows.rows());
    fit.converged = !by_round.empty() && sums.log_likelihood - by_round.back() <= least_rise;
    by_round.push_back(sums.log_likelihood);
    if (fit.converged || fit.rounds == options.max_rounds) return em.finish(std::move(fit), sums.log_likelihood);
    em.maximise(sums);
  }
}

Result<Matrix<float>> find_memberships(RowView<const float> rows, const GaussianMixture& model, WorkerPool& pool) {
  const std::size_t k = model.shares.size();
  FENQUN_CHECK(check_option("clouds", k, 1, kMaxClusters));
  FENQUN_CHECK(check_option("means", model.means.rows(), k, k));
  FENQUN_CHECK(check_option("variances", model.variances.rows(), k, k));
  for (const std::size_t columns : {rows.cols(), model.variances.cols()}) {
    if (columns == model.means.cols()) continue;
    return fail(ErrorCode::InvalidArgument, "cluster.columns_differ",
                {{"columns", std::to_string(columns)}, {"expected", std::to_string(model.means.cols())}});
  }
  FENQUN_CHECK(check_values(rows, pool));
  Matrix<float> out(rows.rows(), k);
  const Densities densities(model);
  pool.for_blocks(rows.rows(), rows_per_block(rows.rows()), [&](std::size_t, std::size_t begin, std::size_t end) {
    std::vector<double> memberships(k);
    for (std::size_t r = begin; r < end; ++r) {
      densities.measure(rows.row(r), memberships);
      for (std::size_t g = 0; g < k; ++g) out(r, g) = static_cast<float>(memberships[g]);
    }
  });
  return out;
}

}  // namespace fenqun::cluster
