// tests/unit/datagen/service_test.cpp
#include "datagen/service.hpp"

#include "fixture.hpp"
#include "warehouse/contract.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

namespace fenqun::datagen {
namespace {

std::map<std::pair<int, std::string>, int> discontent_by_year(const World& world) {
  std::map<std::pair<int, std::string>, int> out;
  for (int t = 0; t < world.timeline.months; ++t) {
    for (const auto& ticket : world.discontent[static_cast<std::size_t>(t)]) {
      ++out[{world.timeline.month(t).year(), ticket.kind}];
    }
  }
  return out;
}

TEST(Service, BaselineYearHas18Complaints7OpinionsAnd1Report) {
  const auto& world = tianhe();
  ASSERT_EQ(baseline_year(world.timeline), 2024);
  auto counts = discontent_by_year(world);
  EXPECT_EQ((counts[{2024, "complaint"}]), 18);
  EXPECT_EQ((counts[{2024, "opinion"}]), 7);
  EXPECT_EQ((counts[{2024, "report"}]), 1);
}

TEST(Service, ComplaintsFallAfterTheBaselineYear) {
  auto counts = discontent_by_year(tianhe());
  EXPECT_EQ((counts[{2025, "complaint"}]), 6);
  EXPECT_EQ((counts[{2025, "report"}]), 0);
}

TEST(Service, LaterYearsHaveNoComplaintAroundTheSpringFestival) {
  const auto& world = tianhe();
  for (int t = Month(2025, 1).minus(world.timeline.first); t < world.timeline.months; ++t) {
    const auto festival = world.calendar.spring_festival(world.timeline.month(t).year());
    for (const auto& ticket : world.discontent[static_cast<std::size_t>(t)]) {
      EXPECT_GT(std::abs(ticket.opened / 86'400 - festival), 15);
    }
  }
}

TEST(Service, DiscontentStandsInItsMonthAndNamesAConnectedCustomer) {
  const auto& world = tianhe();
  for (int t = 0; t < world.timeline.months; ++t) {
    const auto month = world.timeline.month(t);
    for (const auto& ticket : world.discontent[static_cast<std::size_t>(t)]) {
      const auto day = ticket.opened / 86'400;
      EXPECT_GE(day, month.first_day());
      EXPECT_LT(day, month.plus(1).first_day());
      const auto& customer = world.customers[ticket.customer];
      EXPECT_LE(customer.opened_day, day);
      EXPECT_GE(customer.closed_day, day);
      EXPECT_GT(ticket.closed, ticket.opened);
    }
  }
}

TEST(Service, ALargerCityHasDiscontentInProportion) {
  const auto half = make_world("tianhe", 23'892);
  auto counts = discontent_by_year(*half);
  EXPECT_EQ((counts[{2024, "complaint"}]), 9);
}

TEST(Service, InspectionsComeAsOftenAsTheRevenueClassAsks) {
  const auto& world = small_tianhe();
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto& customer = world.customers[i];
    if (!truth_of(world.parameters, world.timeline, customer).revenue) continue;
    int visits = 0, bookings = 0;
    for (int t = 24; t < 36; ++t) {
      visits += world.service.inspection(i, customer, t) ? 1 : 0;
      bookings += world.service.income(i, customer, t) ? 1 : 0;
    }
    EXPECT_EQ(visits, world.parameters.classes.inspections[customer.revenue - 1U]);
    EXPECT_EQ(bookings, world.parameters.classes.income_bookings[customer.revenue - 1U]);
  }
}

TEST(Service, CodesAndTimesAreThoseOfTheContracts) {
  const auto contracts = warehouse::ContractSet::create(shipped_assets());
  ASSERT_TRUE(contracts.has_value());
  const auto values = [&](const char* entity, const char* field) {
    return contracts->find(entity)->find(field)->values;
  };
  const auto& world = tianhe();
  int tickets = 0;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto& customer = world.customers[i];
    if (const auto ticket = world.service.ticket(i, customer, 30)) {
      ++tickets;
      ASSERT_THAT(values("ticket", "topic"), testing::Contains(ticket->topic));
      ASSERT_GT(ticket->closed, ticket->opened);
    }
    if (const auto visit = world.service.inspection(i, customer, 30)) {
      ASSERT_THAT(values("inspection", "kind"), testing::Contains(visit->kind));
      ASSERT_THAT(values("inspection", "finding"), testing::Contains(visit->finding));
    }
    if (const auto income = world.service.income(i, customer, 30)) {
      ASSERT_THAT(values("other_income", "kind"), testing::Contains(income->kind));
      ASSERT_GT(income->amount_fen, 0);
    }
    const auto reminders = world.paying.reminders(i, customer, 30);
    for (std::size_t r = 0; r < reminders.count; ++r) {
      ASSERT_THAT(values("dunning_event", "channel"), testing::Contains(reminders.items[r].channel));
    }
  }
  EXPECT_GT(tickets, 300);
}

TEST(Service, OutagesOfAllThreeKindsHitFeedersAndAreas) {
  const auto& world = tianhe();
  std::map<std::string, int> kinds;
  int of_areas = 0;
  for (int t = 0; t < 12; ++t) {
    const auto month = world.timeline.month(t);
    for (const auto& outage : world.service.outages(world.territory, t)) {
      ++kinds[outage.kind];
      EXPECT_LT(outage.feeder, world.territory.feeders.size());
      EXPECT_GT(outage.ended, outage.started);
      EXPECT_GE(outage.started / 86'400, month.first_day());
      EXPECT_LT(outage.started / 86'400, month.plus(1).first_day());
      if (!outage.area) continue;
      ++of_areas;
      EXPECT_EQ(world.territory.areas[*outage.area].feeder, outage.feeder);
    }
  }
  const auto feeders = static_cast<double>(world.territory.feeders.size());
  const auto areas = static_cast<double>(world.territory.areas.size());
  EXPECT_NEAR(kinds["planned"], 3 * feeders + 0.8 * areas, 60);
  EXPECT_NEAR(kinds["fault"], 4 * feeders + 1.2 * areas, 60);
  EXPECT_NEAR(kinds["momentary"], 8 * feeders + 0.4 * areas, 60);
  EXPECT_GT(of_areas, 500);
}

TEST(Service, OnlyWhoIsLikeThatIsFoundStealingOrBreakingTheContractAndAsOftenAsTheSharesSay) {
  const auto& world = tianhe();
  const ServiceModel service(world.parameters, world.timeline, world.seed);
  const auto& classes = world.parameters.classes;
  double inspections = 0;
  std::map<std::string, double> findings;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto lean = lean_of(world.parameters, world.seed, i);
    EXPECT_FALSE(lean.is_thief && lean.is_violator);
    EXPECT_FALSE(lean.is_billing_caller && lean.is_outage_caller);
    for (int t = 0; t < world.timeline.months; ++t) {
      const auto found = service.inspection(i, world.customers[i], t);
      if (!found) continue;
      ++inspections;
      ++findings[found->finding];
      const std::string finding = found->finding;
      EXPECT_TRUE(finding != "theft" || lean.is_thief);
      EXPECT_TRUE(finding != "violation" || lean.is_violator);
    }
  }
  ASSERT_GT(inspections, 50'000);
  EXPECT_NEAR(findings["theft"] / inspections, classes.theft_share, 0.0008);
  EXPECT_NEAR(findings["violation"] / inspections, classes.violation_share, 0.002);
  EXPECT_NEAR(findings["hazard"] / inspections, classes.hazard_share, 0.005);
}

TEST(Service, CallersCallAboutWhatTheyCallAbout) {
  const auto& world = tianhe();
  const ServiceModel service(world.parameters, world.timeline, world.seed);
  std::map<std::string, double> callers, tickets, told;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto lean = lean_of(world.parameters, world.seed, i);
    const std::string kind = lean.is_billing_caller ? "billing" : lean.is_outage_caller ? "outage" : "nothing";
    ++callers[kind];
    for (int t = world.timeline.months - 12; t < world.timeline.months; ++t) {
      const auto ticket = service.ticket(i, world.customers[i], t);
      if (!ticket) continue;
      ++tickets[kind];
      if (ticket->topic == kind) ++told[kind];
    }
  }
  const auto all = static_cast<double>(world.customers.size());
  EXPECT_NEAR(callers["billing"] / all, world.parameters.classes.billing_callers, 0.003);
  EXPECT_NEAR(callers["outage"] / all, world.parameters.classes.outage_callers, 0.003);
  for (const char* kind : {"billing", "outage"}) {
    EXPECT_GT(tickets[kind] / callers[kind], 3) << kind;
    EXPECT_GT(told[kind] / tickets[kind], 0.8) << kind;
  }
  EXPECT_LT(tickets["nothing"] / callers["nothing"], 0.3);
}

}  // namespace
}  // namespace fenqun::datagen
