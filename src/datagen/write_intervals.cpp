// datagen/write_intervals.cpp - readings by the quarter of an hour, by the hour and by the month.
#include "datagen/entity_writers.hpp"
#include "datagen/named_row.hpp"
#include "datagen/streams.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fenqun::datagen {
namespace {

constexpr int kScale = 4;  // energies of hours and quarters are in ten-thousandths of a kWh
constexpr double kPerKwh = 10'000;

/// Power factor that the kind of a customer has on average.
double power_factor_of(const World& world, const Customer& customer) {
  const auto& readings = world.parameters.records.readings;
  const auto& season = world.parameters.usage.seasons[world.kind_of(customer).season].name;
  if (world.is_home(customer)) return readings.factor_home;
  if (season == "industry") return readings.factor_industry;
  return season == "commerce" ? readings.factor_commerce : readings.factor_other;
}

/// Calls `on_day` for each day of the portion's month on which a customer chosen by `is_metered` was connected.
template <class Metered, class OnDay>
Result<void> for_days(const World& world, const Portion& portion, Metered&& is_metered, OnDay&& on_day) {
  std::vector<Energy> days;
  for (auto i = portion.first; i < portion.last; ++i) {
    if (!is_metered(i)) continue;
    const auto& customer = world.customers[i];
    const auto use = world.usage.month(i, customer, portion.t);
    if (!use) continue;
    world.usage.split(i, customer, portion.t, *use, days);
    for (std::size_t d = 0; d < days.size(); ++d) {
      const auto day = use->first_day + static_cast<std::int32_t>(d);
      FENQUN_CHECK(on_day(i, day, world.load.hours(i, customer, day, days[d])));
    }
  }
  return {};
}

/// What the meter's register shows after the month, from a start of its own, in thousandths of a kWh.
std::int64_t register_after(const World& world, std::uint32_t number, int t) {
  auto sum = static_cast<std::int64_t>(mix64(number) % 50'000'000);
  for (int month = 0; month <= t; ++month) {
    const auto use = world.usage.month(number, world.customers[number], month);
    if (use) sum += use->energy.total();
  }
  return sum;
}

}  // namespace

Result<void> write_quarter_hours(const World& world, const Portion& portion, TableFile& table) {
  NamedRow row(table);
  const auto add = [&](std::uint32_t i, std::int32_t day, const DayHours& hours) -> Result<void> {
    const auto& customer = world.customers[i];
    const auto quarters = world.load.quarters(i, day, hours);
    auto random = random_for(world.seed, Purpose::Metering, i, static_cast<std::uint64_t>(day));
    const double mean_factor = power_factor_of(world, customer);
    const double volts = world.voltage_kv(customer) * 1000;
    const auto id = world.customer_id(i);
    for (std::size_t q = 0; q < quarters.size(); ++q) {
      const double kw = static_cast<double>(quarters[q]) / kPerKwh * 4;
      const double factor = std::clamp(mean_factor + random.uniform(-0.03, 0.03), 0.5, 1.0);
      const double voltage = volts * random.uniform(0.985, 1.02);
      const bool is_estimated = random.chance(world.parameters.records.readings.estimated_share);
      row.text("customer_id", id)
          .timestamp("begins_at", day * kDaySeconds + static_cast<std::int64_t>(q) * (kHourSeconds / 4))
          .scaled("energy_kwh", quarters[q], kScale)
          .decimal("power_kw", kw, 4)
          .decimal("voltage_v", voltage, 2)
          .decimal("current_a", kw * 1000 / (std::numbers::sqrt3 * voltage * factor), 3)
          .decimal("power_factor", factor, 4)
          .text("quality", is_estimated ? "estimated" : "measured");
      FENQUN_CHECK(row.end());
    }
    return {};
  };
  return for_days(
      world, portion, [&](std::uint32_t i) { return world.has_quarters(i); }, add);
}

Result<void> write_hours(const World& world, const Portion& portion, TableFile& table) {
  NamedRow row(table);
  const auto add = [&](std::uint32_t i, std::int32_t day, const DayHours& hours) -> Result<void> {
    auto random = random_for(world.seed, Purpose::Metering, i, static_cast<std::uint64_t>(day) + 100'000);
    const auto id = world.customer_id(i);
    for (std::size_t h = 0; h < hours.size(); ++h) {
      const bool is_estimated = random.chance(world.parameters.records.readings.estimated_share);
      row.text("customer_id", id)
          .timestamp("begins_at", day * kDaySeconds + static_cast<std::int64_t>(h) * kHourSeconds)
          .scaled("energy_kwh", hours[h], kScale)
          .scaled("power_kw", hours[h], kScale)  // kWh in an hour
          .text("quality", is_estimated ? "estimated" : "measured");
      FENQUN_CHECK(row.end());
    }
    return {};
  };
  return for_days(
      world, portion, [&](std::uint32_t i) { return world.has_hours(i); }, add);
}

Result<void> write_months(const World& world, const Portion& portion, TableFile& table) {
  const auto month = world.timeline.month(portion.t);
  NamedRow row(table);
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    const auto use = world.usage.month(i, customer, portion.t);
    if (!use) continue;
    auto random = random_for(world.seed, Purpose::MonthRead, i, static_cast<std::uint64_t>(month.minus(Month())));
    const bool is_large = customer.revenue == 1;
    const auto total = use->energy.total();
    const double hours = 24.0 * (use->last_day - use->first_day + 1);
    const double demand = static_cast<double>(total) / 1000 / hours * random.uniform(1.6, 2.4);
    const double factor = std::clamp(power_factor_of(world, customer) + random.uniform(-0.03, 0.03), 0.5, 1.0);
    const auto at = use->first_day + static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(hours / 24)));
    const bool is_manual = random.chance(world.parameters.records.readings.manual_share);
    const auto when = at * kDaySeconds + whole_between(random, 8, 20) * kHourSeconds;
    const auto after = is_large ? std::optional(register_after(world, i, portion.t)) : std::nullopt;
    const auto when_large = [&](auto value) { return is_large ? std::optional(value) : std::nullopt; };
    row.text("customer_id", world.customer_id(i))
        .date("month", month.first_day())
        .scaled("energy_kwh", total, 3)
        .scaled("peak_kwh", use->energy.peak, 3)
        .scaled("flat_kwh", use->energy.flat, 3)
        .scaled("valley_kwh", use->energy.valley, 3)
        .decimal("reactive_kvarh", when_large(static_cast<double>(total) / 1000 * std::tan(std::acos(factor))), 3)
        .decimal("max_demand_kw", when_large(demand), 3)
        .timestamp("max_demand_at", when_large(when))
        .decimal("power_factor", when_large(factor), 4)
        .date("read_on", use->last_day)
        .scaled("reading_begin", after ? std::optional((*after - total) * 10) : std::nullopt, 4)
        .scaled("reading_end", after ? std::optional(*after * 10) : std::nullopt, 4)
        .text("read_kind", is_manual ? "manual" : "automatic");
    FENQUN_CHECK(row.end());
  }
  return {};
}

}  // namespace fenqun::datagen
