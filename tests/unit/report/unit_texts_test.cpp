// report/unit_texts_test.cpp - every unit of a feature has a name.
#include "base/texts.hpp"
#include "features/catalogue.hpp"
#include "report/wording.hpp"

#include <gtest/gtest.h>

namespace fenqun {
namespace {

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
