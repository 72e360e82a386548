// load/shape_kernels.hpp - distances from rows to many shapes: the innermost loops. Level 2, inside the room.
// Checked input only, noexcept. One lane holds one shape, and a distance adds its columns in order, so every level of
// instructions gives the same bits (those of cluster::squared_distance).
#pragma once

#include "base/matrix.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace fenqun::load {

inline constexpr std::size_t kShapeBlock = 32;  // shapes side by side
/// Stands in places without a shape: farther than any shape from any row within +-1e6.
inline constexpr float kNowhere = 1e16F;

/// Shapes laid out for the kernels: block after block of kShapeBlock shapes, in each column after column.
class PackedShapes {
 public:
  PackedShapes() = default;
  explicit PackedShapes(RowView<const float> shapes);

  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
  [[nodiscard]] std::size_t blocks() const noexcept { return (count_ + kShapeBlock - 1) / kShapeBlock; }
  [[nodiscard]] const float* data() const noexcept { return values_.data(); }
  /// Half the squared length of every place.
  [[nodiscard]] const float* half_squares() const noexcept { return half_squares_.data(); }
  /// Replaces shape `code`.
  void set(std::size_t code, std::span<const float> shape);
  /// Makes sure that shape `code` is never the nearest.
  void remove(std::size_t code);

 private:
  [[nodiscard]] float& at(std::size_t code, std::size_t col) {
    return values_[(code / kShapeBlock * cols_ + col) * kShapeBlock + code % kShapeBlock];
  }
  std::size_t count_ = 0;
  std::size_t cols_ = 0;
  std::vector<float> values_;
  std::vector<float> half_squares_;
};

struct ShapeKernels {
  std::string_view level;  // "AVX2"
  /// The nearest of the shapes (at least 1, as many columns as the rows) for each row, of equals the lowest code, and
  /// its squared Euclidean distance.
  void (*nearest)(RowView<const float> rows, const PackedShapes& shapes, std::uint32_t* codes, float* squared) noexcept;
  /// A guess at the nearest: by c·c / 2 - x·c, which orders shapes as their distances do, in whatever way the level
  /// adds fastest. `gaps`: the second least of these numbers less the least. Codes of different levels differ where
  /// gaps are small.
  void (*guess)(RowView<const float> rows, const PackedShapes& shapes, std::uint32_t* codes, float* gaps) noexcept;
  /// Squared distances of one row to every place of the shapes: blocks() * kShapeBlock numbers.
  void (*distances)(const float* row, const PackedShapes& shapes, float* squared) noexcept;
};

/// Every level this processor runs, the slowest first.
std::span<const ShapeKernels> shape_kernel_levels() noexcept;
/// The fastest of them.
const ShapeKernels& shape_kernels() noexcept;

}  // namespace fenqun::load
