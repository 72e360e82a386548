// warehouse/contract.cpp
#include "warehouse/contract.hpp"

#include "base/settings.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fenqun::warehouse {
namespace {

constexpr std::array<std::pair<std::string_view, FieldType>, 9> kTypes = {{{"id", FieldType::Id},
                                                                           {"text", FieldType::Text},
                                                                           {"code", FieldType::Code},
                                                                           {"date", FieldType::Date},
                                                                           {"timestamp", FieldType::Timestamp},
                                                                           {"month", FieldType::Month},
                                                                           {"integer", FieldType::Integer},
                                                                           {"decimal", FieldType::Decimal},
                                                                           {"boolean", FieldType::Boolean}}};

Result<FieldType> read_type(const Settings& field) {
  FENQUN_TRY(const auto word, field.text("type"));
  for (const auto& [name, type] : kTypes) {
    if (name == word) return type;
  }
  return field.refuse("warehouse.contract_type", {{"value", word}});
}

Result<Sensitivity> read_sensitivity(const Settings& field) {
  FENQUN_TRY(const auto word, field.text("sensitivity", "public"));
  if (word == "public") return Sensitivity::Public;
  if (word == "internal") return Sensitivity::Internal;
  if (word == "personal") return Sensitivity::Personal;
  return field.refuse("base.setting_wrong",
                      {{"key", "sensitivity"}, {"value", word}, {"expected", "public, internal, personal"}});
}

Result<Field> read_field(const Settings& node) {
  FENQUN_CHECK(node.allow_only({"name", "type", "required", "scale", "unit", "min", "max", "values", "zh", "en",
                                "synonyms", "references", "sensitivity"}));
  Field field;
  FENQUN_TRY(field.name, node.text("name"));
  FENQUN_TRY(field.type, read_type(node));
  FENQUN_TRY(field.title.zh, node.text("zh"));
  FENQUN_TRY(field.title.en, node.text("en"));
  FENQUN_TRY(field.required, node.boolean("required", false));
  FENQUN_TRY(const auto scale, node.integer("scale", 0));
  if (scale < 0 || scale > 9) {
    return node.refuse("base.setting_wrong",
                       {{"key", "scale"}, {"value", std::to_string(scale)}, {"expected", "0..9"}});
  }
  field.scale = static_cast<std::uint8_t>(scale);
  FENQUN_TRY(field.unit, node.text("unit", ""));
  if (node.has("min")) {
    FENQUN_TRY(field.min, node.number("min"));
  }
  if (node.has("max")) {
    FENQUN_TRY(field.max, node.number("max"));
  }
  FENQUN_TRY(field.values, node.texts("values"));
  FENQUN_TRY(field.synonyms, node.texts("synonyms"));
  FENQUN_TRY(field.references, node.text("references", ""));
  FENQUN_TRY(field.sensitivity, read_sensitivity(node));
  if ((field.type == FieldType::Code) == field.values.empty()) {
    return node.refuse("warehouse.contract_values", {{"field", field.name}});
  }
  return field;
}

Result<Contract> read_contract(const Asset& asset) {
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  FENQUN_CHECK(root.allow_only({"entity", "title", "kind", "key", "month", "fields"}));
  Contract contract;
  FENQUN_TRY(contract.entity, root.text("entity"));
  FENQUN_TRY(const auto title, root.child("title"));
  FENQUN_TRY(contract.title.zh, title.text("zh"));
  FENQUN_TRY(contract.title.en, title.text("en"));
  FENQUN_TRY(const auto kind, root.text("kind"));
  if (kind != "master" && kind != "fact") {
    return root.refuse("base.setting_wrong", {{"key", "kind"}, {"value", kind}, {"expected", "master, fact"}});
  }
  contract.kind = kind == "fact" ? EntityKind::Fact : EntityKind::Master;
  FENQUN_TRY(contract.key, root.texts("key"));
  FENQUN_TRY(contract.month_field, root.text("month", ""));
  FENQUN_TRY(const auto list, root.child("fields"));
  FENQUN_TRY(const auto nodes, list.items());
  for (const auto& node : nodes) {
    FENQUN_TRY(auto field, read_field(node));
    if (contract.find(field.name) != nullptr) return node.refuse("warehouse.contract_twice", {{"field", field.name}});
    contract.fields.push_back(std::move(field));
  }
  for (const auto& name : contract.key) {
    if (contract.find(name) == nullptr) return root.refuse("warehouse.contract_no_field", {{"field", name}});
  }
  const auto* month = contract.find(contract.month_field);
  const bool has_month = month != nullptr && (month->type == FieldType::Date || month->type == FieldType::Timestamp ||
                                              month->type == FieldType::Month);
  if (contract.key.empty() || (contract.kind == EntityKind::Fact) != has_month) {
    return root.refuse("warehouse.contract_no_field", {{"field", contract.key.empty() ? "key" : "month"}});
  }
  return contract;
}

}  // namespace

const Field* Contract::find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::string sql_type(const Field& field) {
  switch (field.type) {
    case FieldType::Id:
    case FieldType::Text:
    case FieldType::Code:
      return "VARCHAR";
    case FieldType::Date:
    case FieldType::Month:
      return "DATE";
    case FieldType::Timestamp:
      return "TIMESTAMP";
    case FieldType::Integer:
      return "BIGINT";
    case FieldType::Decimal:
      return "DECIMAL(18," + std::to_string(field.scale) + ")";
    case FieldType::Boolean:
      return "BOOLEAN";
  }
  return "VARCHAR";
}

Result<ContractSet> ContractSet::create(const AssetStore& assets) {
  ContractSet set;
  for (const auto& path : assets.list("config/contracts", ".yaml")) {
    FENQUN_TRY(const auto asset, assets.read(path));
    FENQUN_TRY(auto contract, read_contract(asset));
    set.contracts_.push_back(std::move(contract));
  }
  for (const auto& contract : set.contracts_) {
    for (const auto& field : contract.fields) {
      if (!field.references.empty() && set.find(field.references) == nullptr) {
        return fail(ErrorCode::BadData, "warehouse.contract_reference",
                    {{"entity", contract.entity}, {"field", field.name}, {"value", field.references}});
      }
    }
  }
  return set;
}

const Contract* ContractSet::find(std::string_view entity) const {
  const auto found =
      std::find_if(contracts_.begin(), contracts_.end(), [&](const Contract& c) { return c.entity == entity; });
  return found == contracts_.end() ? nullptr : &*found;
}

}  // namespace fenqun::warehouse
