// ingest/mapping.cpp
#include "ingest/mapping.hpp"

#include "base/file.hpp"
#include "base/near_names.hpp"
#include "base/settings.hpp"
#include "ingest/field_source.hpp"
#include "ingest/units.hpp"

#include <algorithm>

namespace fenqun::ingest {
namespace {

using warehouse::Contract;
using warehouse::ContractSet;

tl::unexpected<Error> wrong(const Settings& node, const char* key, std::string value, const char* expected) {
  return node.refuse("base.setting_wrong", {{"key", key}, {"value", std::move(value)}, {"expected", expected}});
}

Result<void> read_series(const Settings& node, const std::string& kind, WideLayout& wide) {
  const auto known = parse_series_kind(kind);
  if (!known) return wrong(node, "columns", kind, "all, hours, half_hours, quarter_hours, days, months");
  wide.pick = WideLayout::Pick::Series;
  wide.series.kind = *known;
  return {};
}

Result<void> read_wide_columns(const Settings& node, WideLayout& wide) {
  const auto columns = node.find("columns");
  if (!columns) return {};
  if (columns->is_scalar()) {
    FENQUN_TRY(const auto word, columns->text());
    return word == "all" ? Result<void>() : read_series(node, word, wide);
  }
  if (columns->is_map() && columns->has("series")) {
    FENQUN_CHECK(columns->allow_only({"series", "begins_with"}));
    FENQUN_TRY(wide.series.begins_with, columns->text("begins_with", ""));
    FENQUN_TRY(const auto kind, columns->text("series"));
    return read_series(*columns, kind, wide);
  }
  Settings list = *columns;
  wide.pick = WideLayout::Pick::Listed;
  if (columns->is_map() && columns->has("except")) {
    FENQUN_CHECK(columns->allow_only({"except"}));
    wide.pick = WideLayout::Pick::Except;
    FENQUN_TRY(list, columns->child("except"));
  } else if (columns->is_map()) {
    FENQUN_TRY(const auto entries, columns->entries());
    for (const auto& [column, name] : entries) {
      FENQUN_TRY(auto text, name.text());
      wide.columns.emplace_back(column, std::move(text));
    }
    return {};
  }
  FENQUN_TRY(const auto items, list.items());
  for (const auto& item : items) {
    FENQUN_TRY(auto column, item.text());
    wide.columns.emplace_back(column, column);
  }
  return {};
}

// name_to, value_to and their formats are fields like others, fed by the cell's column name and the cell.
Result<void> read_wide_field(const Settings& node, const char* key, const char* format_key, FieldSource::Kind kind,
                             const Contract& contract, LoadEntry& entry) {
  if (!node.has(key)) return {};
  FENQUN_TRY(auto name, node.text(key));
  const auto* field = contract.find(name);
  if (field == nullptr) {
    return node.refuse(
        "ingest.mapping_unknown_field",
        {{"field", name}, {"entity", contract.entity}, {"near", near_names(name, field_names(contract))}});
  }
  FieldSource source;
  source.kind = kind;
  FENQUN_TRY(source.formats, node.texts(format_key));
  if (kind == FieldSource::Kind::CellValue && node.has("value_unit")) {
    FENQUN_TRY(const auto unit, node.text("value_unit"));
    const auto factor = unit_factor(unit, unit_of(*field));
    if (!factor) {
      return node.refuse("ingest.mapping_unit", {{"unit", unit}, {"field", name}, {"expected", field->unit}});
    }
    source.factor = *factor;
  }
  entry.fields.push_back({std::move(name), std::move(source)});
  return {};
}

Result<void> read_wide(const Settings& node, const Contract& contract, LoadEntry& entry) {
  FENQUN_CHECK(
      node.allow_only({"keep", "columns", "name_to", "name_format", "value_to", "value_format", "value_unit"}));
  WideLayout wide;
  FENQUN_TRY(wide.keep, node.texts("keep"));
  FENQUN_CHECK(read_wide_columns(node, wide));
  FENQUN_CHECK(read_wide_field(node, "name_to", "name_format", FieldSource::Kind::CellName, contract, entry));
  FENQUN_CHECK(read_wide_field(node, "value_to", "value_format", FieldSource::Kind::CellValue, contract, entry));
  entry.wide = std::move(wide);
  return {};
}

Result<void> read_fields(const Settings& node, const Contract& contract, LoadEntry& entry) {
  const auto list = node.find("fields");
  if (list) {
    FENQUN_TRY(const auto entries, list->entries());
    for (const auto& [name, value] : entries) {
      const auto* field = contract.find(name);
      if (field == nullptr) {
        return value.refuse(
            "ingest.mapping_unknown_field",
            {{"field", name}, {"entity", contract.entity}, {"near", near_names(name, field_names(contract))}});
      }
      const bool twice = std::any_of(entry.fields.begin(), entry.fields.end(),
                                     [&name = name](const FieldMapping& mapped) { return mapped.field == name; });
      if (twice) return value.refuse("ingest.mapping_field_twice", {{"field", name}});
      FENQUN_TRY(auto source, read_field_source(value, contract, *field));
      entry.fields.push_back({name, std::move(source)});
    }
  }
  std::vector<FieldMapping> ordered;
  std::string missing;
  for (const auto& field : contract.fields) {
    const auto found = std::find_if(entry.fields.begin(), entry.fields.end(),
                                    [&](const FieldMapping& mapped) { return mapped.field == field.name; });
    if (found != entry.fields.end())
      ordered.push_back(*found);
    else if (field.required)
      missing += (missing.empty() ? "" : ", ") + field.name;
  }
  if (!missing.empty()) {
    return node.refuse("ingest.mapping_required", {{"entity", contract.entity}, {"fields", missing}});
  }
  entry.fields = std::move(ordered);
  return check_references(node, entry.fields);
}

bool is_within(const warehouse::Field& field, SeriesKind kind) {
  if (field.type == warehouse::FieldType::Timestamp) return minutes_of(kind) > 0;
  return kind == (field.type == warehouse::FieldType::Date ? SeriesKind::Days : SeriesKind::Months);
}

// What is read of cells needs a wide table; what is put together with a cell's name needs a series of the right kind.
Result<void> check_cells(const Settings& node, const Contract& contract, LoadEntry& entry) {
  const auto check = [&](const std::string& field, const FieldSource& source) -> Result<void> {
    const bool of_cell = source.kind == FieldSource::Kind::CellName || source.kind == FieldSource::Kind::CellValue;
    const bool of_name = source.kind == FieldSource::Kind::Composed && source.within.empty();
    if (of_cell && !entry.wide) return node.refuse("ingest.mapping_cell", {{"field", field}});
    if (source.kind == FieldSource::Kind::CellValue) entry.wide->has_value = true;
    if (!of_name) return {};
    if (!entry.wide || entry.wide->pick != WideLayout::Pick::Series ||
        !is_within(*contract.find(field), entry.wide->series.kind))
      return node.refuse("ingest.mapping_series", {{"field", field}});
    return {};
  };
  for (const auto& mapped : entry.fields) {
    FENQUN_CHECK(check(mapped.field, mapped.source));
    for (const auto& part : mapped.source.parts) FENQUN_CHECK(check(mapped.field, part));
  }
  return {};
}

Result<RecordFilter> read_filter(const Settings& node) {
  FENQUN_CHECK(node.allow_only({"column", "equals", "filled"}));
  RecordFilter filter;
  FENQUN_TRY(filter.column, node.text("column"));
  FENQUN_TRY(const bool filled, node.boolean("filled", false));
  if (filled && node.has("equals")) return wrong(node, "filled", "true", "equals / filled");
  if (filled) return filter;
  FENQUN_TRY(filter.equals, node.text("equals"));
  return filter;
}

Result<LoadEntry> read_entry(const Settings& node, const ContractSet& contracts) {
  FENQUN_CHECK(node.allow_only({"entity", "where", "distinct", "wide", "fields"}));
  LoadEntry entry;
  entry.line = node.line();
  FENQUN_TRY(entry.entity, node.text("entity"));
  const auto* contract = contracts.find(entry.entity);
  if (contract == nullptr) {
    std::vector<std::string> known;
    for (const auto& each : contracts.all()) known.push_back(each.entity);
    return node.refuse("ingest.mapping_unknown_entity",
                       {{"entity", entry.entity}, {"near", near_names(entry.entity, known)}});
  }
  FENQUN_TRY(entry.distinct, node.boolean("distinct", false));
  if (const auto where = node.find("where")) {
    FENQUN_TRY(entry.where, read_filter(*where));
  }
  if (const auto wide = node.find("wide")) FENQUN_CHECK(read_wide(*wide, *contract, entry));
  FENQUN_CHECK(read_fields(node, *contract, entry));
  FENQUN_CHECK(check_cells(node, *contract, entry));
  return entry;
}

}  // namespace

Result<Mapping> read_mapping(const Asset& asset, std::string name, const ContractSet& contracts) {
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  FENQUN_CHECK(root.allow_only({"source", "max_rejected_share", "empty", "load"}));
  Mapping mapping;
  mapping.name = std::move(name);
  mapping.origin = asset.origin;
  mapping.text = asset.text;
  mapping.hash = hash_text(asset.text);
  if (const auto source = root.find("source")) {
    FENQUN_TRY(mapping.source, reader::read_layout(*source));
  }
  if (root.has("max_rejected_share")) {
    FENQUN_TRY(const double share, root.number("max_rejected_share"));
    if (share < 0 || share > 1) {
      FENQUN_TRY(const auto written, root.text("max_rejected_share"));
      return wrong(root, "max_rejected_share", written, "0..1");
    }
    mapping.max_rejected_share = share;
  }
  if (root.has("empty")) {
    FENQUN_TRY(mapping.empty, root.texts("empty"));
  }
  FENQUN_TRY(const auto list, root.child("load"));
  FENQUN_TRY(const auto entries, list.items());
  for (const auto& node : entries) {
    FENQUN_TRY(auto entry, read_entry(node, contracts));
    // Whether equal rows are one is asked of all rows of an entity together.
    const bool differs = std::any_of(mapping.load.begin(), mapping.load.end(), [&](const LoadEntry& other) {
      return other.entity == entry.entity && other.distinct != entry.distinct;
    });
    if (differs) return node.refuse("ingest.mapping_distinct", {{"entity", entry.entity}});
    mapping.load.push_back(std::move(entry));
  }
  if (mapping.load.empty()) return root.refuse("base.setting_missing", {{"key", "load"}});
  return mapping;
}

Result<Mapping> find_mapping(const std::string& named, const AssetStore& assets, const ContractSet& contracts) {
  const std::filesystem::path path(named);
  if (path.extension() == ".yaml" || path.extension() == ".yml" || path.has_parent_path()) {
    std::error_code ec;
    if (std::filesystem::exists(path, ec) && !std::filesystem::is_regular_file(path, ec))
      return fail(ErrorCode::BadData, "reader.not_regular", {{"file", named}});
    auto text = read_file(path);
    if (!text) return fail(std::move(text).error());
    return read_mapping({named, named, *std::move(text)}, path.stem().string(), contracts);
  }
  auto asset = assets.read("config/mappings/" + named + ".yaml");
  if (asset) return read_mapping(*asset, named, contracts);
  if (asset.error().code != ErrorCode::NotFound) return fail(std::move(asset).error());
  std::vector<std::string> known;
  for (const auto& each : assets.list("config/mappings", ".yaml"))
    known.push_back(std::filesystem::path(each).stem().string());
  return fail(ErrorCode::NotFound, "ingest.no_mapping", {{"mapping", named}, {"known", near_names(named, known)}});
}

Mapping canonical_mapping(const Contract& contract, const std::vector<std::string>& columns) {
  Mapping mapping;
  mapping.name = "canonical";
  mapping.hash = hash_text("canonical " + contract.entity);
  LoadEntry entry;
  entry.entity = contract.entity;
  for (const auto& field : contract.fields) {
    if (std::find(columns.begin(), columns.end(), field.name) == columns.end()) continue;
    FieldSource source;
    source.columns.push_back(field.name);
    entry.fields.push_back({field.name, std::move(source)});
  }
  mapping.load.push_back(std::move(entry));
  return mapping;
}

}  // namespace fenqun::ingest
