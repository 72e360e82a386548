// datagen/pricing.hpp - what energy costs above the first tier (阶梯电价), and what energy a sum of money buys.
// Level 3.
#pragma once

#include "base/month.hpp"
#include "datagen/parameters.hpp"

#include <array>
#include <cstdint>

namespace fenqun::datagen {

/// What the tiers add to a month's bill, in thousandths of a kWh times millionths of a yuan; 0 for a tariff without
/// tiers. Tiers count whole calendar months, also for a customer connected for part of one.
std::int64_t tier_charge(const Tariff& tariff, int month_of_year, std::int64_t milli_kwh) noexcept;

/// 1, 2 or 3: the tier that a month's energy reaches; 0 for a tariff without tiers.
int tier_of(const Tariff& tariff, int month_of_year, std::int64_t milli_kwh) noexcept;

/// Energy of a month with factor 1, kWh, such that twelve months up to `last` with these factors (> 0) cost `cny` at
/// `cny_per_kwh` (all that does not hang on tiers). Exact but for rounding: Newton's method on a sum of straight
/// pieces that bend upwards ends after as many steps as there are bends.
double affordable_kwh(const Tariff& tariff, double cny, double cny_per_kwh, const std::array<double, 12>& factors,
                      Month last) noexcept;

}  // namespace fenqun::datagen
