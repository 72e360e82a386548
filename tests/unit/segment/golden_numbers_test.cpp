// tests/unit/segment/golden_numbers_test.cpp - the numbers of the source documents (Z1-Z12 of the requirements) through
// the real code. docs/golden_numbers.md lists all of them and where each is tested or why it is not yet.
#include "segment/market.hpp"
#include "segment/profile.hpp"
#include "segment/significance.hpp"
#include "unit/segment/wide_workspace.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::segment {
namespace {

class GoldenNumbersTest : public WideWorkspace {
 protected:
  RunResult ran(warehouse::Workspace& workspace, const std::string& yaml) {
    auto run = this->run(workspace, this->scheme(yaml));
    EXPECT_TRUE(run.has_value()) << run.error().line.key;
    return run ? std::move(*run) : RunResult{};
  }
};

const std::string kHead = "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: ";

TEST_F(GoldenNumbersTest, Z1RevenuePerCustomerFollowsFromSumAndCountAndIsNotStored) {
  // 329,028 customers with 660 million between them: 2,005.908, not the printed 2,007.
  make(
      "SELECT printf('%06d', range) AS customer_id, CASE WHEN range < 329027 THEN 2005 ELSE 660000000 - 2005 * 329027 "
      "END "
      "AS bill_revenue_12m_cny, 12 AS months_billed_12m, 'residential' AS category FROM range(329028)");
  auto workspace = open();
  const auto run =
      ran(workspace, kHead + "rules\ngroups:\n  - {code: all, title: {zh: 全体, en: All}, when: \"true\"}\n");
  const auto portrait = make_portrait(workspace, *catalogue_, run);
  ASSERT_TRUE(portrait.has_value());
  const auto& group = portrait->groups.front();
  EXPECT_EQ(group.customers, 329'028);
  EXPECT_EQ(group.revenue_12m_cny, 660'000'000.0);
  EXPECT_NEAR(group.revenue_12m_cny / static_cast<double>(group.customers), 2005.9, 0.05);
}

TEST(GoldenIndexTest, Z2IndexIsTheShareInTheGroupOverTheShareInThePopulation) {
  EXPECT_NEAR(index_of(0.29, 0.25).value(), 1.16, 1e-12);
  EXPECT_NEAR(index_of(0.202, 0.2).value(), 1.01, 1e-12);
  EXPECT_FALSE(index_of(0.1, 0.0).has_value());
}

TEST_F(GoldenNumbersTest, Z3FailedBillsFallApartByCauseAsThePortraitCountsThem) {
  // 2,100 = 1,260 + 840; 840 = 588 + 168 + 75.6 + 8.4: of ten thousand times the size, so that all are whole.
  make(
      "SELECT printf('%06d', range) AS customer_id, 1 AS unpaid_bills, CASE WHEN range < 12600 THEN 'other' WHEN range "
      "< "
      "18480 THEN 'not_linked' WHEN range < 20160 THEN 'low_balance' WHEN range < 20916 THEN 'migrant' ELSE "
      "'malicious' "
      "END AS main_debit_failure_12m FROM range(21000)");
  auto workspace = open();
  const auto run = ran(
      workspace, kHead +
                     "rules\ngroups:\n"
                     "  - {code: quality, title: {zh: 质量, en: Quality}, when: \"main_debit_failure_12m = 'other'\"}\n"
                     "  - {code: rest, title: {zh: 其余, en: Rest}, when: \"true\"}\n");
  EXPECT_EQ(run.groups[0].customers, 12'600);
  EXPECT_EQ(run.groups[1].customers, 8'400);
  const auto portrait = make_portrait(workspace, *catalogue_, run);
  std::map<std::string, double> shares;
  for (const auto& line : portrait->groups[1].categories) {
    if (line.feature == "main_debit_failure_12m") shares[line.value] = line.share;
  }
  EXPECT_NEAR(shares["not_linked"], 0.70, 1e-12);
  EXPECT_NEAR(shares["low_balance"], 0.20, 1e-12);
  EXPECT_NEAR(shares["migrant"], 0.09, 1e-12);
  EXPECT_NEAR(shares["malicious"], 0.01, 1e-12);
}

TEST_F(GoldenNumbersTest, Z4EightyFifteenFivePerCentOf47783CustomersAddUp) {
  make("SELECT printf('%06d', range) AS customer_id, range AS energy_total_kwh FROM range(47783)");
  auto workspace = open();
  const auto run = ran(workspace, kHead +
                                      "bands\nfeatures: [{name: energy_total_kwh}]\ngroups:\n"
                                      "  - {code: d, top_share: 0.8, title: {zh: 丁, en: D}}\n  - {code: c, top_share: "
                                      "0.95, title: {zh: 丙, en: C}}\n"
                                      "  - {code: ab, top_share: 1, title: {zh: 甲乙, en: AB}}\n");
  EXPECT_NEAR(static_cast<double>(run.groups[0].customers), 38'226, 1);
  EXPECT_NEAR(static_cast<double>(run.groups[1].customers), 7'167, 1);
  EXPECT_NEAR(static_cast<double>(run.groups[2].customers), 2'389, 1);
  EXPECT_EQ(run.groups[0].customers + run.groups[1].customers + run.groups[2].customers, 47'783);
}

TEST_F(GoldenNumbersTest, Z8TheFourDimensionsHaveThreeThreeFourAndThreeClassesAnd108Combinations) {
  make("SELECT '1' AS customer_id");
  std::size_t classes = 0;
  std::size_t combinations = 1;
  for (const auto& [name, count] : std::vector<std::pair<std::string, std::size_t>>{
           {"dongguan_revenue", 3}, {"dongguan_influence", 3}, {"dongguan_growth", 4}, {"dongguan_arrears", 3}}) {
    const auto scheme = load_scheme(AssetStore(), *catalogue_, name);
    ASSERT_TRUE(scheme.has_value()) << name;
    EXPECT_EQ(scheme->groups.size(), count) << name;
    classes += scheme->groups.size();
    combinations *= scheme->groups.size();
  }
  EXPECT_EQ(classes, 13U);
  EXPECT_EQ(combinations, 108U);
}

Portrait with_shares(double high, double medium, double low) {
  Portrait out;
  out.scheme = "dongguan_revenue";
  out.has_revenue = true;
  for (const auto& [code, share] :
       std::vector<std::pair<std::string, double>>{{"high", high}, {"medium", medium}, {"low", low}}) {
    GroupPortrait group;
    group.code = code;
    group.revenue_share = share;
    out.groups.push_back(group);
  }
  return out;
}

TEST(GoldenSharesTest, Z9RevenueSharesAreComparedWithTable1AndNotBentToIt) {
  const auto fits = check_shares(AssetStore(), with_shares(0.60, 0.35, 0.05));
  ASSERT_TRUE(fits.has_value());
  ASSERT_EQ(fits->size(), 3U);
  for (const auto& check : *fits) EXPECT_EQ(check.verdict, ShareVerdict::Within) << check.group;
  const auto other = check_shares(AssetStore(), with_shares(0.45, 0.42, 0.13));
  EXPECT_EQ((*other)[0].verdict, ShareVerdict::Below);
  EXPECT_EQ((*other)[1].verdict, ShareVerdict::Above);
  EXPECT_EQ((*other)[2].verdict, ShareVerdict::Above);
  EXPECT_EQ((*other)[0].revenue_share, 0.45) << "shown as it is";
  auto elsewhere = with_shares(0.6, 0.35, 0.05);
  elsewhere.scheme = "level1";
  EXPECT_TRUE(check_shares(AssetStore(), elsewhere)->empty());
}

TEST_F(GoldenNumbersTest, Z10SixteenFeaturesAndKFromTwoToEight) {
  make("SELECT '1' AS customer_id");
  std::set<std::string> features;
  for (const auto* name : {"dongguan_revenue", "dongguan_influence", "dongguan_growth", "dongguan_arrears"}) {
    const auto scheme = load_scheme(AssetStore(), *catalogue_, name);
    ASSERT_TRUE(scheme.has_value());
    EXPECT_EQ(scheme->k.min, 2U);
    EXPECT_EQ(scheme->k.max, 8U);
    for (const auto& feature : scheme->features) features.insert(feature.name);
  }
  EXPECT_EQ(features.size(), 16U);
}

TEST_F(GoldenNumbersTest, Z10EveryKFromTwoToEightIsTried) {
  make("SELECT printf('%03d', range) AS customer_id, (range * 37) % 101 AS energy_12m_kwh FROM range(300)");
  auto workspace = open();
  const auto run = ran(workspace, kHead + "tiers\nfeatures: [{name: energy_12m_kwh}]\nk: {restarts: 1}\n");
  ASSERT_EQ(run.trials.size(), 7U);
  EXPECT_EQ(run.trials.front().k, 2U);
  EXPECT_EQ(run.trials.back().k, 8U);
}

TEST_F(GoldenNumbersTest, Z11MoreThanSevenGroupsAreRefused) {
  make("SELECT printf('%03d', range) AS customer_id, (range * 37) % 101 AS energy_12m_kwh FROM range(300)");
  auto workspace = open();
  const auto scheme = this->scheme(kHead + "tiers\nfeatures: [{name: energy_12m_kwh}]\nk: {restarts: 1}\n");
  SegmentOptions options;
  options.as_of = Month(2026, 6);
  options.k = 8;
  const auto refused = run_scheme(workspace, *catalogue_, scheme, options, pool_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "segment.k_out_of_range");
  options.k = 7;
  EXPECT_TRUE(run_scheme(workspace, *catalogue_, scheme, options, pool_).has_value());
}

}  // namespace
}  // namespace fenqun::segment
