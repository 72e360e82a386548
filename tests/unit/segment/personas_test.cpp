// tests/unit/segment/personas_test.cpp - personas: groups of many features, balance, proposed names.
#include "segment/run_json.hpp"
#include "unit/segment/wide_fixture.hpp"

#include <algorithm>
#include <set>

namespace fenqun::segment {
namespace {

// 700 customers in four kinds: late and poor (100), rich (100), in touch (200), quiet (300).
constexpr const char* kWide =
    "SELECT DATE '2026-06-01' AS as_of, printf('%06d', n) AS customer_id, "
    "CASE WHEN kind = 1 THEN 50000 ELSE 1000 END * (1 + 0.01 * (n % 7)) AS bill_revenue_12m_cny, "
    "CASE WHEN kind = 0 THEN 0.9 ELSE 0.02 END + 0.005 * (n % 5) AS late_share_12m, "
    "CASE WHEN kind = 2 THEN 14 ELSE 1 END + 0.1 * (n % 3) AS contacts_per_year, "
    "CASE WHEN kind = 2 THEN 11 ELSE 1 END + 0.1 * (n % 4) AS active_months_12m "
    "FROM (SELECT range + 1 AS n, CASE WHEN range % 7 = 0 THEN 0 WHEN range % 7 = 1 THEN 1 WHEN range % 7 < 4 THEN 2 "
    "ELSE 3 "
    "END AS kind FROM range(700))";

constexpr const char* kPersonas =
    "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: personas\n"
    "features:\n  - {name: bill_revenue_12m_cny, log: true, scale: zscore}\n  - {name: late_share_12m, scale: zscore, "
    "order: "
    "0}\n  - {name: contacts_per_year, scale: zscore, order: 0}\n  - {name: active_months_12m, scale: zscore, order: "
    "0}\n"
    "k: {min: 4, max: 7, restarts: 4}\n";

class PersonasTest : public WideTest {
 protected:
  void SetUp() override { make_wide(kWide); }
};

TEST_F(PersonasTest, KindsAreFoundAndNamedByWhatSetsThemApart) {
  const auto result = run(kPersonas);
  EXPECT_EQ(result.method, "personas");
  EXPECT_EQ(result.published_k, 4U);
  EXPECT_FALSE(result.groups_named);
  ASSERT_EQ(result.groups.size(), 4U);
  std::multiset<std::int64_t> sizes;
  for (const auto& group : result.groups) sizes.insert(group.customers);
  EXPECT_EQ(sizes, (std::multiset<std::int64_t>{100, 100, 200, 300}));
  EXPECT_TRUE(result.groups[0].title.zh.starts_with("年电费收入高")) << result.groups[0].title.zh;
  EXPECT_EQ(result.groups[0].code, "g1");
  const auto touch =
      std::find_if(result.groups.begin(), result.groups.end(), [](const auto& g) { return g.customers == 200; });
  // Both features of contact belong to one family: one of them is enough for the name.
  EXPECT_TRUE(touch->title.zh.starts_with("年接触强度高") != touch->title.zh.starts_with("活跃月数高"))
      << touch->title.zh;
  EXPECT_NE(touch->description.zh.find("为平均的"), std::string::npos);
  const auto late = std::find_if(result.groups.begin(), result.groups.end(),
                                 [](const auto& g) { return g.title.en.starts_with("high Share of bills paid late"); });
  ASSERT_NE(late, result.groups.end());
  EXPECT_EQ(late->customers, 100);
}

TEST_F(PersonasTest, BoundsOnTheSizesHoldAndTheirPriceIsTold) {
  const auto result = run(std::string(kPersonas) + "balance: {least_share: 0.2, most_share: 0.35}\n");
  ASSERT_TRUE(result.balance.has_value());
  for (const auto& group : result.groups) {
    EXPECT_GE(group.customers, 140) << group.code;
    EXPECT_LE(group.customers, 245) << group.code;
  }
  EXPECT_GT(result.balance->price, 0);
  EXPECT_GT(result.balance->moved, 0);
  EXPECT_GT(result.balance->free_inertia.value(), 0);
  EXPECT_NEAR(result.balance->price, *result.balance->inertia / *result.balance->free_inertia - 1, 1e-9);
  const auto again = run_from_json(to_json(result).dump());
  EXPECT_EQ(to_json(*again), to_json(result));
  // Whoever was moved is nearer to the next group than to the own one.
  auto workspace = open(1);
  EXPECT_EQ(workspace.connection()
                .query_integer("SELECT count(*) FROM assignment WHERE distance_own > distance_next")
                .value(),
            result.balance->moved);
}

TEST_F(PersonasTest, NamesOfAPersonComeBeforeProposedOnes) {
  std::string named = with(kPersonas, "max: 7", "max: 7, publish: 4") + "groups:\n";
  for (const auto* code : {"a", "b", "c", "d"})
    named += std::string("  - {code: ") + code + ", title: {zh: 名, en: N}}\n";
  const auto result = run(named);
  EXPECT_TRUE(result.groups_named);
  EXPECT_EQ(result.groups[0].title.zh, "名");
}

TEST_F(PersonasTest, AnyNumberOfThreadsGivesTheSame) {
  const std::string yaml = std::string(kPersonas) + "balance: {least_share: 0.1, most_share: 0.4}\n";
  EXPECT_EQ(to_json(run(yaml, 1)), to_json(run(yaml, 4)));
}

TEST_F(PersonasTest, BalanceThatCannotBeIsRefused) {
  const std::string yaml = kPersonas;
  EXPECT_EQ(fault_of(yaml + "balance: {least_share: 0.6}\n"), "base.setting_wrong");
  EXPECT_EQ(fault_of(yaml + "balance: {least_share: 0.3, most_share: 0.2}\n"), "base.setting_wrong");
  EXPECT_EQ(fault_of(with(yaml, "personas", "tiers") + "balance: {least_share: 0.1}\n"), "segment.balance_method");
  // Four groups of at least 30 % are more than there are customers.
  EXPECT_EQ(try_run(yaml + "balance: {least_share: 0.3, most_share: 0.9}\n").has_value(), false);
}

}  // namespace
}  // namespace fenqun::segment
