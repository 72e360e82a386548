// report/code_texts_test.cpp - every code a contract allows has a name in both languages.
#include "base/texts.hpp"
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
      if (key.starts_with("code.")) named.insert(key);
    }
    EXPECT_EQ(named, wanted) << code_of(language);
  }
}

}  // namespace
}  // namespace fenqun
