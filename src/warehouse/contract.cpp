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

constexpr std::array<std::pair<std::string_view, Sensitivity>, 4> kSensitivities = {
    {{"public", Sensitivity::Public},
     {"internal", Sensitivity::Internal},
     {"personal", Sensitivity::Personal},
     {"sensitive", Sensitivity::Sensitive}}};

constexpr std::array<std::pair<std::string_view, Area>, 6> kAreas = {{{"customer", Area::Customer},
                                                                      {"grid", Area::Grid},
                                                                      {"energy", Area::Energy},
                                                                      {"money", Area::Money},
                                                                      {"service", Area::Service},
                                                                      {"external", Area::External}}};

template <class Value, std::size_t kCount>
std::string_view name_in(const std::array<std::pair<std::string_view, Value>, kCount>& table, Value value) noexcept {
  for (const auto& [name, known] : table) {
    if (known == value) return name;
  }
  return {};
}

/// The value that `key` names; `fallback` where it is absent.
template <class Value, std::size_t kCount>
Result<Value> read_word(const Settings& node, std::string_view key,
                        const std::array<std::pair<std::string_view, Value>, kCount>& table, Value fallback) {
  if (!node.has(key)) return fallback;
  FENQUN_TRY(const auto word, node.text(key));
  std::string known;
  for (const auto& [name, value] : table) {
    if (name == word) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  return node.refuse("base.setting_wrong", {{"key", std::string(key)}, {"value", word}, {"expected", known}});
}

Result<FieldType> read_type(const Settings& field) {
  FENQUN_TRY(const auto word, field.text("type"));
  for (const auto& [name, type] : kTypes) {
    if (name == word) return type;
  }
  return field.refuse("warehouse.contract_type", {{"value", word}});
}

/// {zh: ..., en: ...} below `key`; both empty where it is absent.
Result<BilingualText> read_bilingual(const Settings& node, std::string_view key) {
  BilingualText text;
  if (const auto found = node.find(key)) {
    FENQUN_CHECK(found->allow_only({"zh", "en"}));
    FENQUN_TRY(text.zh, found->text("zh"));
    FENQUN_TRY(text.en, found->text("en"));
  }
  return text;
}

/// `values: [a, b]`, or `values: {a: {zh: ..., en: ..., synonyms: [...]}, b: ...}`.
Result<std::vector<CodeValue>> read_codes(const Settings& field) {
  std::vector<CodeValue> codes;
  const auto values = field.find("values");
  if (!values) return codes;
  if (!values->is_map()) {
    FENQUN_TRY(const auto plain, field.texts("values"));
    for (const auto& code : plain) codes.push_back({code, {code, code}, {}});
    return codes;
  }
  FENQUN_TRY(const auto entries, values->entries());
  for (const auto& [code, node] : entries) {
    FENQUN_CHECK(node.allow_only({"zh", "en", "synonyms"}));
    CodeValue value{code, {}, {}};
    FENQUN_TRY(value.title.zh, node.text("zh"));
    FENQUN_TRY(value.title.en, node.text("en"));
    FENQUN_TRY(value.synonyms, node.texts("synonyms"));
    codes.push_back(std::move(value));
  }
  return codes;
}

/// A name that two codes bear would be read as either.
Result<void> check_code_names(const Settings& field, const std::vector<CodeValue>& codes) {
  std::map<std::string, std::string> owners;
  for (const auto& value : codes) {
    auto names = value.synonyms;
    names.insert(names.end(), {value.code, value.title.zh, value.title.en});
    for (const auto& name : names) {
      const auto [owner, fresh] = owners.emplace(name, value.code);
      if (fresh || owner->second == value.code) continue;
      return field.refuse("warehouse.contract_code_twice",
                          {{"name", name}, {"first", owner->second}, {"second", value.code}});
    }
  }
  return {};
}

Result<Field> read_field(const Settings& node) {
  FENQUN_CHECK(node.allow_only({"name", "type", "required", "scale", "unit", "min", "max", "values", "zh", "en",
                                "synonyms", "references", "sensitivity", "note"}));
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
  FENQUN_TRY(field.codes, read_codes(node));
  FENQUN_CHECK(check_code_names(node, field.codes));
  for (const auto& value : field.codes) field.values.push_back(value.code);
  FENQUN_TRY(field.synonyms, node.texts("synonyms"));
  FENQUN_TRY(field.references, node.text("references", ""));
  FENQUN_TRY(field.sensitivity, read_word(node, "sensitivity", kSensitivities, Sensitivity::Public));
  FENQUN_TRY(field.note, read_bilingual(node, "note"));
  if ((field.type == FieldType::Code) == field.values.empty()) {
    return node.refuse("warehouse.contract_values", {{"field", field.name}});
  }
  return field;
}

Result<Contract> read_contract(const Asset& asset) {
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  FENQUN_CHECK(
      root.allow_only({"entity", "title", "area", "synonyms", "source", "note", "kind", "key", "month", "fields"}));
  Contract contract;
  FENQUN_TRY(contract.entity, root.text("entity"));
  FENQUN_CHECK(root.child("title"));
  FENQUN_TRY(contract.title, read_bilingual(root, "title"));
  FENQUN_TRY(contract.source, read_bilingual(root, "source"));
  FENQUN_TRY(contract.note, read_bilingual(root, "note"));
  FENQUN_TRY(contract.area, read_word(root, "area", kAreas, Area::External));
  FENQUN_TRY(contract.synonyms, root.texts("synonyms"));
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

/// customer_id of a bill is sent under the same headers as that of a customer.
void share_key_synonyms(std::vector<Contract>& contracts) {
  for (auto& contract : contracts) {
    for (auto& field : contract.fields) {
      const auto target = std::find_if(contracts.begin(), contracts.end(),
                                       [&](const Contract& other) { return other.entity == field.references; });
      if (target == contracts.end() || &*target == &contract) continue;
      if (target->key != std::vector<std::string>{field.name}) continue;
      for (const auto& synonym : target->find(field.name)->synonyms) {
        auto& own = field.synonyms;
        if (std::find(own.begin(), own.end(), synonym) == own.end()) own.push_back(synonym);
      }
    }
  }
}

}  // namespace

const CodeValue* Field::find_code(std::string_view code) const {
  const auto found = std::find_if(codes.begin(), codes.end(), [&](const CodeValue& c) { return c.code == code; });
  return found == codes.end() ? nullptr : &*found;
}

std::string_view name_of(Sensitivity sensitivity) noexcept { return name_in(kSensitivities, sensitivity); }
std::string_view name_of(Area area) noexcept { return name_in(kAreas, area); }
std::string_view name_of(FieldType type) noexcept { return name_in(kTypes, type); }

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
  share_key_synonyms(set.contracts_);
  return set;
}

const Contract* ContractSet::find(std::string_view entity) const {
  const auto found =
      std::find_if(contracts_.begin(), contracts_.end(), [&](const Contract& c) { return c.entity == entity; });
  return found == contracts_.end() ? nullptr : &*found;
}

}  // namespace fenqun::warehouse
