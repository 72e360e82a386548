// tests/unit/datagen/people_test.cpp - people, staff and grid agree with what is planted.
#include "datagen/people.hpp"

#include "fixture.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace fenqun::datagen {
namespace {

TEST(People, AgesOccupationsAndFlagsHangTogether) {
  const auto& world = small_tianhe();
  const auto& people = world.parameters.people;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    if (!world.is_home(world.customers[i])) continue;
    const auto person = world.people.person(i, world.customers[i]);
    ASSERT_GE(person.age, people.age_least);
    ASSERT_LE(person.age, people.age_most);
    ASSERT_EQ(person.is_elderly, person.age >= people.elderly_from);
    ASSERT_LE(person.is_subsidised, person.is_low_income);
    ASSERT_LE(person.has_photovoltaic, person.is_owner && person.is_green);
    const int lived = (world.timeline.last_day() - person.born_day) / 366;
    ASSERT_NEAR(lived, person.age, 1);
    if (world.customers[i].is_migrant) {
      ASSERT_EQ(*person.family, "left_behind");
      ASSERT_EQ(*person.occupation, "外出务工");
    }
  }
}

TEST(People, LowIncomeIsMoreFrequentAmongThoseWhoPayLate) {
  const auto& world = tianhe();
  std::map<int, std::pair<int, int>> by_class;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto& customer = world.customers[i];
    if (!world.is_home(customer) || customer.is_vacant) continue;
    auto& [low, all] = by_class[customer.arrears];
    low += world.people.person(i, customer).is_low_income ? 1 : 0;
    ++all;
  }
  const auto share = [&](int arrears) {
    return static_cast<double>(by_class[arrears].first) / by_class[arrears].second;
  };
  EXPECT_NEAR(share(2) / share(3), 2.5, 0.5);
}

TEST(People, CreditFollowsTheGradeButNotAlways) {
  const auto& world = tianhe();
  int same = 0, off = 0;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto credit = world.people.credit(i, world.customers[i]);
    const int grade = grade_of(world.customers[i]) - 'A';
    ASSERT_LE(std::abs(credit.grade - grade), 1);
    ASSERT_GE(credit.score, 0);
    ASSERT_LE(credit.score, 1000);
    (credit.grade == grade ? same : off) += 1;
  }
  // One step off at the ends of the scale stays where it is half of the time.
  EXPECT_GT(off, 0.04 * same);
  EXPECT_LT(off, 0.12 * same);
}

TEST(People, HouseholdsAreCompleteAndTheirPowerIsTheSumOfTheirAppliances) {
  const auto& world = small_tianhe();
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto& customer = world.customers[i];
    if (!world.is_home(customer)) continue;
    const auto facts = world.people.household(i, customer, world.people.person(i, customer));
    ASSERT_GE(facts.persons, 1);
    ASSERT_LE(facts.elderly + facts.children, facts.persons + facts.migrants);
    double kw = 0;
    for (std::size_t a = 0; a < facts.appliances.size(); ++a) {
      kw += facts.appliances[a] * world.parameters.people.household.power_kw[a];
    }
    ASSERT_DOUBLE_EQ(facts.appliance_kw, kw);
    ASSERT_GT(facts.income_cny, 0);
  }
}

TEST(Staff, EverybodyIsInChargeOfSomebodyWhoIsStillThere) {
  const auto& world = tianhe();
  std::set<std::string> ids;
  for (const auto& member : world.staff.all()) {
    EXPECT_TRUE(ids.insert(member.id).second);
    EXPECT_LT(member.hired_day, world.timeline.last_day());
  }
  std::map<std::string, int> customers;
  for (std::uint32_t a = 0; a < world.territory.areas.size(); ++a) {
    const auto& manager = world.staff.area_manager(a);
    EXPECT_STREQ(manager.role, "area_manager");
    EXPECT_FALSE(manager.left_day.has_value());
    EXPECT_EQ(manager.unit, world.territory.areas[a].station);
    customers[manager.id] += static_cast<int>(world.territory.areas[a].customers);
    for (const auto* role : {"inspector", "collector", "agent", "counter", "repair", "account_manager"}) {
      EXPECT_STREQ(world.staff.somebody(role, a, a).role, role);
    }
  }
  for (const auto& [id, count] : customers) EXPECT_LT(count, 5'000) << id;
  const auto& large = std::find_if(world.customers.begin(), world.customers.end(),
                                   [](const Customer& customer) { return customer.revenue == 1; });
  const auto number = static_cast<std::uint32_t>(large - world.customers.begin());
  EXPECT_STREQ(world.manager_of(number).role, "account_manager");
}

TEST(Grid, EveryAreaHangsOnItsFeederAndEveryFeederOnASubstation) {
  const auto& world = tianhe();
  const auto& grid = world.grid;
  std::int64_t customers = 0;
  for (std::uint32_t f = 0; f < world.territory.feeders.size(); ++f) {
    customers += grid.customers_of(f);
    EXPECT_STREQ(grid.substation_of(f).kind, "substation");
    for (const auto area : grid.areas_of(f)) {
      EXPECT_EQ(grid.transformer(area).parent, world.territory.feeders[f]);
      EXPECT_EQ(grid.transformer(area).unit, world.territory.areas[area].unit);
      EXPECT_GE(grid.transformer(area).capacity_kva, 3.2 * world.territory.areas[area].customers);
    }
  }
  EXPECT_EQ(customers, 47'783);
  std::set<std::string> ids;
  for (const auto& line : grid.lines()) {
    EXPECT_TRUE(line.parent.empty() || ids.contains(line.parent)) << line.id;
    ids.insert(line.id);
  }
  EXPECT_EQ(ids.size(), grid.lines().size());
}

TEST(Grid, CustomersLiveNearTheirTransformer) {
  const auto& world = small_tianhe();
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto home = world.grid.home(i, world.customers[i]);
    const auto& centre = world.grid.place(world.customers[i].area);
    ASSERT_NEAR(home.longitude, centre.longitude, 0.005);
    ASSERT_NEAR(home.latitude, centre.latitude, 0.005);
  }
}

}  // namespace
}  // namespace fenqun::datagen
