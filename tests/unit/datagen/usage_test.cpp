// tests/unit/datagen/usage_test.cpp
#include "datagen/usage.hpp"

#include "fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace fenqun::datagen {
namespace {

TEST(Usage, ReadingsSumToTheBillInEveryPriceBand) {
  const auto& world = small_tianhe();
  std::vector<Energy> days;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    for (int t = world.timeline.first_reading(); t < world.timeline.months; ++t) {
      const auto use = world.usage.month(i, world.customers[i], t);
      if (!use) continue;
      world.usage.split(i, world.customers[i], t, *use, days);
      ASSERT_EQ(days.size(), static_cast<std::size_t>(use->last_day - use->first_day + 1));
      Energy sum;
      for (const auto& day : days) {
        ASSERT_GE(std::min({day.peak, day.flat, day.valley}), 0);
        sum.peak += day.peak;
        sum.flat += day.flat;
        sum.valley += day.valley;
      }
      ASSERT_EQ(sum.peak, use->energy.peak) << i << " " << t;
      ASSERT_EQ(sum.flat, use->energy.flat) << i << " " << t;
      ASSERT_EQ(sum.valley, use->energy.valley) << i << " " << t;
    }
  }
}

TEST(Usage, AmountIsEnergyTimesPriceTiersAndCapacity) {
  const auto& world = small_tianhe();
  int with_capacity = 0, with_tiers = 0;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto& customer = world.customers[i];
    const auto use = world.usage.month(i, customer, 20);
    if (!use) continue;
    const auto& tariff = world.parameters.usage.tariffs[customer.tariff];
    const double days = use->last_day - use->first_day + 1;
    const double capacity = static_cast<double>(customer.capacity_kva) *
                            static_cast<double>(tariff.capacity_fen_per_kva) * days / world.timeline.month(20).days();
    with_capacity += capacity > 0 ? 1 : 0;
    const double energy = (static_cast<double>(use->energy.peak) * static_cast<double>(tariff.price_micro_cny[0]) +
                           static_cast<double>(use->energy.flat) * static_cast<double>(tariff.price_micro_cny[1]) +
                           static_cast<double>(use->energy.valley) * static_cast<double>(tariff.price_micro_cny[2])) /
                          1e7;
    // Month 20 is March 2025: the tiers of the other months.
    const double kwh = static_cast<double>(use->energy.total()) / 1000;
    const double tiers =
        tariff.name == "residential" ? 5 * std::clamp(kwh - 200, 0.0, 200.0) + 30 * std::max(0.0, kwh - 400) : 0;
    with_tiers += tiers > 0 ? 1 : 0;
    ASSERT_NEAR(static_cast<double>(use->amount_fen), energy + tiers + capacity, 1.01) << i;
    ASSERT_GT(use->amount_fen, 0);
  }
  EXPECT_GT(with_capacity, 0);
  EXPECT_GT(with_tiers, 5);
}

TEST(Usage, CustomersAreBilledOnlyWhileConnected) {
  const auto& world = tianhe();
  int partial = 0;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto& customer = world.customers[i];
    for (int t = 0; t < world.timeline.months; t += 5) {
      const auto month = world.timeline.month(t);
      const auto last = month.plus(1).first_day() - 1;
      const bool is_connected = customer.opened_day <= last && customer.closed_day >= month.first_day();
      const auto use = world.usage.month(i, customer, t);
      ASSERT_EQ(use.has_value(), is_connected);
      if (!use) continue;
      ASSERT_GE(use->first_day, std::max(month.first_day(), customer.opened_day));
      ASSERT_LE(use->last_day, std::min(last, customer.closed_day));
      partial += use->last_day - use->first_day + 1 < month.days() ? 1 : 0;
    }
  }
  EXPECT_GT(partial, 50);
}

TEST(Usage, AConstantSeriesIsTheSameEveryDay) {
  const auto& world = tianhe();
  std::vector<Energy> days;
  int constant = 0;
  for (std::uint32_t i = 0; i < world.customers.size() && constant < 20; ++i) {
    const auto& customer = world.customers[i];
    if (!customer.is_constant) continue;
    ++constant;
    std::int64_t daily = -1;
    for (int t = world.timeline.first_reading(); t < world.timeline.months; ++t) {
      const auto use = world.usage.month(i, customer, t);
      if (!use) continue;
      world.usage.split(i, customer, t, *use, days);
      for (const auto& day : days) {
        if (daily < 0) daily = day.total();
        ASSERT_EQ(day.total(), daily);
      }
    }
  }
  EXPECT_EQ(constant, 20);
}

/// Mean energy of a kind's month relative to the mean of the whole year around it, growth taken out.
double seasonal(const World& world, const std::string& kind, int month_of_year) {
  double in_month = 0, in_year = 0;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto& customer = world.customers[i];
    if (world.kind_of(customer).name != kind || customer.is_migrant || customer.is_constant) continue;
    for (int t = 12; t < 24; ++t) {
      const auto use = world.usage.month(i, customer, t);
      if (!use) continue;
      const double kwh = static_cast<double>(use->energy.total()) / customer.month_kwh;
      in_year += kwh / 12;
      if (world.timeline.month(t).month_of_year() == month_of_year) in_month += kwh;
    }
  }
  return in_month / in_year;
}

TEST(Usage, HomesPeakInSummerAndWinter) {
  const auto& world = tianhe();
  const double august = seasonal(world, "home", 8), january = seasonal(world, "home", 1),
               april = seasonal(world, "home", 4);
  EXPECT_GT(august, 1.2);
  EXPECT_GT(january, 1.05);
  EXPECT_LT(april, 0.9);
}

TEST(Usage, IndustryStopsAtTheSpringFestivalAndMigrantHomesWake) {
  const auto& world = tianhe();
  // The festival of 2026 falls on 17 February.
  const int february = Month(2026, 2).minus(world.timeline.first);
  const auto festival = world.calendar.spring_festival(2026);
  std::vector<Energy> days;
  const auto ratio = [&](auto&& wanted) {
    double around = 0, before = 0;
    for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
      if (!wanted(world.customers[i])) continue;
      const auto use = world.usage.month(i, world.customers[i], february);
      if (!use || use->last_day - use->first_day != 27) continue;
      world.usage.split(i, world.customers[i], february, *use, days);
      const auto at = static_cast<std::size_t>(festival - use->first_day);
      for (std::size_t d = 0; d < 5; ++d) around += static_cast<double>(days[at + d].total());
      for (std::size_t d = 1; d < 6; ++d) before += static_cast<double>(days[d].total());
    }
    return around / before;
  };
  EXPECT_LT(ratio([&](const auto& c) { return world.kind_of(c).name == "factory"; }), 0.4);
  EXPECT_GT(ratio([](const auto& c) { return c.is_migrant; }), 1.6);
}

TEST(Usage, OfficesRestAtTheWeekendAndShopsDoNot) {
  const auto& world = tianhe();
  const int t = Month(2025, 11).minus(world.timeline.first);
  std::vector<Energy> days;
  const auto weekend_ratio = [&](const std::string& kind) {
    double rest = 0, work = 0, rest_days = 0, work_days = 0;
    for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
      if (world.kind_of(world.customers[i]).name != kind || world.customers[i].is_constant) continue;
      const auto use = world.usage.month(i, world.customers[i], t);
      if (!use) continue;
      world.usage.split(i, world.customers[i], t, *use, days);
      for (std::size_t d = 0; d < days.size(); ++d) {
        const bool is_rest = world.calendar[use->first_day + static_cast<std::int32_t>(d)].is_rest;
        // Relative to the customer's own month, so that no large one decides alone.
        const double part = static_cast<double>(days[d].total()) / static_cast<double>(use->energy.total());
        (is_rest ? rest : work) += part;
        (is_rest ? rest_days : work_days) += 1;
      }
    }
    return rest / rest_days / (work / work_days);
  };
  EXPECT_NEAR(weekend_ratio("office"), 0.45, 0.05);
  EXPECT_NEAR(weekend_ratio("shop"), 1.12, 0.05);
}

TEST(Usage, EachMonthCanBeAskedAloneAndAgain) {
  const auto& world = small_tianhe();
  const auto again = make_world("tianhe", 2'000);
  for (std::uint32_t i = 0; i < 200; ++i) {
    const auto first = world.usage.month(i, world.customers[i], 30);
    const auto second = again->usage.month(i, again->customers[i], 30);
    ASSERT_EQ(first.has_value(), second.has_value());
    if (!first) continue;
    EXPECT_EQ(first->energy.total(), second->energy.total());
    EXPECT_EQ(first->amount_fen, second->amount_fen);
  }
}

}  // namespace
}  // namespace fenqun::datagen
