// cluster/scaling.hpp - brings the columns of a feature table to one scale, and back.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace fenqun::cluster {

/// Applied to a value before its column is centred and scaled.
enum class PreTransform : std::uint8_t {
  None,
  Log1p  // sign(x) * log(1 + |x|): log1p that also takes what is below zero
};

enum class ScalingMethod : std::uint8_t {
  None,    // centre 0, scale 1
  ZScore,  // centre = mean, scale = standard deviation (divided by n)
  Robust,  // centre = median, scale = third minus first quartile (linear interpolation between neighbours)
  MinMax   // centre = minimum, scale = maximum - minimum: values 0..1
};

/// What took the place of a scale that came out as zero.
enum class ScaleFallback : std::uint8_t {
  None,               // the scale the method asks for
  StandardDeviation,  // Robust with quartiles that coincide
  Constant            // no spread at all: the column becomes 0
};

/// What to do with one column.
struct ColumnScaling {
  ScalingMethod method = ScalingMethod::ZScore;
  PreTransform pre = PreTransform::None;
  double weight = 1;  // >= 0, finite; multiplies the scaled value, so squared distances by weight * weight
};

/// One column as it was fitted: scaled = weight * (pre(x) - centre) / scale.
struct FittedColumn {
  ColumnScaling rule;
  double centre = 0;  // in units of pre(x)
  double scale = 1;   // in units of pre(x), > 0; 1 for Constant
  ScaleFallback fallback = ScaleFallback::None;
};

/// A plain value, to be stored with the model; apply it to later data without fitting again.
struct FittedScaling {
  std::vector<FittedColumn> columns;
};

/// Fits one column after the other on n x d `rows` (n, d >= 1; one rule per column).
/// Time O(n d); memory 4 n doubles per thread. Same bits for any thread count.
/// Errors: InvalidArgument (no columns, number of rules differs from d, weight negative, not finite, or all zero),
/// BadData (no rows; NaN/Inf, names row and column; values so large that their spread overflows).
Result<FittedScaling> fit_scaling(RowView<const double> rows, std::span<const ColumnScaling> rules, WorkerPool& pool);

/// The scaled n x d matrix. n may be 0.
/// Errors: InvalidArgument (columns differ from those fitted), BadData (NaN/Inf, or the scaled value does not
/// fit a float; names row and column).
Result<Matrix<float>> apply_scaling(const FittedScaling& scaling, RowView<const double> rows, WorkerPool& pool);

/// Scaled rows (centroids, say) back in original units. A column of weight 0 or without spread gives its centre.
/// Errors: InvalidArgument (columns differ from those fitted), BadData (NaN/Inf, names row and column).
Result<Matrix<double>> invert_scaling(const FittedScaling& scaling, RowView<const float> scaled);

}  // namespace fenqun::cluster
