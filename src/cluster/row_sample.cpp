// cluster/row_sample.cpp
#include "cluster/row_sample.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::cluster {

RowSample::RowSample(std::size_t capacity, std::size_t cols, Random random)
    : capacity_(capacity), cols_(cols), random_(random) {}

void RowSample::add(RowView<const float> rows) {
  for (std::size_t r = 0; r < rows.rows(); ++r, ++seen_) {
    if (held_.size() < capacity_ * cols_) {
      const auto row = rows.row(r);
      held_.insert(held_.end(), row.begin(), row.end());
      if (held_.size() == capacity_ * cols_) draw_next();
      continue;
    }
    if (next_ - seen_ >= rows.rows() - r) {
      seen_ += rows.rows() - r;
      return;
    }
    r += next_ - seen_;
    seen_ = next_;
    const std::size_t place = random_.below(capacity_);
    std::ranges::copy(rows.row(r), held_.begin() + static_cast<std::ptrdiff_t>(place * cols_));
    draw_next();
  }
}

/// How many rows pass by until one is taken, given all before: a geometric law whose rate falls as rows are taken.
void RowSample::draw_next() {
  constexpr double kFarAway = 0x1p62;
  // 1 - uniform() is never 0, so the logarithms are finite.
  weight_ *= std::exp(std::log(1 - random_.uniform()) / static_cast<double>(capacity_));
  const double skipped = std::floor(std::log(1 - random_.uniform()) / std::log1p(-weight_));
  next_ = seen_ + 1 + static_cast<std::uint64_t>(skipped < kFarAway ? skipped : kFarAway);
}

}  // namespace fenqun::cluster
