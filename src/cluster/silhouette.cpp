// cluster/silhouette.cpp
#include "cluster/silhouette.hpp"

#include "cluster/drawn_rows.hpp"
#include "cluster/row_checks.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

using Labels = std::span<const std::uint32_t>;

constexpr std::uint32_t kLeastPerGroup = 20;
constexpr std::size_t kMostParts = 20;  // of a group's sample, left out in turn
constexpr std::uint32_t kMostSampled = 100'000;
constexpr double kNormal95 = 1.959963984540054;
constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr std::size_t kRowsPerTask = 64;

/// Part of a group's sample: rows [begin, end) of the sample in its order by groups.
struct Part {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The sample, group after group.
struct Sample {
  std::vector<std::size_t> rows;      // numbers in the table
  std::vector<std::uint32_t> groups;  // their groups
  std::vector<std::uint64_t> sizes;   // k: rows of each group in the table
  std::vector<std::uint64_t> taken;   // k: of those in the sample
  std::vector<Part> parts;            // of all groups in order
  std::vector<std::size_t> first;     // k + 1: a group's first part
};

Result<std::vector<std::uint64_t>> group_sizes(Labels labels, std::uint32_t k) {
  std::vector<std::uint64_t> sizes(k);
  for (const auto label : labels) ++sizes[label];
  const auto smallest = std::ranges::min_element(sizes);
  if (*smallest > 0) return sizes;
  return fail(ErrorCode::InvalidArgument, "cluster.empty_group", {{"group", std::to_string(smallest - sizes.begin())}});
}

std::uint64_t share_of(std::uint64_t size, std::uint64_t all, std::uint32_t wanted) {
  if (wanted >= all) return size;
  const double part = static_cast<double>(size) / static_cast<double>(all) * static_cast<double>(wanted);
  return std::min(size, std::max<std::uint64_t>(kLeastPerGroup, static_cast<std::uint64_t>(std::llround(part))));
}

/// Draws each group's rows in random order, so that its parts are random too.
Sample draw(Labels labels, std::vector<std::uint64_t> sizes, const SilhouetteOptions& options) {
  const std::size_t k = sizes.size();
  std::vector<std::vector<std::size_t>> members(k);
  for (std::size_t g = 0; g < k; ++g) members[g].reserve(sizes[g]);
  for (std::size_t r = 0; r < labels.size(); ++r) members[labels[r]].push_back(r);
  Sample out;
  out.taken.resize(k);
  for (std::size_t g = 0; g < k; ++g) {
    out.taken[g] = share_of(sizes[g], labels.size(), options.sample_rows);
    Random random(options.seed, g);
    for (std::size_t i = 0; i < out.taken[g]; ++i) {
      std::swap(members[g][i], members[g][i + random.below(sizes[g] - i)]);
      out.rows.push_back(members[g][i]);
      out.groups.push_back(static_cast<std::uint32_t>(g));
    }
    out.first.push_back(out.parts.size());
    const std::size_t begin = out.rows.size() - out.taken[g];
    const std::size_t parts = std::min<std::size_t>(kMostParts, out.taken[g]);
    for (std::size_t p = 0; p < parts; ++p)
      out.parts.push_back({begin + out.taken[g] * p / parts, begin + out.taken[g] * (p + 1) / parts});
  }
  out.first.push_back(out.parts.size());
  out.sizes = std::move(sizes);
  return out;
}

/// (b - a) / max(a, b) from sums of distances: to the own group over the `peers` others in it, to the nearest group.
double silhouette_of(double own_sum, std::uint64_t peers, double nearest_mean) {
  if (peers == 0) return 0;
  const double own = std::max(0.0, own_sum / static_cast<double>(peers));
  const double greater = std::max(own, nearest_mean);
  return greater > 0 ? (nearest_mean - own) / greater : 0;
}

class SampledPairs {
 public:
  SampledPairs(RowView<const float> rows, const Sample& sample)
      : sample_(sample), columns_(rows.cols(), sample.rows.size()), values_(sample.rows.size()) {
    for (std::size_t i = 0; i < sample.rows.size(); ++i) {
      for (std::size_t c = 0; c < rows.cols(); ++c) columns_(c, i) = rows(sample.rows[i], c);
    }
  }

  Result<void> measure(WorkerPool& pool, const std::stop_token& stop) {
    const std::size_t m = sample_.rows.size();
    std::vector<std::vector<double>> without(WorkerPool::block_count(m, kRowsPerTask));
    std::atomic<bool> is_stopped = false;
    pool.for_blocks(m, kRowsPerTask, [&](std::size_t block, std::size_t begin, std::size_t end) {
      if (is_stopped || stop.stop_requested()) {
        is_stopped = true;
        return;
      }
      without[block].assign(sample_.parts.size(), 0.0);
      std::vector<double> distances(m);
      std::vector<double> to_part(sample_.parts.size());
      std::vector<double> to_group(sample_.sizes.size());
      for (std::size_t i = begin; i < end; ++i) {
        measure_distances(i, distances);
        add_up(distances, to_part, to_group);
        take(i, to_part, to_group, without[block]);
      }
    });
    if (is_stopped) return fail(ErrorCode::Cancelled, "base.cancelled");
    without_part_.assign(sample_.parts.size(), 0.0);
    for (const auto& block : without) {
      for (std::size_t p = 0; p < block.size(); ++p) without_part_[p] += block[p];
    }
    return {};
  }

  [[nodiscard]] const std::vector<double>& values() const { return values_; }

  /// Of the stratified estimator: of each group (1 - share drawn) (P - 1) / P times the squared deviations of the
  /// estimates without one of its P parts.
  [[nodiscard]] double variance() const {
    double sum = 0;
    for (std::size_t g = 0; g < sample_.sizes.size(); ++g) {
      const auto parts = std::span(without_part_).subspan(sample_.first[g], sample_.first[g + 1] - sample_.first[g]);
      if (sample_.taken[g] == sample_.sizes[g] || parts.size() < 2) continue;
      const auto count = static_cast<double>(parts.size());
      double mean = 0;
      for (const double part : parts) mean += part / count;
      double squares = 0;
      for (const double part : parts) squares += (part - mean) * (part - mean);
      const double drawn = static_cast<double>(sample_.taken[g]) / static_cast<double>(sample_.sizes[g]);
      sum += (1 - drawn) * (count - 1) / count * squares;
    }
    return sum;
  }

 private:
  void measure_distances(std::size_t row, std::vector<double>& distances) const {
    std::ranges::fill(distances, 0.0);
    for (std::size_t c = 0; c < columns_.rows(); ++c) {
      const auto column = columns_.row(c);
      const auto value = static_cast<double>(column[row]);
      for (std::size_t j = 0; j < distances.size(); ++j) {
        const double difference = static_cast<double>(column[j]) - value;
        distances[j] += difference * difference;
      }
    }
    for (auto& distance : distances) distance = std::sqrt(distance);
  }

  void add_up(const std::vector<double>& distances, std::vector<double>& to_part, std::vector<double>& to_group) const {
    for (std::size_t g = 0; g < to_group.size(); ++g) {
      to_group[g] = 0;
      for (std::size_t p = sample_.first[g]; p < sample_.first[g + 1]; ++p) {
        to_part[p] = 0;
        for (std::size_t j = sample_.parts[p].begin; j < sample_.parts[p].end; ++j) to_part[p] += distances[j];
        to_group[g] += to_part[p];
      }
    }
  }

  /// The row's silhouette, and what it adds to the estimate without each of the parts.
  void take(std::size_t row, const std::vector<double>& to_part, const std::vector<double>& to_group,
            std::vector<double>& without) {
    const std::uint32_t own = sample_.groups[row];
    double nearest = kNever;
    double next = kNever;  // the nearest but one: stands in when the nearest changes
    std::size_t nearest_group = own;
    for (std::size_t g = 0; g < to_group.size(); ++g) {
      if (g == own) continue;
      const double mean = to_group[g] / static_cast<double>(sample_.taken[g]);
      if (mean < nearest) {
        next = std::exchange(nearest, mean);
        nearest_group = g;
      } else {
        next = std::min(next, mean);
      }
    }
    values_[row] = silhouette_of(to_group[own], sample_.taken[own] - 1, nearest);
    const double weight =
        static_cast<double>(sample_.sizes[own]) / static_cast<double>(sample_.taken[own]) / table_rows();
    for (std::size_t g = 0; g < to_group.size(); ++g) {
      const double others = g == nearest_group ? next : nearest;
      for (std::size_t p = sample_.first[g]; p < sample_.first[g + 1]; ++p) {
        const auto& part = sample_.parts[p];
        const std::uint64_t left = sample_.taken[g] - (part.end - part.begin);
        if (left == 0) continue;
        const double sum = to_group[g] - to_part[p];
        if (g == own) {
          if (row >= part.begin && row < part.end) continue;
          without[p] += weight * static_cast<double>(sample_.taken[own]) / static_cast<double>(left) *
                        silhouette_of(sum, left - 1, nearest);
        } else {
          without[p] += weight * silhouette_of(to_group[own], sample_.taken[own] - 1,
                                               std::min(others, sum / static_cast<double>(left)));
        }
      }
    }
  }

  [[nodiscard]] double table_rows() const {
    std::uint64_t sum = 0;
    for (const auto size : sample_.sizes) sum += size;
    return static_cast<double>(sum);
  }

  const Sample& sample_;
  Matrix<float> columns_;  // d x m
  std::vector<double> values_;
  std::vector<double> without_part_;  // the estimate without each part
};

SilhouetteEstimate estimate_of(const Sample& sample, const std::vector<double>& values, double variance,
                               std::size_t rows) {
  SilhouetteEstimate out;
  out.groups.resize(sample.sizes.size());
  for (std::size_t i = 0; i < values.size(); ++i) out.groups[sample.groups[i]].mean += values[i];
  for (std::size_t g = 0; g < out.groups.size(); ++g) {
    auto& group = out.groups[g];
    group.rows = sample.sizes[g];
    group.sampled = sample.taken[g];
    group.mean /= static_cast<double>(group.sampled);
    out.mean += static_cast<double>(group.rows) / static_cast<double>(rows) * group.mean;
  }
  out.standard_error = std::sqrt(variance);
  out.low = std::max(-1.0, out.mean - kNormal95 * out.standard_error);
  out.high = std::min(1.0, out.mean + kNormal95 * out.standard_error);
  out.is_exact = values.size() == rows;
  std::vector<std::pair<std::size_t, double>> by_row;
  for (std::size_t i = 0; i < values.size(); ++i) by_row.emplace_back(sample.rows[i], values[i]);
  std::ranges::sort(by_row);
  for (const auto& [row, value] : by_row) {
    out.rows.push_back(row);
    out.values.push_back(value);
  }
  return out;
}

}  // namespace

Result<SilhouetteEstimate> estimate_silhouette(RowView<const float> rows, Labels labels, std::uint32_t cluster_count,
                                               const SilhouetteOptions& options, WorkerPool& pool,
                                               const std::stop_token& stop) {
  FENQUN_CHECK(check_option("sample_rows", options.sample_rows, 2, kMostSampled));
  FENQUN_CHECK(check_labels(labels, rows.rows(), cluster_count));
  FENQUN_CHECK(check_rows(rows, pool));
  FENQUN_TRY(auto sizes, group_sizes(labels, cluster_count));
  const Sample sample = draw(labels, std::move(sizes), options);
  SampledPairs pairs(rows, sample);
  FENQUN_CHECK(pairs.measure(pool, stop));
  return estimate_of(sample, pairs.values(), pairs.variance(), rows.rows());
}

}  // namespace fenqun::cluster
