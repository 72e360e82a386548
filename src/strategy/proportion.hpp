// strategy/proportion.hpp - shares of counted customers and how sure they are. Level 5.
// Intervals: E. B. Wilson 1927 for one share; R. G. Newcombe 1998 (method 10) for the difference of two. Pure.
#pragma once

#include <cstdint>
#include <optional>

namespace fenqun::strategy {

struct Interval {
  double share = 0;  // 0..1; of a difference: -1..1
  double low = 0;
  double high = 0;
};

/// `hits` of `all`, at 95 %. Nothing: all is 0.
std::optional<Interval> share_of(std::int64_t hits, std::int64_t all);
/// The first share less the second one, at 95 %. Nothing: nobody in one of them.
std::optional<Interval> difference(std::int64_t hits, std::int64_t all, std::int64_t other_hits,
                                   std::int64_t other_all);
/// The least difference between two shares near `share` that 80 of 100 comparisons of so many customers would find at
/// the 5 % level. Nothing: nobody in one of them, or a share outside 0..1.
std::optional<double> smallest_difference(double share, std::int64_t all, std::int64_t other_all);

}  // namespace fenqun::strategy
