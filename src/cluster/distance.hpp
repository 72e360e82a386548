// cluster/distance.hpp - how far rows lie apart, and what becomes of values that are missing.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include <cstdint>

namespace fenqun::cluster {

/// What a group is held together by; its centre is what makes that least.
enum class Distance : std::uint8_t {
  Euclidean,  // counted squared; the centre is the mean
  Manhattan,  // sum of absolute differences; the centre is the median of each column (of two, the lower)
  Cosine      // 1 - cosine of the angle: only the direction of a row counts; the centre is a unit vector
};

/// What to do with NaN in rows.
enum class MissingValues : std::uint8_t {
  Refused,  // an error that names row and column
  /// A row's distance is that of the columns it has, times all columns / those it has; centres are weighted by the same
  /// factor, so that no round raises the inertia. A row or column without any value is an error. Not with Cosine.
  /// Source: Dixon, IEEE Trans. SMC 9(10) (1979).
  PartialDistance
};

}  // namespace fenqun::cluster
