// tests/unit/ingest/real_files_test.cpp - the shipped mappings against the files they are for; skipped, saying so,
// where those are absent.
#include "unit/ingest/fixture.hpp"

namespace fenqun::ingest {
namespace {

class RealFiles : public IngestTest {
 protected:
  void SetUp() override {
    data_ = std::filesystem::path(FENQUN_SOURCE_DIR).parent_path() / "shared" / "data";
    if (!std::filesystem::exists(data_ / "README.md")) GTEST_SKIP() << "no real data in " << data_;
    IngestTest::SetUp();
  }
  std::filesystem::path data_;
};

TEST_F(RealFiles, FourFilesOfPaymentsAreTheSamePayments) {
  bool is_first = true;
  for (const auto* name : {"cph.csv", "cph.xlsx", "RjbPowerRecord.csv", "customer_pay_habbit.csv"}) {
    const auto outcome = load(data_ / "residential_payments" / name, "residential_payments");
    ASSERT_TRUE(outcome.has_value()) << name << outcome.error().line.key;
    EXPECT_EQ(outcome->total.rows_in, 764);
    EXPECT_EQ(outcome->total.rows_loaded, is_first ? 764 : 0) << name;
    EXPECT_EQ(outcome->total.rows_duplicate, is_first ? 0 : 764) << name;
    is_first = false;
  }
  EXPECT_EQ(ask("SELECT count(*) FROM payment"), "664");
  EXPECT_EQ(ask("SELECT count(*) FROM customer"), "100");
  EXPECT_EQ(ask("SELECT min(paid_on) || ' ' || max(strftime(paid_on, '%Y-%m')) FROM payment"), "2018-03-01 2019-12");
}

TEST_F(RealFiles, TheDailyTableOfACountyUnfolds) {
  const auto outcome = load(data_ / "tianchi_yangzhong" / "daily_kwh_wide.csv", "tianchi_yangzhong");
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  EXPECT_EQ(outcome->entities[0].rows_loaded, 1454 * 639);
  EXPECT_EQ(outcome->entities[1].rows_loaded, 1454);
  EXPECT_EQ(outcome->unread_columns, std::vector<std::string>{"total"});
  EXPECT_EQ(ask("SELECT count(*) FROM reading_day WHERE energy_kwh <= 1 AND day < DATE '2015-01-01' + 609"), "143951");
  ASSERT_TRUE(load(data_ / "tianchi_yangzhong" / "calendar.csv", "tianchi_calendar").has_value());
  EXPECT_EQ(ask("SELECT count(*) FROM calendar_day WHERE is_holiday"), "218");
}

TEST_F(RealFiles, TheCutLastLineOfPricesIsQuarantined) {
  const auto outcome = load(data_ / "powerco" / "price_data_truncated.csv", "powerco_price");
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  EXPECT_EQ(outcome->total.rows_loaded, 11026);
  EXPECT_EQ(outcome->total.rows_rejected, 1);
  EXPECT_EQ(ask("SELECT line || ' ' || reason FROM quarantine"), "11028 too_few_columns");
}

TEST_F(RealFiles, ClientsAndTheirMeasuresLoad) {
  const auto outcome = load(data_ / "powerco" / "client_data.csv", "powerco_client");
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  EXPECT_EQ(outcome->entities[0].rows_loaded, 14606);
  EXPECT_EQ(outcome->entities[1].rows_loaded, 14606 * 7);
  EXPECT_EQ(ask("SELECT round(100 * avg(value_number), 3) FROM attribute WHERE attribute = 'churned'"), "9.715");
}

}  // namespace
}  // namespace fenqun::ingest
