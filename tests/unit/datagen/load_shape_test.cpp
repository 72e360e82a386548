// tests/unit/datagen/load_shape_test.cpp - hours of a day by the kind of customer.
#include "datagen/load_shape.hpp"

#include "fixture.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace fenqun::datagen {
namespace {

std::size_t shape_named(const World& world, const std::string& name) {
  const auto& shapes = world.parameters.shapes.shapes;
  return static_cast<std::size_t>(
      std::find_if(shapes.begin(), shapes.end(), [&](const Shape& shape) { return shape.name == name; }) -
      shapes.begin());
}

/// Mean share of each hour in the days of a month, over customers of a shape; rest days or working days.
Hours profile(const World& world, const std::string& shape, Month month, bool rest) {
  const int t = month.minus(world.timeline.first);
  const auto wanted = shape_named(world, shape);
  Hours out{};
  double total = 0;
  std::vector<Energy> days;
  int customers = 0;
  for (std::uint32_t i = 0; i < world.customers.size() && customers < 100; ++i) {
    const auto& customer = world.customers[i];
    if (customer.shape != wanted || customer.is_constant) continue;
    const auto use = world.usage.month(i, customer, t);
    if (!use) continue;
    ++customers;
    world.usage.split(i, customer, t, *use, days);
    for (std::size_t d = 0; d < days.size(); ++d) {
      const auto day = use->first_day + static_cast<std::int32_t>(d);
      if (world.calendar[day].is_rest != rest) continue;
      const auto hours = world.load.hours(i, customer, day, days[d]);
      const auto sum = static_cast<double>(std::accumulate(hours.begin(), hours.end(), std::int64_t{0}));
      for (std::size_t h = 0; h < hours.size(); ++h) out[h] += static_cast<double>(hours[h]) / sum;
      total += 1;
    }
  }
  EXPECT_GT(customers, 2) << shape;
  for (auto& hour : out) hour /= total;
  return out;
}

std::size_t highest(const Hours& hours) {
  return static_cast<std::size_t>(std::max_element(hours.begin(), hours.end()) - hours.begin());
}

const Month kNovember(2025, 11);

TEST(LoadShape, EveryBandKeepsItsEnergyExactly) {
  const auto& world = small_tianhe();
  for (std::uint32_t i = 0; i < 300; ++i) {
    const Energy energy{1'234 + i, 77 * i, 901};
    const auto hours =
        world.load.hours(i, world.customers[i], kNovember.first_day() + static_cast<int>(i % 30), energy);
    std::array<std::int64_t, 3> sums{};
    for (std::size_t h = 0; h < hours.size(); ++h) {
      ASSERT_GE(hours[h], 0);
      sums[static_cast<std::size_t>(world.parameters.shapes.bands[h])] += hours[h];
    }
    ASSERT_EQ(sums[0], energy.peak * 10);
    ASSERT_EQ(sums[1], energy.flat * 10);
    ASSERT_EQ(sums[2], energy.valley * 10);
  }
}

TEST(LoadShape, QuartersKeepTheirHourExactly) {
  const auto& world = small_tianhe();
  for (std::uint32_t i = 0; i < 300; ++i) {
    const auto hours = world.load.hours(i, world.customers[i], kNovember.first_day(), {12'345, 6'789, i});
    const auto quarters = world.load.quarters(i, kNovember.first_day(), hours);
    for (std::size_t h = 0; h < hours.size(); ++h) {
      ASSERT_EQ(std::accumulate(&quarters[h * 4], &quarters[h * 4] + 4, std::int64_t{0}), hours[h]);
      ASSERT_GE(*std::min_element(&quarters[h * 4], &quarters[h * 4] + 4), 0);
    }
  }
}

TEST(LoadShape, ADayCanBeAskedAloneAndAgain) {
  const auto& world = small_tianhe();
  const Energy energy{5'000, 4'000, 3'000};
  EXPECT_EQ(world.load.hours(7, world.customers[7], 20'000, energy),
            world.load.hours(7, world.customers[7], 20'000, energy));
  EXPECT_NE(world.load.hours(7, world.customers[7], 20'000, energy),
            world.load.hours(7, world.customers[7], 20'001, energy));
}

TEST(LoadShape, HomesPeakInTheEveningOfficesByDayLampsByNight) {
  const auto& world = tianhe();
  const auto home = profile(world, "home_evening", kNovember, false);
  EXPECT_GE(highest(home), 18U);
  EXPECT_LE(highest(home), 21U);
  const auto office = profile(world, "office", kNovember, false);
  EXPECT_GE(highest(office), 9U);
  EXPECT_LE(highest(office), 16U);
  EXPECT_GT(office[10], 5 * office[3]);
  const auto lamp = profile(world, "street_light", kNovember, false);
  EXPECT_GT(lamp[2] + lamp[21], 20 * (lamp[12] + lamp[14]));
}

TEST(LoadShape, ShiftsOfFactoriesDiffer) {
  const auto& world = tianhe();
  const auto night = [](const Hours& hours) { return std::accumulate(hours.begin(), hours.begin() + 6, 0.0); };
  const auto one = profile(world, "one_shift", kNovember, false), two = profile(world, "two_shift", kNovember, false),
             three = profile(world, "three_shift", kNovember, false);
  EXPECT_LT(night(one), 0.08);
  EXPECT_LT(night(two), 0.10);
  EXPECT_GT(night(three), 0.25);
  EXPECT_GT(two[20], 3 * one[20]) << "the second shift works in the evening";
}

TEST(LoadShape, SummerNightsAreHotter) {
  const auto& world = tianhe();
  const auto ratio = [&](Month month) {
    const auto hours = profile(world, "home_evening", month, false);
    return (hours[0] + hours[1]) / (hours[5] + hours[6]);
  };
  EXPECT_GT(ratio(Month(2025, 8)), 1.2 * ratio(kNovember));
}

TEST(LoadShape, SharesOfTheBandsFollowTheShapes) {
  const auto& world = tianhe();
  const auto shares = band_shares(world.parameters.shapes);
  for (const auto& share : shares) EXPECT_NEAR(share[0] + share[1] + share[2], 1, 1e-12);
  EXPECT_NEAR(shares[shape_named(world, "even")][0], 8.0 / 24, 1e-12);
  EXPECT_GT(shares[shape_named(world, "street_light")][2], 0.5);
  for (const auto& customer : world.customers) {
    ASSERT_LE(customer.peak_share + customer.valley_share, 0.961F);
    ASSERT_NEAR(customer.peak_share, shares[customer.shape][0], 0.13 * shares[customer.shape][0]);
  }
}

TEST(LoadShape, LampsAreCalledLamps) {
  const auto& world = tianhe();
  const auto lamp = shape_named(world, "street_light");
  int lamps = 0;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const bool is_named = world.customer_name(i).find("公用照明") != std::string::npos;
    ASSERT_EQ(is_named, world.customers[i].shape == lamp) << i;
    lamps += is_named ? 1 : 0;
  }
  EXPECT_GT(lamps, 50);
}

}  // namespace
}  // namespace fenqun::datagen
