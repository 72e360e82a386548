// tests/unit/datagen/population_test.cpp - planted classes of the whole station: REQUIREMENTS V, Z3, Z4, Z9.
#include "datagen/population.hpp"

#include "datagen/usage.hpp"
#include "fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>

namespace fenqun::datagen {
namespace {

template <class Predicate>
double count(const World& world, Predicate&& predicate) {
  return static_cast<double>(std::count_if(world.customers.begin(), world.customers.end(), predicate));
}

double last_year_cny(const World& world, std::uint32_t number) {
  std::int64_t fen = 0;
  for (int t = world.timeline.months - 12; t < world.timeline.months; ++t) {
    if (const auto use = world.usage.month(number, world.customers[number], t)) fen += use->amount_fen;
  }
  return static_cast<double>(fen) / 100;
}

TEST(Population, ArrearsAre80To15To5) {
  const auto& world = tianhe();
  ASSERT_EQ(world.customers.size(), 47'783U);
  EXPECT_NEAR(count(world, [](const auto& c) { return c.arrears == 3; }), 38'226, 1);
  EXPECT_NEAR(count(world, [](const auto& c) { return c.arrears == 2; }), 7'167, 1);
  EXPECT_NEAR(count(world, [](const auto& c) { return c.arrears == 1; }), 2'389, 1);
}

TEST(Population, GradesFollowTheArticle) {
  const auto& world = tianhe();
  EXPECT_NEAR(count(world, [](const auto& c) { return grade_of(c) == 'D'; }), 2'389, 1);
  EXPECT_NEAR(count(world, [](const auto& c) { return grade_of(c) == 'C'; }), 7'167, 1);
  for (const auto& customer : world.customers) {
    if (grade_of(customer) == 'A') {
      EXPECT_EQ(customer.reminders, 0);
    }
    if (grade_of(customer) == 'B') {
      EXPECT_GE(customer.reminders, 2);
      EXPECT_LE(customer.reminders, 4);
    }
    if (grade_of(customer) >= 'C') {
      EXPECT_EQ(customer.reminders, 12);
    }
  }
}

TEST(Population, FourFifthsPayInNewWays) {
  const auto& world = tianhe();
  const auto payers = count(world, [&](const auto& c) { return world.parameters.classes.is_new_way[c.method]; });
  EXPECT_NEAR(payers / 47'783, 0.80, 0.005);
}

TEST(Population, HasMoreThanFourHundredCountyOrganisations) {
  const auto& world = tianhe();
  const auto organisations = count(world, [&](const auto& c) { return world.kind_of(c).is_county_organisation; });
  EXPECT_GT(organisations, 400);
  EXPECT_LT(organisations, 450);
}

TEST(Population, CaseAreaHasTheCompositionOfZ3) {
  const auto& world = tianhe();
  std::array<std::int64_t, 6> cases{};
  std::map<std::string, std::int64_t> debits;
  for (const auto& customer : world.customers) {
    ++cases[static_cast<std::size_t>(customer.area_case)];
    EXPECT_EQ(customer.area_case != AreaCase::None, world.area_of(customer).is_case);
    if (customer.area_case == AreaCase::None) continue;
    EXPECT_EQ(world.kind_of(customer).name, "home");
    EXPECT_EQ(customer.closed_day, kNeverClosed);
    if (customer.area_case == AreaCase::SeparateDebitAccount) {
      EXPECT_EQ(world.parameters.classes.methods[customer.method], "bank_debit");
    }
    if (customer.area_case == AreaCase::Malicious) {
      EXPECT_EQ(grade_of(customer), 'D');
    }
  }
  EXPECT_EQ(cases[static_cast<std::size_t>(AreaCase::Quality)], 1'260);
  EXPECT_EQ(cases[static_cast<std::size_t>(AreaCase::SeparateDebitAccount)], 588);
  EXPECT_EQ(cases[static_cast<std::size_t>(AreaCase::LowBalance)], 168);
  EXPECT_EQ(cases[static_cast<std::size_t>(AreaCase::Migrant)], 76);
  EXPECT_EQ(cases[static_cast<std::size_t>(AreaCase::Malicious)], 8);
}

TEST(Population, RevenueSharesAreThoseOfTable1) {
  const auto& world = tianhe();
  std::array<double, 4> cny{};
  std::array<std::int64_t, 4> customers{};
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto truth = truth_of(world.parameters, world.timeline, world.customers[i]);
    if (!truth.revenue) continue;
    cny[static_cast<std::size_t>(*truth.revenue)] += last_year_cny(world, i);
    ++customers[static_cast<std::size_t>(*truth.revenue)];
  }
  const double total = cny[1] + cny[2] + cny[3];
  EXPECT_GT(cny[1] / total, 0.50);
  EXPECT_GE(cny[2] / total, 0.30);
  EXPECT_LE(cny[2] / total, 0.40);
  EXPECT_GE(cny[3] / total, 0.05);
  EXPECT_LE(cny[3] / total, 0.10);
  const auto classified = static_cast<double>(customers[1] + customers[2] + customers[3]);
  EXPECT_NEAR(static_cast<double>(customers[1]) / classified, 0.023, 0.005);
  EXPECT_NEAR(static_cast<double>(customers[2]) / classified, 0.13, 0.01);
}

TEST(Population, RevenueClassesDoNotOverlap) {
  const auto& world = tianhe();
  std::array<double, 4> least = {0, 1e12, 1e12, 1e12};
  std::array<double, 4> most{};
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto truth = truth_of(world.parameters, world.timeline, world.customers[i]);
    if (!truth.revenue) continue;
    const auto revenue = static_cast<std::size_t>(*truth.revenue);
    const double cny = last_year_cny(world, i);
    least[revenue] = std::min(least[revenue], cny);
    most[revenue] = std::max(most[revenue], cny);
  }
  EXPECT_GT(least[1], 1.4 * most[2]);
  EXPECT_GT(least[2], 3 * most[3]);
  EXPECT_GT(most[1], 20 * least[1]) << "the tail of the first class is heavy";
}

TEST(Population, GrowthOfEnergyFollowsThePlantedClass) {
  const auto& world = tianhe();
  constexpr std::array<double, 5> kRate = {0, 0.35, 0.12, 0.01, -0.18};
  std::array<std::vector<double>, 5> rates;
  for (std::uint32_t i = 0; i < world.customers.size(); i += 3) {
    const auto truth = truth_of(world.parameters, world.timeline, world.customers[i]);
    if (!truth.growth) continue;
    std::array<double, 3> years{};
    for (int t = 0; t < 36; ++t) {
      const auto use = world.usage.month(i, world.customers[i], t);
      ASSERT_TRUE(use.has_value());
      years[static_cast<std::size_t>(t / 12)] += static_cast<double>(use->energy.total());
    }
    rates[static_cast<std::size_t>(*truth.growth)].push_back(std::sqrt(years[2] / years[0]) - 1);
  }
  for (std::size_t growth = 1; growth <= 4; ++growth) {
    const auto& of_class = rates[growth];
    ASSERT_GT(of_class.size(), 1000U);
    double mean = 0;
    for (const double rate : of_class) mean += rate / static_cast<double>(of_class.size());
    EXPECT_NEAR(mean, kRate[growth], 0.01) << growth;
    double square = 0;
    for (const double rate : of_class) square += (rate - mean) * (rate - mean) / static_cast<double>(of_class.size());
    EXPECT_LT(std::sqrt(square), growth == 1 ? 0.06 : 0.04) << growth;
  }
}

TEST(Population, DimensionsAreNearlyIndependent) {
  const auto& world = tianhe();
  // Cramer's V of arrears against growth, and of arrears against revenue: 0 is independent.
  const auto association = [&](auto&& left, auto&& right) {
    std::map<std::pair<int, int>, double> cell;
    std::map<int, double> rows, columns;
    for (const auto& c : world.customers) {
      ++cell[{left(c), right(c)}];
      ++rows[left(c)];
      ++columns[right(c)];
    }
    const auto n = static_cast<double>(world.customers.size());
    double chi = 0;
    for (const auto& [r, row] : rows) {
      for (const auto& [c, column] : columns) {
        const double expected = row * column / n;
        chi += (cell[{r, c}] - expected) * (cell[{r, c}] - expected) / expected;
      }
    }
    return std::sqrt(chi / n / static_cast<double>(std::min(rows.size(), columns.size()) - 1));
  };
  EXPECT_LT(association([](const auto& c) { return int{c.arrears}; }, [](const auto& c) { return int{c.growth}; }),
            0.02);
  EXPECT_LT(association([](const auto& c) { return int{c.arrears}; }, [](const auto& c) { return int{c.revenue}; }),
            0.10);
  EXPECT_LT(association([](const auto& c) { return int{c.revenue}; }, [](const auto& c) { return int{c.growth}; }),
            0.02);
}

TEST(Population, LateAndUnpaidBillsOfTheClassesDoNotOverlap) {
  for (const auto& customer : tianhe().customers) {
    const int troubled = customer.late_bills + customer.unpaid_bills;
    if (customer.arrears == 3) {
      EXPECT_LE(troubled, 1);
      EXPECT_EQ(customer.unpaid_bills, 0);
    } else if (customer.arrears == 2) {
      EXPECT_GE(customer.late_bills, 4);
      EXPECT_LE(troubled, 7);
      EXPECT_LE(customer.unpaid_bills, 1);
      EXPECT_GE(customer.mean_days_late, 5);
      EXPECT_LE(customer.mean_days_late, 12);
    } else {
      EXPECT_GE(troubled, 11);
      EXPECT_LE(troubled, 12);
      EXPECT_GE(customer.unpaid_bills, 3);
      EXPECT_LE(customer.unpaid_bills, 6);
      EXPECT_GE(customer.mean_days_late, 25);
    }
  }
}

TEST(Population, TruthIsEmptyWhereTheDataCannotShowIt) {
  const auto& world = tianhe();
  std::int64_t fresh = 0, closed = 0, constant = 0;
  const auto year_ago = world.timeline.end.plus(-11).first_day();
  for (const auto& customer : world.customers) {
    const auto truth = truth_of(world.parameters, world.timeline, customer);
    const bool is_closed = customer.closed_day != kNeverClosed;
    EXPECT_EQ(truth.revenue.has_value(), !is_closed && customer.opened_day <= year_ago);
    EXPECT_EQ(truth.revenue.has_value(), truth.arrears.has_value());
    if (customer.opened_day > world.timeline.first_day() || is_closed || customer.is_constant) {
      EXPECT_FALSE(truth.growth.has_value());
    } else {
      EXPECT_EQ(truth.growth, customer.growth);
    }
    fresh += customer.opened_day >= world.timeline.first_day() ? 1 : 0;
    closed += is_closed ? 1 : 0;
    constant += customer.is_constant ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(fresh) / 47'783, 0.02, 0.004);
  EXPECT_NEAR(static_cast<double>(closed) / 47'783, 0.012, 0.003);
  EXPECT_GT(constant, 100);
}

TEST(Population, InfluenceFollowsTheKind) {
  const auto& world = tianhe();
  for (const auto& customer : world.customers) {
    const auto& kind = world.kind_of(customer);
    if (kind.influence == 1) {
      EXPECT_GT(customer.importance, 0);
      EXPECT_TRUE(kind.is_key_attention);
    }
    if (kind.influence == 3) {
      EXPECT_EQ(customer.importance, 0);
    }
  }
  EXPECT_GT(count(world, [&](const auto& c) { return world.kind_of(c).influence == 1; }), 250);
}

TEST(Population, IsTheSameForAnyNumberOfThreadsAndAnotherForAnotherSeed) {
  const auto one = make_world("tianhe", 3'000, 1, 1);
  const auto four = make_world("tianhe", 3'000, 1, 4);
  const auto other = make_world("tianhe", 3'000, 2, 1);
  int different = 0;
  for (std::uint32_t i = 0; i < 3'000; ++i) {
    EXPECT_EQ(one->customers[i].month_kwh, four->customers[i].month_kwh);
    EXPECT_EQ(one->customers[i].habit, four->customers[i].habit);
    EXPECT_EQ(one->customer_name(i), four->customer_name(i));
    different += one->customers[i].month_kwh != other->customers[i].month_kwh ? 1 : 0;
  }
  EXPECT_GT(different, 2'990);
}

TEST(Population, NumbersAndTelephonesAreUniqueAndOfOneLength) {
  const auto& world = small_tianhe();
  std::map<std::string, int> ids, phones;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    ++ids[world.customer_id(i)];
    ++phones[world.phone(i)];
    EXPECT_EQ(world.customer_id(i).size(), 10U);
    EXPECT_EQ(world.phone(i).size(), 11U);
  }
  EXPECT_EQ(ids.size(), world.customers.size());
  EXPECT_EQ(phones.size(), world.customers.size());
  EXPECT_EQ(ids.begin()->first.front(), '0') << "leading zeros live";
}

}  // namespace
}  // namespace fenqun::datagen
