// report/wording_test.cpp
#include "report/wording.hpp"

#include "unit/report/sample_model.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace fenqun::report {
namespace {

struct Words {
  explicit Words(Language language)
      : texts(*Texts::create(AssetStore(), language)), features(sample_features()), words(texts, features) {}
  Texts texts;
  std::vector<features::Feature> features;
  Wording words;
};

TEST(Wording, ChineseCountsMoneyAndEnergyInWanAndYi) {
  const Words zh(Language::Chinese);
  EXPECT_EQ(zh.words.money(999.5), "999.50 元");
  EXPECT_EQ(zh.words.money(12'345.0), "1.23 万元");
  EXPECT_EQ(zh.words.money(660'000'000.0), "6.60 亿元");
  EXPECT_EQ(zh.words.energy(652'310'000.0), "6.52 亿千瓦时");
  EXPECT_EQ(zh.words.energy(35.25), "35.2 千瓦时");
}

TEST(Wording, EnglishCountsInMillionAndGigawattHours) {
  const Words en(Language::English);
  EXPECT_EQ(en.words.money(12'345.0), "CNY 12,345.00");
  EXPECT_EQ(en.words.money(412'645'310.0), "CNY 412.65 million");
  EXPECT_EQ(en.words.money(2'500'000'000.0), "CNY 2.50 billion");
  EXPECT_EQ(en.words.energy(12'500.0), "12.50 MWh");
  EXPECT_EQ(en.words.energy(652'310'000.0), "652.31 GWh");
}

TEST(Wording, NegativeAmountsKeepTheirSizeAndSign) {
  const Words zh(Language::Chinese);
  EXPECT_EQ(zh.words.money(-12'345.0), "-1.23 万元");
  EXPECT_EQ(zh.words.percent(-0.142), "-14.2%");
  EXPECT_EQ(zh.words.number(-1'234'567.0), "-1,234,567");
}

TEST(Wording, WhatRoundsToZeroHasNoSign) {
  const Words zh(Language::Chinese);
  EXPECT_EQ(zh.words.percent(-0.0001), "0.0%");
  EXPECT_EQ(zh.words.index(-0.001), "0.00");
}

TEST(Wording, AbsentAndInfiniteReadAsDash) {
  const Words zh(Language::Chinese);
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
  for (const auto value : {std::optional<double>(), std::optional(kInfinite), std::optional(kNotANumber)}) {
    EXPECT_EQ(zh.words.percent(value), "—");
    EXPECT_EQ(zh.words.index(value), "—");
    EXPECT_EQ(zh.words.money(value), "—");
    EXPECT_EQ(zh.words.energy(value), "—");
    EXPECT_EQ(zh.words.number(value), "—");
    EXPECT_EQ(zh.words.quantity(value, "days"), "—");
  }
  EXPECT_EQ(zh.words.memory(0), "—");
  EXPECT_EQ(zh.words.duration(kNotANumber), "—");
}

TEST(Wording, ANumberHasTheDecimalsItsSizeAsksFor) {
  const Words zh(Language::Chinese);
  EXPECT_EQ(zh.words.number(47'783.4), "47,783");
  EXPECT_EQ(zh.words.number(214.53), "214.5");
  EXPECT_EQ(zh.words.number(3.4), "3.40");
  EXPECT_EQ(zh.words.number(0.0031), "0.0031");
  EXPECT_EQ(zh.words.number(0.0), "0.00");
}

TEST(Wording, AQuantityCarriesItsUnit) {
  const Words zh(Language::Chinese);
  const Words en(Language::English);
  EXPECT_EQ(zh.words.quantity_of("mean_days_late", 3.4), "3.40 天");
  EXPECT_EQ(en.words.quantity_of("mean_days_late", 3.4), "3.40 days");
  EXPECT_EQ(zh.words.quantity_of("late_share", 0.182), "18.2%");
  EXPECT_EQ(zh.words.quantity_of("is_key_attention", 0.0112), "1.1%");
  EXPECT_EQ(zh.words.quantity_of("bill_revenue_12m_cny", 128'430.5), "12.84 万元");
  EXPECT_EQ(zh.words.quantity(0.55, "CNY/kWh"), "0.55 元/千瓦时");
  EXPECT_EQ(zh.words.quantity(0.85, "ratio"), "0.85");
  EXPECT_EQ(zh.words.quantity(7, "furlongs"), "7.00 furlongs");
}

TEST(Wording, WholePercentagesOfRankHaveNoDecimals) {
  const Words zh(Language::Chinese);
  EXPECT_EQ(zh.words.quantile(0.1), "10%");
  EXPECT_EQ(zh.words.quantile(0.07), "7%");
  EXPECT_EQ(zh.words.quantile(0.005), "0.5%");
}

TEST(Wording, NamesFallBackToWhatIsThere) {
  const Words en(Language::English);
  EXPECT_EQ(en.words.title("energy_12m_kwh"), "Yearly energy");
  EXPECT_EQ(en.words.title("nobody_knows"), "nobody_knows");
  EXPECT_EQ(en.words.value_name("industry", "high_energy"), "Energy-intensive industry");
  EXPECT_EQ(en.words.value_name("industry", "new_code"), "new_code");
  EXPECT_EQ(en.words.value_name("industry", ""), "(missing)");
  EXPECT_EQ(en.words.in({"只有中文", ""}), "只有中文");
}

TEST(Wording, TimesAndMonthsAreReadable) {
  const Words zh(Language::Chinese);
  const Words en(Language::English);
  EXPECT_EQ(zh.words.duration(341.2), "341 毫秒");
  EXPECT_EQ(zh.words.duration(9'846), "9.8 秒");
  EXPECT_EQ(zh.words.duration(185'000), "3 分 05 秒");
  EXPECT_EQ(zh.words.memory(412ULL * 1024 * 1024), "412 MiB");
  EXPECT_EQ(zh.words.month("2026-06"), "2026年6月");
  EXPECT_EQ(en.words.month("2026-06"), "June 2026");
  EXPECT_EQ(en.words.month(""), "—");
  EXPECT_EQ(en.words.month("soon"), "soon");
}

TEST(MaskedCustomer, ShowsTheFirstFourAndTheLastTwo) {
  EXPECT_EQ(masked_customer("0613000001"), "0613****01");
  EXPECT_EQ(masked_customer("061300001"), "0613***01");
  EXPECT_EQ(masked_customer("06130001"), "******01");
  EXPECT_EQ(masked_customer("12"), "**");
  EXPECT_EQ(masked_customer(""), "");
}

}  // namespace
}  // namespace fenqun::report
