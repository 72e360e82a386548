// cluster/row_sample.hpp - an even random sample of rows whose number is not known beforehand. Level 1, inside the
// room.
#pragma once

#include "base/matrix.hpp"
#include "base/random.hpp"

#include <cstdint>
#include <vector>

namespace fenqun::cluster {

/// Each set of `capacity` of the rows added so far is equally likely to be held. Which rows, depends on the random
/// stream and their places alone, not on the pieces they came in. Draws O(capacity log(n / capacity)) numbers.
/// Source: algorithm L, Li 1994, ACM TOMS 20(4).
class RowSample {
 public:
  RowSample(std::size_t capacity, std::size_t cols, Random random);  // both >= 1
  void add(RowView<const float> rows);
  [[nodiscard]] std::uint64_t seen() const noexcept { return seen_; }
  /// The rows held, min(capacity, seen) of them.
  [[nodiscard]] RowView<const float> rows() const noexcept { return {held_.data(), held_.size() / cols_, cols_}; }

 private:
  void draw_next();

  std::size_t capacity_;
  std::size_t cols_;
  Random random_;
  double weight_ = 1;
  std::uint64_t seen_ = 0;
  std::uint64_t next_ = 0;  // once full: the row to take next
  std::vector<float> held_;
};

}  // namespace fenqun::cluster
