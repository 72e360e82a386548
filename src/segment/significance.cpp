// segment/significance.cpp
#include "segment/significance.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fenqun::segment {
namespace {

// Below these the normal distribution is no fair stand-in.
constexpr std::int64_t kLeastValues = 10;
constexpr double kLeastExpected = 5;

double two_sided(double z) { return std::erfc(std::abs(z) / std::numbers::sqrt2); }

}  // namespace

std::optional<double> index_of(std::optional<double> in_group, std::optional<double> in_population) {
  if (!in_group || !in_population || *in_population == 0) return std::nullopt;
  return *in_group / *in_population;
}

std::optional<double> p_of_shares(std::int64_t hits, std::int64_t all, std::int64_t other_hits,
                                  std::int64_t other_all) {
  if (all <= 0 || other_all <= 0) return std::nullopt;
  const auto n = static_cast<double>(all);
  const auto m = static_cast<double>(other_all);
  const double pooled = static_cast<double>(hits + other_hits) / (n + m);
  if (std::min(n, m) * std::min(pooled, 1 - pooled) < kLeastExpected) return std::nullopt;
  const double variance = pooled * (1 - pooled) * (1 / n + 1 / m);
  return two_sided((static_cast<double>(hits) / n - static_cast<double>(other_hits) / m) / std::sqrt(variance));
}

std::optional<double> p_of_means(const Moments& one, const Moments& other) {
  if (one.count < kLeastValues || other.count < kLeastValues) return std::nullopt;
  const auto variance_of_mean = [](const Moments& m) {
    const auto n = static_cast<double>(m.count);
    return std::max(0.0, m.squares - m.sum * m.sum / n) / (n - 1) / n;
  };
  const double variance = variance_of_mean(one) + variance_of_mean(other);
  if (!(variance > 0)) return std::nullopt;
  const double difference = one.sum / static_cast<double>(one.count) - other.sum / static_cast<double>(other.count);
  return two_sided(difference / std::sqrt(variance));
}

std::vector<bool> stand_together(std::span<const std::optional<double>> p, double rate) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i]) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return *p[i]; });
  std::size_t standing = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double bound = rate * static_cast<double>(rank + 1) / static_cast<double>(order.size());
    if (*p[order[rank]] <= bound) standing = rank + 1;
  }
  std::vector<bool> out(p.size());
  for (std::size_t rank = 0; rank < standing; ++rank) out[order[rank]] = true;
  return out;
}

}  // namespace fenqun::segment
