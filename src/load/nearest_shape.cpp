// load/nearest_shape.cpp
#include "load/nearest_shape.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::load {
namespace {

constexpr double kRounding = 1.0 / (1U << 24U);
// Far above what is lost where products fall below the least normal number.
constexpr double kTiny = 1e-30;

double squared_length(std::span<const float> row) {
  double sum = 0;
  for (const float value : row) sum += static_cast<double>(value) * static_cast<double>(value);
  return sum;
}

/// As the kernels add: column after column.
float squared_distance(std::span<const float> a, std::span<const float> b) {
  float sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) {
    const float difference = a[c] - b[c];
    sum += difference * difference;
  }
  return sum;
}

}  // namespace

NearestShape::NearestShape(RowView<const float> shapes, const PackedShapes& packed) : shapes_(shapes), packed_(packed) {
  for (std::size_t k = 0; k < shapes.rows(); ++k)
    longest_ = std::max(longest_, std::sqrt(squared_length(shapes.row(k))));
}

void NearestShape::find(RowView<const float> rows, std::uint32_t* codes, float* squared) {
  const std::size_t d = rows.cols();
  const double factor = 2 * kRounding * static_cast<double>(d + 6);
  gaps_.resize(rows.rows());
  open_.clear();
  open_rows_.clear();
  shape_kernels().guess(rows, packed_, codes, gaps_.data());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const auto row = rows.row(r);
    const double reach = std::sqrt(squared_length(row)) + longest_;
    if (static_cast<double>(gaps_[r]) > factor * reach * reach + kTiny) {
      squared[r] = squared_distance(row, shapes_.row(codes[r]));
      continue;
    }
    open_.push_back(r);
    open_rows_.insert(open_rows_.end(), row.begin(), row.end());
  }
  searched_again_ += open_.size();
  open_codes_.resize(open_.size());
  open_squared_.resize(open_.size());
  shape_kernels().nearest({open_rows_.data(), open_.size(), d}, packed_, open_codes_.data(), open_squared_.data());
  for (std::size_t i = 0; i < open_.size(); ++i) {
    codes[open_[i]] = open_codes_[i];
    squared[open_[i]] = open_squared_[i];
  }
}

}  // namespace fenqun::load
