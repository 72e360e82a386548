// tests/unit/segment/explain_test.cpp - stated changes are applied and customers assigned anew: all must move as
// stated.
#include "segment/explain.hpp"

#include "segment/run_json.hpp"
#include "segment/scores.hpp"
#include "unit/segment/wide_workspace.hpp"

#include <cmath>

namespace fenqun::segment {
namespace {

// 900 customers with features of every nature: heavy-tailed money, counts with many ties, shares, scores in halves,
// flags, codes, missing values, and a few extremes.
constexpr const char* kMixed =
    "SELECT printf('%06d', n) AS customer_id, "
    "round(exp(4 + 6 * u1 + CASE WHEN n % 97 = 0 THEN 5 ELSE 0 END), 2) AS bill_revenue_12m_cny, "
    "floor(8 * u2 * u2) AS tickets_12m, floor(3 * u3) AS complaints_12m, round(u4, 4) AS late_share_12m, "
    "floor(10 * u5) / 2 AS impact_economic_loss, (u2 - u3) * 4 AS growth_3m, "
    "CASE WHEN n % 50 = 0 THEN NULL ELSE floor(2000 * u1 * u4) END AS contract_capacity_kva, "
    "CASE WHEN n % 11 = 0 THEN NULL WHEN n % 3 = 0 THEN 'large_industrial' ELSE 'residential' END AS tariff_class, "
    "CASE WHEN n % 29 = 0 THEN 'first' ELSE 'none' END AS importance_grade, n % 31 = 0 AS is_key_attention, "
    "n % 41 = 0 AS is_constant_series, CASE WHEN n % 2 = 0 THEN 'residential' ELSE 'non_residential' END AS category "
    "FROM (SELECT n, hash(n * 5 + 1) / 18446744073709551616.0 AS u1, hash(n * 5 + 2) / 18446744073709551616.0 AS u2, "
    "hash(n * 5 + 3) / 18446744073709551616.0 AS u3, hash(n * 5 + 4) / 18446744073709551616.0 AS u4, "
    "hash(n * 5 + 5) / 18446744073709551616.0 AS u5 FROM (SELECT range + 1 AS n FROM range(900)))";

std::string tiers(const std::string& features, const std::string& more = "") {
  return "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: tiers\n" + more +
         "not_classifiable:\n  - {code: constant_series, reason: {zh: 恒定, en: Constant}, when: is_constant_series}\n"
         "  - {code: extreme, reason: {zh: 极端, en: Extreme}, when: growth_3m > 2.5}\n"
         "features: [" +
         features + "]\nk: {publish: 4, restarts: 2}\n";
}

const std::string kRules =
    "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\ngroups:\n"
    "  - {code: a, title: {zh: 甲, en: A}, when: \"importance_grade in ('special', 'first')\"}\n"
    "  - {code: b, title: {zh: 乙, en: B}, when: is_key_attention}\n"
    "  - {code: c, title: {zh: 丙, en: C}, when: \"contract_capacity_kva >= 315 or tariff_class = "
    "'large_industrial'\"}\n"
    "  - {code: d, title: {zh: 丁, en: D}, when: \"bill_revenue_12m_cny > mean(bill_revenue_12m_cny) and not "
    "(tickets_12m + 2 * complaints_12m > 6)\"}\n"
    "  - {code: e, title: {zh: 戊, en: E}, when: \"late_share_12m / (complaints_12m + 1) < 0.2\"}\n"
    "  - {code: f, title: {zh: 己, en: F}, when: \"true\"}\n";

class ExplainTest : public WideWorkspace {
 protected:
  void SetUp() override { make(kMixed); }

  void everybody_moves(const std::string& yaml, std::int64_t at_least = 800) {
    auto workspace = open();
    const auto scheme = this->scheme(yaml);
    const auto run = this->run(workspace, scheme);
    ASSERT_TRUE(run.has_value()) << run.error().line.key;
    auto explainer = Explainer::create(workspace, *catalogue_, scheme, *run, pool_);
    ASSERT_TRUE(explainer.has_value()) << explainer.error().line.key;
    const auto check = explainer->check(10'000, 7);
    ASSERT_TRUE(check.has_value()) << check.error().line.key;
    EXPECT_EQ(check->customers, 900);
    EXPECT_TRUE(check->failed.empty()) << check->failed.front() << " and others, " << check->failed.size();
    EXPECT_EQ(check->no_move, 0);
    EXPECT_EQ(check->moved + check->no_group, check->customers);
    EXPECT_GE(check->moved, at_least);
  }
};

TEST_F(ExplainTest, WhateverTheScalingAStatedChangeMovesTheCustomerToTheStatedGroup) {
  for (const char* scale : {"none", "zscore", "robust", "minmax", "quantile"}) {
    for (const char* log : {"false", "true"}) {
      SCOPED_TRACE(std::string(scale) + " log " + log);
      const std::string end = ", scale: " + std::string(scale) + ", log: " + log + "}";
      everybody_moves(
          tiers("{name: bill_revenue_12m_cny" + end + ", {name: late_share_12m" + end + ", {name: growth_3m" + end));
    }
  }
}

TEST_F(ExplainTest, WinsorisedAndWeightedFeaturesAreTakenBackToTheirUnits) {
  everybody_moves(
      tiers("{name: bill_revenue_12m_cny, log: true, scale: robust, winsor: [0.05, 0.95], weight: 2}, "
            "{name: growth_3m, scale: zscore, winsor: [0.1, 0.9], weight: 0.3}, "
            "{name: late_share_12m, scale: quantile, winsor: [0.02, 0.98]}"));
}

TEST_F(ExplainTest, WholeNumbersStayWholeAndTiesAreLeftBehind) {
  everybody_moves(
      tiers("{name: tickets_12m, scale: none}, {name: complaints_12m, scale: zscore}, {name: impact_economic_loss, "
            "scale: none}"));
  auto workspace = open();
  const auto run = latest_runs(workspace, std::nullopt);
  ASSERT_TRUE(run.has_value());
  const auto scheme = load_scheme(AssetStore({path()}), *catalogue_, "x");
  auto explainer = Explainer::create(workspace, *catalogue_, *scheme, run->front(), pool_);
  ASSERT_TRUE(explainer.has_value());
  const auto told = explainer->explain("000003");
  ASSERT_TRUE(told.has_value());
  ASSERT_TRUE(told->move.has_value());
  for (const auto& change : told->move->changes) {
    if (change.feature == "impact_economic_loss") continue;
    EXPECT_TRUE(change.whole);
    EXPECT_EQ(std::get<double>(change.to), std::round(std::get<double>(change.to)));
  }
}

TEST_F(ExplainTest, RowsOfUnitLengthMoveToo) {
  everybody_moves(
      tiers("{name: bill_revenue_12m_cny, log: true, scale: zscore}, {name: growth_3m, scale: zscore}, "
            "{name: late_share_12m, scale: zscore}",
            "row_norm: unit_or_zero\n"));
}

TEST_F(ExplainTest, EveryRowOfADecisionTableIsLeftByTheStatedChange) { everybody_moves(kRules, 900); }

TEST_F(ExplainTest, BandsByShareAndByScoreAreLeftByTheStatedChange) {
  const std::string head = "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: bands\n";
  everybody_moves(head +
                      "features: [{name: bill_revenue_12m_cny, log: true}, {name: tickets_12m, weight: 0.5}]\ngroups:\n"
                      "  - {code: top, top_share: 0.02, title: {zh: 甲, en: A}}\n"
                      "  - {code: middle, top_share: 0.5, title: {zh: 乙, en: B}}\n"
                      "  - {code: rest, top_share: 1, title: {zh: 丙, en: C}}\n",
                  900);
  everybody_moves(head +
                      "features: [{name: tickets_12m}]\ngroups:\n"
                      "  - {code: many, from: 4, title: {zh: 甲, en: A}}\n"
                      "  - {code: few, from: 0, title: {zh: 乙, en: B}}\n",
                  900);
}

const std::string kScoreHead = "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: score\n";

TEST_F(ExplainTest, EveryBandOfAScoreIsLeftByTheStatedChange) {
  everybody_moves(
      kScoreHead +
          "score:\n  least_known: 0.6\n  parts:\n"
          "    - {feature: late_share_12m, map: linear, from: 0, to: 0.5, weight: 30, sentence: {zh: 甲, en: A}}\n"
          "    - {feature: tickets_12m, map: steps, steps: [[1, 0.4], [3, 0.7], [5, 1]], weight: 20, sentence: {zh: "
          "甲, "
          "en: A}}\n"
          "    - {feature: bill_revenue_12m_cny, map: percentile, weight: 20, sentence: {zh: 甲, en: A}}\n"
          "    - {feature: is_key_attention, map: share, weight: 10, sentence: {zh: 甲, en: A}}\n"
          "    - {feature: tariff_class, map: values, values: {large_industrial: 1}, weight: 10, sentence: {zh: 甲, "
          "en: "
          "A}}\n"
          "    - {map: condition, when: \"growth_3m < mean(growth_3m)\", weight: 20, sentence: {zh: 甲, en: A}}\n"
          "groups:\n"
          "  - {code: habit, from: 40, when: \"complaints_12m >= 1 and tickets_12m >= 3\", title: {zh: 甲, en: A}}\n"
          "  - {code: high, from: 50, title: {zh: 乙, en: B}}\n"
          "  - {code: middle, from: 20, title: {zh: 丙, en: C}}\n"
          "  - {code: low, from: 0, title: {zh: 丁, en: D}}\n",
      900);
}

TEST_F(ExplainTest, WhereOneFeatureIsNotEnoughTheFewestAreTold) {
  // Each part gives 25 points at most: nobody with less than 25 reaches 75 by one feature.
  const std::string part = ", map: linear, from: 0, to: 1, weight: 25, sentence: {zh: 甲, en: A}}\n";
  const std::string yaml =
      kScoreHead + "score:\n  parts:\n    - {feature: late_share_12m" + part +
      "    - {feature: is_key_attention, map: share, weight: 25, sentence: {zh: 甲, en: A}}\n"
      "    - {feature: tickets_12m, map: linear, from: 0, to: 7, weight: 25, sentence: {zh: 甲, en: "
      "A}}\n    - {feature: complaints_12m, map: linear, from: 0, to: 2, weight: 25, sentence: {zh: "
      "甲, en: A}}\n"
      "groups:\n  - {code: high, from: 75, title: {zh: 甲, en: A}}\n  - {code: low, from: 0, title: "
      "{zh: 乙, en: B}}\n";
  everybody_moves(yaml, 900);
  auto workspace = open();
  const auto scheme = this->scheme(yaml);
  const auto run = this->run(workspace, scheme);
  ASSERT_TRUE(run.has_value());
  auto explainer = Explainer::create(workspace, *catalogue_, scheme, *run, pool_);
  ASSERT_TRUE(explainer.has_value());
  std::size_t by_several = 0;
  for (int n = 1; n <= 100; ++n) {
    const auto told = explainer->explain((n < 10 ? "00000" : n < 100 ? "0000" : "000") + std::to_string(n));
    ASSERT_TRUE(told.has_value() && told->move.has_value()) << n;
    ASSERT_TRUE(told->score.has_value());
    if (told->own.group == "high") continue;
    const auto most_gain = 100 - *told->score;
    EXPECT_GE(most_gain, 25) << "there is room above";
    if (*told->score < 50) {
      EXPECT_GE(told->move->changes.size(), 2U) << n;
      EXPECT_TRUE(told->single_moves.empty());
      ++by_several;
    }
    // No feature can be left out.
    EXPECT_LE(told->move->changes.size(), static_cast<std::size_t>(std::ceil((75 - *told->score) / 25)) + 2U);
  }
  EXPECT_GT(by_several, 20U);
}

TEST_F(ExplainTest, ThePointsOfAScoreAreThoseThatAreStoredAndAddUp) {
  const std::string yaml =
      kScoreHead +
      "score:\n  least_known: 0.5\n  parts:\n"
      "    - {feature: late_share_12m, map: linear, from: 0, to: 0.7, weight: 3, sentence: {zh: 甲, en: A}}\n"
      "    - {feature: contract_capacity_kva, map: percentile, weight: 2, sentence: {zh: 甲, en: A}}\n"
      "    - {feature: tariff_class, map: values, values: {residential: 0.3}, weight: 2, sentence: {zh: 甲, en: A}}\n"
      "groups:\n  - {code: high, from: 33.3, title: {zh: 甲, en: A}}\n  - {code: low, from: 0, title: {zh: 乙, en: "
      "B}}\n";
  auto workspace = open();
  const auto scheme = this->scheme(yaml);
  const auto run = this->run(workspace, scheme);
  ASSERT_TRUE(run.has_value()) << run.error().line.key;
  auto explainer = Explainer::create(workspace, *catalogue_, scheme, *run, pool_);
  ASSERT_TRUE(explainer.has_value());
  for (int n = 101; n <= 400; ++n) {
    const auto id = "000" + std::to_string(n);
    const auto told = explainer->explain(id);
    const auto stored = score_of_customer(workspace, *catalogue_, *run, id, Language::English);
    ASSERT_TRUE(told.has_value() && stored.has_value());
    EXPECT_TRUE(told->is_as_stored) << id;
    EXPECT_EQ(told->score, stored->score);
    EXPECT_NEAR(*told->known_share, stored->known_weight, 1e-12);
    ASSERT_EQ(told->points.size(), stored->points.size());
    for (std::size_t i = 0; i < told->points.size(); ++i) {
      EXPECT_EQ(told->points[i].part, stored->points[i].part) << id;
      EXPECT_EQ(told->points[i].points, stored->points[i].points) << id;
      EXPECT_LE(told->points[i].points.value_or(0), told->points[i].most + 0.01);
    }
  }
}

TEST_F(ExplainTest, WhoHasNoScoreIsToldHowMuchIsKnown) {
  const std::string yaml =
      kScoreHead +
      "score:\n  least_known: 0.9\n  parts:\n"
      "    - {feature: late_share_12m, map: share, weight: 3, sentence: {zh: 甲, en: A}}\n"
      "    - {feature: contract_capacity_kva, map: percentile, weight: 1, sentence: {zh: 甲, en: A}}\n"
      "groups:\n  - {code: all, from: 0, title: {zh: 甲, en: A}}\n";
  auto workspace = open();
  const auto scheme = this->scheme(yaml);
  const auto run = this->run(workspace, scheme);
  ASSERT_TRUE(run.has_value()) << run.error().line.key;
  auto explainer = Explainer::create(workspace, *catalogue_, scheme, *run, pool_);
  const auto told = explainer->explain("000050");
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->own.reason, "score_unknown");
  EXPECT_TRUE(told->is_as_stored);
  EXPECT_NE(told->own_title.en.find("90"), std::string::npos);
  EXPECT_DOUBLE_EQ(*told->known_share, 0.75);
  EXPECT_FALSE(told->score.has_value());
  EXPECT_FALSE(told->has_no_move) << "nobody asks for a way out of no group";
}

TEST_F(ExplainTest, PersonasWithBoundedSizesAreLeftWhenEverybodyIsAssignedAnew) {
  const std::string features =
      "features: [{name: tickets_12m, scale: zscore}, {name: late_share_12m, scale: zscore, weight: 0.1}]\n";
  const std::string head = "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: personas\n";
  everybody_moves(head + features + "k: {publish: 4, restarts: 2}\n", 900);
  const std::string yaml =
      head + features + "k: {publish: 4, restarts: 2}\nbalance: {least_share: 0.245, most_share: 0.255}\n";
  everybody_moves(yaml, 900);
  auto workspace = open();
  const auto scheme = this->scheme(yaml);
  const auto run = this->run(workspace, scheme);
  ASSERT_TRUE(run.has_value() && run->balance.has_value());
  ASSERT_GT(run->balance->moved, 20) << "bounds that bind";
  auto explainer = Explainer::create(workspace, *catalogue_, scheme, *run, pool_);
  std::int64_t elsewhere = 0;
  for (int n = 100; n < 900; ++n) {
    const auto told = explainer->explain("000" + std::to_string(n));
    ASSERT_TRUE(told.has_value());
    if (!told->nearest_group.empty()) ++elsewhere;
    EXPECT_NE(told->nearest_group, told->own.group);
  }
  EXPECT_GT(elsewhere, 10);
  EXPECT_LE(elsewhere, run->balance->moved);
}

TEST_F(ExplainTest, EveryMethodIsExplainedWithinStrata) {
  const std::string own = "strata: {by: category, groups: own}\n";
  const std::string shared =
      "strata: {by: [{code: big, title: {zh: 甲, en: A}, when: bill_revenue_12m_cny > median(bill_revenue_12m_cny)}, "
      "{code: known, title: {zh: 乙, en: B}, when: tariff_class is not missing}], groups: shared}\n";
  const std::string two = "groups: [{code: u, title: {zh: 甲, en: A}}, {code: v, title: {zh: 乙, en: B}}]\n";
  for (const auto& strata : {own, shared}) {
    SCOPED_TRACE(strata);
    everybody_moves("scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: tiers\n" + strata +
                        "features: [{name: late_share_12m, scale: zscore}, {name: growth_3m, scale: zscore}]\n"
                        "k: {publish: 2, restarts: 2}\n" +
                        two,
                    800);
    everybody_moves("scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\n" + strata +
                        kRules.substr(kRules.find("groups:")),
                    800);
    everybody_moves("scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: bands\n" + strata +
                        "features: [{name: tickets_12m}, {name: late_share_12m}]\ngroups:\n"
                        "  - {code: top, top_share: 0.2, title: {zh: 甲, en: A}}\n"
                        "  - {code: rest, top_share: 1, title: {zh: 丙, en: C}}\n",
                    800);
  }
}

TEST_F(ExplainTest, AStratumIsNamedAndWhoIsInNoneIsToldSo) {
  const std::string yaml =
      "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: tiers\nstrata: {by: [{code: big, title: {zh: 大, en: "
      "Big}, "
      "when: tariff_class is not missing}]}\nfeatures: [{name: late_share_12m, scale: zscore}]\n"
      "k: {publish: 2, restarts: 2}\n";
  auto workspace = open();
  const auto scheme = this->scheme(yaml);
  const auto run = this->run(workspace, scheme);
  ASSERT_TRUE(run.has_value());
  auto explainer = Explainer::create(workspace, *catalogue_, scheme, *run, pool_);
  ASSERT_TRUE(explainer.has_value());
  const auto in = explainer->explain("000001");
  ASSERT_TRUE(in.has_value() && in->stratum.has_value());
  EXPECT_EQ(in->stratum->en, "Big");
  EXPECT_TRUE(in->own.group.starts_with("big.")) << in->own.group;
  EXPECT_TRUE(in->is_as_stored);
  const auto none = explainer->explain("000011");
  ASSERT_TRUE(none.has_value());
  EXPECT_EQ(none->own.reason, "no_stratum");
  EXPECT_TRUE(none->is_as_stored);
}

TEST_F(ExplainTest, AChangeThatBringsOtherParametersIsTriedWithThem) {
  everybody_moves(
      "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\nparameters: {large_kva: 900}\n"
      "overrides:\n  - {where: \"tariff_class = 'large_industrial'\", set: {large_kva: 300}}\n"
      "groups:\n"
      "  - {code: large, title: {zh: 甲, en: A}, when: contract_capacity_kva >= large_kva}\n"
      "  - {code: industry, title: {zh: 乙, en: B}, when: \"tariff_class = 'large_industrial'\"}\n"
      "  - {code: other, title: {zh: 丙, en: C}, when: \"true\"}\n",
      900);
}

TEST_F(ExplainTest, TheContributionsOfAClusterAddUpToTheDifferenceOfItsSquaredDistances) {
  auto workspace = open();
  const auto scheme =
      this->scheme(tiers("{name: bill_revenue_12m_cny, log: true, scale: robust}, {name: late_share_12m}"));
  const auto run = this->run(workspace, scheme);
  ASSERT_TRUE(run.has_value());
  auto explainer = Explainer::create(workspace, *catalogue_, scheme, *run, pool_);
  ASSERT_TRUE(explainer.has_value());
  const auto told = explainer->explain("000007");
  ASSERT_TRUE(told.has_value());
  EXPECT_TRUE(told->is_as_stored);
  ASSERT_EQ(told->contributions.size(), 2U);
  EXPECT_GE(told->contributions[0].contribution, told->contributions[1].contribution);
  double sum = 0;
  for (const auto& one : told->contributions) sum += one.contribution;
  EXPECT_NEAR(sum, *told->next_distance * *told->next_distance - *told->own_distance * *told->own_distance, 1e-6);
  ASSERT_TRUE(told->move.has_value());
  for (const auto& move : told->single_moves) {
    EXPECT_EQ(move.changes.size(), 1U);
    EXPECT_GE(move.distance, told->move->distance - 1e-6)
        << "the shortest way of all is no longer than one by one feature";
  }
}

TEST_F(ExplainTest, NoSmallerStepOfASingleChangedFeatureWouldDo) {
  auto workspace = open();
  const auto scheme = this->scheme(kRules);
  const auto run = this->run(workspace, scheme);
  ASSERT_TRUE(run.has_value());
  auto explainer = Explainer::create(workspace, *catalogue_, scheme, *run, pool_);
  ASSERT_TRUE(explainer.has_value());
  // 000002: residential tariff, category e or f; the capacity of 315 is the edge of row c.
  const auto told = explainer->explain("000002");
  ASSERT_TRUE(told.has_value());
  ASSERT_TRUE(told->fired.has_value());
  ASSERT_TRUE(told->nearest.has_value());
  ASSERT_TRUE(told->move.has_value());
  EXPECT_EQ(told->move->changes.size(), 1U);
  EXPECT_EQ(told->nearest->group, told->move->into);
  EXPECT_NE(told->fired->group, told->move->into);
}

TEST_F(ExplainTest, ACapacityOnTheEdgeOfARuleIsReachedExactly) {
  make("SELECT '1' AS customer_id, 100 AS contract_capacity_kva UNION ALL SELECT '2', 400 UNION ALL SELECT '3', 315.25",
       Month(2026, 5));
  auto workspace = open();
  const auto scheme = this->scheme(
      "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\ngroups:\n"
      "  - {code: large, title: {zh: 大, en: Large}, when: contract_capacity_kva >= 315}\n"
      "  - {code: other, title: {zh: 其他, en: Other}, when: \"true\"}\n");
  const auto run = this->run(workspace, scheme, Month(2026, 5));
  ASSERT_TRUE(run.has_value());
  auto explainer = Explainer::create(workspace, *catalogue_, scheme, *run, pool_);
  const auto up = explainer->explain("1");
  ASSERT_TRUE(up.has_value() && up->move.has_value());
  EXPECT_EQ(up->move->into, "large");
  EXPECT_EQ(std::get<double>(up->move->changes[0].to), 315.0);
  const auto down = explainer->explain("2");
  ASSERT_TRUE(down.has_value() && down->move.has_value());
  EXPECT_EQ(down->move->into, "other");
  EXPECT_LT(std::get<double>(down->move->changes[0].to), 315.0);
  EXPECT_GE(std::get<double>(down->move->changes[0].to), 315.0 - down->move->changes[0].step);
}

TEST_F(ExplainTest, WhoHasNoGroupIsToldWhy) {
  auto workspace = open();
  const auto scheme =
      this->scheme(tiers("{name: bill_revenue_12m_cny, log: true}", "population: category = 'residential'\n"));
  const auto run = this->run(workspace, scheme);
  ASSERT_TRUE(run.has_value()) << run.error().line.key;
  auto explainer = Explainer::create(workspace, *catalogue_, scheme, *run, pool_);
  ASSERT_TRUE(explainer.has_value());
  EXPECT_EQ(explainer->explain("000082")->own.reason, "constant_series");
  EXPECT_EQ(explainer->explain("000082")->own_title.zh, "恒定");
  EXPECT_EQ(explainer->explain("000003")->own.reason, kNotInPopulation);
  const auto nobody = explainer->explain("999999");
  ASSERT_FALSE(nobody.has_value());
  EXPECT_EQ(nobody.error().line.key, "segment.explain_no_customer");
}

TEST_F(ExplainTest, ARunWhoseSchemeWasChangedSinceOrThatHasNoScaledCentresIsRefused) {
  auto workspace = open();
  const auto scheme = this->scheme(tiers("{name: bill_revenue_12m_cny, log: true}"));
  auto run = this->run(workspace, scheme);
  ASSERT_TRUE(run.has_value());
  const auto changed = this->scheme(tiers("{name: bill_revenue_12m_cny, log: true, weight: 2}"));
  const auto refused = Explainer::create(workspace, *catalogue_, changed, *run, pool_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "segment.explain_scheme_changed");
  for (auto& group : run->groups) group.scaled_centre.clear();
  const auto old = Explainer::create(workspace, *catalogue_, scheme, *run, pool_);
  ASSERT_FALSE(old.has_value());
  EXPECT_EQ(old.error().line.key, "segment.explain_old_run");
}

TEST_F(ExplainTest, CentresAndWhereTheyBeganAreKeptWithTheRunBitByBit) {
  auto workspace = open();
  const auto run = this->run(workspace, this->scheme(tiers("{name: bill_revenue_12m_cny, log: true, scale: robust}")));
  ASSERT_TRUE(run.has_value());
  const auto again = find_run(workspace, run->run_id);
  ASSERT_TRUE(again.has_value());
  for (std::size_t g = 0; g < run->groups.size(); ++g) {
    EXPECT_EQ(again->groups[g].scaled_centre, run->groups[g].scaled_centre);
    EXPECT_EQ(again->groups[g].scaled_start, run->groups[g].scaled_start);
    EXPECT_EQ(run->groups[g].scaled_start.size(), 1U);
  }
}

}  // namespace
}  // namespace fenqun::segment
