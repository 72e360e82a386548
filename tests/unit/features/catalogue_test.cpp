// tests/unit/features/catalogue_test.cpp
#include "features/catalogue.hpp"

#include "unit/features/small_utility.hpp"
#include "warehouse/contract.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace fenqun::features {
namespace {

namespace fs = std::filesystem;

// A workspace folder whose files take the place of the shipped ones.
class Overrides {
 public:
  void put(const std::string& path, const std::string& text) const {
    fs::create_directories((folder_.path() / path).parent_path());
    std::ofstream(folder_.path() / path) << text;
  }
  Result<FeatureCatalogue> read() const { return FeatureCatalogue::create(AssetStore({folder_.path()})); }
  Error error() const {
    auto catalogue = read();
    EXPECT_FALSE(catalogue.has_value());
    return catalogue ? Error{} : catalogue.error();
  }

 private:
  fenqun::test::TempFolder folder_;
};

std::string family_text(const std::string& feature) {
  return "family: extra\nposition: 99\ntitle: {zh: 甲, en: A}\nentities: [bill]\nfeatures:\n" + feature;
}

const std::string kGood =
    "  - {name: bill_count, type: number, title: {zh: 甲, en: A}, meaning: {zh: 甲, en: A}, missing: {zh: 甲, en: A}, "
    "unit: times, window: 12, kind: value, tag: economic, sources: [bill.month]}\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(Catalogue, EveryShippedFamilyIsReadInItsOrder) {
  const auto catalogue = FeatureCatalogue::create(AssetStore());
  ASSERT_TRUE(catalogue.has_value()) << test::words_of(catalogue.error());
  std::vector<std::string> names;
  for (const auto& family : catalogue->families()) names.push_back(family.name);
  EXPECT_EQ(names, (std::vector<std::string>{"master",      "profile",     "revenue",    "influence",    "growth",
                                             "trend",       "arrears",     "discipline", "dunning",      "load",
                                             "load_day",    "time_of_use", "hours",      "payment",      "pay_channel",
                                             "contact",     "service",     "demand",     "interruption", "safety",
                                             "application", "survey",      "household",  "external"}));
  EXPECT_EQ(catalogue->features().front().name, "category");
  EXPECT_EQ(catalogue->find("no_such_feature"), nullptr);
}

TEST(Catalogue, TheSixteenFeaturesOfTheFourDimensionsAreThere) {
  const auto catalogue = FeatureCatalogue::create(AssetStore());
  for (const auto* name :
       {"bill_revenue_12m_cny", "noncore_revenue_12m_cny", "cost_to_serve_12m_cny", "impact_national_security",
        "impact_personal_safety", "impact_environment", "impact_economic_loss", "impact_public_life",
        "industry_growth_12m", "growth_3m", "growth_12m", "growth_36m", "energy_volatility_24m", "late_share_12m",
        "mean_days_late_12m", "overdue_share_12m"}) {
    const auto* feature = catalogue->find(name);
    ASSERT_NE(feature, nullptr) << name;
    EXPECT_EQ(feature->type, FeatureType::Number) << name;
    EXPECT_TRUE(feature->in_portrait) << name;
  }
}

TEST(Catalogue, WhatTheSixteenOfTheDataModelAskForIsThere) {
  const auto catalogue = FeatureCatalogue::create(AssetStore());
  for (const auto* name :
       {"bill_revenue_12m_cny", "noncore_revenue_12m_cny", "cost_to_serve_12m_cny", "tou_valley_share_12m",
        "tou_peak_share_12m", "load_factor_12m", "growth_3m", "growth_12m", "growth_36m", "month_variation_12m",
        "industry_growth_12m", "on_time_share_12m", "mean_days_late_12m", "dunning_12m", "contacts_per_year"}) {
    const auto* feature = catalogue->find(name);
    ASSERT_NE(feature, nullptr) << name;
    EXPECT_EQ(feature->type, FeatureType::Number) << name;
  }
}

TEST(Catalogue, EveryKindAndTagIsThereAndValuesAreNamed) {
  const auto catalogue = FeatureCatalogue::create(AssetStore());
  std::set<FeatureKind> kinds;
  std::set<FeatureTag> tags;
  for (const auto& feature : catalogue->features()) {
    kinds.insert(feature.kind);
    tags.insert(feature.tag);
    EXPECT_EQ(feature.type == FeatureType::Category || feature.value_names.empty(), true) << feature.name;
  }
  EXPECT_EQ(kinds.size(), 3U);
  EXPECT_EQ(tags.size(), 3U);
  EXPECT_EQ(catalogue->find("dunning_rhythm_12m")->value_names.at("monthly").zh, "月月催费");
  EXPECT_EQ(catalogue->find("outage_count_12m")->value_names.at("3+").en, "Three or more");
  EXPECT_EQ(catalogue->find("main_contact_channel_12m")->value_names.at("web_hall").zh, "网上营业厅");
}

TEST(Catalogue, EveryFeatureSpeaksBothLanguagesAndNamesItsSources) {
  const auto catalogue = FeatureCatalogue::create(AssetStore());
  for (const auto& feature : catalogue->features()) {
    for (const auto* text : {&feature.title, &feature.meaning, &feature.missing}) {
      EXPECT_FALSE(text->zh.empty()) << feature.name;
      EXPECT_FALSE(text->en.empty()) << feature.name;
      EXPECT_NE(text->zh, text->en) << feature.name;
    }
    EXPECT_FALSE(feature.sources.empty()) << feature.name;
  }
}

TEST(Catalogue, AWindowInAFeaturesNameIsTheOneItCovers) {
  const auto catalogue = FeatureCatalogue::create(AssetStore());
  for (const auto& feature : catalogue->features()) {
    for (const int months : {12, 24, 36}) {
      if (feature.family == "external" || feature.name.find("_" + std::to_string(months) + "m") == std::string::npos)
        continue;
      EXPECT_GE(feature.window_months, months) << feature.name;
    }
  }
}

TEST(Catalogue, ImpactHasAScoreForEveryIndustryAndServiceACostForEveryActivity) {
  const auto catalogue = FeatureCatalogue::create(AssetStore());
  const auto contracts = warehouse::ContractSet::create(AssetStore());
  std::map<std::string, std::set<std::string>> keys;
  for (const auto& table : catalogue->references()) {
    for (const auto& row : table.rows) {
      keys[table.name].insert(row.front());
      EXPECT_FALSE(row.back().empty()) << table.name << ": no reason for " << row.front();
    }
  }
  for (const auto& industry : contracts->find("customer")->find("industry")->values) {
    EXPECT_TRUE(keys["industry_impact"].contains(industry)) << industry;
  }
  const std::vector<std::array<std::string, 3>> activities = {
      {"ticket", "ticket", "kind"}, {"dunning", "dunning_event", "channel"}, {"inspection", "inspection", "kind"}};
  for (const auto& [activity, entity, field] : activities) {
    for (const auto& code : contracts->find(entity)->find(field)->values) {
      EXPECT_TRUE(keys["service_cost"].contains(activity + "_" + code)) << activity << " " << code;
    }
    EXPECT_TRUE(keys["service_cost"].contains(activity + "_other"));
  }
}

TEST(Catalogue, AFamilyOfTheWorkspaceJoinsTheShippedOnes) {
  const Overrides files;
  files.put("config/features/extra.yaml", family_text(kGood));
  files.put("config/features/extra.sql", "SELECT customer_id, 1 AS bill_count FROM open_customer;\n");
  const auto catalogue = files.read();
  ASSERT_TRUE(catalogue.has_value()) << test::words_of(catalogue.error());
  EXPECT_EQ(catalogue->features().back().name, "bill_count");
  EXPECT_EQ(catalogue->families().back().sql, "SELECT customer_id, 1 AS bill_count FROM open_customer");
}

TEST(Catalogue, TheFingerprintFollowsSqlAndFiguresAndNotTitles) {
  const auto shipped = FeatureCatalogue::create(AssetStore())->fingerprint();
  const Overrides files;
  files.put("config/features/extra.yaml", family_text(kGood));
  files.put("config/features/extra.sql", "SELECT customer_id, 1 AS bill_count FROM open_customer");
  const auto extended = files.read()->fingerprint();
  EXPECT_NE(extended, shipped);
  files.put("config/features/extra.yaml", family_text(replaced(kGood, "{zh: 甲, en: A}", "{zh: 乙, en: B}")));
  EXPECT_EQ(files.read()->fingerprint(), extended);
  files.put("config/features/extra.sql", "SELECT customer_id, 2 AS bill_count FROM open_customer");
  EXPECT_NE(files.read()->fingerprint(), extended);
}

TEST(CatalogueRefuses, AFeatureThatIsNotSoundWithItsLine) {
  const std::vector<std::array<std::string, 3>> faults = {
      {"type: number", "type: numbre", "base.setting_wrong"},
      {"kind: value", "kind: values", "base.setting_wrong"},
      {"unit: times", "unit: kwh", "base.setting_wrong"},
      {"window: 12", "window: 121", "base.setting_wrong"},
      {"name: bill_count", "name: Bill-Count", "base.setting_wrong"},
      {"name: bill_count", "name: customer_id", "base.setting_wrong"},
      {"unit: times", "units: times", "base.setting_unknown"},
      {"title: {zh: 甲, en: A}", "title: {zh: 甲}", "base.setting_missing"},
      {"[bill.month]", "[bill.months]", "features.no_source"},
      {"[bill.month]", "[payment.paid_on]", "features.no_source"},
      {"[bill.month]", "[bill.month], codes: customer.customer_id", "features.no_source"},
      {"name: bill_count", "name: voltage_kv", "features.feature_twice"}};
  for (const auto& [from, to, key] : faults) {
    const Overrides files;
    files.put("config/features/extra.yaml", family_text(replaced(kGood, from, to)));
    files.put("config/features/extra.sql", "SELECT 1");
    const auto error = files.error();
    EXPECT_EQ(error.line.key, key) << to;
    EXPECT_EQ(error.code, ErrorCode::BadData) << to;
    EXPECT_EQ(error.arg("line"), "6") << to;
    EXPECT_NE(error.arg("file").find("extra.yaml"), std::string::npos) << to;
  }
}

TEST(CatalogueRefuses, AFamilyOfAnotherNameOrWithoutItsQuery) {
  const Overrides files;
  files.put("config/features/other.yaml", family_text(kGood));
  EXPECT_EQ(files.error().line.key, "base.setting_wrong");
  const Overrides lacking;
  lacking.put("config/features/extra.yaml", family_text(kGood));
  EXPECT_EQ(lacking.error().line.key, "base.no_asset");
  const Overrides unknown;
  unknown.put("config/features/extra.yaml", replaced(family_text(kGood), "[bill]", "[bills]"));
  EXPECT_EQ(unknown.error().line.key, "features.no_entity");
}

TEST(CatalogueRefuses, AnUnknownPlaceholderWithItsLine) {
  const Overrides files;
  files.put("config/features/extra.yaml", family_text(kGood));
  files.put("config/features/extra.sql", "SELECT customer_id,\n  ${month_begin} AS bill_count\nFROM open_customer");
  const auto error = files.error();
  EXPECT_EQ(error.line.key, "features.placeholder");
  EXPECT_EQ(error.arg("value"), "month_begin");
  EXPECT_EQ(error.arg("line"), "2");
}

}  // namespace
}  // namespace fenqun::features
