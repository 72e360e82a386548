// cluster/scaling.hpp - brings the columns of a feature table to one scale, and back.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"
#include "cluster/distance.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace fenqun::cluster {

/// Applied to a value before its column is centred and scaled.
enum class PreTransform : std::uint8_t {
  None,
  Log1p  // sign(x) * log(1 + |x|): log1p that also takes what is below zero
};

enum class ScalingMethod : std::uint8_t {
  None,     // centre 0, scale 1
  ZScore,   // centre = mean, scale = standard deviation (divided by n)
  Robust,   // centre = median, scale = third minus first quartile (linear interpolation between neighbours)
  MinMax,   // centre = minimum, scale = maximum - minimum: values 0..1
  Quantile  // the share of rows below, 0..1: between stored quantiles linear, of tied ones the middle
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
  /// Winsorising, before anything else: values beyond these quantiles of the fitted rows become the quantile.
  /// 0 <= winsor_low < winsor_high <= 1; 0 and 1: none.
  double winsor_low = 0;
  double winsor_high = 1;
  std::uint32_t knots = 1000;  // Quantile: how many quantiles are stored, 2..10,000; never more than rows
};

/// One column as it was fitted: scaled = weight * (pre(y) - centre) / scale with y = x kept within low..high; Quantile:
/// weight * the place of pre(y) among the knots.
struct FittedColumn {
  ColumnScaling rule;
  double centre = 0;  // in units of pre(x)
  double scale = 1;   // in units of pre(x), > 0; 1 for Constant
  ScaleFallback fallback = ScaleFallback::None;
  double low = std::numeric_limits<double>::lowest();  // in units of x
  double high = std::numeric_limits<double>::max();
  std::vector<double> knots = {};  // Quantile: ascending, in units of pre(x), at even shares from 0 to 1; else empty
};

/// What happens to a whole row after its columns are scaled and weighted.
enum class RowNorm : std::uint8_t {
  None,
  Unit,       // divided by its Euclidean length: only the proportions count; a row of zeros is an error
  UnitOrZero  // the same, but a row of zeros stays as it is
};

/// A plain value, to be stored with the model; apply it to later data without fitting again.
struct FittedScaling {
  std::vector<FittedColumn> columns;
  RowNorm row_norm = RowNorm::None;
  MissingValues missing = MissingValues::Refused;  // PartialDistance: NaN stays NaN, for fit_kmeans to deal with
};

/// Fits one column after the other on n x d `rows` (n, d >= 1; one rule per column).
/// Time O(n d), for a column of Quantile O(n log n); memory 4 n doubles per thread. Same bits for any thread count.
/// Errors: InvalidArgument (no columns, number of rules differs from d, weight negative, not finite, or all zero,
/// winsorising shares or knots out of range), BadData (no rows; NaN/Inf, names row and column; values so large that
/// their spread overflows). Missing values allowed: each column is fitted on the values it has; one that has none is an
/// error (BadData). Source: see docs/math/scaling.md.
Result<FittedScaling> fit_scaling(RowView<const double> rows, std::span<const ColumnScaling> rules, WorkerPool& pool,
                                  RowNorm row_norm = RowNorm::None, MissingValues missing = MissingValues::Refused);

/// The scaled n x d matrix. n may be 0.
/// Errors: InvalidArgument (columns differ from those fitted), BadData (Inf, NaN unless missing values pass, or the
/// scaled value does not fit a float: names row and column; a row of zeros with RowNorm::Unit: names the row).
Result<Matrix<float>> apply_scaling(const FittedScaling& scaling, RowView<const double> rows, WorkerPool& pool);

/// Scaled rows (centroids, say) back in original units. A column of weight 0 or without spread gives its centre, one of
/// Quantile and weight 0 its median; what winsorising cut off does not come back.
/// Errors: InvalidArgument (columns differ from those fitted; rows were brought to unit length, which has no inverse),
/// BadData (Inf, NaN unless missing values pass: names row and column).
Result<Matrix<double>> invert_scaling(const FittedScaling& scaling, RowView<const float> scaled);

}  // namespace fenqun::cluster
