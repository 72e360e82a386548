// cli/output_contracts.cpp - the contracts as one JSON document.
#include "cli/output.hpp"

namespace fenqun::cli {
namespace {

Json json_of(const BilingualText& text) { return {{"zh", text.zh}, {"en", text.en}}; }

Json json_of(const warehouse::CodeValue& value) {
  return {{"code", value.code}, {"title", json_of(value.title)}, {"synonyms", value.synonyms}};
}

Json json_of(const warehouse::Field& field) {
  Json out{{"name", field.name},
           {"title", json_of(field.title)},
           {"type", warehouse::name_of(field.type)},
           {"required", field.required},
           {"sensitivity", warehouse::name_of(field.sensitivity)},
           {"synonyms", field.synonyms}};
  if (field.type == warehouse::FieldType::Decimal) out["scale"] = field.scale;
  if (!field.unit.empty()) out["unit"] = field.unit;
  if (field.min) out["min"] = *field.min;
  if (field.max) out["max"] = *field.max;
  if (!field.references.empty()) out["references"] = field.references;
  if (!field.note.zh.empty()) out["note"] = json_of(field.note);
  for (const auto& value : field.codes) out["values"].push_back(json_of(value));
  return out;
}

}  // namespace

Json json_of(const warehouse::ContractSet& contracts) {
  Json out{{"entities", Json::array()}};
  for (const auto& contract : contracts.all()) {
    Json one{{"entity", contract.entity},
             {"title", json_of(contract.title)},
             {"area", warehouse::name_of(contract.area)},
             {"kind", contract.kind == warehouse::EntityKind::Master ? "master" : "fact"},
             {"key", contract.key},
             {"synonyms", contract.synonyms},
             {"fields", Json::array()}};
    if (!contract.month_field.empty()) one["month"] = contract.month_field;
    for (const auto& field : contract.fields) one["fields"].push_back(json_of(field));
    out["entities"].push_back(std::move(one));
  }
  return out;
}

}  // namespace fenqun::cli
