// cluster/medoid_search.cpp
#include "cluster/medoid_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kRounding = 1e-12;  // of the deviation: less is no gain
constexpr std::size_t kRowsPerTask = 16;

/// Adds one column of all rows to the distances from a row.
void add_column(std::span<const double> column, double value, Distance distance, std::span<double> sums) {
  switch (distance) {
    case Distance::Euclidean:
      for (std::size_t j = 0; j < sums.size(); ++j) sums[j] += (column[j] - value) * (column[j] - value);
      return;
    case Distance::Manhattan:
      for (std::size_t j = 0; j < sums.size(); ++j) sums[j] += std::abs(column[j] - value);
      return;
    case Distance::Cosine:
      for (std::size_t j = 0; j < sums.size(); ++j) sums[j] += column[j] * value;
      return;
  }
}

void finish(Distance distance, std::span<double> sums) {
  if (distance == Distance::Euclidean) {
    for (double& sum : sums) sum = std::sqrt(sum);
  } else if (distance == Distance::Cosine) {
    for (double& sum : sums) sum = std::max(0.0, 1 - sum);
  }
}

/// Column by column, for Cosine each row brought to length 1.
Matrix<double> columns_of(RowView<const float> rows, Distance distance) {
  Matrix<double> out(rows.cols(), rows.rows());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    double squared = 0;
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      out(c, r) = static_cast<double>(rows(r, c));
      squared += out(c, r) * out(c, r);
    }
    if (distance != Distance::Cosine || squared <= 0) continue;
    for (std::size_t c = 0; c < rows.cols(); ++c) out(c, r) /= std::sqrt(squared);
  }
  return out;
}

struct Near {
  std::uint32_t medoid = 0;
  std::uint32_t next_medoid = 0;
  double distance = kNever;
  double next_distance = kNever;  // infinity with a single medoid
};

class Swaps {
 public:
  Swaps(const Matrix<float>& distances, std::vector<std::size_t> medoids)
      : distances_(distances), medoids_(std::move(medoids)), near_(distances.rows()), gains_(medoids_.size()) {
    for (std::size_t o = 0; o < near_.size(); ++o) near_[o] = look(o);
    find_removal_losses();
  }

  Result<MedoidSearch> run(std::uint32_t max_passes, const std::stop_token& stop) {
    MedoidSearch out;
    out.deviations.push_back(deviation());
    std::size_t last_swap = near_.size();
    while (out.passes < max_passes && !out.converged) {
      ++out.passes;
      const std::size_t swaps_before = out.deviations.size();
      for (std::size_t j = 0; j < near_.size() && j != last_swap; ++j) {
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
        if (medoids_[near_[j].medoid] == j) continue;
        const auto [change, place] = best_swap(j);
        if (!(change < -kRounding * out.deviations.back())) continue;
        swap(j, place);
        last_swap = j;
        out.deviations.push_back(deviation());
      }
      out.converged = out.deviations.size() == swaps_before;
    }
    out.medoids = std::move(medoids_);
    return out;
  }

 private:
  [[nodiscard]] double distance(std::size_t a, std::size_t b) const { return static_cast<double>(distances_(a, b)); }

  [[nodiscard]] Near look(std::size_t o) const {
    Near near;
    for (std::uint32_t m = 0; m < medoids_.size(); ++m) {
      const double apart = distance(medoids_[m], o);
      if (apart < near.distance) {
        near.next_medoid = std::exchange(near.medoid, m);
        near.next_distance = std::exchange(near.distance, apart);
      } else if (apart < near.next_distance) {
        near.next_medoid = m;
        near.next_distance = apart;
      }
    }
    return near;
  }

  [[nodiscard]] double deviation() const {
    double sum = 0;
    for (const auto& near : near_) sum += near.distance;
    return sum;
  }

  /// What the deviation gains when a medoid goes and nothing comes.
  void find_removal_losses() {
    removal_.assign(medoids_.size(), 0);
    for (const auto& near : near_) removal_[near.medoid] += near.next_distance - near.distance;
  }

  /// The medoid to give up for row j, and what that changes.
  std::pair<double, std::uint32_t> best_swap(std::size_t j) {
    if (medoids_.size() == 1) return {sum_of(j) - sum_of(medoids_[0]), 0};
    gains_ = removal_;
    double shared = 0;
    const auto row = distances_.row(j);
    for (std::size_t o = 0; o < near_.size(); ++o) {
      const auto apart = static_cast<double>(row[o]);
      const Near& near = near_[o];
      if (apart < near.distance) {
        shared += apart - near.distance;
        gains_[near.medoid] += near.distance - near.next_distance;
      } else if (apart < near.next_distance) {
        gains_[near.medoid] += apart - near.next_distance;
      }
    }
    const auto best = std::ranges::min_element(gains_);
    return {*best + shared, static_cast<std::uint32_t>(best - gains_.begin())};
  }

  [[nodiscard]] double sum_of(std::size_t j) const {
    double sum = 0;
    for (const float apart : distances_.row(j)) sum += static_cast<double>(apart);
    return sum;
  }

  void swap(std::size_t j, std::uint32_t place) {
    medoids_[place] = j;
    for (std::size_t o = 0; o < near_.size(); ++o) {
      Near& near = near_[o];
      const double apart = distance(j, o);
      if (near.medoid == place || near.next_medoid == place) {
        near = look(o);
      } else if (apart < near.distance) {
        near = {place, near.medoid, apart, near.distance};
      } else if (apart < near.next_distance) {
        near.next_medoid = place;
        near.next_distance = apart;
      }
    }
    find_removal_losses();
  }

  const Matrix<float>& distances_;
  std::vector<std::size_t> medoids_;
  std::vector<Near> near_;  // per row
  std::vector<double> removal_;
  std::vector<double> gains_;
};

}  // namespace

Matrix<float> all_distances(RowView<const float> rows, Distance distance, WorkerPool& pool) {
  const auto columns = columns_of(rows, distance);
  Matrix<float> out(rows.rows(), rows.rows());
  pool.for_blocks(rows.rows(), kRowsPerTask, [&](std::size_t, std::size_t begin, std::size_t end) {
    std::vector<double> sums(rows.rows());
    for (std::size_t r = begin; r < end; ++r) {
      std::ranges::fill(sums, 0.0);
      for (std::size_t c = 0; c < columns.rows(); ++c) add_column(columns.row(c), columns(c, r), distance, sums);
      finish(distance, sums);
      sums[r] = 0;
      for (std::size_t j = 0; j < sums.size(); ++j) out(r, j) = static_cast<float>(sums[j]);
    }
  });
  return out;
}

std::size_t medoid_of(const Matrix<float>& distances, std::span<const std::size_t> group) {
  std::size_t best = group.front();
  double least = kNever;
  for (const std::size_t candidate : group) {
    double sum = 0;
    for (const std::size_t other : group) sum += static_cast<double>(distances(candidate, other));
    if (!(sum < least)) continue;
    least = sum;
    best = candidate;
  }
  return best;
}

Result<MedoidSearch> swap_medoids(const Matrix<float>& distances, std::vector<std::size_t> medoids,
                                  std::uint32_t max_passes, const std::stop_token& stop) {
  return Swaps(distances, std::move(medoids)).run(max_passes, stop);
}

}  // namespace fenqun::cluster
