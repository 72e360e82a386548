// cluster/lloyd.cpp
#include "cluster/lloyd.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

/// Missing values sort before all others.
bool is_less(std::span<const float> a, std::span<const float> b) {
  for (std::size_t c = 0; c < a.size(); ++c) {
    const auto key = [c](std::span<const float> row) {
      return std::isnan(row[c]) ? -std::numeric_limits<float>::infinity() : row[c];
    };
    if (key(a) != key(b)) return key(a) < key(b);
  }
  return false;
}

std::size_t count_distinct(const GroupedRows& rows) {
  std::vector<std::size_t> order;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (rows.factor(r) > 0) order.push_back(r);
  }
  const auto less = [&](std::size_t a, std::size_t b) { return is_less(rows.rows.row(a), rows.rows.row(b)); };
  std::ranges::sort(order, less);
  std::size_t distinct = 1;
  for (std::size_t i = 1; i < order.size(); ++i) distinct += less(order[i - 1], order[i]) ? 1U : 0U;
  return distinct;
}

bool takes_means(const GroupedRows& rows) { return rows.metric == RowMetric::Squared && rows.factors.empty(); }

}  // namespace

Lloyd::Lloyd(const GroupedRows& rows, const KMeansOptions& options, WorkerPool& pool, std::stop_token stop)
    : rows_(rows),
      options_(options),
      pool_(pool),
      stop_(std::move(stop)),
      distances_(pool.lend(rows.size() * sizeof(float))),
      state_{{}, {reinterpret_cast<float*>(distances_.bytes().data()), rows.size()}},  // NOLINT: plain memory
      rounds_(takes_means(rows)
                  ? mean_rounds(rows, options.cluster_count, options.pruning == Pruning::Auto, options.max_rounds, pool)
                  : general_rounds(rows, options.cluster_count, pool)) {}

Result<KMeansFit> Lloyd::run(Matrix<float> start, std::uint32_t restart) {
  centroids_ = std::move(start);
  state_.labels.reserve(rows_.size());
  advise_large_pages(state_.labels.data(), rows_.size() * sizeof(std::uint32_t));
  state_.labels.assign(rows_.size(), kUnlabelled);
  KMeansFit fit;
  std::vector<std::uint64_t> sizes;
  bool is_measured = false;
  for (;;) {
    if (stop_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    RoundCounts round = rounds_->assign(centroids_, state_);
    FENQUN_TRY(const std::uint64_t repaired, repair_empty(round));
    is_measured = round.is_measured || repaired > 0;
    fit.repaired += repaired;
    ++fit.rounds;
    fit.converged = repaired == 0 && is_settled(fit, round);
    fit.inertia = round.inertia;
    fit.log.push_back({restart, fit.rounds, round.inertia, round.changed, round.searched, repaired});
    if (options_.on_round) options_.on_round(fit.log.back());
    if (fit.converged || fit.rounds == options_.max_rounds) {
      sizes = std::move(round.sizes);
      break;
    }
    rounds_->update(state_, centroids_);
  }
  if (!is_measured) fit.inertia = measure_distances(rows_, centroids_, state_, pool_);
  fit.log.back().inertia = fit.inertia;
  for (const auto& round : fit.log) fit.inertia_by_round.push_back(round.inertia);
  fit.centroids = centroids_;
  fit.sizes = rows_.factors.empty() ? std::move(sizes) : count_rows();
  fit.labels = std::exchange(state_.labels, {});
  fit.restart = restart;
  return fit;
}

bool Lloyd::is_settled(const KMeansFit& fit, const RoundCounts& round) const {
  if (round.changed == 0) return true;
  return !fit.log.empty() && fit.inertia - round.inertia <= options_.tolerance * fit.inertia;
}

std::vector<std::uint64_t> Lloyd::count_rows() const {
  std::vector<std::uint64_t> sizes(centroids_.rows());
  for (const std::uint32_t label : state_.labels) ++sizes[label];
  return sizes;
}

/// Gives every emptied group the row that adds most to the inertia, measured from its own centroid and from the rows
/// given away before.
Result<std::uint64_t> Lloyd::repair_empty(RoundCounts& round) {
  std::uint64_t repaired = 0;
  std::vector<float> reach;
  for (std::uint32_t k = 0; k < round.sizes.size(); ++k) {
    if (round.sizes[k] > 0) continue;
    if (reach.empty()) {
      if (round.searched < rows_.size()) round.inertia = measure_distances(rows_, centroids_, state_, pool_);
      reach.assign(state_.distances.begin(), state_.distances.end());
      if (!rows_.factors.empty()) std::ranges::transform(reach, rows_.factors, reach.begin(), std::multiplies());
    }
    const auto row = farthest_row(reach, round);
    if (!row) {
      // Rows may differ and yet be at distance 0: by missing values, or by less than single precision can square.
      const auto apart = round.sizes.size() - static_cast<std::size_t>(std::ranges::count(round.sizes, 0U));
      return fail(ErrorCode::BadData, "cluster.too_few_distinct_rows",
                  {{"k", std::to_string(round.sizes.size())},
                   {"distinct", std::to_string(std::min(count_distinct(rows_), apart))}});
    }
    found_group(*row, k, round);
    ++repaired;
    for (std::size_t r = 0; r < reach.size(); ++r) {
      if (!(reach[r] > 0)) continue;
      const float distance = row_distance(rows_.metric, rows_.rows.row(r), centroids_.row(k));
      reach[r] = std::min(reach[r], distance * static_cast<float>(rows_.factor(r)));
    }
  }
  if (repaired > 0) rounds_->relabelled(state_);
  return repaired;
}

/// The row of greatest reach > 0 in a group of at least two, of equals the first.
std::optional<std::size_t> Lloyd::farthest_row(std::span<const float> reach, const RoundCounts& round) const {
  std::optional<std::size_t> farthest;
  float best = 0;
  for (std::size_t r = 0; r < reach.size(); ++r) {
    if (reach[r] > best && round.sizes[state_.labels[r]] > 1) {
      best = reach[r];
      farthest = r;
    }
  }
  return farthest;
}

void Lloyd::found_group(std::size_t row, std::uint32_t group, RoundCounts& round) {
  const auto values = rows_.rows.row(row);
  const std::uint32_t from = state_.labels[row];
  // Where the row has no value, those of the group it leaves.
  for (std::size_t c = 0; c < values.size(); ++c) {
    centroids_(group, c) = std::isnan(values[c]) ? centroids_(from, c) : values[c];
  }
  --round.sizes[from];
  round.sizes[group] = 1;
  round.inertia -= (rows_.is_unit ? 0.5 : 1.0) * rows_.factor(row) * static_cast<double>(state_.distances[row]);
  state_.distances[row] = 0;
  state_.labels[row] = group;
}

}  // namespace fenqun::cluster
