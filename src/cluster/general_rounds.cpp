// cluster/general_rounds.cpp
#include "cluster/rounds.hpp"
#include "cluster/row_blocks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

namespace fenqun::cluster {
namespace {

bool is_manhattan(RowMetric metric) { return metric == RowMetric::Manhattan || metric == RowMetric::ManhattanPresent; }

struct BlockPart {
  std::vector<double> sums;    // k x d: of factor * value
  std::vector<double> masses;  // k x d: of the factors of rows that have a value there
  std::vector<std::uint64_t> sizes;
  double inertia = 0;
  std::uint64_t changed = 0;
};

/// The least value at which half of the weight is reached. Reorders `values`.
float weighted_median(std::vector<std::pair<float, float>>& values) {
  std::ranges::sort(values);
  double all = 0;
  for (const auto& [value, weight] : values) all += static_cast<double>(weight);
  double seen = 0;
  for (const auto& [value, weight] : values) {
    seen += static_cast<double>(weight);
    if (2 * seen >= all) return value;
  }
  return values.back().first;
}

class GeneralRounds final : public Rounds {
 public:
  GeneralRounds(const GroupedRows& rows, std::uint32_t k, WorkerPool& pool)
      : rows_(rows),
        k_(k),
        pool_(pool),
        block_rows_(rows_per_block(rows.size(), 2 * rows.cols() * k)),
        parts_(WorkerPool::block_count(rows.size(), block_rows_)) {}

  RoundCounts assign(const Matrix<float>& centroids, RowState& state) override;
  void update(const RowState& state, Matrix<float>& centroids) override;
  void relabelled(const RowState&) override {}  // update() goes by the labels

 private:
  void assign_block(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t end,
                    BlockPart& mine) const;
  void update_means(const RowState& state, Matrix<float>& centroids);
  void update_medians(const RowState& state, Matrix<float>& centroids);
  [[nodiscard]] float median(std::span<const std::uint32_t> members, std::size_t col, float otherwise) const;

  GroupedRows rows_;
  std::uint32_t k_;
  WorkerPool& pool_;
  std::size_t block_rows_;
  std::vector<BlockPart> parts_;
};

RoundCounts GeneralRounds::assign(const Matrix<float>& centroids, RowState& state) {
  pool_.for_blocks(rows_.size(), block_rows_, [&](std::size_t block, std::size_t begin, std::size_t end) {
    assign_block(centroids.view(), state, begin, end, parts_[block]);
  });
  RoundCounts out;
  out.sizes.assign(k_, 0);
  out.searched = rows_.size();
  for (const auto& part : parts_) {
    for (std::size_t g = 0; g < k_; ++g) out.sizes[g] += part.sizes[g];
    out.inertia += part.inertia;
    out.changed += part.changed;
  }
  if (rows_.is_unit) out.inertia *= 0.5;
  return out;
}

void GeneralRounds::assign_block(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t end,
                                 BlockPart& mine) const {
  mine.sizes.assign(k_, 0);
  mine.inertia = 0;
  mine.changed = 0;
  std::vector<float> scratch(scratch_size(k_, rows_.cols()));
  std::array<std::uint32_t, kRowsPerStep> labels;
  for (; begin < end; begin += kRowsPerStep) {
    const std::size_t count = std::min(kRowsPerStep, end - begin);
    kernels()
        .search(rows_.metric)
        .nearest(rows_.part(begin, begin + count), centroids, scratch, labels.data(), state.distances.data() + begin);
    for (std::size_t i = 0; i < count; ++i) {
      const double factor = rows_.factor(begin + i);
      mine.inertia += factor * static_cast<double>(state.distances[begin + i]);
      mine.changed += std::exchange(state.labels[begin + i], labels[i]) != labels[i] ? 1U : 0U;
      mine.sizes[labels[i]] += factor > 0 ? 1U : 0U;
    }
  }
}

void GeneralRounds::update(const RowState& state, Matrix<float>& centroids) {
  if (is_manhattan(rows_.metric)) {
    update_medians(state, centroids);
  } else {
    update_means(state, centroids);
  }
}

void GeneralRounds::update_means(const RowState& state, Matrix<float>& centroids) {
  const std::size_t cols = rows_.cols();
  pool_.for_blocks(rows_.size(), block_rows_, [&](std::size_t block, std::size_t begin, std::size_t end) {
    BlockPart& mine = parts_[block];
    mine.sums.assign(k_ * cols, 0.0);
    mine.masses.assign(k_ * cols, 0.0);
    for (std::size_t r = begin; r < end; ++r) {
      const auto row = rows_.rows.row(r);
      const double factor = rows_.factor(r);
      double* const sums = mine.sums.data() + state.labels[r] * cols;
      double* const masses = mine.masses.data() + state.labels[r] * cols;
      for (std::size_t c = 0; c < cols; ++c) {
        const bool is_there = !std::isnan(row[c]);
        sums[c] += is_there ? factor * static_cast<double>(row[c]) : 0.0;
        masses[c] += is_there ? factor : 0.0;
      }
    }
  });
  for (std::size_t g = 0; g < k_; ++g) {
    std::vector<double> centre(cols);
    double squared = 0;
    for (std::size_t c = 0; c < cols; ++c) {
      double sum = 0;
      double mass = 0;
      for (const auto& part : parts_) {
        sum += part.sums[g * cols + c];
        mass += part.masses[g * cols + c];
      }
      centre[c] = mass > 0 ? sum / mass : static_cast<double>(centroids(g, c));
      squared += centre[c] * centre[c];
    }
    if (rows_.is_unit && squared <= 0) continue;
    const double length = rows_.is_unit ? std::sqrt(squared) : 1.0;
    for (std::size_t c = 0; c < cols; ++c) centroids(g, c) = static_cast<float>(centre[c] / length);
  }
}

void GeneralRounds::update_medians(const RowState& state, Matrix<float>& centroids) {
  // Members of group g: order[first[g]] .. order[first[g + 1]].
  std::vector<std::size_t> first(k_ + 1);
  for (std::size_t r = 0; r < rows_.size(); ++r) first[state.labels[r] + 1] += rows_.factor(r) > 0 ? 1U : 0U;
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::uint32_t> order(first.back());
  std::vector<std::size_t> at(first.begin(), first.end() - 1);
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    if (rows_.factor(r) > 0) order[at[state.labels[r]]++] = static_cast<std::uint32_t>(r);
  }
  pool_.for_blocks(k_ * rows_.cols(), 1, [&](std::size_t item, std::size_t, std::size_t) {
    const std::size_t g = item / rows_.cols();
    const std::size_t c = item % rows_.cols();
    centroids(g, c) = median({order.data() + first[g], first[g + 1] - first[g]}, c, centroids(g, c));
  });
}

/// Of the members' values in a column; of those in the middle the lower one.
float GeneralRounds::median(std::span<const std::uint32_t> members, std::size_t col, float otherwise) const {
  std::vector<std::pair<float, float>> weighted;
  std::vector<float> values;
  for (const std::uint32_t r : members) {
    const float value = rows_.rows(r, col);
    if (std::isnan(value)) continue;
    if (rows_.factors.empty()) {
      values.push_back(value);
    } else {
      weighted.emplace_back(value, rows_.factors[r]);
    }
  }
  if (!weighted.empty()) return weighted_median(weighted);
  if (values.empty()) return otherwise;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

std::unique_ptr<Rounds> general_rounds(const GroupedRows& rows, std::uint32_t k, WorkerPool& pool) {
  return std::make_unique<GeneralRounds>(rows, k, pool);
}

double measure_distances(const GroupedRows& rows, const Matrix<float>& centroids, RowState& state, WorkerPool& pool) {
  // The blocks of mean_rounds: the same bits as its sum over all rows.
  const std::size_t block_rows = rows_per_block(rows.size(), centroids.rows() * centroids.cols());
  std::vector<double> sums(WorkerPool::block_count(rows.size(), block_rows));
  pool.for_blocks(rows.size(), block_rows, [&](std::size_t block, std::size_t begin, std::size_t end) {
    std::vector<float> scratch(scratch_size(centroids.rows(), centroids.cols()));
    std::array<std::uint32_t, kRowsPerStep> labels;
    for (; begin < end; begin += kRowsPerStep) {
      const std::size_t count = std::min(kRowsPerStep, end - begin);
      const auto part = rows.part(begin, begin + count);
      float* const distances = state.distances.data() + begin;
      if (rows.metric == RowMetric::Squared)
        kernels().own(part, centroids.view(), state.labels.data() + begin, distances);
      else
        kernels().search(rows.metric).nearest(part, centroids.view(), scratch, labels.data(), distances);
      if (rows.factors.empty()) {
        sums[block] += kernels().add_up({distances, count});
      } else {
        for (std::size_t i = 0; i < count; ++i)
          sums[block] += rows.factor(begin + i) * static_cast<double>(distances[i]);
      }
    }
  });
  const double total = std::accumulate(sums.begin(), sums.end(), 0.0);
  return rows.is_unit ? 0.5 * total : total;
}

}  // namespace fenqun::cluster
