// tests/unit/segment/profile_test.cpp
#include "segment/profile.hpp"

#include "unit/segment/wide_workspace.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::segment {
namespace {

// 400 customers: 100 large ones with 10,000 kWh, half of them in industry a; 300 small ones.
constexpr const char* kTwo =
    "SELECT printf('%04d', n) AS customer_id, CASE WHEN n <= 100 THEN 10000 + n ELSE 100 + n END AS energy_12m_kwh, "
    "CASE WHEN n <= 100 THEN 5000.25 ELSE 50 END AS bill_revenue_12m_cny, 12 AS months_billed_12m, "
    "CASE WHEN n % 7 = 0 THEN 3 ELSE 1 END AS tickets_12m, "
    "CASE WHEN n <= 100 THEN 'large_industrial' ELSE 'residential' END AS tariff_class, n % 2 = 0 AS is_prepaid, "
    "CASE WHEN n = 7 THEN 12.5 ELSE 0 END AS receivable_cny "
    "FROM (SELECT range + 1 AS n FROM range(400))";
constexpr const char* kTiers =
    "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: tiers\nfeatures: [{name: energy_12m_kwh, log: true}]\n"
    "k: {publish: 2, restarts: 2}\ngroups:\n  - {code: big, title: {zh: 大, en: Big}}\n"
    "  - {code: small, title: {zh: 小, en: Small}}\n";

class ProfileTest : public WideWorkspace {
 protected:
  void SetUp() override { make(kTwo); }
  void profiled(const std::string& yaml) {
    auto workspace = open();
    const auto scheme = this->scheme(yaml);
    run_ = *this->run(workspace, scheme);
    portrait_ = *make_portrait(workspace, *catalogue_, run_);
    auto profile = make_profile(workspace, *catalogue_, scheme, run_, portrait_, pool_);
    ASSERT_TRUE(profile.has_value()) << profile.error().line.key;
    profile_ = std::move(*profile);
  }
  RunResult run_;
  Portrait portrait_;
  Profile profile_;
};

TEST_F(ProfileTest, SignificantIsWhatDiffersAndNotWhatIsAlike) {
  profiled(kTiers);
  const auto line = [&](const std::string& feature) {
    return *std::ranges::find(portrait_.groups[0].numbers, feature, &NumberIndex::feature);
  };
  EXPECT_TRUE(line("energy_12m_kwh").is_significant);
  EXPECT_LT(line("energy_12m_kwh").p.value(), 1e-9);
  EXPECT_FALSE(line("tickets_12m").is_significant);
  EXPECT_FALSE(line("is_prepaid").is_significant);
  for (const auto& category : portrait_.groups[0].categories) {
    if (category.feature == "tariff_class") {
      EXPECT_TRUE(category.is_significant);
    }
  }
}

TEST_F(ProfileTest, TheTypicalMemberIsTheOneNearestToTheCentre) {
  profiled(kTiers);
  // The centre is the mean of the logarithms of 10,001 .. 10,100.
  double mean = 0;
  for (int n = 1; n <= 100; ++n) mean += std::log1p(10000 + n) / 100;
  int nearest = 1;
  for (int n = 1; n <= 100; ++n) {
    if (std::abs(std::log1p(10000 + n) - mean) < std::abs(std::log1p(10000 + nearest) - mean)) nearest = n;
  }
  EXPECT_NEAR(std::stoi(profile_.groups[0].typical_customer), nearest, 1);
  EXPECT_EQ(profile_.groups[0].receivable_cny, 12.5);
  EXPECT_EQ(profile_.groups[1].receivable_cny, 0);
}

TEST_F(ProfileTest, RulesHaveATypicalMemberTooButNoMap) {
  profiled(
      "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\ngroups:\n"
      "  - {code: i, title: {zh: 工, en: I}, when: \"tariff_class = 'large_industrial'\"}\n"
      "  - {code: o, title: {zh: 其他, en: O}, when: \"true\"}\n");
  EXPECT_LE(std::stoi(profile_.groups[0].typical_customer), 100);
  EXPECT_GT(std::stoi(profile_.groups[1].typical_customer), 100);
  EXPECT_FALSE(profile_.map.has_value());
}

TEST_F(ProfileTest, NamesAreProposedFromWhatIsDistinctiveInBothLanguages) {
  profiled(kTiers);
  EXPECT_EQ(profile_.groups[0].proposed_name.zh, "以大工业用电为主、年用电量高的客户");
  EXPECT_EQ(profile_.groups[0].proposed_name.en.find("{"), std::string::npos);
  // Groups drawn by chance have nothing to be named for.
  profiled(
      "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\ngroups:\n"
      "  - {code: i, title: {zh: 工, en: I}, when: is_prepaid}\n"
      "  - {code: o, title: {zh: 其他, en: O}, when: \"true\"}\n");
  EXPECT_EQ(profile_.groups[1].proposed_name.zh, "");
}

TEST_F(ProfileTest, WhatWasNeverLoadedHasNoFactsAndNoCurves) {
  profiled(kTiers);
  for (const bool has : profile_.has_fact) EXPECT_FALSE(has);
  for (const auto& group : profile_.groups) {
    EXPECT_TRUE(group.facts.empty());
    EXPECT_TRUE(group.hour_shares.empty());
    for (const auto& month : group.month_kwh) EXPECT_FALSE(month.has_value());
  }
  EXPECT_EQ(profile_.months.size(), 24U);
  EXPECT_EQ(profile_.months.back(), "2026-06");
  ASSERT_TRUE(profile_.map.has_value());
  EXPECT_EQ(profile_.map->rows.size(), 400U);
}

TEST_F(ProfileTest, FactsCountCustomersOnceHoweverManyCasesTheyHave) {
  {
    auto workspace = open();
    auto scratch = workspace.scratch("facts");
    const auto file = scratch->folder() / "ticket" / "month=2026-05" / "t.parquet";
    std::filesystem::create_directories(file.parent_path());
    std::string columns;
    for (const auto& field : workspace.contracts().find("ticket")->fields) {
      const std::string value = field.name == "ticket_id"     ? "'t' || i"
                                : field.name == "customer_id" ? "printf('%04d', i % 50 + 1)"
                                : field.name == "opened_at"   ? "TIMESTAMP '2026-05-03 10:00:00'"
                                : field.name == "channel"     ? "'ivr'"
                                : field.name == "kind"        ? "'complaint'"
                                                              : "NULL";
      columns += (columns.empty() ? "" : ", ") + value + " AS " + field.name;
    }
    ASSERT_TRUE(workspace.connection()
                    .execute("COPY (SELECT " + columns + " FROM range(200) r(i)) TO " +
                             warehouse::sql_text(file.string()) + " (FORMAT parquet)")
                    .has_value());
    ASSERT_TRUE(workspace
                    .commit(scratch->folder(),
                            {{"ticket", Month(2026, 5), "lake/ticket/month=2026-05/t.parquet", "b", 200,
                              static_cast<std::int64_t>(std::filesystem::file_size(file))}},
                            {})
                    .has_value());
  }
  profiled(kTiers);
  bool found = false;
  for (const auto& line : profile_.groups[0].facts) {
    if (profile_.facts[line.fact].field != "channel") continue;
    found = true;
    EXPECT_EQ(line.value, "ivr");
    EXPECT_EQ(line.customers, 50);
    EXPECT_DOUBLE_EQ(line.share, 0.5);
    EXPECT_DOUBLE_EQ(line.population_share, 0.125);
    EXPECT_DOUBLE_EQ(line.index.value(), 4);
    EXPECT_TRUE(line.is_significant);
  }
  EXPECT_TRUE(found);
}

TEST_F(ProfileTest, ABlockThatNamesWhatIsNotThereIsRefusedWithItsLine) {
  std::filesystem::create_directories(path() / "config" / "portraits");
  std::ofstream(path() / "config" / "portraits" / "blocks.yaml")
      << "blocks:\n  - {code: a, title: {zh: 甲, en: A}, features: [no_such_feature]}\n";
  auto workspace = open();
  const auto blocks = load_blocks(workspace, *catalogue_);
  ASSERT_FALSE(blocks.has_value());
  EXPECT_EQ(blocks.error().line.key, "segment.unknown_block_feature");
  EXPECT_EQ(blocks.error().arg("line"), "2");
}

}  // namespace
}  // namespace fenqun::segment
