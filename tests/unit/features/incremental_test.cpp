// tests/unit/features/incremental_test.cpp - preparing again after a change: only what it touches, and always what a
// preparation of everything from nothing gives.
#include "features/prepare.hpp"
#include "unit/features/small_utility.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

namespace fenqun::features {
namespace {

namespace fs = std::filesystem;
using test::SmallUtility;

constexpr Month kMarch(2026, 3);
constexpr Month kJune(2026, 6);

void load_masters(SmallUtility& utility) {
  utility.load(
      "customer",
      "SELECT concat('c', i) AS customer_id, CASE WHEN i % 3 = 0 THEN 'non_residential' ELSE 'residential' END "
      "AS category, CASE WHEN i % 3 = 0 THEN 'retail' ELSE 'residential' END AS industry, concat('f', i % 3) "
      "AS feeder_id FROM range(20) t(i)");
  utility.load("calendar_day",
               "SELECT d AS day, isodow(d) >= 6 AS is_holiday, d IN (DATE '2026-01-01', DATE '2026-05-01') AS "
               "is_special_holiday FROM (SELECT DATE '2025-01-01' + CAST(i AS INTEGER) AS d FROM range(730) t(i))");
}

// Readings with a gap for one customer in four, and a bill each for half of them. `salt` makes other values.
void load_months(SmallUtility& utility, Month first, Month last, int salt = 0) {
  const auto from = "DATE '" + first.first_date() + "'";
  const auto days = last.plus(1).first_day() - first.first_day();
  utility.load("reading_day",
               fmt::format("SELECT customer_id, {0} + CAST(i AS INTEGER) AS day, (hash(customer_id, i, {1}) % 90000) / "
                           "1000 AS energy_kwh, (hash(customer_id, i, {1}) % 30000) / 1000 AS peak_kwh FROM customer, "
                           "range({2}) t(i) WHERE hash(customer_id) % 4 > 0 OR i % 30 NOT IN (9, 10)",
                           from, salt, days));
  utility.load("bill",
               fmt::format("SELECT concat(customer_id, '-', month) AS bill_id, customer_id, month, last_day(month) AS "
                           "due_on, (hash(customer_id, month, {1}) % 900000) / 1000 AS energy_kwh, 9.5 AS amount_cny "
                           "FROM customer, (SELECT {0} + to_months(CAST(m AS INTEGER)) AS month FROM range({2}) t(m)) "
                           "WHERE hash(customer_id) % 2 > 0",
                           from, salt, last.minus(first) + 1));
}

void load_month(SmallUtility& utility, Month month, int salt = 0) { load_months(utility, month, month, salt); }

void load_year(SmallUtility& utility) {
  load_masters(utility);
  load_months(utility, Month(2025, 7), kJune);
}

// Every row of the wide table and of the tables kept by month, as one number each.
std::string content(SmallUtility& utility) {
  auto& connection = utility.workspace().connection();
  std::string out = utility.hash_of_wide();
  for (const auto* of_preparation :
       {"readiness", "preparation_item", "(SELECT as_of, step, rows_in, rows_out FROM preparation)"}) {
    const auto hash =
        connection.query_text("SELECT CAST(sum(hash(t)) AS VARCHAR) FROM " + std::string(of_preparation) + " t");
    EXPECT_TRUE(hash.has_value()) << test::words_of(hash.error());
    out += "\n" + hash.value_or("");
  }
  const auto catalogue = utility.catalogue();
  for (const auto& table : catalogue.intermediates()) {
    if (table.by_month.empty()) continue;
    const auto files = utility.workspace().lake_files(monthly_entity(table.name));
    out += "\n" + table.name + " " + std::to_string(files->size());
    if (files->empty()) continue;
    const auto hash = connection.query_text(
        "SELECT CAST(sum(hash(t)) AS VARCHAR) FROM read_parquet(" +
        warehouse::sql_text((utility.path() / "lake" / monthly_entity(table.name) / "*/*.parquet").string()) +
        ", hive_partitioning = false) t");
    EXPECT_TRUE(hash.has_value()) << test::words_of(hash.error());
    out += " " + hash.value_or("");
  }
  return out;
}

std::int64_t months_made(const Result<PrepareOutcome>& outcome) {
  EXPECT_TRUE(outcome.has_value()) << test::words_of(outcome.error());
  std::int64_t out = 0;
  for (const auto& table : outcome->monthly) out += table.table == "daily_by_month" ? table.months_made : 0;
  return out;
}

using Change = std::function<void(SmallUtility&)>;

void own_query(SmallUtility& utility, const std::string& path, const std::string& from, const std::string& to) {
  auto sql = AssetStore().read(path)->text;
  const auto at = sql.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  fs::create_directories((utility.path() / path).parent_path());
  std::ofstream(utility.path() / path) << sql.replace(at, from.size(), to);
  utility.close();
}

// The same changes on two utilities: one prepares after each of them, the other once, at the end, from nothing.
void expect_same_as_from_nothing(const std::vector<Change>& changes, const std::vector<Month>& months = {kJune}) {
  SmallUtility step_by_step;
  SmallUtility at_the_end;
  load_year(step_by_step);
  load_year(at_the_end);
  for (const auto month : months) ASSERT_TRUE(step_by_step.prepare(month).has_value());
  for (const auto& change : changes) {
    change(step_by_step);
    change(at_the_end);
    for (const auto month : months) {
      const auto outcome = step_by_step.prepare(month);
      ASSERT_TRUE(outcome.has_value()) << test::words_of(outcome.error());
    }
  }
  for (const auto month : months) ASSERT_TRUE(at_the_end.prepare(month, Reuse::Refused).has_value());
  EXPECT_EQ(content(step_by_step), content(at_the_end));
}

TEST(Incremental, ANewMonthGivesWhatAFullRebuildGives) {
  expect_same_as_from_nothing({[](SmallUtility& u) { load_month(u, Month(2026, 7)); }},
                              {kMarch, kJune, Month(2026, 7)});
}

TEST(Incremental, ALateMonthGivesWhatAFullRebuildGives) {
  expect_same_as_from_nothing(
      {[](SmallUtility& u) { load_month(u, Month(2025, 5)); }, [](SmallUtility& u) { load_month(u, Month(2026, 7)); }});
}

TEST(Incremental, ACorrectedMonthGivesWhatAFullRebuildGives) {
  expect_same_as_from_nothing({[](SmallUtility& u) {
    u.unload("reading_day", Month(2026, 2));
    u.unload("bill", Month(2026, 2));
    load_month(u, Month(2026, 2), 7);
  }});
}

TEST(Incremental, AMonthTakenAwayAndBackGivesWhatAFullRebuildGives) {
  expect_same_as_from_nothing({[](SmallUtility& u) { u.unload("reading_day", Month(2026, 4)); },
                               [](SmallUtility& u) { u.unload("bill", Month(2026, 4)); },
                               [](SmallUtility& u) { load_month(u, Month(2026, 4)); },
                               [](SmallUtility& u) { u.unload("reading_day", Month(2025, 7)); }});
}

TEST(Incremental, AChangedQueryGivesWhatAFullRebuildGives) {
  expect_same_as_from_nothing(
      {[](SmallUtility& u) {
         own_query(u, "config/features/intermediate/daily_by_month.sql", "count(*) <= ${setting:longest_gap_days}",
                   "count(*) <= 1");
       },
       [](SmallUtility& u) { own_query(u, "config/features/load.sql", "e.days >= 60", "e.days >= 10"); }});
}

TEST(Incremental, ChangedHolidaysGiveWhatAFullRebuildGives) {
  expect_same_as_from_nothing({[](SmallUtility& u) {
    const auto done =
        u.workspace().connection().execute("UPDATE m_calendar_day SET is_holiday = true WHERE day = DATE '2026-02-03'");
    ASSERT_TRUE(done.has_value());
  }});
}

TEST(Incremental, ARebuildWhereTheMonthStandsGivesTheSame) {
  SmallUtility utility;
  load_year(utility);
  ASSERT_TRUE(utility.prepare(kJune).has_value());
  const auto before = content(utility);
  for (int i = 0; i < 2; ++i) {
    const auto again = utility.prepare(kJune, Reuse::Refused);
    EXPECT_EQ(months_made(again), 12);
    EXPECT_FALSE(again->unchanged);
    EXPECT_EQ(content(utility), before);
  }
  EXPECT_TRUE(utility.prepare(kJune)->unchanged);
}

TEST(Incremental, OnlyTheMonthsThatAChangeTouchesAreSummedUpAgain) {
  SmallUtility utility;
  load_year(utility);
  EXPECT_EQ(months_made(utility.prepare(kJune)), 12);
  EXPECT_EQ(months_made(utility.prepare(Month(2026, 5))), 0) << "an earlier month finds its sums made";
  load_month(utility, Month(2026, 7));
  EXPECT_EQ(months_made(utility.prepare(Month(2026, 7))), 1) << "a new month";
  load_month(utility, Month(2025, 1));
  EXPECT_EQ(months_made(utility.prepare(Month(2026, 7))), 1) << "a late month";
  utility.load("bill", "SELECT 'c1' AS customer_id, DATE '2026-06-01' AS month, 1 AS energy_kwh, 1 AS amount_cny");
  EXPECT_EQ(months_made(utility.prepare(Month(2026, 7))), 0) << "bills concern no reading";
  ASSERT_TRUE(utility.workspace()
                  .connection()
                  .execute("UPDATE m_calendar_day SET is_holiday = true WHERE day = DATE '2026-02-03'")
                  .has_value());
  EXPECT_EQ(months_made(utility.prepare(Month(2026, 7))), 1) << "a holiday concerns its month";
  utility.unload("reading_day", Month(2025, 1));
  const auto without = utility.prepare(Month(2026, 7));
  EXPECT_EQ(months_made(without), 0);
  EXPECT_EQ(without->monthly.front().months_gone, 1);
  EXPECT_EQ(utility.workspace().lake_files("_daily_by_month")->size(), 13U);
  EXPECT_EQ(months_made(utility.prepare(Month(2026, 7), Reuse::Refused)), 13);
  EXPECT_EQ(utility.workspace().lake_files("_daily_by_month")->size(), 13U);
}

TEST(Incremental, AMonthIsStaleOnlyWhenSomethingUpToItChanged) {
  SmallUtility utility;
  load_year(utility);
  for (const auto month : {kMarch, kJune}) ASSERT_TRUE(utility.prepare(month).has_value());
  EXPECT_TRUE(stale_months(utility.workspace(), utility.catalogue())->empty());
  load_month(utility, Month(2026, 7));
  EXPECT_TRUE(stale_months(utility.workspace(), utility.catalogue())->empty()) << "later than both";
  utility.load("payment", "SELECT 'c1' AS customer_id, DATE '2026-05-03' AS paid_on, 1 AS amount_cny");
  EXPECT_EQ(*stale_months(utility.workspace(), utility.catalogue()), std::vector<Month>{kJune});
  load_month(utility, Month(2025, 5));
  EXPECT_EQ(*stale_months(utility.workspace(), utility.catalogue()), (std::vector<Month>{kMarch, kJune}));
  for (const auto month : {kMarch, kJune}) ASSERT_TRUE(utility.prepare(month).has_value());
  utility.load("customer", "SELECT 'new' AS customer_id, 'residential' AS category");
  EXPECT_EQ(*stale_months(utility.workspace(), utility.catalogue()), (std::vector<Month>{kMarch, kJune}));
}

TEST(Incremental, TheSameRowsLoadedAgainMakeNothingStale) {
  SmallUtility utility;
  load_year(utility);
  ASSERT_TRUE(utility.prepare(kJune).has_value());
  utility.unload("reading_day", Month(2026, 4));
  EXPECT_EQ(stale_months(utility.workspace(), utility.catalogue())->size(), 1U);
  utility.load(
      "reading_day",
      "SELECT customer_id, DATE '2025-07-01' + CAST(i AS INTEGER) AS day, (hash(customer_id, i, 0) % 90000) / "
      "1000 AS energy_kwh, (hash(customer_id, i, 0) % 30000) / 1000 AS peak_kwh FROM customer, range(274, 304) "
      "t(i) WHERE hash(customer_id) % 4 > 0 OR i % 30 NOT IN (9, 10)");
  EXPECT_TRUE(stale_months(utility.workspace(), utility.catalogue())->empty());
}

TEST(Incremental, ALostMonthOfSumsIsMadeAgain) {
  SmallUtility utility;
  load_year(utility);
  ASSERT_TRUE(utility.prepare(kJune).has_value());
  const auto before = content(utility);
  const auto path = utility.workspace().lake_files("_daily_by_month")->at(3).path;
  utility.close();
  fs::remove(utility.path() / path);
  EXPECT_EQ(months_made(utility.prepare(kJune, Reuse::Allowed)), 0) << "the feature month itself is whole";
  const auto made = refresh_monthly(utility.workspace(), utility.catalogue(), kJune, Reuse::Allowed);
  ASSERT_TRUE(made.has_value()) << test::words_of(made.error());
  EXPECT_EQ(made->front().months_made, 1);
  EXPECT_EQ(content(utility), before);
}

TEST(Incremental, ViewsShowAllMonthsAgainAfterwards) {
  SmallUtility utility;
  load_year(utility);
  const auto months = "SELECT count(DISTINCT month) FROM bill";
  ASSERT_EQ(*utility.workspace().connection().query_integer(months), 12);
  ASSERT_TRUE(utility.prepare(kMarch).has_value());
  EXPECT_EQ(*utility.workspace().connection().query_integer(months), 12);
  ASSERT_TRUE(stale_months(utility.workspace(), utility.catalogue()).has_value());
  EXPECT_EQ(*utility.workspace().connection().query_integer("SELECT count(DISTINCT day) FROM reading_day"), 365);
}

TEST(IncrementalRefuses, AMonthlyTableOfFactsWithoutTheirMonth) {
  for (const auto* by_month : {"[calendar_day]", "[bill]"}) {
    const fenqun::test::TempFolder folder;
    const auto place = folder.path() / "config/features/intermediate";
    fs::create_directories(place);
    std::ofstream(place / "tables.yaml")
        << "- name: open_customer\n  meaning: {zh: 甲, en: A}\n  entities: [customer]\n"
           "- name: daily_by_month\n  meaning: {zh: 甲, en: A}\n  entities: "
           "[reading_day, calendar_day]\n  by_month: "
        << by_month << "\n";
    const auto catalogue = FeatureCatalogue::create(AssetStore({folder.path()}));
    ASSERT_FALSE(catalogue.has_value()) << by_month;
    EXPECT_EQ(catalogue.error().line.key, "features.no_month");
    EXPECT_EQ(catalogue.error().arg("line"), "4");
  }
}

}  // namespace
}  // namespace fenqun::features
