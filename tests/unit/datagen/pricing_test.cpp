// tests/unit/datagen/pricing_test.cpp - tiers, and energy for money.
#include "datagen/pricing.hpp"

#include "fixture.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace fenqun::datagen {
namespace {

Tariff tiered() {
  Tariff tariff;
  tariff.tiers.emplace();
  tariff.tiers->is_summer[6] = true;  // July
  tariff.tiers->summer_milli_kwh = {260'000, 600'000};
  tariff.tiers->other_milli_kwh = {200'000, 400'000};
  tariff.tiers->added_micro_cny = {50'000, 300'000};
  return tariff;
}

TEST(Pricing, NothingIsAddedWithinTheFirstTier) {
  EXPECT_EQ(tier_charge(tiered(), 1, 200'000), 0);
  EXPECT_EQ(tier_charge(tiered(), 7, 260'000), 0);
  EXPECT_EQ(tier_charge(Tariff{}, 1, 9'000'000), 0) << "a tariff without tiers";
}

TEST(Pricing, EachTierAddsItsOwnPriceToItsOwnEnergy) {
  constexpr std::int64_t kFen = 10'000'000;
  EXPECT_EQ(tier_charge(tiered(), 1, 300'000), 100 * 5 * kFen);
  EXPECT_EQ(tier_charge(tiered(), 1, 500'000), (200 * 5 + 100 * 30) * kFen);
  EXPECT_EQ(tier_charge(tiered(), 7, 500'000), 240 * 5 * kFen) << "the summer's tiers are wider";
}

TEST(Pricing, MoneyBuysTheEnergyThatCostsIt) {
  const auto tariff = tiered();
  std::array<double, 12> factors{};
  for (std::size_t m = 0; m < factors.size(); ++m) factors[m] = 0.7 + 0.05 * static_cast<double>(m);
  const Month last(2026, 6);
  for (const double cny : {50.0, 1'000.0, 1'500.0, 3'000.0, 40'000.0}) {
    const double kwh = affordable_kwh(tariff, cny, 0.55, factors, last);
    double cost = 0;
    for (int m = 0; m < 12; ++m) {
      const double month = kwh * factors[static_cast<std::size_t>(m)];
      const auto charge = tier_charge(tariff, last.plus(m - 11).month_of_year(), std::llround(month * 1000));
      cost += 0.55 * month + static_cast<double>(charge) * 1e-9;
    }
    EXPECT_NEAR(cost, cny, 0.01) << cny;
  }
}

TEST(Pricing, WithoutTiersMoneyBuysInProportion) {
  std::array<double, 12> factors{};
  factors.fill(1);
  EXPECT_DOUBLE_EQ(affordable_kwh(Tariff{}, 1'200, 0.5, factors, Month(2026, 6)), 200);
}

TEST(Pricing, LargeIndustryBeginsAt315KilovoltAmperes) {
  const auto& world = tianhe();
  const auto& tariffs = world.parameters.usage.tariffs;
  int large = 0, small_factories = 0;
  for (const auto& customer : world.customers) {
    const bool is_large = tariffs[customer.tariff].name == "large_industrial";
    large += is_large ? 1 : 0;
    if (is_large) {
      ASSERT_GE(customer.capacity_kva, 315);
    }
    const auto& kind = world.kind_of(customer);
    if (kind.name != "factory" || customer.revenue != 1 || is_large) continue;
    ++small_factories;
    ASSERT_EQ(tariffs[customer.tariff].name, "general_commercial");
    ASSERT_LT(customer.capacity_kva, 315);
  }
  EXPECT_GT(large, 5);
  EXPECT_GT(small_factories, 100);
}

}  // namespace
}  // namespace fenqun::datagen
