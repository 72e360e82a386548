// tests/unit/datagen/territory_test.cpp - the station of REQUIREMENTS part V.
#include "datagen/territory.hpp"

#include "fixture.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace fenqun::datagen {
namespace {

TEST(Territory, HasTwoTownshipsThirtyThreeVillagesAndFiveCommunities) {
  std::map<std::string, int> kinds;
  for (const auto& unit : tianhe().territory.units) ++kinds[unit.kind];
  EXPECT_EQ(kinds["bureau"], 1);
  EXPECT_EQ(kinds["station"], 1);
  EXPECT_EQ(kinds["township"], 2);
  EXPECT_EQ(kinds["village"], 33);
  EXPECT_EQ(kinds["community"], 5);
  EXPECT_EQ(kinds["transformer_area"], static_cast<int>(tianhe().territory.areas.size()));
}

TEST(Territory, EveryUnitHangsBelowAnEarlierOne) {
  std::set<std::string> seen;
  for (const auto& unit : tianhe().territory.units) {
    if (seen.empty()) {
      EXPECT_TRUE(unit.parent.empty());
    } else {
      EXPECT_TRUE(seen.contains(unit.parent)) << unit.id;
    }
    EXPECT_TRUE(seen.insert(unit.id).second) << unit.id;
  }
}

TEST(Territory, AreasCoverEveryCustomerOnceWithinTheirBounds) {
  std::uint32_t next = 0;
  int cases = 0;
  for (const auto& area : tianhe().territory.areas) {
    EXPECT_EQ(area.first_customer, next);
    next += area.customers;
    if (area.is_case) {
      ++cases;
      EXPECT_EQ(area.customers, 2100U);
      EXPECT_EQ(area.location, Location::Suburban);
    } else {
      EXPECT_GE(area.customers, 40U);
      EXPECT_LE(area.customers, 250U);
    }
  }
  EXPECT_EQ(next, 47'783U);
  EXPECT_EQ(cases, 1);
}

TEST(Territory, SpreadsTheAreasOverSeveralFeeders) {
  const auto& territory = tianhe().territory;
  EXPECT_GE(territory.feeders.size(), 10U);
  std::set<std::uint32_t> used;
  for (const auto& area : territory.areas) used.insert(area.feeder);
  EXPECT_EQ(used.size(), territory.feeders.size());
}

TEST(Territory, GivesALargerCityMoreStations) {
  const auto parameters = Parameters::create(shipped_assets(), "city");
  ASSERT_TRUE(parameters.has_value());
  const auto territory = lay_out(*parameters, 260'000, 1);
  int stations = 0;
  for (const auto& unit : territory.units) stations += unit.kind == "station" ? 1 : 0;
  EXPECT_EQ(stations, 5);
  std::uint64_t customers = 0;
  for (const auto& area : territory.areas) customers += area.customers;
  EXPECT_EQ(customers, 260'000U);
  EXPECT_EQ(territory.units[1].name, "第1供电所");
}

TEST(Territory, HoldsAHandfulOfCustomersToo) {
  const auto parameters = Parameters::create(shipped_assets(), "tianhe");
  ASSERT_TRUE(parameters.has_value());
  const auto territory = lay_out(*parameters, 500, 1);
  std::uint64_t customers = 0;
  for (const auto& area : territory.areas) {
    EXPECT_GT(area.customers, 0U);
    customers += area.customers;
  }
  EXPECT_EQ(customers, 500U);
}

}  // namespace
}  // namespace fenqun::datagen
