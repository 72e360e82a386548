// cluster/kmeans_kernels.hpp - distances from rows to centroids: the innermost loops. Level 1, inside the room.
// Checked input only, noexcept. One lane holds one row, and a row's distance adds its columns in order, so every level
// of instructions gives the same bits.
#pragma once

#include "base/matrix.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace fenqun::cluster {

/// Rows that a caller hands over at a time, small enough for their values to stay in the nearest cache.
inline constexpr std::size_t kRowsPerStep = 256;

/// What lies between a row and a centroid. *Present: NaN in a row adds nothing.
enum class RowMetric : std::uint8_t { Squared, SquaredPresent, Manhattan, ManhattanPresent };
inline constexpr std::size_t kRowMetrics = 4;

/// `rows` n x d, `centroids` k x d with k, d >= 1; outputs n entries; `scratch` of scratch_size(k, d) floats. Of equal
/// distances the lowest label.
struct SearchKernels {
  void (*nearest)(RowView<const float> rows, RowView<const float> centroids, std::span<float> scratch,
                  std::uint32_t* labels, float* distances) noexcept;
  /// next_* of a single centroid: label 0xFFFFFFFF, infinity.
  void (*nearest_two)(RowView<const float> rows, RowView<const float> centroids, std::span<float> scratch,
                      std::uint32_t* labels, float* distances, std::uint32_t* next_labels,
                      float* next_distances) noexcept;
};

/// The kernels compiled for one level of instructions.
struct KMeansKernels {
  std::string_view level;  // "AVX2"
  std::array<SearchKernels, kRowMetrics> searches;
  // Those of RowMetric::Squared.
  decltype(SearchKernels::nearest) nearest;
  decltype(SearchKernels::nearest_two) nearest_two;
  /// Squared distances to centroid labels[i] alone: the bits of nearest().
  void (*own)(RowView<const float> rows, RowView<const float> centroids, const std::uint32_t* labels,
              float* distances) noexcept;
  /// Adds each row to sums[label * d ...] in double, and 1 to counts[label].
  void (*add_rows)(RowView<const float> rows, const std::uint32_t* labels, double* sums,
                   std::uint64_t* counts) noexcept;
  /// Takes each row whose labels differ out of sums[from ...] and adds it to sums[to ...]; counts alike (modulo 2^64:
  /// they may be differences). Returns how many.
  std::size_t (*move_rows)(RowView<const float> rows, const std::uint32_t* from, const std::uint32_t* to, double* sums,
                           std::uint64_t* counts) noexcept;
  /// The same for rows which[0..], all of which moved: from[i] and to[i] are the labels of row which[i].
  void (*move_chosen)(RowView<const float> rows, std::span<const std::size_t> which, const std::uint32_t* from,
                      const std::uint32_t* to, double* sums, std::uint64_t* counts) noexcept;
  /// The sum in double, of eight interleaved sums.
  double (*add_up)(std::span<const float> values) noexcept;
  /// margins[i] = next - own - 2 rounding (next + own) of the distances, not squared.
  void (*find_margins)(std::span<const float> squared, const float* next_squared, float rounding,
                       float* margins) noexcept;
  /// margins[i] = (margins[i] - less[labels[i]]) * kMarginKept for at most 256 margins; writes the places of those that
  /// are no longer above 0 to `open` (room for one more than all) and returns how many.
  std::size_t (*narrow_margins)(std::span<float> margins, const std::uint32_t* labels, const float* less,
                                std::uint8_t* open) noexcept;

  [[nodiscard]] const SearchKernels& search(RowMetric metric) const {
    return searches[static_cast<std::size_t>(metric)];
  }
};

/// Covers the rounding of a difference of two floats.
inline constexpr float kMarginKept = 1.0F - 0x1.0p-22F;

std::size_t scratch_size(std::size_t clusters, std::size_t cols) noexcept;

/// Every level this processor runs, the slowest first.
std::span<const KMeansKernels> kernel_levels() noexcept;
/// The fastest of them.
const KMeansKernels& kernels() noexcept;

/// One row against one centroid, by the same arithmetic.
float row_distance(RowMetric metric, std::span<const float> row, std::span<const float> centroid) noexcept;
float squared_distance(std::span<const float> a, std::span<const float> b) noexcept;

}  // namespace fenqun::cluster
