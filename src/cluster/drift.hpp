// cluster/drift.hpp - how far the distribution of each feature has moved since a model was fitted.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"

#include <cstdint>
#include <vector>

namespace fenqun::cluster {

/// The bins of one feature: bin 0 up to and with edges[0], ..., the last above edges.back(). NaN (no value) is counted
/// apart.
struct FeatureBins {
  std::vector<double> edges;          // ascending, all different; empty: one bin
  std::vector<std::uint64_t> counts;  // edges + 1
  std::uint64_t missing = 0;
};

/// A plain value, to be stored with the model.
struct FittedBins {
  std::vector<FeatureBins> features;  // d
  std::uint64_t rows = 0;
};

/// Population stability index of one feature; over what a bin adds see `by_bin`.
struct FeatureDrift {
  double psi = 0;                     // >= 0; custom calls up to 0.1 stable, above 0.25 a shift
  std::vector<double> by_bin;         // bins, then the missing; adds up to psi
  std::vector<std::uint64_t> counts;  // of the rows measured, bins of the fit
  std::uint64_t missing = 0;
};

/// Cuts each of d columns of n x d `rows` (n, d >= 1, NaN = missing) at its quantiles into at most `bins` (2..1000) of
/// equal share; equal values stay in one bin, so there may be fewer. Time O(n log n d), memory n doubles per thread.
/// Errors: InvalidArgument (bins), BadData (no rows or columns; Inf: names row and column).
Result<FittedBins> fit_bins(RowView<const double> rows, std::uint32_t bins, WorkerPool& pool);

/// One entry per feature. With p and q the shares of a bin in fit and rows, each count raised by a half so that an
/// empty bin has a share above 0: psi = sum (q - p) ln(q / p). Time O(n d log bins). Same bits for any thread count.
/// Errors: InvalidArgument (columns differ from those fitted), BadData (no rows; Inf: names row and column).
/// Source: Siddiqi, Credit Risk Scorecards (2006); the symmetric divergence of Jeffreys (1946).
Result<std::vector<FeatureDrift>> measure_drift(const FittedBins& fitted, RowView<const double> rows, WorkerPool& pool);

}  // namespace fenqun::cluster
