// suggest/made_field.cpp
#include "suggest/made_field.hpp"

#include "base/number.hpp"
#include "suggest/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fenqun::suggest {
namespace {

using warehouse::Contract;
using warehouse::Field;

constexpr const char* kResidential = "residential";
constexpr const char* kNonResidential = "non_residential";

bool says(const std::vector<std::string>& names, std::u32string_view word) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return plain(name).find(word) != std::u32string::npos; });
}

ProposedField constant(const Field& field, const std::string& value, double confidence, Reason reason) {
  return {field.name, {}, "{constant: " + yaml_scalar(value) + "}", confidence, {std::move(reason)}, false};
}

/// The column from which an entry's field is read; null when it is none.
const ColumnProfile* column_of(const TableFacts& facts, const ProposedEntry& entry, std::string_view field) {
  const auto* found = entry.find(field);
  return found == nullptr || found->columns.size() != 1 ? nullptr : &facts.profiles[found->columns.front()];
}

/// Share of names that are those of a firm or an office, among at most 64 different ones or the examples.
double share_of_firms(const ColumnProfile& names) {
  constexpr std::array<std::u32string_view, 16> kWords = {U"公司", U"厂",   U"集团", U"学校",   U"医院", U"局",
                                                          U"中心", U"酒店", U"银行", U"委员会", U"村委", U"合作社",
                                                          U"商店", U"超市", U"ltd",  U"gmbh"};
  const auto& values = names.values.empty() ? names.examples : names.values;
  std::size_t firms = 0;
  for (const auto& value : values) {
    const auto text = plain(value);
    firms += std::any_of(kWords.begin(), kWords.end(),
                         [&](std::u32string_view word) { return text.find(word) != std::u32string::npos; });
  }
  return values.empty() ? 0 : static_cast<double>(firms) / static_cast<double>(values.size());
}

std::optional<ProposedField> category_of_names(const Field& field, const TableFacts& facts) {
  if (says(facts.names, U"非居民") || says(facts.names, U"企业") || says(facts.names, U"工业") ||
      says(facts.names, U"enterprise") || says(facts.names, U"专变")) {
    return constant(field, kNonResidential, 0.7, {"suggest.category_file", {{"name", facts.names.front()}}});
  }
  if (says(facts.names, U"居民") || says(facts.names, U"residential") || says(facts.names, U"household")) {
    return constant(field, kResidential, 0.7, {"suggest.category_file", {{"name", facts.names.front()}}});
  }
  return std::nullopt;
}

/// What divides homes from the rest, roughly; shown with the reason.
struct Divide {
  std::string_view field;
  double bound;
  const char* reason;
};
constexpr std::array kDivides = {Divide{"contract_capacity_kva", 12, "suggest.category_capacity"},
                                 Divide{"amount_cny", 500, "suggest.category_amount"},
                                 Divide{"energy_kwh", 500, "suggest.category_energy"}};

}  // namespace

std::string source_text(const std::string& column, const ColumnSource& source) {
  const auto name = yaml_scalar(column);
  std::string rest;
  if (!source.format.empty()) rest += ", format: " + yaml_scalar(source.format);
  if (!source.unit.empty()) rest += ", unit: " + yaml_scalar(source.unit);
  if (!source.values.empty()) {
    rest += ", values: {";
    for (std::size_t i = 0; i < source.values.size(); ++i) {
      rest += (i > 0 ? ", " : "") + yaml_scalar(source.values[i].first) + ": " + yaml_scalar(source.values[i].second);
    }
    rest += "}";
  }
  if (!source.every.empty()) rest += ", stamp: end, every: " + source.every;
  if (!source.time.empty()) return "{date: " + name + ", time: " + yaml_scalar(source.time) + rest + "}";
  if (source.month_of) return "{month_of: " + name + rest + "}";
  return rest.empty() ? name : "{column: " + name + rest + "}";
}

ProposedField made_key(const Contract& contract, const Field& field, const std::vector<std::string>& complete) {
  std::vector<std::string> parts;
  const auto add = [&](const std::string& name) {
    const bool known = std::find(complete.begin(), complete.end(), name) != complete.end();
    if (known && std::find(parts.begin(), parts.end(), name) == parts.end()) parts.push_back(name);
  };
  for (const auto& other : contract.fields) {
    if (other.references == "customer") add(other.name);
  }
  add(contract.month_field);
  for (const auto& other : contract.fields) {
    if (other.required || !other.references.empty()) add(other.name);
  }
  if (parts.empty()) return open_field(field);
  const auto list = fmt::format("{}", fmt::join(parts, ", "));
  return {field.name,
          {},
          "{join: [" + list + ", {occurrence_of: [" + list + "]}]}",
          0.6,
          {{"suggest.made_key", {{"fields", list}}}},
          false};
}

ProposedField guessed_category(const Field& field, const TableFacts& facts, const ProposedEntry& entry) {
  for (const auto& column : facts.profiles) {
    constexpr std::array<std::u32string_view, 4> kNames = {U"户名", U"用户名称", U"客户名称", U"customername"};
    if (std::find(kNames.begin(), kNames.end(), column.name.letters) == kNames.end() || column.is_empty()) continue;
    const double firms = share_of_firms(column);
    return constant(
        field, firms > 0.4 ? kNonResidential : kResidential, 0.65,
        {firms > 0.4 ? "suggest.category_firms" : "suggest.category_persons", {{"column", column.name.text}}});
  }
  if (auto named = category_of_names(field, facts)) return *named;
  for (const auto& divide : kDivides) {
    const auto* column = column_of(facts, entry, divide.field);
    if (column == nullptr || column->number_share < 0.9) continue;
    return constant(field, column->middle > divide.bound ? kNonResidential : kResidential, 0.5,
                    {divide.reason, {{"middle", shortest(column->middle)}, {"bound", shortest(divide.bound)}}});
  }
  if (facts.cell_bound > 0) {
    return constant(
        field, facts.cell_middle > facts.cell_bound ? kNonResidential : kResidential, 0.5,
        {"suggest.category_cells", {{"middle", shortest(facts.cell_middle)}, {"bound", shortest(facts.cell_bound)}}});
  }
  return open_field(field);
}

ProposedField guessed_region(const Field& field) { return constant(field, "local", 0.3, {"suggest.made_region", {}}); }

ProposedField guessed_month(const Field& field, const TableFacts& facts) {
  constexpr std::array<std::u32string_view, 7> kEnds = {U"end", U"expir", U"due", U"到期", U"截止", U"终止", U"有效期"};
  int latest = 0;
  const ColumnProfile* from = nullptr;
  for (const auto& column : facts.profiles) {
    if (column.time_share < 0.9 || column.last_day == 0) continue;
    const bool ends = std::any_of(kEnds.begin(), kEnds.end(), [&](std::u32string_view word) {
      return column.name.whole.find(word) != std::u32string::npos;
    });
    if (ends || column.last_day <= latest) continue;
    latest = column.last_day;
    from = &column;
  }
  if (from == nullptr) return open_field(field);
  return constant(field, fmt::format("{:04}-{:02}", latest / 10000, latest / 100 % 100), 0.4,
                  {"suggest.made_month", {{"column", from->name.text}}});
}

ProposedField open_field(const Field& field) {
  std::string choice = "...";
  if (!field.values.empty()) choice = fmt::format("{}", fmt::join(field.values, " | "));
  return {field.name, {}, "{constant: " + choice + "}", 0, {{"suggest.open", {}}}, true};
}

}  // namespace fenqun::suggest
