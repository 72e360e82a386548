// tests/unit/ledger/transitions_test.cpp - matrices between months, from runs and from what was published.
#include "ledger/transitions.hpp"

#include "unit/ledger/ledger_fixture.hpp"

namespace fenqun::ledger {
namespace {

constexpr Month kJanuary(2026, 1);
constexpr Month kFebruary(2026, 2);
constexpr Month kApril(2026, 4);

class TransitionsTest : public LedgerTest {
 protected:
  void SetUp() override {
    LedgerTest::SetUp();
    add_run("r1", kJanuary, {{"1", "D"}, {"2", "D"}, {"3", "C"}, {"4", "B"}, {"5", "!why"}, {"6", "A"}});
    add_run("r2", kFebruary, {{"1", "C"}, {"2", "D"}, {"3", "D"}, {"4", "A"}, {"5", "B"}, {"7", "A"}});
    add_run("r4", kApril, {{"1", "B"}, {"2", "C"}, {"3", "D"}, {"4", "A"}, {"5", "!why"}, {"7", "A"}});
  }
  Result<Transitions> ask_for(TransitionRequest request) { return transitions_of(*workspace_, request); }
  static TransitionRequest request() {
    return {"s", kJanuary, kApril, {"D", "A", "B", "C"}, {"D", "C", "B", "A"}, false};
  }
  static std::int64_t cell(const TransitionStep& step, const std::string& from, const std::string& to) {
    for (const auto& c : step.cells) {
      if (c.from == from && c.to == to) return c.customers;
    }
    return 0;
  }
};

TEST_F(TransitionsTest, EachStepCountsWhoWentWhereAndUpOrDown) {
  const auto found = ask_for(request());
  ASSERT_TRUE(found.has_value()) << found.error().line.key;
  ASSERT_EQ(found->steps.size(), 2U);
  const auto& first = found->steps[0];
  EXPECT_EQ(first.run_from, "r1");
  EXPECT_EQ(first.run_to, "r2");
  EXPECT_EQ(cell(first, "D", "C"), 1);
  EXPECT_EQ(cell(first, "D", "D"), 1);
  EXPECT_EQ(cell(first, "C", "D"), 1);
  EXPECT_EQ(cell(first, "B", "A"), 1);
  EXPECT_EQ(cell(first, "why", "B"), 1);
  EXPECT_EQ(cell(first, "A", ""), 1);
  EXPECT_EQ(cell(first, "", "A"), 1);
  EXPECT_EQ(first.in_both, 4);
  EXPECT_EQ(first.stayed, 1);
  EXPECT_EQ(first.moved, 3);
  EXPECT_EQ(first.up.value(), 2);
  EXPECT_EQ(first.down.value(), 1);
  EXPECT_DOUBLE_EQ(first.cells.front().share, 0.5);
}

TEST_F(TransitionsTest, CustomersOfAMatrixAddUpToAllOfBothMonths) {
  const auto found = ask_for(request());
  ASSERT_TRUE(found.has_value());
  for (const auto* step : {&found->steps[0], &found->steps[1], &found->whole}) {
    std::int64_t before = 0, after = 0;
    for (const auto& c : step->cells) {
      if (!c.from.empty()) before += c.customers;
      if (!c.to.empty()) after += c.customers;
    }
    EXPECT_EQ(before, 6);
    EXPECT_EQ(after, 6);
    EXPECT_EQ(step->in_both, step->stayed + step->moved);
  }
}

TEST_F(TransitionsTest, TheWholeGoesFromTheFirstMonthToTheLastAndNamesMonthsThatNobodyKnows) {
  const auto found = ask_for(request());
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->whole.from, kJanuary);
  EXPECT_EQ(found->whole.to, kApril);
  EXPECT_EQ(cell(found->whole, "D", "B"), 1);
  EXPECT_EQ(found->unknown, std::vector<Month>{Month(2026, 3)});
}

TEST_F(TransitionsTest, CellsStandInTheOrderOfTheGroupsThenReasonsThenTheAbsent) {
  const auto found = ask_for(request());
  std::vector<std::string> order;
  for (const auto& c : found->steps[0].cells) order.push_back(c.from + ">" + c.to);
  EXPECT_EQ(order, (std::vector<std::string>{"D>D", "D>C", "A>", "B>A", "C>D", "why>B", ">A"}));
}

TEST_F(TransitionsTest, WhatWasPublishedComesBeforeARunAndRunsAloneCanBeAskedFor) {
  accept("r1");
  ASSERT_TRUE(publish("r1").has_value());
  // Published in January and in force since: nothing moves, whatever later runs say.
  const auto published = ask_for(request());
  ASSERT_TRUE(published.has_value());
  EXPECT_EQ(published->steps.size(), 3U);
  EXPECT_EQ(published->whole.moved, 0);
  EXPECT_EQ(published->whole.run_from, "");
  auto runs = request();
  runs.runs_only = true;
  EXPECT_EQ(ask_for(runs)->steps.size(), 2U);
}

TEST_F(TransitionsTest, WithoutALadderThereIsNoUpAndNoDown) {
  auto plain = request();
  plain.ladder.clear();
  const auto found = ask_for(plain);
  EXPECT_FALSE(found->whole.up.has_value());
  EXPECT_FALSE(found->whole.down.has_value());
}

TEST_F(TransitionsTest, MonthsInTheWrongOrderOrUnknownAreRefused) {
  auto wrong = request();
  std::swap(wrong.from, wrong.to);
  EXPECT_EQ(ask_for(wrong).error().line.key, "ledger.transition_months");
  auto alone = request();
  alone.from = kFebruary;
  alone.to = Month(2026, 3);
  EXPECT_EQ(ask_for(alone).error().line.key, "ledger.no_transitions");
  auto other = request();
  other.scheme = "unheard";
  EXPECT_EQ(ask_for(other).error().line.key, "ledger.no_transitions");
}

}  // namespace
}  // namespace fenqun::ledger
