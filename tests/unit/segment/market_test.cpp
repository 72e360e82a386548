// tests/unit/segment/market_test.cpp
#include "segment/market.hpp"

#include "unit/segment/wide_workspace.hpp"

namespace fenqun::segment {
namespace {

class MarketTest : public WideWorkspace {
 protected:
  // 20 customers; the first five bring 20 times the revenue. Energy of 24 months: the first five grow by a tenth from
  // one year to the next, the others stay; number 20 has one year only.
  void SetUp() override {
    make(
        "SELECT printf('%02d', range + 1) AS customer_id, CASE WHEN range < 5 THEN 2000 ELSE 100 END AS "
        "bill_revenue_12m_cny, 12 AS months_billed_12m FROM range(20)");
  }
  static std::string energy(Month month) {
    return "SELECT printf('%02d', range + 1) AS customer_id, DATE '" + month.first_date() +
           "' AS month, CAST(CASE WHEN range < 5 AND DATE '" + month.first_date() +
           "' >= DATE '2025-07-01' THEN 110 ELSE 100 END AS DECIMAL(18, 3)) AS energy_kwh FROM range(20) WHERE range < "
           "19 "
           "OR DATE '" +
           month.first_date() + "' >= DATE '2025-07-01'";
  }
};

TEST_F(MarketTest, GrowthComparesTwoYearsOfThoseWhoHaveBothAndCoreGroupsBringMoreThanTheirNumber) {
  auto workspace = open();
  auto scratch = workspace.scratch("months");
  std::vector<warehouse::LakeFile> files;
  for (int i = 0; i < 24; ++i) {
    const auto month = Month(2026, 6).plus(-i);
    const auto name = "_customer_month/month=" + month.text() + "/m.parquet";
    const auto file = scratch->folder() / name;
    std::filesystem::create_directories(file.parent_path());
    ASSERT_TRUE(
        workspace.connection()
            .execute("COPY (" + energy(month) + ") TO " + warehouse::sql_text(file.string()) + " (FORMAT parquet)")
            .has_value());
    files.push_back({"_customer_month", month, "lake/" + name, "", 20,
                     static_cast<std::int64_t>(std::filesystem::file_size(file))});
  }
  ASSERT_TRUE(workspace.commit(scratch->folder(), files, {}).has_value());
  const auto scheme = this->scheme(
      "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\ngroups:\n"
      "  - {code: big, title: {zh: 大, en: Big}, when: bill_revenue_12m_cny > 1000}\n"
      "  - {code: small, title: {zh: 小, en: Small}, when: \"true\"}\n");
  const auto run = this->run(workspace, scheme);
  ASSERT_TRUE(run.has_value());
  const auto portrait = make_portrait(workspace, *catalogue_, *run);
  const auto markets = markets_of(workspace, {&*run, 1}, {&*portrait, 1});
  ASSERT_TRUE(markets.has_value()) << markets.error().line.key;
  ASSERT_EQ(markets->front().size(), 2U);
  const auto& big = markets->front()[0];
  EXPECT_EQ(big.compared, 5);
  EXPECT_NEAR(big.growth.value(), 0.1, 1e-12);
  EXPECT_NEAR(big.revenue_share, 10000.0 / 11500, 1e-12);
  EXPECT_NEAR(big.value_ratio.value(), 10000.0 / 11500 * 4, 1e-12);
  EXPECT_TRUE(big.is_core);
  const auto& small = markets->front()[1];
  EXPECT_EQ(small.customers, 15);
  EXPECT_EQ(small.compared, 14) << "number 20 has one year only";
  EXPECT_NEAR(small.growth.value(), 0, 1e-12);
  EXPECT_FALSE(small.is_core);
  // Beside another run, of whose groups some customers are in none.
  const auto other = this->run(workspace, this->scheme("scheme: y\nversion: 1\ntitle: {zh: 乙, en: B}\nmethod: rules\n"
                                                       "groups:\n  - {code: few, title: {zh: 少, en: Few}, when: "
                                                       "bill_revenue_12m_cny > 1000}\n",
                                                       "y"));
  const std::vector<RunResult> runs = {*other, *run};
  const auto both = markets_of(workspace, runs, *make_portraits(workspace, *catalogue_, runs));
  ASSERT_TRUE(both.has_value()) << both.error().line.key;
  ASSERT_EQ((*both)[0].size(), 1U);
  EXPECT_EQ((*both)[0][0].energy_kwh, big.energy_kwh);
  EXPECT_EQ((*both)[0][0].growth, big.growth);
  for (std::size_t g = 0; g < 2; ++g) {
    EXPECT_EQ((*both)[1][g].compared, markets->front()[g].compared);
    EXPECT_EQ((*both)[1][g].energy_kwh, markets->front()[g].energy_kwh);
    EXPECT_EQ((*both)[1][g].growth, markets->front()[g].growth);
  }
}

TEST_F(MarketTest, WithoutMonthsThereIsNoGrowth) {
  auto workspace = open();
  const auto run =
      this->run(workspace, this->scheme("scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\ngroups:\n"
                                        "  - {code: all, title: {zh: 全体, en: All}, when: \"true\"}\n"));
  const auto portrait = make_portrait(workspace, *catalogue_, *run);
  const auto markets = markets_of(workspace, {&*run, 1}, {&*portrait, 1});
  ASSERT_TRUE(markets.has_value());
  EXPECT_FALSE(markets->front()[0].growth.has_value());
  EXPECT_NEAR(markets->front()[0].value_ratio.value(), 1, 1e-12);
}

}  // namespace
}  // namespace fenqun::segment
