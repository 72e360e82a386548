// tests/unit/segment/run_test.cpp - whole runs on a small wide table made by SQL.
#include "segment/run.hpp"

#include "segment/portrait.hpp"
#include "segment/run_json.hpp"
#include "unit/segment/run_fixture.hpp"

namespace fenqun::segment {
namespace {

TEST_F(RunTest, TiersFindTheBlobsOrderAndNameThem) {
  SegmentOptions options;
  options.truth = truth();
  const auto result = run(kTiers, 2, options);
  ASSERT_TRUE(result.has_value()) << result.error().line.key << " " << result.error().arg("reason");
  EXPECT_EQ(result->population, 600);
  EXPECT_EQ(result->classified, 598);
  ASSERT_EQ(result->groups.size(), 3U);
  EXPECT_EQ(result->groups[0].code, "big");
  EXPECT_EQ(result->groups[0].customers, 100);
  EXPECT_EQ(result->groups[1].customers, 200);
  EXPECT_EQ(result->groups[2].customers, 298);
  EXPECT_NEAR(result->groups[0].centre[0].value, 10000, 300);
  EXPECT_NEAR(result->groups[2].centre[0].value, 100, 3);
  ASSERT_TRUE(result->truth.has_value());
  EXPECT_DOUBLE_EQ(result->truth->adjusted_rand_index, 1.0);
  EXPECT_EQ(result->truth->compared, 598);
  EXPECT_EQ(result->recommended_k, 3U);
  EXPECT_EQ(result->trials.size(), 7U);
}

TEST_F(RunTest, WhatScalingWasFittedAndEveryMeasureOfKIsStoredWithTheRun) {
  std::string yaml = kTiers;
  yaml.replace(yaml.find("log: true, scale: robust"), 24, "log: true, winsor: [0.1, 0.9], scale: quantile");
  yaml.replace(yaml.find("restarts: 4"), 11, "restarts: 4, silhouette_rows: 200, gap_references: 5, resamples: 5");
  const auto result = run(yaml);
  ASSERT_TRUE(result.has_value()) << result.error().line.key;
  ASSERT_EQ(result->scaling.size(), 1U);
  const auto& scaling = result->scaling[0];
  EXPECT_EQ(scaling.transform, "winsor + log1p + quantile");
  EXPECT_NEAR(scaling.low.value(), 93, 7);  // the lowest of the three blobs begins at 90
  EXPECT_NEAR(scaling.high.value(), 10000, 1100);
  EXPECT_EQ(scaling.knots.size(), 598U);
  for (const auto& trial : result->trials) {
    EXPECT_LE(trial.silhouette_low.value(), trial.silhouette.value());
    EXPECT_GE(trial.silhouette_high.value(), trial.silhouette.value());
    EXPECT_GT(trial.gap_error.value(), 0);
    EXPECT_LE(trial.stability_least.value(), trial.stability.value());
  }
  auto workspace = open(1);
  const auto stored = find_run(workspace, result->run_id);
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(to_json(*stored).dump(), to_json(*result).dump());
}

TEST_F(RunTest, ARunStoredBeforeThereWereSuchFieldsStillReads) {
  const auto result = run(kTiers);
  ASSERT_TRUE(result.has_value());
  auto json = to_json(*result);
  json.erase("row_norm");
  for (const auto* field : {"centre", "scale", "low", "high", "knots"}) json["scaling"][0].erase(field);
  for (const auto* field : {"silhouette", "gap", "gap_error", "stability"}) json["trials"][0].erase(field);
  const auto read = run_from_json(json.dump());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->row_norm, "none");
  EXPECT_EQ(read->scaling[0].transform, "log1p + robust");
  EXPECT_FALSE(read->trials[0].gap.has_value());
}

TEST_F(RunTest, CustomersOfUnitLengthHaveTheMeanOfTheirGroupAsCentre) {
  std::string yaml = kTiers;
  const std::string features = "features: [{name: energy_12m_kwh, log: true, scale: robust}]";
  yaml.replace(yaml.find(features), features.size(),
               "row_norm: unit\nfeatures: [{name: energy_12m_kwh}, {name: months_billed_12m}]");
  const auto result = run(yaml);
  ASSERT_TRUE(result.has_value()) << result.error().line.key;
  EXPECT_EQ(result->row_norm, "unit");
  EXPECT_EQ(result->scaling[0].transform, "unit-norm");
  double energy = 0;
  for (const auto& group : result->groups) {
    EXPECT_NEAR(group.centre[1].value, 12, 1e-9);
    energy += group.centre[0].value * static_cast<double>(group.customers);
  }
  EXPECT_NEAR(energy / 598, (100.0 * 10000 + 200.0 * 1000 + 298.0 * 100) / 598, 20);
}

TEST_F(RunTest, WhoHasNoGroupHasAReason) {
  const auto result = run(kTiers);
  ASSERT_TRUE(result.has_value());
  ASSERT_EQ(result->unclassified.size(), 2U);
  EXPECT_EQ(result->unclassified[0].code, "constant_series");
  EXPECT_EQ(result->unclassified[0].examples, std::vector<std::string>{"000001"});
  EXPECT_EQ(result->unclassified[1].code, "missing:energy_12m_kwh");
  EXPECT_EQ(result->unclassified[1].examples, std::vector<std::string>{"000002"});
  EXPECT_EQ(result->unclassified[1].reason.zh, catalogue_->find("energy_12m_kwh")->missing.zh);
}

TEST_F(RunTest, ThreadsAndRepetitionChangeNothing) {
  const auto one = run(kTiers, 1);
  const auto two = run(kTiers, 2);
  const auto again = run(kTiers, 2);
  ASSERT_TRUE(one.has_value() && two.has_value() && again.has_value());
  EXPECT_EQ(to_json(*one).dump(), to_json(*two).dump());
  EXPECT_EQ(to_json(*two).dump(), to_json(*again).dump());
  auto workspace = open(1);
  EXPECT_EQ(*workspace.connection().query_integer("SELECT count(*) FROM run"), 1);
  EXPECT_EQ(*workspace.connection().query_integer("SELECT count(*) FROM assignment"), 600);
  EXPECT_EQ(*workspace.connection().query_integer(
                "SELECT count(*) FROM assignment WHERE (group_code IS NULL) = (reason IS NULL)"),
            0);
}

TEST_F(RunTest, AnotherSeedOrKIsAnotherRun) {
  SegmentOptions other;
  other.k = 2;
  const auto first = run(kTiers);
  const auto second = run(kTiers, 2, other);
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_NE(first->run_id, second->run_id);
  EXPECT_EQ(second->groups.size(), 2U);
  EXPECT_EQ(second->groups[0].title.zh, "第1群");
  EXPECT_EQ(second->groups[0].title.en, "Group 1");
  other.k = 8;
  EXPECT_EQ(run(kTiers, 2, other).error().line.key, "segment.k_out_of_range");
}

TEST_F(RunTest, RulesTakeTheFirstThatHolds) {
  const auto result =
      run("scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\ngroups:\n"
          "  - {code: rich, title: {zh: 富, en: Rich}, when: \"bill_revenue_12m_cny > mean(bill_revenue_12m_cny)\"}\n"
          "  - {code: home, title: {zh: 家, en: Home}, when: \"category = 'residential'\"}\n");
  ASSERT_TRUE(result.has_value()) << result.error().arg("reason");
  EXPECT_EQ(result->groups[0].customers, 100);
  EXPECT_EQ(result->groups[1].customers, 300);
  ASSERT_EQ(result->unclassified.size(), 1U);
  EXPECT_EQ(result->unclassified[0].code, "no_rule");
  EXPECT_EQ(result->unclassified[0].customers, 200);
  EXPECT_FALSE(result->unclassified[0].reason.zh.empty());
}

TEST_F(RunTest, BandsCutByShareOfCustomers) {
  const auto result =
      run("scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: bands\nfeatures: [{name: energy_12m_kwh}]\ngroups:\n"
          "  - {code: top, title: {zh: 顶, en: Top}, top_share: 0.01}\n  - {code: next, title: {zh: 次, en: Next}, "
          "top_share: 0.1}\n"
          "  - {code: rest, title: {zh: 余, en: Rest}, top_share: 1}\n");
  ASSERT_TRUE(result.has_value()) << result.error().arg("reason");
  EXPECT_EQ(result->classified, 599);
  EXPECT_EQ(result->groups[0].customers, 6);
  EXPECT_EQ(result->groups[1].customers, 54);
  EXPECT_EQ(result->groups[2].customers, 539);
}

TEST_F(RunTest, APopulationNarrowsEverything) {
  const auto result = run(
      "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\npopulation: \"industry = 'finance'\"\ngroups:\n"
      "  - {code: all, title: {zh: 全, en: All}, when: \"true\"}\n");
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->population, 300);
  EXPECT_EQ(result->classified, 300);
}

TEST_F(RunTest, PortraitSharesAndIndicesFollowFromTheMembers) {
  const auto result = run(kTiers);
  ASSERT_TRUE(result.has_value());
  auto workspace = open(2);
  const auto portrait = make_portrait(workspace, *catalogue_, *result);
  ASSERT_TRUE(portrait.has_value()) << portrait.error().arg("reason");
  ASSERT_EQ(portrait->groups.size(), 3U);
  const auto& big = portrait->groups[0];
  const double all = 100 * 5000.0 + 200 * 500.0 + 298 * 50.0;
  EXPECT_DOUBLE_EQ(big.revenue_12m_cny, 500000);
  EXPECT_DOUBLE_EQ(big.revenue_share, 500000 / all);
  EXPECT_DOUBLE_EQ(*big.average_bill_cny, 5000.0 / 12);
  EXPECT_DOUBLE_EQ(big.customer_share, 100.0 / 598);
  bool seen = false;
  for (const auto& line : big.numbers) {
    if (line.feature != "bill_revenue_12m_cny") continue;
    seen = true;
    EXPECT_NEAR(*line.index, 5000 / (all / 598), 1e-6);
  }
  EXPECT_TRUE(seen);
  double share = 0;
  double weighted = 0;
  for (const auto& line : big.categories) {
    if (line.feature != "industry") continue;
    share += line.share;
    weighted += *line.index * line.population_share;
  }
  EXPECT_NEAR(share, 1, 1e-12);
  EXPECT_NEAR(weighted, 1, 1e-12);
  // A group of its own kind: category = residential has index 0 among the big, 598 / 298 among the small.
  for (const auto& line : portrait->groups[2].categories) {
    if (line.feature != "category" || line.value != "residential") continue;
    EXPECT_NEAR(*line.index, 598.0 / 298, 1e-12);
  }
}

TEST_F(RunTest, AStoredRunReadsBackAsItWas) {
  const auto result = run(kTiers);
  ASSERT_TRUE(result.has_value());
  auto workspace = open(1);
  const auto found = find_run(workspace, result->run_id);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(to_json(*found).dump(), to_json(*result).dump());
  EXPECT_EQ(latest_runs(workspace, Month(2026, 6))->size(), 1U);
  EXPECT_TRUE(latest_runs(workspace, Month(2026, 5))->empty());
  EXPECT_EQ(find_run(workspace, "none").error().line.key, "segment.no_run");
}

TEST_F(RunTest, WhereNobodyCanBeClassifiedTheRunSaysSoOfEverybody) {
  const auto result =
      run("scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: tiers\nfeatures: [{name: growth_12m}]\n"
          "k: {publish: 2}\ngroups:\n  - {code: up, title: {zh: 升, en: Up}}\n  - {code: down, title: {zh: 降, en: "
          "Down}}\n");
  ASSERT_TRUE(result.has_value()) << result.error().line.key;
  EXPECT_EQ(result->population, 600);
  EXPECT_EQ(result->classified, 0);
  ASSERT_EQ(result->groups.size(), 2U);
  EXPECT_EQ(result->groups[0].customers, 0);
  ASSERT_EQ(result->unclassified.size(), 1U);
  EXPECT_EQ(result->unclassified[0].code, "missing:growth_12m");
  EXPECT_EQ(result->unclassified[0].customers, 600);
  EXPECT_FALSE(result->unclassified[0].reason.zh.empty());
  EXPECT_TRUE(result->warnings.empty());
  auto workspace = open(1);
  EXPECT_EQ(
      *workspace.connection().query_integer("SELECT count(*) FROM assignment WHERE state = 'not_classifiable' AND "
                                            "group_code IS NULL AND reason = 'missing:growth_12m'"),
      600);
  const auto portrait = make_portrait(workspace, *catalogue_, *result);
  ASSERT_TRUE(portrait.has_value()) << portrait.error().line.key;
  EXPECT_FALSE(portrait->has_revenue);
}

TEST_F(RunTest, TooFewDifferentCustomersIsAReasonUnlessTheNumberOfGroupsWasAskedFor) {
  constexpr const char* kAlike =
      "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: tiers\nfeatures: [{name: months_billed_12m}]\n";
  const auto result = run(kAlike);
  ASSERT_TRUE(result.has_value()) << result.error().line.key;
  EXPECT_EQ(result->classified, 0);
  ASSERT_EQ(result->unclassified.size(), 1U);
  EXPECT_EQ(result->unclassified[0].code, "too_few");
  EXPECT_EQ(result->unclassified[0].customers, 600);
  EXPECT_FALSE(result->unclassified[0].reason.en.empty());
  SegmentOptions options;
  options.k = 3;
  EXPECT_FALSE(run(kAlike, 1, options).has_value());
}

TEST_F(RunTest, WhatCannotBeDoneSaysWhy) {
  {
    auto workspace = open(1);
    WorkerPool pool(1);
    SegmentOptions options;
    options.as_of = Month(2020, 1);
    EXPECT_EQ(run_scheme(workspace, *catalogue_, scheme(kTiers), options, pool).error().line.key,
              "segment.not_prepared");
  }
  const auto nobody =
      run("scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: tiers\nfeatures: [{name: energy_12m_kwh}]\n"
          "population: energy_12m_kwh < 0\n");
  ASSERT_FALSE(nobody.has_value());
  EXPECT_EQ(nobody.error().line.key, "segment.nobody_in_population");
  SegmentOptions options;
  options.truth = folder_.path() / "none.csv";
  EXPECT_EQ(run(kTiers, 1, options).error().line.key, "segment.no_truth");
}

}  // namespace
}  // namespace fenqun::segment
