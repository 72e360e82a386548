// load/nearest_shape.hpp - the nearest shape of many rows, by a guess that is proved or mended. Level 2, inside the
// room.
#pragma once

#include "load/shape_kernels.hpp"

#include <cstdint>
#include <vector>

namespace fenqun::load {

/// Gives what ShapeKernels::nearest gives, bit for bit, in about half its time: the guess stands where its gap is above
/// what rounding can do (see docs/math/load_shapes.md); other rows are searched by distances. Keeps its memory for the
/// next call; not for several threads.
class NearestShape {
 public:
  /// `shapes` are those of `packed`, and stay.
  NearestShape(RowView<const float> shapes, const PackedShapes& packed);

  void find(RowView<const float> rows, std::uint32_t* codes, float* squared);
  /// Rows whose guess was not proved, so far.
  [[nodiscard]] std::uint64_t searched_again() const noexcept { return searched_again_; }

 private:
  RowView<const float> shapes_;
  const PackedShapes& packed_;
  double longest_ = 0;  // length of the longest shape
  std::uint64_t searched_again_ = 0;
  std::vector<float> gaps_;
  std::vector<std::size_t> open_;
  std::vector<float> open_rows_;
  std::vector<std::uint32_t> open_codes_;
  std::vector<float> open_squared_;
};

}  // namespace fenqun::load
