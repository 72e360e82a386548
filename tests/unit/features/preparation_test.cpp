// tests/unit/features/preparation_test.cpp - the five steps: what they take, leave out, fill in, point out and judge.
#include "features/preparation.hpp"

#include "unit/features/small_utility.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace fenqun::features {
namespace {

namespace fs = std::filesystem;
using test::SmallUtility;

constexpr Month kJune(2026, 6);

class PreparationTest : public testing::Test {
 protected:
  void run(const std::string& sql) {
    const auto done = utility_.workspace().connection().execute(sql);
    ASSERT_TRUE(done.has_value()) << test::words_of(done.error());
  }

  PreparationRecord prepared(Month month = kJune) {
    const auto outcome = utility_.prepare(month);
    EXPECT_TRUE(outcome.has_value()) << test::words_of(outcome.error());
    const auto record = read_preparation(utility_.workspace(), month);
    EXPECT_TRUE(record.has_value() && record->has_value());
    return record && *record ? **record : PreparationRecord{};
  }

  // "state reason in out" of the one line of that kind, subject and name (of several the first).
  static std::string line(const PreparationRecord& record, Step step, const std::string& kind,
                          const std::string& subject, const std::string& name = "", const std::string& state = "") {
    const auto* found = record.find(step);
    if (found == nullptr) return "no step";
    for (const auto& item : found->items) {
      if (item.kind != kind || item.subject != subject || (!name.empty() && item.name != name) ||
          (!state.empty() && item.state != state))
        continue;
      return fmt::format("{} {} {} {}", item.state, item.reason, item.rows_in, item.rows_out);
    }
    return "none";
  }

  std::string ready(const std::string& column, const std::string& customer) {
    const auto rows = utility_.workspace().connection().query(
        "SELECT " + column + " FROM readiness WHERE customer_id = " + warehouse::sql_text(customer));
    if (!rows) return test::words_of(rows.error());
    if (rows->rows.empty()) return "no row";
    return rows->is_null(0, 0) ? "-" : rows->text(0, 0);
  }

  SmallUtility utility_;
};

TEST_F(PreparationTest, SelectingTellsOfEveryFieldWhyItIsLeftOut) {
  utility_.load(
      "customer",
      "SELECT concat('c', i) AS customer_id, 'residential' AS category, concat('n', i) AS customer_name, 'x' AS "
      "region, CASE WHEN i = 0 THEN 61 END AS age FROM range(30) t(i)");
  utility_.load("bill",
                "SELECT customer_id, month, 5 AS energy_kwh, 9 AS amount_cny, 'sms' AS delivery, CAST(NULL AS DATE) AS "
                "due_on FROM customer, (VALUES (DATE '2026-06-01'), (DATE '2026-07-01')) m(month)");
  const auto record = prepared();
  EXPECT_EQ(line(record, Step::Select, "entity", "customer"), "taken  30 30");
  EXPECT_EQ(line(record, Step::Select, "entity", "bill"), "taken  30 30") << "July is later";
  EXPECT_EQ(line(record, Step::Select, "entity", "outage"), "left_out not_loaded 0 0");
  EXPECT_EQ(line(record, Step::Select, "field", "customer", "category"), "noted constant 30 30");
  EXPECT_EQ(line(record, Step::Select, "field", "customer", "age"), "noted mostly_empty 30 1");
  EXPECT_EQ(line(record, Step::Select, "field", "customer", "customer_id"), "taken  30 30");
  EXPECT_EQ(line(record, Step::Select, "field", "customer", "customer_name"), "left_out sensitive 30 30");
  EXPECT_EQ(line(record, Step::Select, "field", "customer", "region"), "left_out not_needed 30 30");
  EXPECT_EQ(line(record, Step::Select, "field", "bill", "delivery"), "left_out not_needed 30 30");
  EXPECT_EQ(line(record, Step::Select, "field", "bill", "due_on"), "left_out empty 30 0");
  EXPECT_EQ(line(record, Step::Select, "field", "outage", "kind"), "left_out not_loaded 0 0");
  EXPECT_EQ(record.find(Step::Select)->rows_in, 60);
  EXPECT_EQ(record.find(Step::Select)->rows_out, 60);
}

TEST_F(PreparationTest, CleaningCountsWhatLoadingRefused) {
  utility_.load("customer", "SELECT 'a' AS customer_id, 'residential' AS category");
  run("INSERT INTO batch_entity VALUES ('x', 'bill', 10, 5, 2, 1, 2), ('y', 'bill', 3, 3, 0, 0, 0)");
  run("INSERT INTO quarantine VALUES ('x', 'bill', 'f', 1, 'month', 'bad_month', '?', ''), ('x', 'bill', 'f', 2, "
      "'month', "
      "'bad_month', '?', '')");
  run("UPDATE batch SET mapping = 'mine', rows_in = 7");
  const auto record = prepared();
  EXPECT_EQ(line(record, Step::Clean, "loading", "bill"), "  13 9");
  EXPECT_EQ(line(record, Step::Clean, "outcome", "bill", "", "duplicate"), "duplicate  2 0");
  EXPECT_EQ(line(record, Step::Clean, "outcome", "bill", "", "superseded"), "superseded  1 0");
  EXPECT_EQ(line(record, Step::Clean, "outcome", "bill", "", "rejected"), "rejected  2 0");
  EXPECT_EQ(line(record, Step::Clean, "rejection", "bill", "month"), " bad_month 2 0");
  EXPECT_EQ(line(record, Step::Clean, "conversion", "mine"), "  1 7");
}

TEST_F(PreparationTest, WhatIsFilledInIsMarkedAndCountedAndTheOriginalStays) {
  utility_.load(
      "customer",
      "SELECT concat('c', i) AS customer_id, CASE WHEN i < 6 THEN 'residential' ELSE 'non_residential' END AS "
      "category, CASE WHEN i = 5 THEN 'retail' END AS industry, CASE WHEN i < 8 THEN 'a1' ELSE 'a2' END AS "
      "transformer_area_id, CASE WHEN i IN (1, 2, 3, 8, 9) THEN 'f1' END AS feeder_id FROM range(12) t(i)");
  const auto record = prepared();
  EXPECT_EQ(line(record, Step::Clean, "imputed", "customer", "industry"), "industry_of_residents  11 5");
  EXPECT_EQ(line(record, Step::Clean, "imputed", "customer", "feeder_id"), "feeder_of_area  7 5")
      << "two known customers of a2 are too few";
  EXPECT_EQ(utility_.value("industry", "c0", kJune), "residential");
  EXPECT_EQ(utility_.value("industry", "c5", kJune), "retail") << "what was loaded is never replaced";
  EXPECT_EQ(utility_.value("industry", "c6", kJune), "-");
  EXPECT_EQ(utility_.value("feeder_id", "c0", kJune), "f1");
  EXPECT_EQ(utility_.value("feeder_id", "c10", kJune), "-");
  EXPECT_EQ(ready("imputed", "c0"), "feeder_id, industry, tariff_class");
  EXPECT_EQ(ready("imputed", "c6"), "feeder_id");
  EXPECT_EQ(ready("imputed", "c8"), "-");
  EXPECT_EQ(
      *utility_.workspace().connection().query_integer(
          "SELECT count(*) FROM customer WHERE industry = 'residential' OR customer_id = 'c0' AND feeder_id = 'f1'"),
      0);
}

TEST_F(PreparationTest, AFeederIsNotGuessedWhereAnAreaHangsOnSeveral) {
  utility_.load(
      "customer",
      "SELECT concat('c', i) AS customer_id, 'residential' AS category, 'a1' AS transformer_area_id, CASE WHEN i "
      "= 0 THEN NULL WHEN i < 3 THEN 'f2' ELSE 'f1' END AS feeder_id FROM range(12) t(i)");
  EXPECT_EQ(line(prepared(), Step::Clean, "imputed", "customer", "feeder_id"), "feeder_of_area  1 0");
}

TEST_F(PreparationTest, FilledGapsAndPartsAreCounted) {
  utility_.load("customer", "SELECT 'a' AS customer_id, 'residential' AS category");
  utility_.load(
      "reading_day",
      "SELECT 'a' AS customer_id, DATE '2026-06-01' + CAST(i AS INTEGER) AS day, 5 AS energy_kwh FROM range(30) "
      "t(i) WHERE i NOT IN (7, 8, 20)");
  utility_.load(
      "bill",
      "SELECT 'a' AS customer_id, DATE '2026-05-01' AS month, 10 AS energy_kwh, 3 AS peak_kwh, 2 AS valley_kwh, "
      "9 AS amount_cny");
  const auto record = prepared();
  EXPECT_EQ(line(record, Step::Clean, "imputed", "reading_day"), "daily_gap  1 3");
  EXPECT_EQ(line(record, Step::Clean, "imputed", "bill"), "missing_part  1 1");
}

TEST_F(PreparationTest, DoubtfulReadingsArePointedOutAndStay) {
  utility_.load(
      "customer",
      "SELECT customer_id, 'residential' AS category, capacity AS contract_capacity_kva FROM (VALUES ('spiky', "
      "NULL), ('turned', NULL), ('small', 4), ('calm', 4)) c(customer_id, capacity)");
  utility_.load(
      "reading_day",
      "SELECT customer_id, DATE '2026-06-01' + CAST(i AS INTEGER) AS day, CASE WHEN i <> 10 THEN 5 WHEN "
      "customer_id = 'spiky' THEN 101 WHEN customer_id = 'turned' THEN 9999 WHEN customer_id = 'small' THEN 116 "
      "ELSE 90 END AS energy_kwh FROM customer, range(30) t(i)");
  const auto record = prepared();
  EXPECT_EQ(line(record, Step::Clean, "outlier", "spike"), "  3 3");
  EXPECT_EQ(line(record, Step::Clean, "outlier", "rollover"), "  1 1");
  EXPECT_EQ(line(record, Step::Clean, "outlier", "beyond_capacity"), "  1 1");
  EXPECT_EQ(ready("outliers", "spiky"), "spike 2026-06");
  EXPECT_EQ(ready("outliers", "turned"), "rollover 2026-06, spike 2026-06");
  EXPECT_EQ(ready("outliers", "small"), "beyond_capacity 2026-06, spike 2026-06");
  EXPECT_EQ(ready("outliers", "calm"), "-");
  EXPECT_EQ(utility_.value("energy_total_kwh", "spiky", kJune), "246");
}

TEST_F(PreparationTest, ReconstructionCountsWhatTheTablesWereMadeOf) {
  utility_.load("customer", "SELECT concat('c', i) AS customer_id, 'residential' AS category FROM range(4) t(i)");
  utility_.load("reading_day",
                "SELECT customer_id, DATE '2026-05-31' + CAST(i AS INTEGER) AS day, 5 AS energy_kwh FROM customer, "
                "range(30) t(i)");
  const auto record = prepared();
  EXPECT_EQ(line(record, Step::Reconstruct, "monthly", "daily_by_month"), "  120 8");
  EXPECT_EQ(line(record, Step::Reconstruct, "monthly", "customer_month"), "  0 8");
  EXPECT_EQ(line(record, Step::Reconstruct, "table", "open_customer"), "  4 4");
  EXPECT_EQ(line(record, Step::Reconstruct, "family", "influence"), "  1 5");
}

TEST_F(PreparationTest, IntegrationTellsWhoIsLeftOutAndWhoseRowsBelongToNobody) {
  utility_.load(
      "customer",
      "SELECT * FROM (VALUES ('a', 'residential', NULL, NULL), ('gone', 'residential', NULL, DATE '2026-06-30'), "
      "('next', 'residential', DATE '2026-07-01', NULL)) c(customer_id, category, opened_on, closed_on)");
  utility_.load("payment",
                "SELECT * FROM (VALUES ('a', DATE '2026-06-03', 9), ('gone', DATE '2026-06-03', 9), ('who', DATE "
                "'2026-06-03', 9)) p(customer_id, paid_on, amount_cny)");
  utility_.load(
      "reading_day",
      "SELECT 'who' AS customer_id, DATE '2026-06-01' + CAST(i AS INTEGER) AS day, 5 AS energy_kwh FROM range(7) "
      "t(i) UNION ALL SELECT 'a', DATE '2026-06-01', 5");
  const auto record = prepared();
  EXPECT_EQ(record.find(Step::Integrate)->rows_in, 3);
  EXPECT_EQ(record.find(Step::Integrate)->rows_out, 1);
  EXPECT_EQ(line(record, Step::Integrate, "left_out", "", "", "closed"), "closed  1 0");
  EXPECT_EQ(line(record, Step::Integrate, "left_out", "", "", "not_open_yet"), "not_open_yet  1 0");
  EXPECT_EQ(line(record, Step::Integrate, "unknown", "payment"), " unknown_customer 3 1");
  EXPECT_EQ(line(record, Step::Integrate, "unknown", "reading_day"), " unknown_customer 8 7");
  EXPECT_EQ(line(record, Step::Integrate, "join", "load"), "  1 1");
  EXPECT_EQ(line(record, Step::Integrate, "join", "survey"), "  1 0");
  EXPECT_EQ(ready("reason", "gone"), "closed");
  EXPECT_EQ(ready("reason", "next"), "not_open_yet");
  EXPECT_EQ(ready("badge_master", "gone"), "-");
  EXPECT_EQ(ready("is_comparable", "gone"), "false");
}

TEST_F(PreparationTest, EveryCustomerIsComparableOrHasTheFirstReasonThatHolds) {
  utility_.load("customer",
                "SELECT unnest(['unread', 'short', 'constant', 'vacant', 'fine']) AS customer_id, 'residential' AS "
                "category");
  utility_.load(
      "bill",
      "SELECT customer_id, CAST(DATE '2026-06-01' - to_months(CAST(m AS INTEGER)) AS DATE) AS month, CASE "
      "customer_id WHEN 'vacant' THEN 0 ELSE 5 + m END AS energy_kwh, 9 AS amount_cny FROM customer, range(12) "
      "t(m) WHERE customer_id <> 'unread' AND (customer_id <> 'short' OR m < 5)");
  utility_.load("reading_day",
                "SELECT 'constant' AS customer_id, DATE '2026-04-01' + CAST(i AS INTEGER) AS day, 5 AS energy_kwh FROM "
                "range(60) t(i)");
  const auto record = prepared();
  for (const auto& [customer, reason] : std::vector<std::pair<std::string, std::string>>{
           {"unread", "unread"}, {"short", "short_history"}, {"constant", "constant_series"}, {"vacant", "vacant"}}) {
    EXPECT_EQ(ready("reason", customer), reason);
    EXPECT_EQ(ready("is_comparable", customer), "false");
    EXPECT_EQ(line(record, Step::Format, "not_comparable", "", "", reason), reason + "  5 1");
  }
  EXPECT_EQ(ready("reason", "fine"), "-");
  EXPECT_EQ(ready("is_comparable", "fine"), "true");
}

TEST_F(PreparationTest, BadgesSayHowMuchOfWhatAFamilyNeedsIsThere) {
  utility_.load(
      "customer",
      "SELECT unnest(['full', 'half', 'none']) AS customer_id, 'residential' AS category, DATE '2026-01-05' AS "
      "opened_on");
  utility_.load(
      "bill",
      "SELECT customer_id, CAST(DATE '2026-06-01' - to_months(CAST(m AS INTEGER)) AS DATE) AS month, 5 AS "
      "energy_kwh, 9 AS amount_cny FROM customer, range(12) t(m) WHERE customer_id = 'full' OR (customer_id = "
      "'half' AND m < 6)");
  utility_.load("ticket",
                "SELECT 'none' AS customer_id, TIMESTAMP '2025-07-03 00:00:00' + to_months(CAST(m AS INTEGER)) AS "
                "opened_at, 'enquiry' AS kind FROM range(12) t(m)");
  const auto record = prepared();
  EXPECT_EQ(ready("badge_revenue || ' ' || have_revenue", "full"), "full 12");
  EXPECT_EQ(ready("badge_revenue || ' ' || have_revenue", "half"), "partial 6");
  EXPECT_EQ(ready("badge_revenue || ' ' || have_revenue", "none"), "insufficient 0");
  EXPECT_EQ(ready("badge_demand || ' ' || have_demand", "full"), "partial 6") << "open for six months";
  EXPECT_EQ(ready("badge_influence || ' ' || have_influence", "none"), "full 5");
  EXPECT_EQ(ready("badge_hours || ' ' || have_hours", "none"), "insufficient 0");
  EXPECT_EQ(line(record, Step::Format, "sufficiency", "revenue", "", "full"), "full  3 1");
  EXPECT_EQ(line(record, Step::Format, "sufficiency", "revenue", "", "partial"), "partial  3 1");
  EXPECT_EQ(line(record, Step::Format, "sufficiency", "revenue", "", "insufficient"), "insufficient  3 1");
  EXPECT_EQ(line(record, Step::Format, "feature", "revenue", "months_billed_12m"), "usable  3 3");
  EXPECT_EQ(line(record, Step::Format, "feature", "master", "category"), "noted constant 3 3");
  EXPECT_EQ(line(record, Step::Format, "feature", "survey", "survey_trust_24m"), "left_out empty 3 0");
}

TEST_F(PreparationTest, AStepAloneIsTriedAndNothingIsKept) {
  utility_.load("customer", "SELECT 'a' AS customer_id, 'residential' AS category");
  for (const auto step : kSteps) {
    const auto record = try_steps(utility_.workspace(), utility_.catalogue(), kJune, step);
    ASSERT_TRUE(record.has_value()) << test::words_of(record.error());
    ASSERT_EQ(record->steps.size(), static_cast<std::size_t>(step) + 1);
    EXPECT_EQ(record->steps.back().step, step);
    EXPECT_FALSE(record->steps.back().items.empty());
    EXPECT_EQ(record->fingerprint, *preparation_fingerprint(utility_.workspace(), utility_.catalogue(), kJune));
  }
  EXPECT_TRUE(utility_.workspace().lake_files("wide")->empty());
  EXPECT_FALSE(read_preparation(utility_.workspace(), kJune)->has_value());
  const auto tried = try_steps(utility_.workspace(), utility_.catalogue(), kJune, Step::Format);
  const auto stored = prepared();
  ASSERT_EQ(tried->steps.size(), stored.steps.size());
  for (std::size_t s = 0; s < stored.steps.size(); ++s) {
    ASSERT_EQ(tried->steps[s].items.size(), stored.steps[s].items.size());
    for (std::size_t i = 0; i < stored.steps[s].items.size(); ++i) {
      EXPECT_EQ(tried->steps[s].items[i].rows_in, stored.steps[s].items[i].rows_in);
      EXPECT_EQ(tried->steps[s].items[i].rows_out, stored.steps[s].items[i].rows_out);
    }
  }
}

TEST_F(PreparationTest, ALostReadinessIsMadeAgain) {
  utility_.load("customer", "SELECT 'a' AS customer_id, 'residential' AS category");
  prepared();
  utility_.unload("_readiness", kJune);
  EXPECT_EQ(ready("customer_id", "a"), "no row");
  EXPECT_FALSE(utility_.prepare(kJune)->unchanged);
  EXPECT_EQ(ready("customer_id", "a"), "a");
  EXPECT_TRUE(utility_.prepare(kJune)->unchanged);
}

TEST(Step, NamesAreReadBack) {
  for (const auto step : kSteps) EXPECT_EQ(*parse_step(name_of(step)), step);
  const auto error = parse_step("cleaning").error();
  EXPECT_EQ(error.code, ErrorCode::InvalidArgument);
  EXPECT_EQ(error.arg("known"), "select, clean, reconstruct, integrate, format");
}

// The shipped rules with one text replaced by another.
Error refused(const std::string& from, const std::string& to) {
  const fenqun::test::TempFolder folder;
  auto text = AssetStore().read("config/preparation/preparation.yaml")->text;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  fs::create_directories(folder.path() / "config/preparation");
  std::ofstream(folder.path() / "config/preparation/preparation.yaml") << text.replace(at, from.size(), to);
  const auto catalogue = FeatureCatalogue::create(AssetStore({folder.path()}));
  EXPECT_FALSE(catalogue.has_value()) << to;
  return catalogue ? Error{} : catalogue.error();
}

TEST(PreparationRulesRefuse, WhatIsNotSound) {
  const std::vector<std::array<std::string, 3>> faults = {
      {"highest_sensitivity: internal", "highest_sensitivity: intern", "base.setting_wrong"},
      {"mostly_empty_share: 0.95", "mostly_empty_share: 1.5", "base.setting_wrong"},
      {"customer.age:", "customer.ages:", "features.no_field"},
      {"field: customer.industry", "field: industry", "features.no_field"},
      {"field: customer.industry", "field: bill.kind", "features.no_imputation"},
      {"rule: tariff_of_residents", "rule: industry_of_residents", "features.rule_twice"},
      {"code: vacant", "code: unread", "features.rule_twice"},
      {"longest_gap_days: 3", "longest_gap_days: three", "base.setting_wrong"},
      {"settings:", "figures:", "base.setting_unknown"},
      {"customer.is_elderly: {zh: 对老年客户负有特别服务义务, en: \"Elderly customers are owed special service\"}\n",
       "\n", "features.sensitive_source"}};
  for (const auto& [from, to, key] : faults) {
    const auto error = refused(from, to);
    EXPECT_EQ(error.code, ErrorCode::BadData) << to;
    EXPECT_EQ(error.line.key, key) << to << ": " << test::words_of(error);
  }
}

TEST(PreparationRules, TheFingerprintFollowsRulesAndNotTitles) {
  const auto contracts = warehouse::ContractSet::create(AssetStore());
  const auto print = [&](const std::string& from, const std::string& to) {
    const fenqun::test::TempFolder folder;
    auto text = AssetStore().read("config/preparation/preparation.yaml")->text;
    fs::create_directories(folder.path() / "config/preparation");
    std::ofstream(folder.path() / "config/preparation/preparation.yaml")
        << text.replace(text.find(from), from.size(), to);
    return PreparationRules::create(AssetStore({folder.path()}), *contracts)->fingerprint();
  };
  const auto shipped = PreparationRules::create(AssetStore(), *contracts)->fingerprint();
  EXPECT_EQ(print("历史过短", "历史太短"), shipped);
  EXPECT_NE(print("months_with_energy_36m < 6", "months_with_energy_36m < 5"), shipped);
  EXPECT_NE(print("longest_gap_days: 3", "longest_gap_days: 4"), shipped);
  EXPECT_NE(print("days >= 10", "days >= 9"), shipped);
}

}  // namespace
}  // namespace fenqun::features
