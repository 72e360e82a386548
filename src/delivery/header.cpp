// delivery/header.cpp
#include "delivery/header.hpp"

#include "delivery/wide_shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace fenqun::delivery {
namespace {

bool is_chinese(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7F; });
}

std::string name_for(const DeliverySpec& spec, const warehouse::Field& field, std::set<std::string>& taken) {
  std::vector<std::string> names;
  if (spec.headers == Headers::Synonym) {
    for (const auto& synonym : field.synonyms) {
      if (is_chinese(synonym)) names.push_back(synonym);
    }
  }
  if (spec.headers != Headers::Name) names.push_back(field.title.zh);
  names.push_back(field.name);
  auto name = *std::find_if(names.begin(), names.end(), [&](const auto& each) { return !taken.contains(each); });
  taken.insert(name);
  if (const auto unit = spec.styles.units.find(field.name); unit != spec.styles.units.end()) {
    name += fmt::format("({})", unit->second.unit);
  }
  return name;
}

std::string yaml_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string sheets_of(const DeliverySpec& spec) {
  if (spec.sheets.size() < 2) return {};
  std::string names;
  for (const auto& sheet : spec.sheets) names += (names.empty() ? "" : ", ") + yaml_text(sheet.name);
  return "source:\n  sheet: [" + names + "]\n";
}

std::string field_line(const DeliverySpec& spec, const warehouse::Field& field, const std::string& column) {
  const auto unit = spec.styles.units.find(field.name);
  if (unit == spec.styles.units.end()) return fmt::format("      {}: {}\n", field.name, yaml_text(column));
  return fmt::format("      {}: {{column: {}, unit: {}}}\n", field.name, yaml_text(column),
                     yaml_text(unit->second.unit));
}

}  // namespace

std::vector<HeaderCell> header_of(const DeliverySpec& spec, const Fields& fields) {
  std::vector<HeaderCell> out;
  std::set<std::string> taken;
  for (const auto* field : fields) {
    HeaderCell cell;
    cell.name = name_for(spec, *field, taken);
    for (const auto& [group, members] : spec.groups) {
      if (std::find(members.begin(), members.end(), field->name) != members.end()) cell.group = group;
    }
    out.push_back(std::move(cell));
  }
  return out;
}

std::string full_name(const HeaderCell& cell) {
  return cell.group.empty() || cell.group == cell.name ? cell.name : cell.group + "/" + cell.name;
}

std::string mapping_of(const DeliverySpec& spec, const Fields& fields, const std::vector<HeaderCell>& header) {
  auto out = fmt::format("# How {} becomes rows of {}.\n", spec.file, spec.entity) + sheets_of(spec) +
             fmt::format("max_rejected_share: 1\nload:\n  - entity: {}\n", spec.entity);
  if (spec.layout != Layout::Long) return out + wide_mapping(spec, fields, header);
  out += "    fields:\n";
  for (std::size_t i = 0; i < fields.size(); ++i) out += field_line(spec, *fields[i], full_name(header[i]));
  return out;
}

}  // namespace fenqun::delivery
