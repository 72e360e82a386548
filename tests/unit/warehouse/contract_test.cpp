// warehouse/contract_test.cpp
#include "warehouse/contract.hpp"

#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <set>

namespace fenqun::warehouse {
namespace {

namespace fs = std::filesystem;

const ContractSet& shipped() {
  static const auto contracts = ContractSet::create(AssetStore());
  EXPECT_TRUE(contracts.has_value()) << contracts.error().line.key << " " << contracts.error().arg("file");
  return *contracts;
}

/// Contracts of which one is replaced by `text`, as a workspace does it.
class ContractText : public testing::Test {
 protected:
  Result<ContractSet> with(const std::string& fields) {
    const auto folder = folder_.path() / "config" / "contracts";
    fs::create_directories(folder);
    std::ofstream(folder / "pole.yaml")
        << "entity: pole\ntitle: {zh: 电杆, en: Pole}\nkind: master\nkey: [pole_id]\n"
           "fields:\n  - {name: pole_id, type: id, required: true, zh: 杆号, en: Pole}\n"
        << fields;
    return ContractSet::create(AssetStore({folder_.path()}));
  }
  std::string error_of(const std::string& fields) {
    const auto contracts = with(fields);
    return contracts ? "none" : contracts.error().line.key;
  }
  test::TempFolder folder_;
};

TEST(Contracts, ThereIsOneForEveryEntityOfTheDesign) {
  for (const auto* entity : {"customer",     "account",         "contact",        "supply_contract",
                             "equipment",    "org_unit",        "line",           "reading_quarter_hour",
                             "reading_hour", "reading_day",     "reading_month",  "bill",
                             "payment",      "dunning_event",   "outage",         "ticket",
                             "complaint",    "survey_response", "interaction",    "inspection",
                             "application",  "staff",           "household_form", "weather_day",
                             "calendar_day", "price_month",     "other_income",   "attribute"}) {
    EXPECT_NE(shipped().find(entity), nullptr) << entity;
  }
}

TEST(Contracts, EveryKeyIsRequiredAndEveryFileNameIsItsEntity) {
  for (const auto& contract : shipped().all()) {
    for (const auto& key : contract.key) EXPECT_TRUE(contract.find(key)->required) << contract.entity << "." << key;
    EXPECT_TRUE(AssetStore().read("config/contracts/" + contract.entity + ".yaml").has_value()) << contract.entity;
    EXPECT_FALSE(contract.source.zh.empty()) << contract.entity;
  }
}

TEST(Contracts, NoTwoFieldsOfAnEntityBearOneName) {
  for (const auto& contract : shipped().all()) {
    std::map<std::string, std::string> owners;
    for (const auto& field : contract.fields) {
      auto names = field.synonyms;
      names.insert(names.end(), {field.name, field.title.zh, field.title.en});
      for (auto& name : names) {
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const auto [owner, fresh] = owners.emplace(name, field.name);
        EXPECT_TRUE(fresh || owner->second == field.name)
            << contract.entity << ": " << name << " is " << owner->second << " and " << field.name;
      }
    }
  }
}

TEST(Contracts, TheUnitOfAQuantityStandsInItsName) {
  const std::map<std::string, std::string> endings = {{"kWh", "_kwh"},
                                                      {"CNY", "_cny"},
                                                      {"kV", "_kv"},
                                                      {"kVA", "_kva"},
                                                      {"kW", "_kw"},
                                                      {"CNY/kWh", "cny_per_kwh"},
                                                      {"CNY/kW", "cny_per_kw"},
                                                      {"CNY/kVA", "cny_per_kva"},
                                                      {"s", "_s"},
                                                      {"min", "_min"},
                                                      {"km", "_km"},
                                                      {"km²", "_km2"},
                                                      {"V", "_v"},
                                                      {"A", "_a"},
                                                      {"kvarh", "_kvarh"},
                                                      {"mm", "_mm"},
                                                      {"°C", "_c"},
                                                      {"d", "_days"}};
  for (const auto& contract : shipped().all()) {
    for (const auto& field : contract.fields) {
      if (field.unit.empty() || field.unit == "°" || field.unit == "years") continue;
      ASSERT_EQ(endings.count(field.unit), 1U) << contract.entity << "." << field.name << " in " << field.unit;
      EXPECT_TRUE(field.name.ends_with(endings.at(field.unit))) << contract.entity << "." << field.name;
    }
  }
}

TEST(Contracts, WhatTellsOfFamilyMeansOrHealthIsSensitive) {
  const auto& customer = *shipped().find("customer");
  const auto& form = *shipped().find("household_form");
  for (const auto* name : {"is_low_income", "is_disabled", "family_situation"}) {
    EXPECT_EQ(customer.find(name)->sensitivity, Sensitivity::Sensitive) << name;
  }
  for (const auto* name : {"social_relations", "economic_status", "annual_income_cny", "is_left_behind"}) {
    EXPECT_EQ(form.find(name)->sensitivity, Sensitivity::Sensitive) << name;
  }
  for (const auto& contract : shipped().all()) {
    for (const auto& field : contract.fields) {
      if (field.name.find("phone") == std::string::npos || field.type != FieldType::Text) continue;
      EXPECT_EQ(field.sensitivity, Sensitivity::Personal) << contract.entity << "." << field.name;
    }
  }
}

TEST(Contracts, ACodeHasNamesAndTheWordsThatOfficesUse) {
  const auto& category = *shipped().find("customer")->find("category");
  ASSERT_NE(category.find_code("residential"), nullptr);
  EXPECT_EQ(category.find_code("residential")->title.zh, "居民");
  EXPECT_EQ(category.find_code("residential")->title.en, "Residential");
  const auto& synonyms = category.find_code("residential")->synonyms;
  EXPECT_NE(std::find(synonyms.begin(), synonyms.end(), "城镇居民"), synonyms.end());
  EXPECT_EQ(category.find_code("industrial"), nullptr);
}

TEST(Contracts, CodesAreNamedInBothLanguagesAndStandBesideValuesInOneOrder) {
  for (const auto& contract : shipped().all()) {
    for (const auto& field : contract.fields) {
      ASSERT_EQ(field.codes.size(), field.values.size());
      for (std::size_t i = 0; i < field.codes.size(); ++i) {
        EXPECT_EQ(field.codes[i].code, field.values[i]);
        EXPECT_NE(field.codes[i].title.zh, field.codes[i].code) << contract.entity << "." << field.name;
        EXPECT_FALSE(field.codes[i].title.en.empty()) << contract.entity << "." << field.name;
      }
    }
  }
}

TEST(Contracts, AReferenceBringsTheSynonymsOfTheKeyItNames) {
  const auto& synonyms = shipped().find("bill")->find("customer_id")->synonyms;
  EXPECT_NE(std::find(synonyms.begin(), synonyms.end(), "用户编号"), synonyms.end());
  // station_id names an org_unit too, but is not called like its key.
  const auto& station = shipped().find("customer")->find("station_id")->synonyms;
  EXPECT_EQ(std::find(station.begin(), station.end(), "台区编号"), station.end());
}

TEST_F(ContractText, APlainListOfValuesStillNamesTheCodes) {
  const auto contracts = with("  - {name: stuff, type: code, values: [wood, concrete], zh: 材质, en: Material}\n");
  ASSERT_TRUE(contracts.has_value());
  const auto& field = *contracts->find("pole")->find("stuff");
  EXPECT_EQ(field.values, (std::vector<std::string>{"wood", "concrete"}));
  EXPECT_EQ(field.find_code("wood")->title.zh, "wood");
  EXPECT_EQ(contracts->find("pole")->area, Area::External);
}

TEST_F(ContractText, OneNameForTwoCodesIsRefused) {
  EXPECT_EQ(error_of("  - {name: stuff, type: code, values: {wood: {zh: 木, en: Wood}, timber: {zh: 木, en: Timber}}, "
                     "zh: 材质, en: Material}\n"),
            "warehouse.contract_code_twice");
}

TEST_F(ContractText, AMisspeltKeyOfACodeOrANoteIsRefused) {
  EXPECT_EQ(
      error_of("  - {name: stuff, type: code, values: {wood: {zh: 木, en: Wood, synonym: [w]}}, zh: 材质, en: M}\n"),
      "base.setting_unknown");
  EXPECT_EQ(error_of("  - {name: stuff, type: text, note: {cn: 注}, zh: 材质, en: M}\n"), "base.setting_unknown");
}

TEST_F(ContractText, AnUnknownSensitivityIsRefused) {
  EXPECT_EQ(error_of("  - {name: stuff, type: text, sensitivity: secret, zh: 材质, en: M}\n"), "base.setting_wrong");
}

}  // namespace
}  // namespace fenqun::warehouse
