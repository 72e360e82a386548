// load/similar_kernels.hpp - products of load curves: the innermost loops of the search for similar customers.
// Level 2, inside the room. Checked input only, noexcept. One lane holds one pair of customers.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace fenqun::load {

inline constexpr std::size_t kPanel = 32;          // customers side by side
inline constexpr std::size_t kHoursPerStep = 128;  // hours summed in single precision

/// |sum of the steps - cosine| for vectors of length 1 whose entries were rounded to single precision once: products
/// and sums of a step round at most 128 times, entries once each, so the error is at most
/// (128 + 2 + 1) 2^-24 sum |a b|, and that sum is at most 1 (Cauchy-Schwarz).
inline constexpr double kCosineBound = 131.0 / (1 << 24U);

struct SimilarKernels {
  std::string_view level;  // "AVX2"
  /// a, b: hours x kPanel, hour after hour, hours <= kHoursPerStep. Adds the sum over hours of a[h][i] b[h][j] to
  /// sums[i * stride + j]. Levels that fuse products with sums round less than others: bits differ, not the bound.
  void (*add_products)(const float* a, const float* b, std::size_t hours, double* sums, std::size_t stride) noexcept;
  /// Sum of a[h] b[h] in double, eight interleaved sums; a NaN counts as 0. Every level gives the same bits.
  double (*dot)(const float* a, const float* b, std::size_t hours) noexcept;
};

/// Every level this processor runs, the slowest first.
std::span<const SimilarKernels> similar_kernel_levels() noexcept;
/// The fastest of them.
const SimilarKernels& similar_kernels() noexcept;

}  // namespace fenqun::load
