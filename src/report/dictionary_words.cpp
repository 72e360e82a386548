// report/dictionary_words.cpp
#include "report/dictionary_words.hpp"

#include "base/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fenqun::report {
namespace {

using warehouse::Contract;
using warehouse::Field;
using warehouse::FieldType;

std::string bound(double value) {
  constexpr double kLargestWhole = 9e15;
  if (value == std::floor(value) && std::abs(value) < kLargestWhole) {
    return with_thousands(static_cast<std::int64_t>(value));
  }
  return shortest(value);
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

std::string DictionaryWords::area(warehouse::Area area) const {
  return (*words_)("dictionary.area_" + std::string(name_of(area)));
}

std::string DictionaryWords::kind(const Contract& contract) const {
  return (*words_)(contract.kind == warehouse::EntityKind::Master ? "dictionary.kind_master" : "dictionary.kind_fact");
}

std::string DictionaryWords::type(const Field& field) const {
  auto name = (*words_)("dictionary.type_" + std::string(name_of(field.type)));
  if (field.type != FieldType::Decimal) return name;
  return (*words_)("dictionary.digits", {{"type", name}, {"digits", std::to_string(field.scale)}});
}

std::string DictionaryWords::range(const Field& field) const {
  const auto unit = words_->unit_name(field.unit);
  std::string text;
  if (field.min && field.max) {
    text = (*words_)("dictionary.range_between", {{"min", bound(*field.min)}, {"max", bound(*field.max)}});
  } else if (field.min) {
    text = (*words_)("dictionary.range_from", {{"min", bound(*field.min)}});
  } else if (field.max) {
    text = (*words_)("dictionary.range_to", {{"max", bound(*field.max)}});
  }
  if (text.empty() || unit.empty()) return text + unit;
  return (*words_)("report.quantity", {{"value", text}, {"unit", unit}});
}

std::string DictionaryWords::sensitivity(warehouse::Sensitivity sensitivity) const {
  return (*words_)("dictionary.sensitivity_" + std::string(name_of(sensitivity)));
}

const std::string& DictionaryWords::other(const BilingualText& text) const {
  return text.in(words_->language() == Language::Chinese ? Language::English : Language::Chinese);
}

std::string DictionaryWords::listed(const std::vector<std::string>& names) const {
  const auto* const separator = words_->language() == Language::Chinese ? "、" : ", ";
  return fmt::format("{}", fmt::join(names, separator));
}

std::string DictionaryWords::title(const std::string& entity) const {
  const auto* contract = dictionary_->contracts->find(entity);
  return contract == nullptr ? entity : words_->in(contract->title);
}

std::vector<std::string> DictionaryWords::own_synonyms(const Field& field) const {
  const auto* target = dictionary_->contracts->find(field.references);
  const auto* key = target == nullptr ? nullptr : target->find(field.name);
  if (key == nullptr || key == &field) return field.synonyms;
  std::vector<std::string> out;
  for (const auto& name : field.synonyms) {
    if (std::find(key->synonyms.begin(), key->synonyms.end(), name) == key->synonyms.end()) out.push_back(name);
  }
  return out;
}

bool DictionaryWords::is_key(const Contract& contract, const Field& field) {
  return std::find(contract.key.begin(), contract.key.end(), field.name) != contract.key.end();
}

std::vector<const Contract*> DictionaryWords::in_area(warehouse::Area area) const {
  std::vector<const Contract*> out;
  for (const auto& contract : dictionary_->contracts->all()) {
    if (contract.area == area) out.push_back(&contract);
  }
  // Masters first, and of these what most others are about.
  const auto place = [&](const Contract* contract) {
    const bool is_fact = contract->kind == warehouse::EntityKind::Fact;
    return std::pair(is_fact, is_fact ? 0 : -static_cast<std::ptrdiff_t>(named_by(*contract).size()));
  };
  std::stable_sort(out.begin(), out.end(), [&](const auto* a, const auto* b) { return place(a) < place(b); });
  return out;
}

std::vector<std::string> DictionaryWords::names(const Contract& contract) const {
  std::vector<std::string> out;
  for (const auto& field : contract.fields) {
    if (!field.references.empty() && field.references != contract.entity) add_once(out, field.references);
  }
  return out;
}

std::vector<std::string> DictionaryWords::named_by(const Contract& contract) const {
  std::vector<std::string> out;
  for (const auto& other : dictionary_->contracts->all()) {
    for (const auto& field : other.fields) {
      if (field.references == contract.entity && other.entity != contract.entity) add_once(out, other.entity);
    }
  }
  return out;
}

const EntityProfile* DictionaryWords::profile(const Contract& contract) const {
  const auto found = dictionary_->profiles.find(contract.entity);
  return found == dictionary_->profiles.end() ? nullptr : &found->second;
}

std::string DictionaryWords::empty_share(const EntityProfile& profile, std::size_t field) const {
  if (profile.rows == 0) return words_->percent(std::nullopt);
  return words_->percent(1 - static_cast<double>(profile.fields[field].filled) / static_cast<double>(profile.rows));
}

}  // namespace fenqun::report
