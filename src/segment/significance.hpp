// segment/significance.hpp - whether a group differs from all others by more than chance. Level 3.
// Pure arithmetic. Sources: two-proportion z-test with pooled variance; Welch, Biometrika 34 (1947), with the normal
// distribution in place of Student's t (groups here count dozens and more); Benjamini & Hochberg, JRSS B 57 (1995).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fenqun::segment {

/// Index of Z2: share in group / share in population; absent where the population's is 0.
std::optional<double> index_of(std::optional<double> in_group, std::optional<double> in_population);

/// Two-sided p that two shares are the same: `hits` of `all` against `other_hits` of `other_all`. Absent: fewer than 5
/// hits or misses are to be expected on a side.
std::optional<double> p_of_shares(std::int64_t hits, std::int64_t all, std::int64_t other_hits, std::int64_t other_all);

/// A mean of `count` values with sum and sum of squares.
struct Moments {
  std::int64_t count = 0;
  double sum = 0;
  double squares = 0;
};

/// Two-sided p that two means are the same. Absent: fewer than 10 values on a side, or no spread on both.
std::optional<double> p_of_means(const Moments& one, const Moments& other);

/// Which of the p-values stand when at most a share of `rate` (0..1) of those that stand may be false. Absent ones
/// never do.
std::vector<bool> stand_together(std::span<const std::optional<double>> p, double rate);

/// The rate that portraits use.
inline constexpr double kFalseDiscoveryRate = 0.05;

}  // namespace fenqun::segment
