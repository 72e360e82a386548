// tests/unit/delivery/pipeline_test.cpp - what was written in a hundred ways is loaded as what it was: the workspace
// holds exactly the rows of the clean utility, but for those whose fate the manifest tells.
#include "loaded.hpp"

namespace fenqun::delivery {
namespace {

/// Rows of a delivery that did not come as they were, and stayed so.
Keys expected_lost(const DeliverySpec& spec, const std::vector<DeliverySpec>& plan, const std::vector<Item>& items) {
  Keys out;
  for (const auto& item : items) {
    const bool is_swollen = item.fault == "spike" || item.fault == "rollover";
    const bool is_gone = item.fate == "rejected" || item.fate == "absent";
    if (item.file == spec.file && (is_gone || is_swollen)) out.insert(item.key);
  }
  for (const auto& later : plan) {
    if (!later.again || later.again->from != spec.file) continue;
    for (const auto& item : items) {
      if (item.file != later.file) continue;
      if (item.fault == "repaired_later") out.erase(item.key);
      if (item.fate == "superseded") out.insert(item.key);
    }
  }
  return out;
}

TEST_F(Loaded, EveryRowIsThereInEveryFieldAsItWasOrTheManifestSaysWhyNot) {
  int compared = 0;
  for (const auto& spec : plan_) {
    if (spec.again || !spec.same_as.empty() || spec.is_cut || !spec.lacks.empty()) continue;
    const auto& contract = *contracts().find(spec.entity);
    std::string fields;
    const auto list = utility_->fields_of(spec);
    ASSERT_TRUE(list.has_value());
    for (const auto* field : *list) fields += (fields.empty() ? "" : ", ") + field->name;
    Keys lost;
    const auto sheets = spec.sheets.empty() ? std::vector<SheetSpec>(1) : spec.sheets;
    for (const auto& sheet : sheets) {
      auto rows = utility_->rows_of(spec, sheet);
      rows.replace(rows.find('"') + 1, 0, "clean_");
      const auto sql = fmt::format("SELECT {} FROM (SELECT {} {} EXCEPT SELECT {} FROM {})", key_sql(contract), fields,
                                   rows, fields, spec.entity);
      lost.merge(ask(sql));
    }
    EXPECT_EQ(lost, expected_lost(spec, plan_, items_)) << spec.file;
    ++compared;
  }
  EXPECT_GT(compared, 30);
}

TEST_F(Loaded, NothingIsThereThatNobodySentButOrphans) {
  int orphans = 0;
  for (const auto& contract : contracts().all()) {
    Keys expected;
    for (const auto& item : items_) {
      if (item.entity == contract.entity && item.fault == "orphan") expected.insert(item.key);
    }
    orphans += static_cast<int>(expected.size());
    const auto key = key_sql(contract);
    EXPECT_EQ(ask(fmt::format("SELECT {} FROM {} EXCEPT SELECT {} FROM clean_{}", key, contract.entity, key,
                              contract.entity)),
              expected)
        << contract.entity;
  }
  EXPECT_GT(orphans, 5);
}

TEST_F(Loaded, CorrectionsTookThePlaceOfTheOldRows) {
  int corrected = 0;
  for (const auto& spec : plan_) {
    if (!spec.again || spec.again->changed == 0) continue;
    const auto& contract = *contracts().find(spec.entity);
    Keys expected;
    for (const auto& item : items_) {
      if (item.file == spec.file && item.fate == "superseded") expected.insert(item.key);
    }
    corrected += static_cast<int>(expected.size());
    Keys changed;
    const auto other =
        ask(fmt::format("SELECT {0} FROM {1} w JOIN clean_{1} c USING ({2}) WHERE w.{3} IS DISTINCT FROM c.{3}",
                        contract.key.front(), contract.entity, contract.key.front(), spec.again->field));
    std::set_intersection(other.begin(), other.end(), expected.begin(), expected.end(),
                          std::inserter(changed, changed.end()));
    EXPECT_EQ(changed, expected) << spec.file;
  }
  EXPECT_GT(corrected, 10);
}

}  // namespace
}  // namespace fenqun::delivery
