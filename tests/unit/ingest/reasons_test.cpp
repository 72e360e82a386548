// tests/unit/ingest/reasons_test.cpp - every reason for which a row can be rejected is told in both languages.
#include "base/texts.hpp"
#include "ingest/field_sql.hpp"
#include "warehouse/contract.hpp"

#include <gtest/gtest.h>

#include <set>

namespace fenqun::ingest {
namespace {

std::set<std::string> reasons_of_values() {
  std::set<std::string> reasons;
  Reading reading;
  reading.closing_words = {"小计"};
  const auto contracts = warehouse::ContractSet::create(AssetStore());
  EXPECT_TRUE(contracts.has_value());
  for (const auto& contract : contracts->all()) {
    for (const auto& field : contract.fields) {
      for (const auto* type : {"VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP"}) {
        const ColumnRef column{"c", type, "c", ""};
        if (!can_hold(column, field, {})) continue;
        for (const auto& rule : rules_of(field, {}, column, "f", reading)) reasons.insert(rule.reason);
      }
    }
  }
  return reasons;
}

TEST(Reasons, EachIsToldInBothLanguages) {
  auto reasons = reasons_of_values();
  EXPECT_GE(reasons.size(), 14U) << "all kinds of fields were asked";
  // Of records rather than values: what ingest::Source, find_duplicates() and the reader of JSON lines call them.
  for (const auto* reason :
       {"conflicting_duplicate", "too_few_columns", "too_many_columns", "broken_quote", "unreadable_record",
        "broken_json", "json_not_object", "json_name_twice", "json_no_text", "json_too_large"})
    reasons.insert(reason);
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto texts = Texts::create(AssetStore(), language);
    ASSERT_TRUE(texts.has_value());
    for (const auto& reason : reasons) {
      EXPECT_TRUE(texts->has("code.rejection." + reason)) << reason;
      EXPECT_TRUE(texts->has("ingest.reason_" + reason)) << reason;
    }
  }
}

}  // namespace
}  // namespace fenqun::ingest
