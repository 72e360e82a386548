// tests/unit/datagen/parameters_test.cpp
#include "datagen/parameters.hpp"

#include "fixture.hpp"
#include "warehouse/contract.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace fenqun::datagen {
namespace {

std::string shipped(const std::string& path) { return shipped_assets().read(path)->text; }

/// The shipped files with one of them changed.
Result<Parameters> with_change(const std::string& path, const std::string& from, const std::string& to) {
  const TempFolder folder("parameters");
  auto text = shipped(path);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  folder.write(path, text.replace(at, from.size(), to));
  return Parameters::create(AssetStore({folder.path(), std::filesystem::path(FENQUN_SOURCE_DIR)}), "tianhe");
}

TEST(Parameters, BothShippedProfilesLoad) {
  for (const auto* profile : {"tianhe", "city"}) {
    const auto parameters = Parameters::create(shipped_assets(), profile);
    ASSERT_TRUE(parameters.has_value()) << parameters.error().line.key;
    EXPECT_EQ(parameters->profile_name, profile);
    EXPECT_FALSE(parameters->fingerprint.empty());
  }
}

TEST(Parameters, EveryCodeTheyNameIsOneOfTheContracts) {
  const auto contracts = warehouse::ContractSet::create(shipped_assets());
  ASSERT_TRUE(contracts.has_value());
  const auto parameters = Parameters::create(shipped_assets(), "tianhe");
  ASSERT_TRUE(parameters.has_value());
  const auto values = [&](const char* entity, const char* field) {
    return contracts->find(entity)->find(field)->values;
  };
  std::set<std::string> industries;
  for (const auto& kind : parameters->kinds) {
    EXPECT_THAT(values("customer", "category"), testing::Contains(kind.category));
    EXPECT_THAT(values("customer", "user_kind"), testing::Contains(kind.user_kind));
    EXPECT_THAT(values("customer", "industry"), testing::Contains(kind.industry));
    industries.insert(kind.industry);
    for (const auto& [grade, share] : kind.importance) {
      EXPECT_THAT(values("customer", "importance_grade"), testing::Contains(grade));
      EXPECT_LE(share, 1);
    }
  }
  EXPECT_EQ(industries.size(), values("customer", "industry").size()) << "every industry occurs";
  for (const auto& tariff : parameters->usage.tariffs) {
    EXPECT_THAT(values("customer", "tariff_class"), testing::Contains(tariff.name));
  }
  for (const auto& method : parameters->classes.methods) {
    EXPECT_THAT(values("customer", "payment_method"), testing::Contains(method));
    EXPECT_THAT(values("payment", "channel"), testing::Contains(method));
  }
  for (const auto& kind : parameters->classes.outages)
    EXPECT_THAT(values("outage", "kind"), testing::Contains(kind.name));
  for (const auto& kind : parameters->classes.ticket_kinds) {
    EXPECT_THAT(values("ticket", "kind"), testing::Contains(kind.first));
  }
  for (const auto& channel : parameters->classes.ticket_channels) {
    EXPECT_THAT(values("ticket", "channel"), testing::Contains(channel.first));
  }
}

TEST(Parameters, UnknownProfileNamesThoseThereAre) {
  const auto parameters = Parameters::create(shipped_assets(), "../kinds");
  ASSERT_FALSE(parameters.has_value());
  EXPECT_EQ(parameters.error().code, ErrorCode::NotFound);
  EXPECT_EQ(parameters.error().line.key, "datagen.no_profile");
  EXPECT_EQ(parameters.error().arg("known"), "city, tianhe, village");
}

struct BadSetting {
  const char* path;
  const char* from;
  const char* to;
  const char* key;
};

class BadParameters : public testing::TestWithParam<BadSetting> {};

TEST_P(BadParameters, AreRefusedWithFileAndLine) {
  const auto& bad = GetParam();
  const auto parameters = with_change(bad.path, bad.from, bad.to);
  ASSERT_FALSE(parameters.has_value());
  EXPECT_EQ(parameters.error().code, ErrorCode::BadData);
  EXPECT_EQ(parameters.error().line.key, bad.key);
  EXPECT_NE(parameters.error().arg("file").find(bad.path), std::string::npos);
  EXPECT_NE(parameters.error().arg("line"), "");
}

constexpr const char* kKinds = "config/datagen/kinds.yaml";
constexpr const char* kClasses = "config/datagen/classes.yaml";
constexpr const char* kUsage = "config/datagen/usage.yaml";
constexpr const char* kTianhe = "config/datagen/profiles/tianhe.yaml";
INSTANTIATE_TEST_SUITE_P(
    Files, BadParameters,
    testing::Values(
        BadSetting{kKinds, "season: farm", "season: fram", "base.setting_wrong"},
        BadSetting{kKinds, "rest: true, ", "share: 0.1, ", "datagen.kinds_without_rest"},
        BadSetting{kKinds, "revenue: [0, 0.2, 0.8]", "revenue: [0, 0.2, 0.9]", "datagen.shares_not_one"},
        BadSetting{kKinds, "shapes: [pump, stable, ", "shapes: [pump, ", "datagen.wrong_length"},
        BadSetting{kKinds, "shapes: [pump, ", "shapes: [pomp, ", "base.setting_wrong"},
        BadSetting{"config/datagen/shapes.yaml", "peak_hours: [8, ", "peak_hours: [24, ", "base.setting_wrong"},
        BadSetting{"config/datagen/shapes.yaml", "work: [1, 1, ", "work: [1, ", "datagen.wrong_length"},
        BadSetting{"config/datagen/people.yaml", "rural: 0.97", "rural: 1.97", "base.setting_wrong"},
        BadSetting{"config/datagen/records.yaml", "satisfied: 0.52", "satisfied: 0.53", "datagen.shares_not_one"},
        BadSetting{"config/datagen/records.yaml", "own_channels: [wechat", "own_channels: [weechat",
                   "base.setting_wrong"},
        BadSetting{kTianhe, "hour_large_share", "hour_big_share", "base.setting_unknown"},
        BadSetting{kKinds, "load_factor: 0.18", "loadfactor: 0.18", "base.setting_unknown"},
        BadSetting{kClasses, "share: 0.12", "share: 0.13", "datagen.shares_not_one"},
        BadSetting{kClasses, "[12, 4, 0]", "[12, 5, 0]", "datagen.not_a_divisor"},
        BadSetting{kClasses, "low: {alipay", "low: {paypal", "base.setting_wrong"},
        BadSetting{kUsage, "share_of_homes: 0.006", "share_of_homes: 1.006", "base.setting_wrong"},
        BadSetting{kUsage, "below_min: general_commercial", "below_min: large_industrial", "base.setting_wrong"},
        BadSetting{kUsage, "summer_kwh: [260, 600]", "summer_kwh: [600, 260]", "base.setting_wrong"},
        BadSetting{kUsage, "summer_months: [5,", "summer_months: [13,", "base.setting_wrong"},
        BadSetting{kClasses, "first_part: [0.3,", "first_part: [0,", "base.setting_wrong"},
        BadSetting{kTianhe, "malicious: 0.01", "malicious: 0.02", "datagen.shares_not_one"},
        BadSetting{kTianhe, "end_month: 2026-06", "end_month: 2026-13", "base.setting_wrong"},
        BadSetting{"config/datagen/calendar.yaml", "2024-02-10, rest", "2024-02-30, rest", "base.setting_wrong"}));

}  // namespace
}  // namespace fenqun::datagen
