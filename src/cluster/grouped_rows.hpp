// cluster/grouped_rows.hpp - checked rows as the rounds of k-means see them. Level 1, inside the room.
#pragma once

#include "base/matrix.hpp"
#include "cluster/kmeans_kernels.hpp"

#include <cmath>
#include <span>

namespace fenqun::cluster {

struct GroupedRows {
  RowView<const float> rows;
  RowMetric metric = RowMetric::Squared;
  std::span<const float> factors = {};  // n: what a row's distance counts; empty: 1 each
  std::span<const float> means = {};    // d: what a start takes where its row has no value; empty: none is missing
  bool is_unit = false;                 // rows are unit vectors, centroids are to be

  [[nodiscard]] std::size_t size() const { return rows.rows(); }
  [[nodiscard]] std::size_t cols() const { return rows.cols(); }
  [[nodiscard]] double factor(std::size_t row) const {
    return factors.empty() ? 1.0 : static_cast<double>(factors[row]);
  }
  /// Row `row` as the start of a group.
  void copy_start(std::size_t row, std::span<float> to) const {
    const auto values = rows.row(row);
    for (std::size_t c = 0; c < to.size(); ++c) to[c] = means.empty() || !std::isnan(values[c]) ? values[c] : means[c];
  }
  [[nodiscard]] RowView<const float> part(std::size_t begin, std::size_t end) const {
    return {rows.data() + begin * rows.stride(), end - begin, rows.cols(), rows.stride()};
  }
};

}  // namespace fenqun::cluster
