// datagen/pricing.cpp
#include "datagen/pricing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fenqun::datagen {
namespace {

const std::array<std::int64_t, 2>& ends_of(const Tiers& tiers, int month_of_year) noexcept {
  return tiers.is_summer[static_cast<std::size_t>(month_of_year - 1)] ? tiers.summer_milli_kwh : tiers.other_milli_kwh;
}

}  // namespace

std::int64_t tier_charge(const Tariff& tariff, int month_of_year, std::int64_t milli_kwh) noexcept {
  if (!tariff.tiers) return 0;
  const auto& ends = ends_of(*tariff.tiers, month_of_year);
  const auto second = std::max<std::int64_t>(0, std::min(milli_kwh, ends[1]) - ends[0]);
  const auto third = std::max<std::int64_t>(0, milli_kwh - ends[1]);
  return second * tariff.tiers->added_micro_cny[0] + third * tariff.tiers->added_micro_cny[1];
}

int tier_of(const Tariff& tariff, int month_of_year, std::int64_t milli_kwh) noexcept {
  if (!tariff.tiers) return 0;
  const auto& ends = ends_of(*tariff.tiers, month_of_year);
  return milli_kwh > ends[1] ? 3 : milli_kwh > ends[0] ? 2 : 1;
}

double affordable_kwh(const Tariff& tariff, double cny, double cny_per_kwh, const std::array<double, 12>& factors,
                      Month last) noexcept {
  const double sum = std::accumulate(factors.begin(), factors.end(), 0.0);
  double kwh = cny / (cny_per_kwh * sum);
  if (!tariff.tiers) return kwh;
  constexpr int kBends = 24;  // two for each month
  for (int step = 0; step < kBends; ++step) {
    double cost = cny_per_kwh * sum * kwh;
    double slope = cny_per_kwh * sum;
    for (int m = 0; m < 12; ++m) {
      const auto& ends = ends_of(*tariff.tiers, last.plus(m - 11).month_of_year());
      const double factor = factors[static_cast<std::size_t>(m)];
      const double milli = kwh * factor * 1000;
      const auto& added = tariff.tiers->added_micro_cny;
      const double second = static_cast<double>(added[0]) * 1e-6, third = static_cast<double>(added[1]) * 1e-6;
      const auto low = static_cast<double>(ends[0]), high = static_cast<double>(ends[1]);
      cost += (second * std::clamp(milli - low, 0.0, high - low) + third * std::max(0.0, milli - high)) / 1000;
      slope += factor * (milli > high ? third : milli > low ? second : 0);
    }
    const double next = kwh - (cost - cny) / slope;
    if (std::abs(next - kwh) <= 1e-9 * kwh) return next;
    kwh = next;
  }
  return kwh;
}

}  // namespace fenqun::datagen
