// strategy/proportion.cpp
#include "strategy/proportion.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::strategy {
namespace {

constexpr double kZ = 1.959963984540054;      // of 95 %, both sides
constexpr double kPower = 0.841621233572914;  // of 80 %

}  // namespace

std::optional<Interval> share_of(std::int64_t hits, std::int64_t all) {
  if (all <= 0) return std::nullopt;
  const auto n = static_cast<double>(all);
  const double p = static_cast<double>(hits) / n;
  const double middle = p + kZ * kZ / (2 * n);
  const double spread = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  const double scale = 1 + kZ * kZ / n;
  return Interval{p, std::max(0.0, (middle - spread) / scale), std::min(1.0, (middle + spread) / scale)};
}

std::optional<Interval> difference(std::int64_t hits, std::int64_t all, std::int64_t other_hits,
                                   std::int64_t other_all) {
  const auto one = share_of(hits, all);
  const auto other = share_of(other_hits, other_all);
  if (!one || !other) return std::nullopt;
  const double apart = one->share - other->share;
  return Interval{apart, apart - std::hypot(one->share - one->low, other->high - other->share),
                  apart + std::hypot(one->high - one->share, other->share - other->low)};
}

std::optional<double> smallest_difference(double share, std::int64_t all, std::int64_t other_all) {
  if (all <= 0 || other_all <= 0 || !(share >= 0 && share <= 1)) return std::nullopt;
  return (kZ + kPower) *
         std::sqrt(share * (1 - share) * (1 / static_cast<double>(all) + 1 / static_cast<double>(other_all)));
}

}  // namespace fenqun::strategy
