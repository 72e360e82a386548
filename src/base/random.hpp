// base/random.hpp - seeded random numbers, the same on every machine and for any thread count. Level 0.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace fenqun {

/// Mixes 64 bits (the finaliser of SplitMix64; Steele, Lea & Flood, OOPSLA 2014).
constexpr std::uint64_t mix64(std::uint64_t x) noexcept {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

/// A stream of numbers that depends on (seed, stream) alone: give each customer its own stream and the order in
/// which customers are made no longer matters. Distributions are spelt out here because those of the standard
/// library differ between implementations.
class Random {
 public:
  constexpr explicit Random(std::uint64_t seed, std::uint64_t stream = 0) noexcept
      : state_(mix64(seed ^ mix64(stream))) {}

  constexpr std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  /// Uniform in [0, 1), 53 bits.
  constexpr double uniform() noexcept { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  constexpr double uniform(double low, double high) noexcept { return low + (high - low) * uniform(); }
  /// Uniform integer in [0, n), n >= 1; the bias of the multiplication is below n / 2^64.
  constexpr std::uint64_t below(std::uint64_t n) noexcept {
    return static_cast<std::uint64_t>((static_cast<Wide>(next()) * n) >> 64U);
  }
  constexpr bool chance(double probability) noexcept { return uniform() < probability; }
  /// Standard normal (Box & Muller 1958; one of the pair, so that a draw costs a fixed two numbers).
  double normal() noexcept {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }
  double normal(double mean, double deviation) noexcept { return mean + deviation * normal(); }
  double lognormal(double log_mean, double log_deviation) noexcept { return std::exp(normal(log_mean, log_deviation)); }
  double exponential(double mean) noexcept { return -mean * std::log(1.0 - uniform()); }

 private:
  __extension__ using Wide = unsigned __int128;
  std::uint64_t state_;
};

}  // namespace fenqun
