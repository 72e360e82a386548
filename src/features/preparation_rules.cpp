// features/preparation_rules.cpp
#include "features/preparation_rules.hpp"

#include "base/file.hpp"
#include "base/settings.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace fenqun::features {
namespace {

constexpr const char* kPath = "config/preparation/preparation.yaml";
constexpr const char* kImputed = "customer";  // the entity whose fields a rule may fill

tl::unexpected<Error> wrong(const Settings& node, const std::string& key, const std::string& value,
                            const std::string& expected) {
  return node.refuse("base.setting_wrong", {{"key", key}, {"value", value}, {"expected", expected}});
}

Result<BilingualText> read_bilingual(const Settings& node) {
  FENQUN_CHECK(node.allow_only({"zh", "en"}));
  BilingualText out;
  FENQUN_TRY(out.zh, node.text("zh"));
  FENQUN_TRY(out.en, node.text("en"));
  return out;
}

Result<BilingualText> read_bilingual(const Settings& node, std::string_view key) {
  FENQUN_TRY(const auto child, node.child(key));
  return read_bilingual(child);
}

Result<warehouse::Sensitivity> read_sensitivity(const Settings& node) {
  using warehouse::Sensitivity;
  FENQUN_TRY(const auto word, node.text("highest_sensitivity"));
  std::string expected;
  for (const auto value : {Sensitivity::Public, Sensitivity::Internal, Sensitivity::Personal, Sensitivity::Sensitive}) {
    if (name_of(value) == word) return value;
    expected += (expected.empty() ? "" : ", ") + std::string(name_of(value));
  }
  return wrong(node, "highest_sensitivity", word, expected);
}

// "customer.industry" of the contracts, in two.
Result<std::pair<std::string, std::string>> read_field(const Settings& node, const std::string& name,
                                                       const warehouse::ContractSet& contracts) {
  const auto dot = name.find('.');
  const auto entity = name.substr(0, dot);
  const auto field = dot == std::string::npos ? "" : name.substr(dot + 1);
  const auto* contract = contracts.find(entity);
  if (contract == nullptr || contract->find(field) == nullptr) {
    return node.refuse("features.no_field", {{"value", name}});
  }
  return std::pair(entity, field);
}

Result<void> read_select(const Settings& node, const warehouse::ContractSet& contracts, PreparationRules& rules) {
  FENQUN_CHECK(node.allow_only({"highest_sensitivity", "exceptions", "mostly_empty_share"}));
  FENQUN_TRY(rules.highest_sensitivity, read_sensitivity(node));
  FENQUN_TRY(rules.mostly_empty_share, node.number("mostly_empty_share"));
  if (rules.mostly_empty_share < 0 || rules.mostly_empty_share > 1) {
    return wrong(node, "mostly_empty_share", std::to_string(rules.mostly_empty_share), "0..1");
  }
  const auto exceptions = node.find("exceptions");
  if (!exceptions) return {};
  FENQUN_TRY(const auto entries, exceptions->entries());
  for (const auto& [name, reason] : entries) {
    FENQUN_CHECK(read_field(reason, name, contracts));
    FENQUN_TRY(rules.exceptions[name], read_bilingual(reason));
  }
  return {};
}

Result<ImputationRule> read_imputation(const Settings& node, const warehouse::ContractSet& contracts) {
  FENQUN_CHECK(node.allow_only({"rule", "field", "title", "value", "count"}));
  ImputationRule rule;
  FENQUN_TRY(rule.name, node.text("rule"));
  FENQUN_TRY(rule.title, read_bilingual(node, "title"));
  FENQUN_TRY(const auto name, node.text("field"));
  FENQUN_TRY(std::tie(rule.entity, rule.field), read_field(node, name, contracts));
  FENQUN_TRY(rule.value, node.text("value", ""));
  FENQUN_TRY(rule.count, node.text("count", ""));
  if (rule.value.empty() == rule.count.empty() || (!rule.value.empty() && rule.entity != kImputed)) {
    return node.refuse("features.no_imputation", {{"rule", rule.name}});
  }
  return rule;
}

Result<OutlierRule> read_outlier(const Settings& node) {
  FENQUN_CHECK(node.allow_only({"rule", "title", "found"}));
  OutlierRule rule;
  FENQUN_TRY(rule.name, node.text("rule"));
  FENQUN_TRY(rule.title, read_bilingual(node, "title"));
  FENQUN_TRY(rule.found, node.text("found"));
  return rule;
}

Result<ComparabilityRule> read_comparability(const Settings& node) {
  FENQUN_CHECK(node.allow_only({"code", "reason", "when"}));
  ComparabilityRule rule;
  FENQUN_TRY(rule.code, node.text("code"));
  FENQUN_TRY(rule.reason, read_bilingual(node, "reason"));
  FENQUN_TRY(rule.when, node.text("when"));
  return rule;
}

template <class Read, class Rule>
Result<void> read_list(const Settings& root, std::string_view key, const Read& read, std::string Rule::*name,
                       std::vector<Rule>& out) {
  const auto list = root.find(key);
  if (!list) return {};
  FENQUN_TRY(const auto nodes, list->items());
  for (const auto& node : nodes) {
    FENQUN_TRY(Rule rule, read(node));
    if (std::any_of(out.begin(), out.end(), [&](const Rule& other) { return other.*name == rule.*name; })) {
      return node.refuse("features.rule_twice", {{"rule", rule.*name}});
    }
    out.push_back(std::move(rule));
  }
  return {};
}

}  // namespace

Result<PreparationRules> PreparationRules::create(const AssetStore& assets, const warehouse::ContractSet& contracts) {
  FENQUN_TRY(const auto asset, assets.read(kPath));
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  FENQUN_CHECK(root.allow_only({"select", "settings", "imputation", "outliers", "not_comparable"}));
  PreparationRules out;
  out.origin = asset.origin;
  FENQUN_TRY(const auto select, root.child("select"));
  FENQUN_CHECK(read_select(select, contracts, out));
  if (const auto settings = root.find("settings")) {
    FENQUN_TRY(const auto entries, settings->entries());
    for (const auto& [name, node] : entries) {
      FENQUN_TRY(const auto value, settings->integer(name));
      out.settings[name] = std::to_string(value);
    }
  }
  FENQUN_CHECK(read_list(
      root, "imputation", [&](const Settings& node) { return read_imputation(node, contracts); }, &ImputationRule::name,
      out.imputation));
  FENQUN_CHECK(read_list(root, "outliers", read_outlier, &OutlierRule::name, out.outliers));
  FENQUN_CHECK(read_list(root, "not_comparable", read_comparability, &ComparabilityRule::code, out.not_comparable));
  return out;
}

bool PreparationRules::allows(const std::string& entity, const warehouse::Field& field) const {
  return field.sensitivity <= highest_sensitivity || exceptions.contains(entity + "." + field.name);
}

std::string PreparationRules::fingerprint() const {
  std::string all = std::to_string(mostly_empty_share);
  const auto add = [&all](std::string_view text) { all.append(text).append("\x1f"); };
  add(name_of(highest_sensitivity));
  for (const auto& [name, reason] : exceptions) add(name);
  for (const auto& [name, value] : settings) add(name + "=" + value);
  for (const auto& rule : imputation)
    add(rule.name + ":" + rule.entity + "." + rule.field + ":" + rule.value + rule.count);
  for (const auto& rule : outliers) add(rule.name + ":" + rule.found);
  for (const auto& rule : not_comparable) add(rule.code + ":" + rule.when);
  return hash_text(all);
}

}  // namespace fenqun::features
