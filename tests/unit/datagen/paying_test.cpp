// tests/unit/datagen/paying_test.cpp
#include "datagen/paying.hpp"

#include "datagen/usage.hpp"
#include "fixture.hpp"

#include <gtest/gtest.h>

namespace fenqun::datagen {
namespace {

TEST(Paying, BillsComeOnThe22ndAndAreDueOnTheLastDay) {
  const auto& world = small_tianhe();
  const int february = Month(2024, 2).minus(world.timeline.first);
  const auto dates = world.paying.dates(february);
  EXPECT_EQ(dates.issued, Month(2024, 2).first_day() + 21);
  EXPECT_EQ(dates.due, Month(2024, 3).first_day() - 1);
  EXPECT_EQ(dates.due - dates.issued, 7) << "the article's window of 7 to 8 days";
}

TEST(Paying, ExactlyThePlantedBillsOfEachTwelveAreLateOrUnpaid) {
  const auto& world = tianhe();
  for (std::uint32_t i = 0; i < world.customers.size(); i += 7) {
    const auto& customer = world.customers[i];
    for (int year = 0; year < 3; ++year) {
      int late = 0, unpaid = 0;
      for (int t = 12 * year; t < 12 * (year + 1); ++t) {
        const auto paid = world.paying.paid_on(i, customer, t);
        if (!paid) ++unpaid;
        if (paid && *paid > world.paying.dates(t).due) ++late;
      }
      ASSERT_EQ(late, customer.late_bills);
      ASSERT_EQ(unpaid, customer.unpaid_bills);
    }
  }
}

TEST(Paying, DaysLateStayWithinTheClass) {
  const auto& world = tianhe();
  for (std::uint32_t i = 0; i < world.customers.size(); i += 3) {
    const auto& customer = world.customers[i];
    for (int t = 24; t < 36; ++t) {
      const auto paid = world.paying.paid_on(i, customer, t);
      if (!paid) continue;
      const int late = *paid - world.paying.dates(t).due;
      if (late <= 0) continue;
      const int least = customer.arrears == 3 ? 1 : customer.arrears == 2 ? 3 : 21;
      const int most = customer.arrears == 3 ? 4 : customer.arrears == 2 ? 16 : 64;
      ASSERT_GE(late, least);
      ASSERT_LE(late, most);
      const auto last_month = world.timeline.month(t + PayingModel::kMonthsToWait + 1).first_day();
      ASSERT_LT(*paid, last_month) << "no payment is looked for later than this";
    }
  }
}

TEST(Paying, SomeLateBillsOfUnreliablePayersComeInTwoParts) {
  const auto& world = tianhe();
  std::array<int, 4> late{}, parts{};
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto& customer = world.customers[i];
    for (int t = 24; t < 36; ++t) {
      const auto [paid, first, failed] = world.paying.outcome(i, customer, t);
      const auto dates = world.paying.dates(t);
      if (paid && *paid > dates.due && customer.habit != Habit::Malicious) ++late[customer.arrears];
      if (!first) continue;
      ++parts[customer.arrears];
      ASSERT_TRUE(paid && *paid > dates.due);
      ASSERT_GT(first->day, dates.issued);
      ASSERT_LT(first->day, *paid);
      ASSERT_GE(first->share, 0.3);
      ASSERT_LE(first->share, 0.7);
      ASSERT_NE(customer.habit, Habit::Malicious);
    }
  }
  EXPECT_EQ(parts[3], 0) << "good payers pay at once";
  for (const std::size_t arrears : {1U, 2U}) {
    EXPECT_NEAR(static_cast<double>(parts[arrears]) / late[arrears], 0.12, 0.01) << arrears;
  }
}

TEST(Paying, DirectDebitsFailForTheBillsThatAreNotPaidInTime) {
  const auto& world = tianhe();
  int failures = 0, separate = 0;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const auto& customer = world.customers[i];
    const bool is_debit = world.parameters.classes.methods[customer.method] == "bank_debit";
    for (int t = 24; t < 36; ++t) {
      const auto [paid, first, failed] = world.paying.outcome(i, customer, t);
      const auto dates = world.paying.dates(t);
      ASSERT_EQ(paid, world.paying.paid_on(i, customer, t));
      ASSERT_EQ(failed.has_value(), is_debit && (!paid || *paid > dates.due)) << i << " " << t;
      if (!failed) continue;
      ++failures;
      ASSERT_GT(failed->day, dates.issued);
      ASSERT_LE(failed->day, dates.due);
      if (customer.area_case != AreaCase::SeparateDebitAccount) continue;
      ++separate;
      ASSERT_STREQ(failed->reason, "not_linked");
    }
  }
  EXPECT_GT(failures, 2'000);
  EXPECT_GT(separate, 1'000);
}

TEST(Paying, CaseAreaCollectsAboutFourFifthsByTheMonthsEnd) {
  const auto& world = tianhe();
  for (int t = 24; t < 36; ++t) {
    double billed = 0, collected = 0;
    for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
      if (world.customers[i].area_case == AreaCase::None) continue;
      const auto use = world.usage.month(i, world.customers[i], t);
      ASSERT_TRUE(use.has_value());
      billed += static_cast<double>(use->amount_fen);
      const auto paid = world.paying.paid_on(i, world.customers[i], t);
      if (paid && *paid <= world.paying.dates(t).due) collected += static_cast<double>(use->amount_fen);
    }
    EXPECT_NEAR(collected / billed, 0.80, 0.04) << world.timeline.month(t).text();
  }
}

TEST(Paying, RemindersFollowTheGrades) {
  const auto& world = tianhe();
  for (std::uint32_t i = 0; i < world.customers.size(); i += 5) {
    const auto& customer = world.customers[i];
    int reminded_months = 0;
    for (int t = 24; t < 36; ++t) {
      const auto reminders = world.paying.reminders(i, customer, t);
      reminded_months += reminders.count > 0 ? 1 : 0;
      const auto paid = world.paying.paid_on(i, customer, t);
      for (std::size_t r = 0; r < reminders.count; ++r) {
        ASSERT_GT(reminders.items[r].day, world.paying.dates(t).issued);
        if (paid) {
          ASSERT_LT(reminders.items[r].day, *paid);
        }
        if (r > 0) {
          ASSERT_GT(reminders.items[r].day, reminders.items[r - 1].day);
        }
      }
    }
    ASSERT_EQ(reminded_months, customer.reminders);
  }
}

}  // namespace
}  // namespace fenqun::datagen
