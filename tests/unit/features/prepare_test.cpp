// tests/unit/features/prepare_test.cpp
#include "features/prepare.hpp"

#include "unit/features/small_utility.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace fenqun::features {
namespace {

namespace fs = std::filesystem;
using test::SmallUtility;

constexpr Month kJune(2026, 6);

void load_customers(SmallUtility& utility, int count) {
  utility.load("customer",
               fmt::format("SELECT concat('c', i) AS customer_id, CASE WHEN i % 3 = 0 THEN 'non_residential' ELSE "
                           "'residential' END AS category, CASE WHEN i % 3 = 0 THEN 'retail' ELSE 'residential' END AS "
                           "industry, concat('f', i % 7) AS feeder_id FROM range({}) t(i)",
                           count));
}

// Three years of bills and payments and a year of readings with values that do not add up alike in every order.
void load_facts(SmallUtility& utility) {
  utility.load(
      "bill",
      "SELECT concat(customer_id, '-', m) AS bill_id, customer_id, DATE '2023-07-01' + to_months(CAST(m AS INTEGER)) "
      "AS "
      "month, last_day(DATE '2023-07-01' + to_months(CAST(m AS INTEGER))) AS due_on, (hash(customer_id, m) % 900000) / "
      "1000 AS energy_kwh, (hash(m, customer_id) % 90000) / 100 AS amount_cny FROM customer, range(36) t(m)");
  utility.load(
      "payment",
      "SELECT bill_id, customer_id, due_on + CAST(hash(bill_id) % 20 AS INTEGER) - 10 AS paid_on, amount_cny, CASE "
      "WHEN hash(bill_id) % 2 = 0 THEN 'wechat' ELSE 'counter' END AS channel FROM bill WHERE hash(bill_id) % 11 > 0");
  utility.load(
      "reading_day",
      "SELECT customer_id, DATE '2025-07-01' + CAST(d AS INTEGER) AS day, (hash(customer_id, d) % 90000) / 1000 AS "
      "energy_kwh FROM customer, range(365) t(d)");
  utility.load(
      "outage",
      "SELECT 'fault' AS kind, concat('f', i % 7) AS feeder_id, TIMESTAMP '2025-08-01 00:00:00' + to_hours(CAST(i * 50 "
      "AS INTEGER)) AS started_at, TIMESTAMP '2025-08-01 00:07:00' + to_hours(CAST(i * 50 AS INTEGER)) AS ended_at "
      "FROM range(100) t(i)");
}

std::string family(const std::string& name) {
  return "family: " + name +
         "\nposition: 99\ntitle: {zh: 甲, en: A}\nentities: [customer]\nfeatures:\n  - {name: own_feature, type: "
         "number, title: {zh: 甲, en: A}, meaning: {zh: 甲, en: A}, missing: {zh: 甲, en: A}, kind: value, tag: "
         "economic, "
         "sources: [customer]}\n";
}

Error prepare_with_own_family(const std::string& sql) {
  SmallUtility utility;
  fs::create_directories(utility.path() / "config" / "features");
  std::ofstream(utility.path() / "config/features/own.yaml") << family("own");
  std::ofstream(utility.path() / "config/features/own.sql") << sql;
  load_customers(utility, 3);
  const auto outcome = utility.prepare(kJune);
  EXPECT_FALSE(outcome.has_value());
  EXPECT_TRUE(utility.workspace().lake_files("wide")->empty());
  EXPECT_FALSE(fs::exists(utility.path() / "tmp" / "prepare"));
  return outcome ? Error{} : outcome.error();
}

TEST(Prepare, OneRowPerCustomerInOrderWithEveryFeature) {
  SmallUtility utility;
  load_customers(utility, 25);
  const auto outcome = utility.prepare(kJune);
  ASSERT_TRUE(outcome.has_value()) << test::words_of(outcome.error());
  EXPECT_EQ(outcome->customers, 25);
  EXPECT_EQ(outcome->closed_or_not_yet_open, 0);
  EXPECT_FALSE(outcome->unchanged);
  const auto catalogue = FeatureCatalogue::create(AssetStore());
  auto& connection = utility.workspace().connection();
  const auto head = connection.query("SELECT column_name, column_type FROM (DESCRIBE wide)");
  ASSERT_EQ(head->rows.size(), 2 + catalogue->features().size());
  EXPECT_EQ(head->text(0, 0) + " " + head->text(0, 1), "as_of DATE");
  EXPECT_EQ(head->text(1, 0) + " " + head->text(1, 1), "customer_id VARCHAR");
  for (std::size_t f = 0; f < catalogue->features().size(); ++f) {
    EXPECT_EQ(head->text(2 + f, 0), catalogue->features()[f].name);
    EXPECT_EQ(outcome->coverage[f].feature, catalogue->features()[f].name);
    EXPECT_EQ(outcome->coverage[f].present + outcome->coverage[f].missing, 25);
  }
  EXPECT_EQ(*connection.query_integer(
                "SELECT count(*) FROM (SELECT customer_id < lag(customer_id) OVER () AS falls FROM wide) "
                "WHERE falls"),
            0);
}

TEST(Prepare, OneAndTwoThreadsGiveTheSameBits) {
  SmallUtility utility;
  load_customers(utility, 3000);
  load_facts(utility);
  std::vector<std::string> hashes;
  for (const std::size_t threads : {1U, 2U}) {
    utility.close();
    warehouse::WorkspaceOptions options;
    options.threads = threads;
    auto& workspace = utility.workspace(options);
    ASSERT_TRUE(utility.prepare(kJune).has_value());
    hashes.push_back(utility.hash_of_wide());
    // Out of the manifest, so that the next one computes again.
    auto scratch = workspace.scratch("remove");
    ASSERT_TRUE(workspace.commit(scratch->folder(), {}, {}, {workspace.lake_files("wide")->front().path}).has_value());
  }
  EXPECT_EQ(hashes[0], hashes[1]);
}

TEST(Prepare, ASecondCallDoesNothingAndTellsTheSame) {
  SmallUtility utility;
  load_customers(utility, 5);
  const auto first = utility.prepare(kJune);
  const auto second = utility.prepare(kJune);
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_TRUE(second->unchanged);
  EXPECT_EQ(second->fingerprint, first->fingerprint);
  EXPECT_EQ(second->customers, first->customers);
  ASSERT_EQ(second->coverage.size(), first->coverage.size());
  for (std::size_t f = 0; f < first->coverage.size(); ++f)
    EXPECT_EQ(second->coverage[f].present, first->coverage[f].present);
}

TEST(Prepare, NewDataReplacesTheMonthAndLeavesOtherMonths) {
  SmallUtility utility;
  load_customers(utility, 5);
  const auto may = utility.prepare(Month(2026, 5));
  const auto before = utility.prepare(kJune);
  utility.load("bill", "SELECT 'c1' AS customer_id, DATE '2026-06-01' AS month, 7 AS energy_kwh, 3.5 AS amount_cny");
  const auto after = utility.prepare(kJune);
  ASSERT_TRUE(may.has_value() && before.has_value() && after.has_value());
  EXPECT_FALSE(after->unchanged);
  EXPECT_NE(after->fingerprint, before->fingerprint);
  EXPECT_EQ(utility.value("bill_revenue_12m_cny", "c1", kJune), "3.5");
  const auto files = utility.workspace().lake_files("wide");
  ASSERT_EQ(files->size(), 2U);
  EXPECT_NE(files->front().path.find(may->fingerprint), std::string::npos);
  EXPECT_NE(files->back().path.find(after->fingerprint), std::string::npos);
  EXPECT_EQ(files->back().rows, 5);
  EXPECT_FALSE(fs::exists(utility.path() / "lake/wide/month=2026-06" / (before->fingerprint + ".parquet")));
}

TEST(Prepare, WhatComesAfterTheMonthDoesNotChangeIt) {
  SmallUtility utility;
  load_customers(utility, 50);
  load_facts(utility);
  const Month march(2026, 3);
  ASSERT_TRUE(utility.prepare(march).has_value());
  const auto before = utility.hash_of_wide();
  utility.load("reading_day", "SELECT customer_id, DATE '2026-07-01' AS day, 999 AS energy_kwh FROM customer");
  utility.load("bill",
               "SELECT customer_id, DATE '2026-07-01' AS month, DATE '2026-07-31' AS due_on, 5 AS energy_kwh, 9 AS "
               "amount_cny FROM customer");
  utility.load("payment", "SELECT customer_id, DATE '2026-07-02' AS paid_on, 9 AS amount_cny FROM customer");
  utility.load("ticket",
               "SELECT customer_id, TIMESTAMP '2026-07-02 00:00:00' AS opened_at, 'complaint' AS kind FROM customer");
  utility.load("other_income", "SELECT customer_id, DATE '2026-07-02' AS booked_on, 9 AS amount_cny FROM customer");
  utility.load("inspection", "SELECT customer_id, DATE '2026-07-02' AS inspected_on, 'theft' AS finding FROM customer");
  const auto again = utility.prepare(march);
  ASSERT_TRUE(again.has_value()) << test::words_of(again.error());
  EXPECT_TRUE(again->unchanged);
  const auto anew = utility.prepare(march, Reuse::Refused);
  ASSERT_TRUE(anew.has_value()) << test::words_of(anew.error());
  EXPECT_FALSE(anew->unchanged);
  EXPECT_EQ(utility.hash_of_wide(), before);
}

TEST(Prepare, CustomersLeftOutAreCounted) {
  SmallUtility utility;
  load_customers(utility, 4);
  utility.load("customer", "SELECT 'gone' AS customer_id, 'residential' AS category, DATE '2020-01-01' AS closed_on");
  const auto outcome = utility.prepare(kJune);
  EXPECT_EQ(outcome->customers, 4);
  EXPECT_EQ(outcome->closed_or_not_yet_open, 1);
}

TEST(Prepare, NothingOfTheWorkStaysInTheSession) {
  SmallUtility utility;
  load_customers(utility, 4);
  ASSERT_TRUE(utility.prepare(kJune).has_value());
  EXPECT_FALSE(utility.workspace().connection().query("SELECT * FROM open_customer").has_value());
  EXPECT_EQ(*utility.workspace().connection().query_integer(
                "SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE "
                "'scratch%'"),
            0);
}

TEST(PrepareRefuses, AWorkspaceWithoutCustomers) {
  SmallUtility utility;
  EXPECT_EQ(utility.prepare(kJune).error().line.key, "features.no_customers");
}

TEST(PrepareRefuses, AQueryThatDoesNotGiveItsColumns) {
  const auto error = prepare_with_own_family("SELECT customer_id, 1 AS other FROM open_customer");
  EXPECT_EQ(error.line.key, "features.columns_differ");
  EXPECT_EQ(error.arg("lacking"), "own_feature");
  EXPECT_EQ(error.arg("extra"), "other");
}

TEST(PrepareRefuses, AQueryThatGivesACustomerTwice) {
  const auto error = prepare_with_own_family(
      "SELECT customer_id, 1 AS own_feature FROM open_customer UNION ALL SELECT 'c1' AS customer_id, 2 AS own_feature");
  EXPECT_EQ(error.line.key, "features.customer_twice");
  EXPECT_EQ(error.arg("rows"), "1");
}

TEST(PrepareRefuses, InfiniteValues) {
  const auto error = prepare_with_own_family(
      "SELECT customer_id, CASE WHEN customer_id = 'c1' THEN CAST('inf' AS DOUBLE) ELSE 1 END AS own_feature FROM "
      "open_customer");
  EXPECT_EQ(error.line.key, "features.not_finite");
  EXPECT_EQ(error.arg("feature"), "own_feature");
  EXPECT_EQ(error.arg("rows"), "1");
}

TEST(PrepareRefuses, AQueryThatIsNotSql) {
  EXPECT_EQ(prepare_with_own_family("SELEC customer_id").code, ErrorCode::Database);
}

TEST(PrepareRefuses, ToGoOnAfterAStopAndLeavesNothing) {
  SmallUtility utility;
  load_customers(utility, 4);
  utility.close();
  std::stop_source stop;
  warehouse::WorkspaceOptions options;
  options.stop = stop.get_token();
  auto& workspace = utility.workspace(options);
  stop.request_stop();
  EXPECT_EQ(utility.prepare(kJune).error().code, ErrorCode::Cancelled);
  EXPECT_FALSE(fs::exists(utility.path() / "tmp" / "prepare"));
  utility.close();
  EXPECT_TRUE(utility.workspace().lake_files("wide")->empty());
  static_cast<void>(workspace);
}

// Asks to stop once the first family is under way.
class StopAt final : public Progress {
 public:
  StopAt(std::stop_source& stop, std::string step) : stop_(stop), step_(std::move(step)) {}
  void begin(const std::string& /*title*/) override {}
  void update(double /*share*/, const std::string& detail) override {
    if (detail == step_) stop_.request_stop();
  }
  void end() override {}

 private:
  std::stop_source& stop_;
  std::string step_;
};

TEST(PrepareRefuses, ToGoOnAfterAStopInTheMiddle) {
  SmallUtility utility;
  load_customers(utility, 4);
  utility.close();
  std::stop_source stop;
  StopAt progress(stop, "growth");
  warehouse::WorkspaceOptions options;
  options.stop = stop.get_token();
  options.progress = &progress;
  static_cast<void>(utility.workspace(options));
  EXPECT_EQ(utility.prepare(kJune).error().code, ErrorCode::Cancelled);
  EXPECT_FALSE(fs::exists(utility.path() / "tmp" / "prepare"));
  utility.close();
  EXPECT_TRUE(utility.workspace().lake_files("wide")->empty());
  EXPECT_TRUE(utility.prepare(kJune).has_value());
}

TEST(LatestMonth, IsTheLastMonthWithEnergyElseOfAnyFact) {
  SmallUtility utility;
  EXPECT_EQ(latest_month(utility.workspace()).error().line.key, "features.nothing_loaded");
  utility.load("payment", "SELECT 'c1' AS customer_id, DATE '2026-07-02' AS paid_on, 9 AS amount_cny");
  EXPECT_EQ(latest_month(utility.workspace())->text(), "2026-07");
  utility.load("bill", "SELECT 'c1' AS customer_id, DATE '2026-05-01' AS month, 5 AS energy_kwh, 9 AS amount_cny");
  EXPECT_EQ(latest_month(utility.workspace())->text(), "2026-05");
  utility.load("reading_day", "SELECT 'c1' AS customer_id, DATE '2026-06-30' AS day, 9 AS energy_kwh");
  EXPECT_EQ(latest_month(utility.workspace())->text(), "2026-06");
}

}  // namespace
}  // namespace fenqun::features
