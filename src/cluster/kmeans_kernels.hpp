// cluster/kmeans_kernels.hpp - distances from rows to centroids: the innermost loops. Level 1, inside the room.
// Checked input only, noexcept. One lane holds one row, and a row's distance adds its columns in order, so every level
// of instructions gives the same bits.
#pragma once

#include "base/matrix.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace fenqun::cluster {

/// Rows that a caller hands over at a time, small enough for their values to stay in the nearest cache.
inline constexpr std::size_t kRowsPerStep = 256;

/// The kernels compiled for one level of instructions. `rows` n x d, `centroids` k x d with k, d >= 1; outputs n
/// entries; `scratch` of scratch_size(k, d) floats. Squared Euclidean distances; of equals the lowest label.
struct KMeansKernels {
  std::string_view level;  // "AVX2"
  void (*nearest)(RowView<const float> rows, RowView<const float> centroids, std::span<float> scratch,
                  std::uint32_t* labels, float* squared) noexcept;
  /// next_* of a single centroid: label 0xFFFFFFFF, infinity.
  void (*nearest_two)(RowView<const float> rows, RowView<const float> centroids, std::span<float> scratch,
                      std::uint32_t* labels, float* squared, std::uint32_t* next_labels, float* next_squared) noexcept;
  /// Adds each row to sums[label * d ...] and 1 to counts[label]; returns the sum of `squared`, all in double.
  double (*add_rows)(RowView<const float> rows, const std::uint32_t* labels, const float* squared, double* sums,
                     std::uint64_t* counts) noexcept;
};

std::size_t scratch_size(std::size_t clusters, std::size_t cols) noexcept;

/// Every level this processor runs, the slowest first.
std::span<const KMeansKernels> kernel_levels() noexcept;
/// The fastest of them.
const KMeansKernels& kernels() noexcept;

/// One row against one centroid, by the same arithmetic.
float squared_distance(std::span<const float> a, std::span<const float> b) noexcept;

}  // namespace fenqun::cluster
