// tests/unit/ingest/mapping_test.cpp
#include "ingest/mapping.hpp"

#include "base/near_names.hpp"
#include "base/texts.hpp"

#include <gtest/gtest.h>

namespace fenqun::ingest {
namespace {

class MappingTest : public ::testing::Test {
 protected:
  Result<Mapping> read(const std::string& yaml) const {
    return read_mapping({"m.yaml", "m.yaml", yaml}, "m", contracts_);
  }

  void expect_wrong(const std::string& yaml, const std::string& key, const std::string& line) const {
    const auto mapping = read(yaml);
    ASSERT_FALSE(mapping.has_value()) << yaml;
    EXPECT_EQ(mapping.error().code, ErrorCode::BadData);
    EXPECT_EQ(mapping.error().line.key, key) << yaml;
    EXPECT_EQ(mapping.error().arg("file"), "m.yaml");
    EXPECT_EQ(mapping.error().arg("line"), line) << yaml;
  }

  AssetStore assets_;
  warehouse::ContractSet contracts_ = *warehouse::ContractSet::create(assets_);
};

constexpr const char* kCustomer = R"(
load:
  - entity: customer
    fields:
      customer_id: 户号
      category: {constant: residential}
)";

TEST_F(MappingTest, EveryShippedMappingIsRight) {
  const auto paths = assets_.list("config/mappings", ".yaml");
  EXPECT_GE(paths.size(), 5U);
  for (const auto& path : paths) {
    const auto mapping = read_mapping(*assets_.read(path), path, contracts_);
    EXPECT_TRUE(mapping.has_value()) << path << " " << mapping.error().line.key << " " << mapping.error().arg("line");
  }
}

TEST_F(MappingTest, ReadsEveryKindOfSource) {
  const auto mapping = read(R"(
source: {format: csv, delimiter: ";", encoding: gb18030, skip_lines: 2}
max_rejected_share: 0.25
load:
  - entity: bill
    where: {column: 状态, equals: 已发行}
    fields:
      bill_id: {join: [customer_id, month, {occurrence_of: [customer_id, month]}], separator: "/"}
      customer_id: {column: [户号, 用户编号]}
      month: {month_of: 日期, format: "%Y%m%d"}
      energy_kwh: {column: 电量, unit: MWh}
      amount_cny: {column: 电费, multiply: 0.01, values: {"-": null, "零": "0"}}
)");
  ASSERT_TRUE(mapping.has_value()) << mapping.error().line.key;
  EXPECT_EQ(mapping->source.delimiter, ';');
  EXPECT_EQ(mapping->source.encoding, reader::Encoding::Gb18030);
  EXPECT_EQ(mapping->max_rejected_share, 0.25);
  const auto& entry = mapping->load.front();
  EXPECT_EQ(entry.where->equals, "已发行");
  ASSERT_EQ(entry.fields.size(), 5U);
  EXPECT_EQ(entry.fields[0].source.kind, FieldSource::Kind::Join);
  EXPECT_EQ(entry.fields[0].source.text, "/");
  EXPECT_EQ(entry.fields[1].source.columns, (std::vector<std::string>{"户号", "用户编号"}));
  EXPECT_EQ(entry.fields[2].source.formats, std::vector<std::string>{"%Y%m%d"});
  EXPECT_EQ(entry.fields[3].source.factor, "1000");
  EXPECT_EQ(entry.fields[4].source.factor, "0.01");
  EXPECT_EQ(entry.fields[4].source.values[0].second, std::nullopt);
}

TEST_F(MappingTest, HashFollowsTheText) {
  EXPECT_EQ(read(kCustomer)->hash, read(kCustomer)->hash);
  EXPECT_NE(read(kCustomer)->hash, read(std::string(kCustomer) + "# more\n")->hash);
}

TEST_F(MappingTest, NamesAnUnknownFieldWithTheNearOnes) {
  const auto mapping = read("load:\n  - entity: bill\n    fields:\n      bill_id: a\n      energy_kw: b\n");
  ASSERT_FALSE(mapping.has_value());
  EXPECT_EQ(mapping.error().line.key, "ingest.mapping_unknown_field");
  EXPECT_EQ(mapping.error().arg("line"), "5");
  EXPECT_EQ(mapping.error().arg("field"), "energy_kw");
  EXPECT_TRUE(mapping.error().arg("near").starts_with("energy_kwh")) << mapping.error().arg("near");
}

TEST_F(MappingTest, RefusesWhatCannotBe) {
  expect_wrong("load:\n  - entity: bil\n", "ingest.mapping_unknown_entity", "2");
  expect_wrong("load:\n  - entity: customer\n    fields: {customer_id: a}\n", "ingest.mapping_required", "2");
  expect_wrong("load:\n  - entity: customer\n    fields:\n      customer_id: a\n      category: {constant: house}\n",
               "ingest.mapping_constant", "5");
  expect_wrong(
      "load:\n  - entity: reading_day\n    fields:\n      customer_id: a\n      day: b\n      energy_kwh: {column: c, "
      "unit: m3}\n",
      "ingest.mapping_unit", "6");
  expect_wrong(
      "load:\n  - entity: customer\n    fields:\n      customer_id: {column: a, format: \"%Y\"}\n      category: b\n",
      "ingest.mapping_format", "4");
  expect_wrong(
      "load:\n  - entity: payment\n    fields:\n      payment_id: {join: [bill_id]}\n      customer_id: a\n      "
      "paid_on: b\n      amount_cny: c\n",
      "ingest.mapping_join", "2");
  expect_wrong(
      std::string(kCustomer) + "  - entity: customer\n    distinct: true\n    fields: {customer_id: a, category: b}\n",
      "ingest.mapping_distinct", "7");
  expect_wrong("load:\n  - entity: customer\n    where: {column: a, equals: b, filled: true}\n", "base.setting_wrong",
               "3");
  expect_wrong("load:\n  - entity: customer\n    wide: {name_to: customer_no}\n", "ingest.mapping_unknown_field", "3");
  expect_wrong(
      "load:\n  - entity: customer\n    wide: {name_to: customer_id}\n    fields: {customer_id: a, category: b}\n",
      "ingest.mapping_field_twice", "4");
  expect_wrong("load:\n  - entity: customer\n    feilds: {}\n", "base.setting_unknown", "3");
  expect_wrong("source: {encoding: latin-1}\nload: []\n", "base.setting_wrong", "1");
  expect_wrong("source: {header: false}\nload: []\n", "base.setting_missing", "1");
  expect_wrong("max_rejected_share: 7\nload: []\n", "base.setting_wrong", "1");
  expect_wrong("load: []\n", "base.setting_missing", "1");
}

TEST_F(MappingTest, RefusesCellsAndSeriesThatDoNotFit) {
  const auto hour = [](const std::string& begins_at, const std::string& wide = "") {
    return "load:\n  - entity: reading_hour\n    fields:\n      customer_id: a\n      energy_kwh: b\n      "
           "begins_at: " +
           begins_at + "\n" + wide;
  };
  expect_wrong(hour("{date: c}"), "ingest.mapping_composed", "6");
  expect_wrong(hour("{month: c, day: d}"), "ingest.mapping_composed", "6");
  expect_wrong(hour("{date: c, time: cell_name}"), "ingest.mapping_series", "2");
  expect_wrong(hour("{date: c, time: cell_name}", "    wide: {columns: days}\n"), "ingest.mapping_series", "2");
  expect_wrong(hour("{date: c, time: cell_name}", "    wide: {columns: [x, y]}\n"), "ingest.mapping_series", "2");
  expect_wrong(hour("{date: c, time: cell_name, every: hour}", "    wide: {columns: hours}\n"), "base.setting_unknown",
               "6");
  expect_wrong(hour("{date: c, time: cell_name}", "    wide: {columns: weeks}\n"), "base.setting_wrong", "7");
  expect_wrong(hour("{date: c, time: d, stamp: middle}"), "base.setting_wrong", "6");
  expect_wrong(hour("{date: c, time: d, stamp: end}"), "base.setting_missing", "6");
  expect_wrong(hour("{date: c, time: d, every: day}"), "base.setting_wrong", "6");
  expect_wrong(hour("{cell: name}"), "ingest.mapping_cell", "2");
  expect_wrong(hour("{cell: both}", "    wide: {columns: hours}\n"), "base.setting_wrong", "6");
  expect_wrong(
      "load:\n  - entity: reading_day\n    fields:\n      customer_id: a\n      energy_kwh: b\n      day: {column: c, "
      "stamp: end, every: hour}\n",
      "ingest.mapping_stamp", "6");
}

TEST_F(MappingTest, ReadsWhatMeansNoValue) {
  const auto read_empty = [&](const std::string& yaml) { return read(yaml + kCustomer)->empty; };
  EXPECT_EQ(read_empty(""), std::nullopt);
  EXPECT_EQ(read_empty("empty: []"), std::vector<std::string>());
  EXPECT_EQ(read_empty("empty: [\"-\", 无]"), (std::vector<std::string>{"-", "无"}));
}

TEST_F(MappingTest, FindsMappingsByNameAndByPath) {
  EXPECT_EQ(find_mapping("powerco_client", assets_, contracts_)->name, "powerco_client");
  const auto missing = find_mapping("powerco_clients", assets_, contracts_);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
  EXPECT_TRUE(missing.error().arg("known").starts_with("powerco_client"));
  EXPECT_FALSE(find_mapping("no/such.yaml", assets_, contracts_).has_value());
}

TEST_F(MappingTest, CanonicalTakesFieldsByTheirNames) {
  const auto& contract = *contracts_.find("calendar_day");
  const auto mapping = canonical_mapping(contract, {"is_holiday", "other", "day"});
  ASSERT_EQ(mapping.load.size(), 1U);
  ASSERT_EQ(mapping.load[0].fields.size(), 2U);
  EXPECT_EQ(mapping.load[0].fields[0].field, "day");
}

TEST(NearNames, PutsTheNearestFirst) {
  EXPECT_EQ(near_names("custmer_id", {"bill_id", "customer_name", "customer_id"}), "customer_id");
  EXPECT_EQ(near_names("用户编码", {"户名", "用户编号", "电量"}), "用户编号");
  EXPECT_EQ(near_names("zzz", {"a", "b"}), "a, b") << "nothing near: all";
  std::vector<std::string> many(100, "n");
  EXPECT_TRUE(name_list(many).ends_with("... (+60)"));
}

}  // namespace
}  // namespace fenqun::ingest
