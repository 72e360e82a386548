// datagen/usage.cpp
#include "datagen/usage.hpp"

#include "base/assert.hpp"
#include "datagen/pricing.hpp"
#include "datagen/streams.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::datagen {
namespace {

constexpr double kMonthJitter = 0.01;              // of the peak and valley shares
constexpr double kBandJitter = 0.08;               // of a day's weight within one price band
constexpr std::int64_t kMicroPerFen = 10'000'000;  // thousandths of a kWh x millionths of a yuan in one fen

/// Roughly normal with deviation 1 and mean 0 from 48 bits (Irwin & Hall: three uniform numbers), within +-3.
double rough_normal(std::uint64_t bits) {
  const auto sum = (bits & 0xFFFFU) + ((bits >> 16U) & 0xFFFFU) + ((bits >> 32U) & 0xFFFFU);
  return (static_cast<double>(sum) / 65536.0 - 1.5) * 2.0;
}

/// Shares `total` out by weights: running sums are rounded down, so that the parts add up exactly.
void share_out(std::int64_t total, const std::vector<double>& weights, std::vector<Energy>& days,
               std::int64_t Energy::*band) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  const double scale = static_cast<double>(total) / sum;
  double running = 0;
  std::int64_t given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    running += weights[i];
    const auto upto =
        i + 1 == weights.size() ? total : std::clamp(static_cast<std::int64_t>(running * scale), given, total);
    days[i].*band = upto - given;
    given = upto;
  }
}

}  // namespace

Energy UsageModel::constant_day(const Customer& customer) const {
  const double day = customer.month_kwh * 12 * 1000 / 365.25;
  return {std::llround(day * customer.peak_share),
          std::llround(day * (1.0 - customer.peak_share - customer.valley_share)),
          std::llround(day * customer.valley_share)};
}

std::optional<MonthUse> UsageModel::month(std::uint32_t number, const Customer& customer, int t) const {
  const auto month = timeline_.month(t);
  MonthUse use;
  use.first_day = std::max(month.first_day(), customer.opened_day);
  use.last_day = std::min(month.plus(1).first_day() - 1, customer.closed_day);
  if (use.first_day > use.last_day) return std::nullopt;
  const std::int64_t active = use.last_day - use.first_day + 1;
  const double part = static_cast<double>(active) / month.days();
  if (customer.is_constant) {
    const auto day = constant_day(customer);
    use.energy = {day.peak * active, day.flat * active, day.valley * active};
  } else {
    auto random = random_for(seed_, Purpose::Use, number, static_cast<std::uint64_t>(month.minus(Month())));
    const double growth = static_cast<double>(customer.growth_per_month) * (t - timeline_.months + 1);
    const double level = std::exp(growth + static_cast<double>(customer.noise) * random.normal());
    const double kwh = customer.month_kwh * rhythms_.month(customer.rhythm, t) * level * part;
    const auto total = std::max<std::int64_t>(std::llround(kwh * 1000), active);
    const double peak = customer.peak_share + random.uniform(-kMonthJitter, kMonthJitter);
    const double valley = customer.valley_share + random.uniform(-kMonthJitter, kMonthJitter);
    use.energy.peak = static_cast<std::int64_t>(static_cast<double>(total) * peak);
    use.energy.valley = static_cast<std::int64_t>(static_cast<double>(total) * valley);
    use.energy.flat = total - use.energy.peak - use.energy.valley;
  }
  const auto& tariff = parameters_.usage.tariffs[customer.tariff];
  const auto micro = use.energy.peak * tariff.price_micro_cny[0] + use.energy.flat * tariff.price_micro_cny[1] +
                     use.energy.valley * tariff.price_micro_cny[2] +
                     tier_charge(tariff, month.month_of_year(), use.energy.total());
  use.capacity_fen = std::llround(static_cast<double>(customer.capacity_kva) * part *
                                  static_cast<double>(tariff.capacity_fen_per_kva));
  use.amount_fen = std::max<std::int64_t>(1, (micro + kMicroPerFen / 2) / kMicroPerFen + use.capacity_fen);
  return use;
}

void UsageModel::split(std::uint32_t number, const Customer& customer, int t, const MonthUse& use,
                       std::vector<Energy>& days) const {
  FENQUN_ASSERT(t >= timeline_.first_reading());
  const auto count = static_cast<std::size_t>(use.last_day - use.first_day) + 1;
  days.assign(count, {});
  if (customer.is_constant) {
    days.assign(count, constant_day(customer));
    return;
  }
  auto random =
      random_for(seed_, Purpose::DayUse, number, static_cast<std::uint64_t>(timeline_.month(t).minus(Month())));
  const double deviation = rhythms_.day_deviation(customer.rhythm);
  thread_local std::array<std::vector<double>, 3> weights;
  for (auto& band : weights) band.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double base = rhythms_.day(customer.rhythm, use.first_day + static_cast<std::int32_t>(i)) *
                        (1 + deviation * rough_normal(random.next()));
    const auto bits = random.next();
    for (std::size_t band = 0; band < weights.size(); ++band) {
      const auto jitter = static_cast<double>((bits >> (21 * band)) & 0x1FFFFFU) * 0x1.0p-20 - 1;
      weights[band][i] = base * (1 + kBandJitter * jitter);
    }
  }
  share_out(use.energy.peak, weights[0], days, &Energy::peak);
  share_out(use.energy.flat, weights[1], days, &Energy::flat);
  share_out(use.energy.valley, weights[2], days, &Energy::valley);
}

}  // namespace fenqun::datagen
