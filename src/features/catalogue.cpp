// features/catalogue.cpp
#include "features/catalogue.hpp"

#include "base/file.hpp"
#include "base/settings.hpp"
#include "features/sql_template.hpp"
#include "warehouse/contract.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <utility>

namespace fenqun::features {
namespace {

template <class T, std::size_t N>
using Words = std::array<std::pair<std::string_view, T>, N>;

constexpr Words<FeatureType, 3> kTypes = {
    {{"number", FeatureType::Number}, {"category", FeatureType::Category}, {"flag", FeatureType::Flag}}};
constexpr Words<FeatureKind, 3> kKinds = {
    {{"value", FeatureKind::Value}, {"behaviour", FeatureKind::Behaviour}, {"need", FeatureKind::Need}}};
constexpr Words<FeatureTag, 3> kTags = {
    {{"social", FeatureTag::Social}, {"economic", FeatureTag::Economic}, {"behaviour", FeatureTag::Behaviour}}};
constexpr std::array<std::string_view, 15> kUnits = {"",        "CNY",   "kWh",    "kV",    "kVA",
                                                     "kW",      "share", "ratio",  "days",  "hours",
                                                     "minutes", "times", "months", "years", "score"};
constexpr std::int64_t kLongestWindow = 120;

template <class T, std::size_t N>
Result<T> read_word(const Settings& node, std::string_view key, const Words<T, N>& words) {
  FENQUN_TRY(const auto word, node.text(key));
  std::string expected;
  for (const auto& [name, value] : words) {
    if (name == word) return value;
    expected += (expected.empty() ? "" : ", ") + std::string(name);
  }
  return node.refuse("base.setting_wrong", {{"key", std::string(key)}, {"value", word}, {"expected", expected}});
}

Result<BilingualText> read_bilingual(const Settings& node, std::string_view key) {
  FENQUN_TRY(const auto child, node.child(key));
  FENQUN_CHECK(child.allow_only({"zh", "en"}));
  BilingualText out;
  FENQUN_TRY(out.zh, child.text("zh"));
  FENQUN_TRY(out.en, child.text("en"));
  return out;
}

bool is_column_name(std::string_view name) {
  return !name.empty() && std::islower(static_cast<unsigned char>(name.front())) != 0 &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_'; });
}

Result<void> check_entities(const Settings& node, const std::vector<std::string>& entities,
                            const warehouse::ContractSet& contracts) {
  for (const auto& entity : entities) {
    if (contracts.find(entity) == nullptr) return node.refuse("features.no_entity", {{"value", entity}});
  }
  return {};
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What is kept for a month must not depend on facts of another one.
Result<void> check_by_month(const Settings& node, const Intermediate& table, const std::vector<Intermediate>& before,
                            const warehouse::ContractSet& contracts) {
  const auto refuse = [&](const std::string& value) {
    return node.refuse("features.no_month", {{"table", table.name}, {"value", value}});
  };
  const auto is_fact = [&](const std::string& entity) {
    return contracts.find(entity)->kind == warehouse::EntityKind::Fact;
  };
  for (const auto& entity : table.by_month) {
    if (table.is_view || !holds(table.entities, entity) || !is_fact(entity)) return refuse(entity);
  }
  for (const auto& [entity, column] : table.counts) {
    if (!holds(table.by_month, entity)) return refuse(entity);
  }
  for (const auto& entity : table.entities) {
    if (!table.by_month.empty() && !holds(table.by_month, entity) && is_fact(entity)) return refuse(entity);
  }
  for (const auto& name : table.tables) {
    const auto found =
        std::find_if(before.begin(), before.end(), [&](const Intermediate& other) { return other.name == name; });
    if (table.by_month.empty() || found == before.end() || found->by_month.empty()) return refuse(name);
  }
  return {};
}

// "bill.amount_cny": entity and field of a contract; the entity alone stands for its rows.
const warehouse::Field* find_field(const std::string& source, const warehouse::ContractSet& contracts) {
  const auto dot = source.find('.');
  const auto* contract = contracts.find(source.substr(0, dot));
  return contract == nullptr || dot == std::string::npos ? nullptr : contract->find(source.substr(dot + 1));
}

/// Also takes the names of its values over from the contract.
Result<void> check_sources(const Settings& node, Feature& feature, const Family& family,
                           const warehouse::ContractSet& contracts, const PreparationRules& rules) {
  for (const auto& source : feature.sources) {
    const auto entity = source.substr(0, source.find('.'));
    const bool listed = std::find(family.entities.begin(), family.entities.end(), entity) != family.entities.end();
    const bool whole = entity == source && contracts.find(entity) != nullptr;
    if (!listed || (!whole && find_field(source, contracts) == nullptr)) {
      return node.refuse("features.no_source", {{"feature", feature.name}, {"value", source}});
    }
    const auto* field = whole ? nullptr : find_field(source, contracts);
    if (field != nullptr && !rules.allows(entity, *field)) {
      return node.refuse("features.sensitive_source", {{"feature", feature.name},
                                                       {"value", source},
                                                       {"sensitivity", std::string(name_of(field->sensitivity))},
                                                       {"rules", rules.origin}});
    }
  }
  const auto* codes = feature.codes.empty() ? nullptr : find_field(feature.codes, contracts);
  if (!feature.codes.empty() && (codes == nullptr || codes->type != warehouse::FieldType::Code)) {
    return node.refuse("features.no_source", {{"feature", feature.name}, {"value", feature.codes}});
  }
  if (codes != nullptr) {
    for (const auto& value : codes->codes) feature.value_names.emplace(value.code, value.title);
  }
  return {};
}

Result<Feature> read_feature(const Settings& node, const Family& family) {
  FENQUN_CHECK(node.allow_only({"name", "type", "title", "meaning", "missing", "unit", "window", "kind", "tag",
                                "sources", "codes", "values", "in_portrait"}));
  Feature feature;
  feature.family = family.name;
  FENQUN_TRY(feature.name, node.text("name"));
  if (!is_column_name(feature.name) || feature.name == "customer_id" || feature.name == "as_of") {
    return node.refuse("base.setting_wrong",
                       {{"key", "name"}, {"value", feature.name}, {"expected", "[a-z][a-z0-9_]*"}});
  }
  FENQUN_TRY(feature.type, read_word(node, "type", kTypes));
  FENQUN_TRY(feature.title, read_bilingual(node, "title"));
  FENQUN_TRY(feature.meaning, read_bilingual(node, "meaning"));
  FENQUN_TRY(feature.missing, read_bilingual(node, "missing"));
  FENQUN_TRY(feature.unit, node.text("unit", ""));
  if (std::find(kUnits.begin(), kUnits.end(), feature.unit) == kUnits.end()) {
    std::string expected;
    for (const auto unit : kUnits) expected += (expected.empty() ? "" : ", ") + std::string(unit);
    return node.refuse("base.setting_wrong", {{"key", "unit"}, {"value", feature.unit}, {"expected", expected}});
  }
  FENQUN_TRY(const auto window, node.integer("window", 0));
  if (window < 0 || window > kLongestWindow) {
    return node.refuse("base.setting_wrong",
                       {{"key", "window"}, {"value", std::to_string(window)}, {"expected", "0..120"}});
  }
  feature.window_months = static_cast<int>(window);
  FENQUN_TRY(feature.kind, read_word(node, "kind", kKinds));
  FENQUN_TRY(feature.tag, read_word(node, "tag", kTags));
  FENQUN_TRY(feature.sources, node.texts("sources"));
  FENQUN_TRY(feature.codes, node.text("codes", ""));
  if (const auto values = node.find("values")) {
    FENQUN_TRY(const auto entries, values->entries());
    for (const auto& [code, names] : entries) {
      FENQUN_TRY(auto title, read_bilingual(*values, code));
      feature.value_names.emplace(code, std::move(title));
    }
  }
  FENQUN_TRY(feature.in_portrait, node.boolean("in_portrait", true));
  return feature;
}

// The query without white space and semicolon at its end; a faulty placeholder is found here, not at the first use.
Result<std::string> read_sql(const AssetStore& assets, const std::string& path,
                             const std::vector<std::string>& entities, const PreparationRules& rules,
                             std::string& origin) {
  FENQUN_TRY(auto asset, assets.read(path));
  origin = asset.origin;
  TemplateValues probe;
  probe.settings = rules.settings;
  probe.known.insert(entities.begin(), entities.end());
  FENQUN_CHECK(fill_template(asset.text, asset.origin, probe));
  const auto last = asset.text.find_last_not_of(" \t\r\n;");
  asset.text.resize(last == std::string::npos ? 0 : last + 1);
  return asset.text;
}

// Without a word on it, a family needs all of its features, and one to say anything.
Result<Needs> read_needs(const Settings& root, const std::vector<std::string>& entities) {
  Needs needs;
  needs.have = "${present}";
  needs.partial = 1;
  needs.unit = "fields";
  needs.title = {"有值的特征数", "Features with a value"};
  const auto node = root.find("needs");
  if (!node) return needs;
  FENQUN_CHECK(node->allow_only({"have", "full", "partial", "unit", "title"}));
  FENQUN_TRY(needs.have, node->text("have"));
  FENQUN_TRY(needs.full, node->integer("full"));
  FENQUN_TRY(needs.partial, node->integer("partial"));
  FENQUN_TRY(needs.unit, node->text("unit"));
  FENQUN_TRY(needs.title, read_bilingual(*node, "title"));
  if (needs.partial < 1 || needs.full < needs.partial) {
    return node->refuse("base.setting_wrong",
                        {{"key", "full, partial"},
                         {"value", std::to_string(needs.full) + ", " + std::to_string(needs.partial)},
                         {"expected", "full >= partial >= 1"}});
  }
  TemplateValues probe;
  probe.known.insert(entities.begin(), entities.end());
  FENQUN_CHECK(fill_template(with_present(needs.have, "0"), node->origin(), probe));
  return needs;
}

struct FamilyFile {
  std::string origin;
  Family family;
  std::vector<std::pair<Feature, int>> features;  // with the line where each stands
};

Result<FamilyFile> read_family(const AssetStore& assets, const std::string& path,
                               const warehouse::ContractSet& contracts, const PreparationRules& rules) {
  FENQUN_TRY(const auto asset, assets.read(path));
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  FENQUN_CHECK(root.allow_only({"family", "position", "title", "entities", "needs", "features"}));
  FamilyFile out;
  out.origin = asset.origin;
  auto& family = out.family;
  FENQUN_TRY(family.name, root.text("family"));
  const auto stem = std::filesystem::path(path).stem().string();
  if (family.name != stem) {
    return root.refuse("base.setting_wrong", {{"key", "family"}, {"value", family.name}, {"expected", stem}});
  }
  FENQUN_TRY(const auto position, root.integer("position"));
  family.position = static_cast<int>(position);
  FENQUN_TRY(family.title, read_bilingual(root, "title"));
  FENQUN_TRY(family.entities, root.texts("entities"));
  FENQUN_CHECK(check_entities(root, family.entities, contracts));
  FENQUN_TRY(family.needs, read_needs(root, family.entities));
  FENQUN_TRY(const auto list, root.child("features"));
  FENQUN_TRY(const auto nodes, list.items());
  for (const auto& node : nodes) {
    FENQUN_TRY(auto feature, read_feature(node, family));
    FENQUN_CHECK(check_sources(node, feature, family, contracts, rules));
    out.features.emplace_back(std::move(feature), node.line());
  }
  if (family.needs.full == 0) family.needs.full = std::max<std::int64_t>(1, std::ssize(out.features));
  FENQUN_TRY(family.sql,
             read_sql(assets, "config/features/" + family.name + ".sql", family.entities, rules, family.origin));
  return out;
}

Result<std::vector<Intermediate>> read_intermediates(const AssetStore& assets, const warehouse::ContractSet& contracts,
                                                     const PreparationRules& rules) {
  const std::string folder = "config/features/intermediate/";
  FENQUN_TRY(const auto asset, assets.read(folder + "tables.yaml"));
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  FENQUN_TRY(const auto nodes, root.items());
  std::vector<Intermediate> out;
  for (const auto& node : nodes) {
    FENQUN_CHECK(node.allow_only({"name", "meaning", "entities", "by_month", "tables", "counts", "view"}));
    Intermediate table;
    FENQUN_TRY(table.name, node.text("name"));
    FENQUN_TRY(table.meaning, read_bilingual(node, "meaning"));
    FENQUN_TRY(table.entities, node.texts("entities"));
    FENQUN_CHECK(check_entities(node, table.entities, contracts));
    FENQUN_TRY(table.by_month, node.texts("by_month"));
    FENQUN_TRY(table.tables, node.texts("tables"));
    FENQUN_TRY(table.is_view, node.boolean("view", false));
    if (const auto counts = node.find("counts")) {
      FENQUN_TRY(const auto entries, counts->entries());
      for (const auto& [entity, column] : entries) {
        FENQUN_TRY(table.counts[entity], column.text());
      }
    }
    FENQUN_CHECK(check_by_month(node, table, out, contracts));
    FENQUN_TRY(table.sql, read_sql(assets, folder + table.name + ".sql", table.entities, rules, table.origin));
    out.push_back(std::move(table));
  }
  return out;
}

}  // namespace

Result<FeatureCatalogue> FeatureCatalogue::create(const AssetStore& assets) {
  FENQUN_TRY(const auto contracts, warehouse::ContractSet::create(assets));
  FeatureCatalogue out;
  FENQUN_TRY(out.rules_, PreparationRules::create(assets, contracts));
  std::vector<FamilyFile> files;
  for (const auto& path : assets.list("config/features", ".yaml")) {
    FENQUN_TRY(auto file, read_family(assets, path, contracts, out.rules_));
    files.push_back(std::move(file));
  }
  std::stable_sort(files.begin(), files.end(),
                   [](const FamilyFile& a, const FamilyFile& b) { return a.family.position < b.family.position; });
  for (auto& file : files) {
    for (auto& [feature, line] : file.features) {
      if (out.find(feature.name) != nullptr) {
        return fail(ErrorCode::BadData, "features.feature_twice",
                    {{"file", file.origin}, {"line", std::to_string(line)}, {"feature", feature.name}});
      }
      out.features_.push_back(std::move(feature));
    }
    out.families_.push_back(std::move(file.family));
  }
  FENQUN_TRY(out.intermediates_, read_intermediates(assets, contracts, out.rules_));
  FENQUN_TRY(out.references_, read_references(assets));
  FENQUN_TRY(const auto macros, assets.read("config/features/macros/duckdb.sql"));
  out.macros_ = macros.text;
  return out;
}

const Feature* FeatureCatalogue::find(std::string_view name) const {
  const auto found = std::find_if(features_.begin(), features_.end(), [&](const Feature& f) { return f.name == name; });
  return found == features_.end() ? nullptr : &*found;
}

std::string FeatureCatalogue::fingerprint() const {
  std::string all = macros_;
  const auto add = [&all](std::string_view text) { all.append(text).append("\x1f"); };
  for (const auto& table : intermediates_) add(table.name + ":" + table.sql);
  for (const auto& family : families_) {
    add(family.name + ":" + family.sql);
    add(family.needs.have + ":" + std::to_string(family.needs.full) + ":" + std::to_string(family.needs.partial));
  }
  add(rules_.fingerprint());
  for (const auto& feature : features_) add(feature.name + ":" + std::to_string(static_cast<int>(feature.type)));
  for (const auto& table : references_) {
    add(table.name);
    for (const auto& column : table.columns) add(column.name + ":" + std::to_string(static_cast<int>(column.type)));
    for (const auto& row : table.rows) {
      for (const auto& cell : row) add(cell);
    }
  }
  return hash_text(all);
}

}  // namespace fenqun::features
