// cluster/drawn_rows.cpp
#include "cluster/drawn_rows.hpp"

#include <algorithm>

namespace fenqun::cluster {

std::vector<std::size_t> draw_rows(std::size_t n, std::size_t count, Random random) {
  std::vector<std::size_t> out;
  out.reserve(count);
  for (std::size_t r = 0; r < n && out.size() < count; ++r) {
    if (random.below(n - r) < count - out.size()) out.push_back(r);
  }
  return out;
}

Matrix<float> gather_rows(RowView<const float> rows, std::span<const std::size_t> numbers) {
  Matrix<float> out(numbers.size(), rows.cols());
  for (std::size_t i = 0; i < numbers.size(); ++i) std::ranges::copy(rows.row(numbers[i]), out.row(i).begin());
  return out;
}

std::vector<float> gather_weights(std::span<const float> weights, std::span<const std::size_t> numbers) {
  std::vector<float> out;
  if (weights.empty()) return out;
  out.reserve(numbers.size());
  for (const std::size_t row : numbers) out.push_back(weights[row]);
  return out;
}

std::vector<std::size_t> rows_of_group(std::span<const std::uint32_t> labels, std::uint32_t group) {
  std::vector<std::size_t> out;
  for (std::size_t r = 0; r < labels.size(); ++r) {
    if (labels[r] == group) out.push_back(r);
  }
  return out;
}

}  // namespace fenqun::cluster
