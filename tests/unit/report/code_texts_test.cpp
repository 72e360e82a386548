// report/code_texts_test.cpp - every code a contract allows and every unit of a feature has a name in both languages.
#include "base/texts.hpp"
#include "features/catalogue.hpp"
#include "report/wording.hpp"
#include "warehouse/contract.hpp"

#include <gtest/gtest.h>

#include <set>

namespace fenqun {
namespace {

std::set<std::string> code_keys_of_contracts() {
  std::set<std::string> keys;
  const auto contracts = warehouse::ContractSet::create(AssetStore());
  if (!contracts) return keys;
  for (const auto& contract : contracts->all()) {
    for (const auto& field : contract.fields) {
      for (const auto& value : field.values) keys.insert("code." + contract.entity + "." + field.name + "." + value);
    }
  }
  return keys;
}

TEST(CodeTexts, NameEveryCodeOfEveryContractAndNothingElse) {
  const auto wanted = code_keys_of_contracts();
  ASSERT_GT(wanted.size(), 100U);
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto texts = Texts::create(AssetStore(), language);
    ASSERT_TRUE(texts.has_value());
    std::set<std::string> named;
    for (const auto& [key, text] : texts->all()) {
      // Reasons of the quarantine are no contract's codes.
      if (key.starts_with("code.") && !key.starts_with("code.rejection.")) named.insert(key);
    }
    EXPECT_EQ(named, wanted) << code_of(language);
  }
}

TEST(UnitTexts, NameTheUnitOfEveryFeature) {
  const auto catalogue = features::FeatureCatalogue::create(AssetStore());
  ASSERT_TRUE(catalogue.has_value()) << catalogue.error().line.key;
  const auto texts = Texts::create(AssetStore(), Language::Chinese);
  ASSERT_TRUE(texts.has_value());
  const report::Wording words(*texts, catalogue->features());
  for (const auto& feature : catalogue->features()) {
    if (feature.unit.empty() || feature.unit == "ratio") continue;  // a bare number
    EXPECT_NE(words.unit_name(feature.unit), feature.unit) << feature.name;
  }
}

}  // namespace
}  // namespace fenqun
